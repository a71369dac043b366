"""Owns when a file is a serial port, and what its termios words are as line settings."""

from __future__ import annotations

import re

from bascule.spec.endpoints import SerialPort
from bascule.spec.socat.given import Given

_DEVICES = re.compile(r"/dev/(tty(?!$|\d+$)|cu\.|serial/)|(\\\\\.\\)?com\d+$", re.IGNORECASE)


def serial_port(path: str, given: Given) -> SerialPort | None:
    """The serial port that a path and its options mean; None where it is another file."""
    words = given.terminal_words()
    bauds = [word for word in words if re.fullmatch(r"b\d+", word)]
    speed = next((words[name] for name in ("ospeed", "ispeed") if words.get(name)), "")
    if not _DEVICES.match(path) and not bauds:
        return None
    given.terminal()  # all of them are used up here
    for name in ("o-rdwr", "flock-ex", "o-nonblock", "o-noctty", "o-excl"):
        given.flag(name)
    return SerialPort(
        path,
        baud=int(bauds[-1][1:] if bauds else speed or 9600),
        data_bits=_data_bits(words),
        parity=("odd" if _on(words, "parodd") else "even") if _on(words, "parenb") else "none",
        stop_bits="2" if _on(words, "cstopb") else "1",
        flow_control=_flow_control(words),
    )


def _on(words: dict[str, str], name: str) -> bool:
    return words.get(name, "0") not in ("0", "false")


def _data_bits(words: dict[str, str]) -> int:
    for bits in (5, 6, 7):
        if f"cs{bits}" in words:
            return bits
    return 8


def _flow_control(words: dict[str, str]) -> str:
    if _on(words, "crtscts"):
        return "rts-cts"
    return "xon-xoff" if _on(words, "ixon") or _on(words, "ixoff") else "none"
