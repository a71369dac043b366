"""Owns when a file is a serial port, and what socat's words for terminals are as line settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, LiteralString

from bascule.spec.endpoints import SerialPort
from bascule.spec.socat import common
from bascule.spec.socat.given import Given, c_number
from bascule.spec.socat.names import OPTIONS
from bascule.spec.socat.reader import Option
from bascule.spec.socat.verdicts import Said, VerdictKind

_RAW = frozenset({"raw", "termios-rawer", "termios-cfmakeraw"})
_PARITIES = ("none", "even", "odd", "mark", "space")
_LINES = ("on", "off", "unchanged")

_LEFT_OUT: dict[str, LiteralString] = {
    "clocal": "Left out: modem lines are not waited for.",
    "cread": "Left out: a serial port always receives.",
    "hupcl": "Left out: whether closing drops DTR is the system's setting.",
    "ignbrk": "Left out: breaks carry no bytes.",
    "ignpar": "Left out: bytes with a wrong parity are the device's matter.",
    "vmin": "Left out: what has arrived is carried at once.",
    "vtime": "Left out: what has arrived is carried at once.",
    "tiocsctty": "Left out: a serial port is no terminal of Bascule.",
}


def terminal_entries(given: Given) -> tuple[str, ...]:
    """The settings of a terminal as a spec holds them: ``raw``, ``echo=0``. Raises: SpecError."""
    words = given.terminal()
    if words and given.context.system == "windows":
        from bascule.spec.socat.systems import TERMINALS

        for _name, option in words:
            given.say(option, VerdictKind.NOT_ON_THIS_SYSTEM, TERMINALS)
    return _entries(given, words)


def _entries(given: Given, words: list[tuple[str, Option]]) -> tuple[str, ...]:
    return tuple(_entry(given, name, option) for name, option in words)


def _entry(given: Given, name: str, option: Option) -> str:
    kind = OPTIONS[name].type
    value = option.value
    if value is None:
        return option.name.lower()
    if kind == "flag":
        raise given.fail(option, Said("{} takes no value", (option.name,)))
    numbers = value.split(":") if kind == "text" else [value]
    if any((c_number(each) or 0) < 0 or c_number(each) is None for each in numbers):
        raise given.wrong(option, "a number, or 0 and 1 for off and on")
    return f"{option.name}={value}".lower()


def serial_port(given: Given, path: str) -> SerialPort | None:
    """The serial port that a path and its options mean; None where it is another file, or where
    a terminal is wanted that changes the bytes that pass.
    """
    entries = given.terminal()
    words = dict(entries)
    if given.has("plain-file") or not (is_serial(path) or speed_words(words)):
        return None
    _entries(given, entries)
    if given.has("o-rdonly", "o-wronly") or not _is_raw(words):
        given.note(
            VerdictKind.EMULATED,
            "It is opened as a terminal with these settings, not as a serial port: those carry "
            "bytes unchanged and both ways.",
        )
        return None
    for name, why in _LEFT_OUT.items():
        if name in words:
            given.say(words[name], VerdictKind.IGNORED, why)
    for name in ("flock-ex", "flock-ex-nb", "f-setlk-wr", "f-setlkw-wr", "o-excl"):
        if given.has(name):
            given.say_of(name, VerdictKind.EMULATED, "A serial port is for one program anyway.")
    if not _RAW.intersection(words):
        why = "Bytes pass unchanged, as if raw stood there: it is a serial port."
        given.note(VerdictKind.EMULATED, why)
    given.switch("o-rdwr")
    return SerialPort(
        device=_device(given, path),
        baud=_baud(given, words),
        data_bits=_data_bits(given, words),
        **_own(given, words),
        **common.common(given),
    )


def is_serial(path: str) -> bool:
    """Whether a path is that of a serial port, by its name."""
    if path.startswith("/dev/tty"):
        return path[8:9].isalpha() or path[8:9] == "."
    name = path.removeprefix("\\\\.\\").upper()
    if name.startswith("COM") and name[3:].isdecimal():
        return True
    return path.startswith(("/dev/cu.", "/dev/serial/"))


def speed_words(words: Iterable[str]) -> list[str]:
    """Those of some words, by their own names, that set a speed."""
    return [name for name in words if name in ("ispeed", "ospeed") or _rate(name) is not None]


def _rate(name: str) -> int | None:
    return int(name[1:]) if name[:1] == "b" and name[1:].isdecimal() else None


def _on(words: dict[str, Option], name: str) -> bool:
    option = words.get(name)
    return option is not None and (option.value is None or c_number(option.value) != 0)


_LINE_WORDS = frozenset(
    {"ispeed", "ospeed", "csize", "cs5", "cs6", "cs7", "cs8", "parenb", "parodd", "cstopb"}
)
_FLOW_WORDS = frozenset({"crtscts", "ixon", "ixoff"})


def _is_raw(words: dict[str, Option]) -> bool:
    """Whether the settings leave the bytes alone, as a serial port does."""
    if _on(words, "crtscts") and (_on(words, "ixon") or _on(words, "ixoff")):
        return False
    speeds = {_value(words, name) for name in ("ispeed", "ospeed") if name in words}
    if len(speeds) > 1:
        return False
    return all(
        name in _RAW
        or name in _LINE_WORDS
        or name in _FLOW_WORDS
        or name in _LEFT_OUT
        or _rate(name) is not None
        or (OPTIONS[name].type == "bool" and not _on(words, name))
        for name in words
    )


def _value(words: dict[str, Option], name: str) -> int | None:
    value = words[name].value
    return None if value is None else c_number(value)


def _device(given: Given, path: str) -> str:
    number = path.removeprefix("/dev/ttyS")
    if given.context.system == "windows" and number != path and number.isdecimal():
        device = f"COM{int(number[:6]) + 1}"
        said = Said("{} is called {} on Windows.", (path, device))
        given.note(VerdictKind.EMULATED, said, warns=True)
        return device
    return path


def _baud(given: Given, words: dict[str, Option]) -> int:
    found = speed_words(words)
    if not found:
        given.note(
            VerdictKind.EMULATED,
            "The line runs at 9600 bits per second, as no speed is said; socat would leave it.",
        )
        return 9600
    name = found[-1]
    rate = _rate(name)
    if rate is None:
        rate = _value(words, name) or 0
    if not 50 <= rate <= 10_000_000:
        raise given.wrong(words[name], "a speed from 50 to 10000000")
    return rate


def _data_bits(given: Given, words: dict[str, Option]) -> int:
    bits = 8
    for name, option in words.items():
        if name in ("cs5", "cs6", "cs7", "cs8"):
            bits = int(name[2])
        elif name == "csize":
            size = given.number(option, 0, 8)
            bits = size + 5 if size <= 3 else size
            if bits < 5:
                raise given.wrong(option, "0 to 3 (for 5 to 8 bits), or 5 to 8")
    return bits


def _own(given: Given, words: dict[str, Option]) -> dict[str, Any]:
    """What socat has one bit for, and serial ports more: Bascule has words of its own for it."""
    parity = "none"
    if _on(words, "parenb"):
        parity = "odd" if _on(words, "parodd") else "even"
    flow = "none"
    if _on(words, "crtscts"):
        flow = "rts-cts"
    elif _on(words, "ixon") or _on(words, "ixoff"):
        flow = "xon-xoff"
    return {
        "parity": given.choice("parity", parity, _PARITIES),
        "stop_bits": given.choice(
            "stop-bits", "2" if _on(words, "cstopb") else "1", ("1", "1.5", "2")
        ),
        "flow_control": given.choice("flow", flow, ("none", "rts-cts", "dsr-dtr", "xon-xoff")),
        "dtr": given.choice("dtr", "on", _LINES),
        "rts": given.choice("rts", "on", _LINES),
    }
