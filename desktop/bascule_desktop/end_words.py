"""Owns the words for an end of a relay: its short name, its icon, and its part of the sentence.

Ends that a wizard makes (TCP, Unix sockets, serial ports) have richer words in ``sentences``.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from bascule.spec import built_in, datagrams, local
from bascule.spec.ends import Dual, Failover, FanOut, Source, Target
from bascule.spec.http_answer import HealthAnswer, HttpAnswer
from bascule.spec.log_collector import LogCollector
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.share_file import ShareFile
from bascule.spec.transfer import ReceiveFiles, SendFiles
from bascule_desktop import format as figures
from bascule_desktop.kind_words import kind_label

translate = QCoreApplication.translate

_LONGEST = 48


def end_name(end: Source | Target) -> str:
    """What an end is called in one short line: ``UDP 0.0.0.0:5514``, ``events.log``."""
    match end:
        case Schedule():
            said = translate("Ends", "every {span}")
            return said.format(span=figures.exact_span(end.every_seconds))
        case local.Program():
            return shortened(" ".join(end.command.split()))
        case Failover():
            return translate("Ends", " or ").join(end_name(each) for each in end.targets)
        case FanOut():
            return " + ".join(end_name(each) for each in end.targets)
        case Dual():
            return f"{end_name(end.reading)} / {end_name(end.writing)}"
        case _:
            return _place(end) or kind_label(end.kind)


def _place(end: Any) -> str:
    """Where an end is: its host and port, path, link or name; empty where it is nowhere."""
    host, port = getattr(end, "host", ""), getattr(end, "port", None)
    if host and port is not None:
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return f"UDP {where}" if end.kind.startswith("udp-") else where
    for name in ("path", "link", "name", "device", "folder"):
        if getattr(end, name, ""):
            return str(getattr(end, name))
    return ""


def end_icon(end: Source | Target) -> str:
    """The icon of an end."""
    match end:
        case local.Program():
            return "terminal"
        case (
            local.File() | local.Pipe() | local.Standard() | local.Descriptor() | LogCollector()
            | ReceiveFiles() | ShareFile()
            | ReceiveFiles() | SendFiles()
        ):  # fmt: skip
            return "file"
        case local.Pty():
            return "serial"
        case datagrams.UnixReceive() | datagrams.UnixReceiveFrom() | datagrams.UnixSendTo():
            return "socket-file"
        case (
            built_in.Echo() | built_in.Discard() | built_in.Text() | built_in.Stall()
            | built_in.Room() | HttpAnswer() | HealthAnswer()
        ):  # fmt: skip
            return "app"
        case Throughput():
            return "chart"
        case Schedule():
            return "clock"
        case _:
            return "network"


def source_words(end: Source | Target) -> str:
    """The first half of a relay's sentence: what Bascule does at its source."""
    said = _source_without_place(end)
    if said:
        return said
    name = end_name(end)
    match end:
        case datagrams.UdpListen() | datagrams.UdpReceiveFrom() | datagrams.UdpReceive():
            said = translate("Ends", "Bascule receives datagrams on {name}")
        case datagrams.UnixReceive() | datagrams.UnixReceiveFrom():
            said = translate("Ends", "Bascule receives datagrams on the socket {name}")
        case datagrams.UdpConnect() | datagrams.UdpSendTo() | datagrams.UdpDatagram():
            said = translate("Ends", "Bascule exchanges datagrams with {name}")
        case datagrams.UnixSendTo():
            said = translate("Ends", "Bascule exchanges datagrams with the socket {name}")
        case local.Program():
            said = translate("Ends", "Bascule starts the program “{name}”")
        case local.File() | local.Pipe() | SendFiles():
            said = translate("Ends", "Bascule reads {name}")
        case LogCollector() | ReceiveFiles():
            said = translate("Ends", "Bascule writes what the target says to {name}")
        case local.Pty():
            said = translate("Ends", "Bascule offers the terminal {name}")
        case local.NamedPipeListen():
            said = translate("Ends", "Bascule offers the named pipe {name}")
        case local.NamedPipeConnect():
            said = translate("Ends", "Bascule opens the named pipe {name}")
        case _:
            if end.listens:
                said = translate("Ends", "Bascule listens on {name}")
            else:
                said = translate("Ends", "Bascule opens {name}")
    return said.format(name=name)


def _source_without_place(end: Source | Target) -> str:
    """What is said of a source that is nowhere in particular; empty for all others."""
    match end:
        case local.Pipe() if not end.path:
            return translate("Ends", "Bascule reads what it has written itself")
        case local.Pty() if not end.link:
            return translate("Ends", "Bascule offers a terminal")
        case local.Standard():
            return translate("Ends", "Bascule reads its standard input")
        case local.Descriptor():
            said = translate("Ends", "Bascule reads its descriptor {number}")
            return said.format(number=end.number)
        case built_in.Echo():
            return translate("Ends", "Bascule makes an echo")
        case built_in.Discard():
            return translate("Ends", "Bascule only hears what the target says")
        case built_in.Text():
            return translate("Ends", "Bascule says a text of its own")
        case built_in.Stall():
            return translate("Ends", "Bascule says nothing")
        case built_in.Room():
            return translate("Ends", "Bascule opens a room")
        case HttpAnswer() | HealthAnswer() | ShareFile():
            return translate("Ends", "Bascule answers the requests of the target over HTTP")
        case Throughput():
            return translate("Ends", "Bascule measures how fast the way is")
        case Schedule():
            said = translate("Ends", "Bascule checks every {span} whether the target answers")
            return said.format(span=figures.exact_span(end.every_seconds))
        case Dual():
            said = translate("Ends", "Bascule reads {reading}, writes the answers to {writing}")
            return said.format(reading=end_name(end.reading), writing=end_name(end.writing))
        case _:
            return ""


def target_words(end: Source | Target) -> str:
    """The second half: where everything goes."""
    said = _target_without_place(end)
    if said:
        return said
    name = end_name(end)
    match end:
        case local.Program():
            said = translate("Ends", "passes everything to the program “{name}”")
        case local.File():
            said = translate("Ends", "passes everything to the file {name}")
        case local.Pipe():
            said = translate("Ends", "passes everything to the pipe {name}")
        case LogCollector():
            said = translate("Ends", "writes every line to the log {name}")
        case ReceiveFiles():
            said = translate("Ends", "puts the files that arrive into the folder {name}")
        case local.Pty():
            said = translate("Ends", "passes everything to the terminal {name}")
        case local.NamedPipeListen() | local.NamedPipeConnect():
            said = translate("Ends", "passes everything to the named pipe {name}")
        case datagrams.UdpReceive() | datagrams.UnixReceive():
            said = translate("Ends", "brings back what arrives on {name}")
        case Failover():
            said = translate("Ends", "passes everything to the first that answers: {name}")
        case FanOut():
            said = translate("Ends", "passes everything to all of {name}")
        case _:
            if end.listens:
                said = translate("Ends", "passes everything to who comes to {name}")
            else:
                said = translate("Ends", "passes everything to {name}")
    return said.format(name=name)


def _target_without_place(end: Source | Target) -> str:
    """What is said of a target that is nowhere in particular, or of what Bascule is itself; empty
    for all others.
    """
    match end:
        case local.Pipe() if not end.path:
            return translate("Ends", "reads everything again itself")
        case local.Pty() if not end.link:
            return translate("Ends", "passes everything to a terminal that it offers")
        case local.Standard():
            return translate("Ends", "passes everything to its standard output")
        case local.Descriptor():
            said = translate("Ends", "passes everything to its descriptor {number}")
            return said.format(number=end.number)
        case HttpAnswer():
            said = translate("Ends", "answers every HTTP request with status {status}")
            return said.format(status=end.status)
        case SendFiles() | ShareFile():
            return _given_words(end)
        case Dual():
            said = translate(
                "Ends", "writes everything to {writing}; the answers come from {reading}"
            )
            return said.format(reading=end_name(end.reading), writing=end_name(end.writing))
        case _:
            return _always_the_same().get(type(end), "")


def _always_the_same() -> dict[type, str]:
    """What is said of a target that has nothing to be told apart by."""
    return {
        built_in.Echo: translate("Ends", "sends everything back"),
        built_in.Discard: translate("Ends", "throws everything away"),
        built_in.Text: translate("Ends", "answers with a text"),
        built_in.Stall: translate("Ends", "answers nothing"),
        built_in.Room: translate("Ends", "passes what one says to all who are connected"),
        HealthAnswer: translate("Ends", "answers how this computer is"),
        Throughput: translate("Ends", "sends as fast as it can, to measure the way"),
    }


def _given_words(end: SendFiles | ShareFile) -> str:
    """What is said of a target that gives files to whoever connects."""
    if isinstance(end, SendFiles):
        said = translate("Ends", "sends {name} to whoever connects")
    else:
        said = translate("Ends", "hands out the file {name} under a secret link")
    return said.format(name=end_name(end))


def shortened(text: str) -> str:
    """A text that is short enough for a line."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
