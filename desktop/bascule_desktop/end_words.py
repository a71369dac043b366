"""Owns the words for an end of a relay: its short name, its icon, and its part of the sentence.

Ends that a wizard makes (TCP, Unix sockets, serial ports) have richer words in ``sentences``.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from bascule.spec import built_in, datagrams, local
from bascule.spec.ends import Dual, Failover, FanOut, Source, Target
from bascule_desktop.kind_words import kind_label

translate = QCoreApplication.translate

_LONGEST = 48


def end_name(end: Source | Target) -> str:
    """What an end is called in one short line: ``UDP 0.0.0.0:5514``, ``events.log``."""
    match end:
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
    for name in ("path", "link", "name", "device"):
        if getattr(end, name, ""):
            return str(getattr(end, name))
    return ""


def end_icon(end: Source | Target) -> str:
    """The icon of an end."""
    match end:
        case local.Program():
            return "terminal"
        case local.File() | local.Pipe() | local.Standard() | local.Descriptor():
            return "file"
        case local.Pty():
            return "serial"
        case datagrams.UnixReceive() | datagrams.UnixReceiveFrom() | datagrams.UnixSendTo():
            return "socket-file"
        case (
            built_in.Echo() | built_in.Discard() | built_in.Text() | built_in.Stall()
            | built_in.Room()
        ):  # fmt: skip
            return "app"
        case _:
            return "network"


def source_words(end: Source | Target) -> str:
    """The first half of a relay's sentence: what Bascule does at its source."""
    name = end_name(end)
    match end:
        case datagrams.UdpListen() | datagrams.UdpReceiveFrom() | datagrams.UdpReceive():
            said = translate("Ends", "Bascule receives datagrams on {name}")
        case datagrams.UnixReceive() | datagrams.UnixReceiveFrom():
            said = translate("Ends", "Bascule receives datagrams on the socket {name}")
        case local.Program():
            said = translate("Ends", "Bascule starts the program “{name}”")
        case local.File() | local.Pipe():
            said = translate("Ends", "Bascule reads {name}")
        case local.Pty():
            said = translate("Ends", "Bascule offers the terminal {name}")
        case _:
            if end.listens:
                said = translate("Ends", "Bascule listens on {name}")
            else:
                said = translate("Ends", "Bascule opens {name}")
    return said.format(name=name)


def target_words(end: Source | Target) -> str:
    """The second half: where everything goes."""
    name = end_name(end)
    match end:
        case local.Program():
            said = translate("Ends", "passes everything to the program “{name}”")
        case local.File():
            said = translate("Ends", "passes everything to the file {name}")
        case built_in.Echo():
            return translate("Ends", "sends everything back")
        case built_in.Discard():
            return translate("Ends", "throws everything away")
        case built_in.Text():
            return translate("Ends", "answers with a text")
        case built_in.Stall():
            return translate("Ends", "answers nothing")
        case built_in.Room():
            return translate("Ends", "passes what one says to all who are connected")
        case Failover():
            said = translate("Ends", "passes everything to the first that answers: {name}")
        case FanOut():
            said = translate("Ends", "passes everything to all of {name}")
        case _:
            said = translate("Ends", "passes everything to {name}")
    return said.format(name=name)


def shortened(text: str) -> str:
    """A text that is short enough for a line."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
