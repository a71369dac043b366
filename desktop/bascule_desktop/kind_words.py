"""Owns the names of the kinds of ends, a sentence that says what each does, and their order."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def kind_label(kind: str) -> str:
    """The label of a kind of end (``tcp-listen``); the kind itself where it has none yet."""
    labels = {
        "tcp-listen": translate("Labels", "Listen on a TCP port"),
        "tcp-connect": translate("Labels", "Connect to a TCP host"),
        "unix-listen": translate("Labels", "Listen on a Unix socket"),
        "unix-connect": translate("Labels", "Connect to a Unix socket"),
        "serial": translate("Labels", "Serial port"),
        "udp-listen": translate("Labels", "Listen on a UDP port"),
        "udp-recvfrom": translate("Labels", "Answer each UDP datagram"),
        "udp-recv": translate("Labels", "Receive UDP datagrams"),
        "udp-connect": translate("Labels", "UDP with one host"),
        "udp-sendto": translate("Labels", "Send UDP datagrams"),
        "udp-datagram": translate("Labels", "UDP to a group or to everybody"),
        "unix-recvfrom": translate("Labels", "Answer each datagram of a Unix socket"),
        "unix-recv": translate("Labels", "Receive datagrams of a Unix socket"),
        "unix-sendto": translate("Labels", "Send datagrams to a Unix socket"),
        "named-pipe-listen": translate("Labels", "Offer a named pipe"),
        "named-pipe-connect": translate("Labels", "Open a named pipe"),
        "program": translate("Labels", "Program"),
        "file": translate("Labels", "File"),
        "pty": translate("Labels", "Pseudo terminal"),
        "pipe": translate("Labels", "Pipe"),
        "standard": translate("Labels", "Standard input and output"),
        "descriptor": translate("Labels", "Descriptor"),
        "echo": translate("Labels", "Echo"),
        "discard": translate("Labels", "Discard"),
        "text": translate("Labels", "Fixed answer"),
        "stall": translate("Labels", "Silence"),
        "room": translate("Labels", "Room where all hear all"),
        "http-answer": translate("Labels", "Fixed HTTP answer"),
        "health-answer": translate("Labels", "Health of this computer"),
        "receive-files": translate("Labels", "Receive files"),
        "share-file": translate("Labels", "Hand out a file"),
        "send-files": translate("Labels", "Send files"),
        "log-collector": translate("Labels", "Log collector"),
        "throughput": translate("Labels", "Throughput meter"),
        "schedule": translate("Labels", "Check again and again"),
        "failover": translate("Labels", "First target that answers"),
        "fan-out": translate("Labels", "Several targets at once"),
        "dual": translate("Labels", "Two ends as one"),
    }
    return labels.get(kind, kind)


def kind_help(kind: str) -> str:
    """What a kind of end does, in a sentence or two; empty for a kind that has none yet."""
    return (_network() | _computer() | _built_in()).get(kind, "")


def kind_groups() -> dict[str, tuple[str, ...]]:
    """The kinds that belong together, under the heading that stands above them in a list."""
    return {
        translate("Kinds", "Network"): (
            "tcp-listen",
            "tcp-connect",
            "udp-listen",
            "udp-connect",
            "udp-datagram",
            "udp-sendto",
            "udp-recvfrom",
            "udp-recv",
        ),
        translate("Kinds", "Devices and terminals"): ("serial", "pty"),
        translate("Kinds", "Programs and files"): (
            "program",
            "file",
            "pipe",
            "standard",
            "descriptor",
        ),
        translate("Kinds", "Between programs of this computer"): (
            "unix-listen",
            "unix-connect",
            "unix-recvfrom",
            "unix-recv",
            "unix-sendto",
            "named-pipe-listen",
            "named-pipe-connect",
        ),
        translate("Kinds", "Bascule itself"): (
            "log-collector",
            "receive-files",
            "share-file",
            "send-files",
            "text",
            "http-answer",
            "health-answer",
            "echo",
            "room",
            "discard",
            "stall",
            "throughput",
            "schedule",
        ),
        translate("Kinds", "Several as one"): ("failover", "fan-out", "dual"),
    }


def _network() -> dict[str, str]:
    return {
        "tcp-listen": translate(
            "Kinds",
            "Programs connect to a TCP port of this computer. Each is a connection of its own.",
        ),
        "tcp-connect": translate(
            "Kinds",
            "Bascule connects to a service, directly or through proxies, encrypted if you like.",
        ),
        "udp-listen": translate(
            "Kinds",
            "Datagrams arrive on a UDP port. Each sender is a connection of its own, until it has "
            "been silent for a while.",
        ),
        "udp-recvfrom": translate(
            "Kinds",
            "Each datagram that arrives is a connection of its own, and the answer goes to its "
            "sender: for single questions, as DNS and SNMP ask them.",
        ),
        "udp-recv": translate(
            "Kinds", "Takes datagrams from everybody and answers nobody, as a log server does."
        ),
        "udp-connect": translate(
            "Kinds", "Exchanges datagrams with one host, and notices when nobody is there."
        ),
        "udp-sendto": translate(
            "Kinds", "Sends datagrams to one host and takes answers from that host only."
        ),
        "udp-datagram": translate(
            "Kinds",
            "Sends datagrams to a multicast group or to everybody on the network, and takes them "
            "from anyone.",
        ),
    }


def _computer() -> dict[str, str]:
    return {
        "serial": translate(
            "Kinds", "A device on a serial port. One connection at a time uses it."
        ),
        "pty": translate(
            "Kinds",
            "A terminal that programs of this computer open as if it were a serial port. Windows "
            "has none.",
        ),
        "program": translate(
            "Kinds",
            "Starts a program, a fresh one for each connection. What arrives is its input, what it "
            "writes comes back.",
        ),
        "file": translate(
            "Kinds", "Reads a file or writes into it, for example to keep what a device says."
        ),
        "pipe": translate(
            "Kinds", "A pipe (FIFO) that another program of this computer opens like a file."
        ),
        "standard": translate(
            "Kinds",
            "The input and output of the command bascule relay. A relay that this window starts "
            "has neither.",
        ),
        "descriptor": translate(
            "Kinds",
            "A file that was open already when the command bascule relay began. A relay that this "
            "window starts has none.",
        ),
        "unix-listen": translate(
            "Kinds",
            "Programs of this computer connect to a socket, which lies in a folder like a file.",
        ),
        "unix-connect": translate(
            "Kinds", "Bascule connects to the socket of a program of this computer."
        ),
        "unix-recvfrom": translate(
            "Kinds",
            "Each datagram that a program of this computer sends to the socket is a connection of "
            "its own, and the answer goes to its sender.",
        ),
        "unix-recv": translate(
            "Kinds",
            "Takes datagrams from programs of this computer on a socket and answers nobody.",
        ),
        "unix-sendto": translate(
            "Kinds", "Sends datagrams to the socket of a program of this computer."
        ),
        "named-pipe-listen": translate(
            "Kinds", "Programs open a named pipe of Windows. Other systems have none."
        ),
        "named-pipe-connect": translate(
            "Kinds",
            "Bascule opens the named pipe of a program, for example of a virtual machine. Only "
            "Windows has them.",
        ),
    }


def _built_in() -> dict[str, str]:
    return {
        "echo": translate("Kinds", "Sends back what it is sent: good for trying out a line."),
        "discard": translate("Kinds", "Takes everything and keeps nothing."),
        "text": translate(
            "Kinds", "Says a text that you write here and ends, such as “We are closed”."
        ),
        "stall": translate(
            "Kinds", "Never says anything: shows what a program does when nobody answers."
        ),
        "room": translate(
            "Kinds", "What one who is connected says, line by line, all the others hear."
        ),
        "http-answer": translate(
            "Kinds",
            "Answers every request of a browser or program with the page you write here, such as "
            "“Back at 2 pm”.",
        ),
        "health-answer": translate(
            "Kinds",
            "Tells who asks how this computer is: its name, time, how long it runs and how busy "
            "it is.",
        ),
        "receive-files": translate(
            "Kinds",
            "Puts the files and folders that somebody sends (with tar, for example) into a folder, "
            "and shows the SHA-256 of each in the log.",
        ),
        "share-file": translate(
            "Kinds",
            "Gives one file to whoever has the link that Bascule makes, so often and so long as "
            "you allow, then stops.",
        ),
        "send-files": translate(
            "Kinds",
            "Sends a file or a whole folder to a Bascule or a tar on the other side, and shows how "
            "far it is and the SHA-256 of each file.",
        ),
        "throughput": translate(
            "Kinds",
            "Sends bytes that nothing can compress and shows how fast the other side takes them.",
        ),
        "schedule": translate(
            "Kinds",
            "Checks again and again whether the target answers, and tells you when that changes. "
            "Nothing is sent.",
        ),
        "log-collector": translate(
            "Kinds",
            "Writes each line that arrives to one log file, with the time and who sent it, and "
            "begins a new file when it is full.",
        ),
        "failover": translate(
            "Kinds",
            "Each connection goes to the first of these targets that can be reached. Put the best "
            "at the top.",
        ),
        "fan-out": translate(
            "Kinds", "All these targets get what the source says, and one of them answers."
        ),
        "dual": translate(
            "Kinds",
            "Two ends that each do one half: what is read comes from the one, what is written goes "
            "to the other.",
        ),
    }
