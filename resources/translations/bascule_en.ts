<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>The relay engine stopped unexpectedly %Ln time(s) in a row, and was started again each time. If it goes on, save a file that helps to find the fault.</source>
        <translation>
            <numerusform>The relay engine stopped unexpectedly %Ln time in a row, and was started again each time. If it goes on, save a file that helps to find the fault.</numerusform>
            <numerusform>The relay engine stopped unexpectedly %Ln times in a row, and was started again each time. If it goes on, save a file that helps to find the fault.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln relay(s) run again.</source>
        <translation>
            <numerusform>%Ln relay runs again.</numerusform>
            <numerusform>%Ln relays run again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopping it ends %Ln open connection(s).</source>
        <translation>
            <numerusform>Stopping it ends %Ln open connection.</numerusform>
            <numerusform>Stopping it ends %Ln open connections.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PasteDialog</name>
    <message numerus="yes">
        <source>Show %Ln more</source>
        <translation>
            <numerusform>Show %Ln more</numerusform>
            <numerusform>Show %Ln more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln relay(s) found</source>
        <translation>
            <numerusform>%Ln relay found</numerusform>
            <numerusform>%Ln relays found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Quit</name>
    <message numerus="yes">
        <source>%Ln connection(s) are open</source>
        <translation>
            <numerusform>%Ln connection is open</numerusform>
            <numerusform>%Ln connections are open</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln relay(s) are running</source>
        <translation>
            <numerusform>%Ln relay is running</numerusform>
            <numerusform>%Ln relays are running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>State</name>
    <message numerus="yes">
        <source>%Ln connection(s)</source>
        <translation>
            <numerusform>%Ln connection</numerusform>
            <numerusform>%Ln connections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrafficTab</name>
    <message numerus="yes">
        <source>%Ln record(s), {size}</source>
        <translation>
            <numerusform>%Ln record, {size}</numerusform>
            <numerusform>%Ln records, {size}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{listed} of %Ln record(s)</source>
        <translation>
            <numerusform>{listed} of %Ln record</numerusform>
            <numerusform>{listed} of %Ln records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln record(s) had to make room before they were read.</source>
        <translation>
            <numerusform>%Ln record had to make room before it was read.</numerusform>
            <numerusform>%Ln records had to make room before they were read.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Transfer</name>
    <message numerus="yes">
        <source>Sent %Ln file(s)</source>
        <translation>
            <numerusform>Sent %Ln file</numerusform>
            <numerusform>Sent %Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Received %Ln file(s)</source>
        <translation>
            <numerusform>Received %Ln file</numerusform>
            <numerusform>Received %Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln file(s)</source>
        <translation>
            <numerusform>{done} of %Ln file</numerusform>
            <numerusform>{done} of %Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln left out, see the log</source>
        <translation>
            <numerusform>%Ln left out, see the log</numerusform>
            <numerusform>%Ln left out, see the log</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message numerus="yes">
        <source>%Ln relay(s) running</source>
        <translation>
            <numerusform>%Ln relay running</numerusform>
            <numerusform>%Ln relays running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problem(s)</source>
        <translation>
            <numerusform>%Ln problem</numerusform>
            <numerusform>%Ln problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln relay(s) have a problem</source>
        <translation>
            <numerusform>%Ln relay has a problem</numerusform>
            <numerusform>%Ln relays have a problem</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VerdictTable</name>
    <message numerus="yes">
        <source>Show %Ln more</source>
        <translation>
            <numerusform>Show %Ln more</numerusform>
            <numerusform>Show %Ln more</numerusform>
        </translation>
    </message>
</context>
</TS>
