<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>%n relay(s) run again.</source>
        <translation>
            <numerusform>%n relay runs again.</numerusform>
            <numerusform>%n relays run again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PasteDialog</name>
    <message numerus="yes">
        <source>Show %n more</source>
        <translation>
            <numerusform>Show %n more</numerusform>
            <numerusform>Show %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n relay(s) found</source>
        <translation>
            <numerusform>%n relay found</numerusform>
            <numerusform>%n relays found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Quit</name>
    <message numerus="yes">
        <source>%n connection(s) are open</source>
        <translation>
            <numerusform>%n connection is open</numerusform>
            <numerusform>%n connections are open</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n relay(s) are running</source>
        <translation>
            <numerusform>%n relay is running</numerusform>
            <numerusform>%n relays are running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>State</name>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n connection</numerusform>
            <numerusform>%n connections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrafficTab</name>
    <message numerus="yes">
        <source>%n record(s), {size}</source>
        <translation>
            <numerusform>%n record, {size}</numerusform>
            <numerusform>%n records, {size}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{listed} of %n record(s)</source>
        <translation>
            <numerusform>{listed} of %n record</numerusform>
            <numerusform>{listed} of %n records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n record(s) had to make room before they were read.</source>
        <translation>
            <numerusform>%n record had to make room before it was read.</numerusform>
            <numerusform>%n records had to make room before they were read.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Transfer</name>
    <message numerus="yes">
        <source>Sent %n file(s)</source>
        <translation>
            <numerusform>Sent %n file</numerusform>
            <numerusform>Sent %n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Received %n file(s)</source>
        <translation>
            <numerusform>Received %n file</numerusform>
            <numerusform>Received %n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{done} of %n file(s)</source>
        <translation>
            <numerusform>{done} of %n file</numerusform>
            <numerusform>{done} of %n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out, see the log</source>
        <translation>
            <numerusform>%n left out, see the log</numerusform>
            <numerusform>%n left out, see the log</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message numerus="yes">
        <source>%n relay(s) running</source>
        <translation>
            <numerusform>%n relay running</numerusform>
            <numerusform>%n relays running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n relay(s) have a problem</source>
        <translation>
            <numerusform>%n relay has a problem</numerusform>
            <numerusform>%n relays have a problem</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VerdictTable</name>
    <message numerus="yes">
        <source>Show %n more</source>
        <translation>
            <numerusform>Show %n more</numerusform>
            <numerusform>Show %n more</numerusform>
        </translation>
    </message>
</context>
</TS>
