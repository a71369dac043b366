"""Owns socat's words for the settings of a terminal: which there are, what each means, its value.

Pure: needs no terminal, and knows the words on systems without terminals too. What they do to
one is in ``terminal``.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

from bascule.errors import ErrorCode, SpecError


class Sort(StrEnum):
    """What a word is followed by, and where it acts."""

    INPUT = "input"
    OUTPUT = "output"
    CONTROL = "control"
    LOCAL = "local"
    PATTERN = "pattern"
    NUMBER = "number"
    CHARACTER = "character"
    SPEED = "speed"
    WHOLE = "whole"
    OTHER = "other"


FLAG_SORTS = (Sort.INPUT, Sort.OUTPUT, Sort.CONTROL, Sort.LOCAL)
"""Those that are switched on, or off with ``=0``; in the order of termios' flag words."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word. ``mask`` names the field a pattern or number belongs to."""

    sort: Sort
    meaning: str
    mask: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One word with its value, as it was written in ``entry``."""

    entry: str
    name: str
    word: Word
    value: int = 1
    second: int = 0


_INPUT = {
    "brkint": "a break interrupts",
    "icrnl": "a received CR becomes a line feed",
    "ignbrk": "breaks are ignored",
    "igncr": "received CRs are dropped",
    "ignpar": "bytes with a wrong parity are dropped",
    "imaxbel": "a full input line rings the bell",
    "inlcr": "a received line feed becomes CR",
    "inpck": "the parity of what is received is checked",
    "istrip": "the eighth bit of what is received is cleared",
    "iuclc": "received capitals become small letters",
    "ixany": "any byte starts output again",
    "ixoff": "the sender is stopped and started with XOFF and XON",
    "ixon": "received XOFF and XON stop and start output",
    "parmrk": "bytes with a wrong parity are marked",
}
_OUTPUT = {
    "bsdly": "backspaces are delayed",
    "ffdly": "form feeds are delayed",
    "nldly": "line feeds are delayed",
    "ocrnl": "a sent CR becomes a line feed",
    "ofdel": "DEL is the fill byte",
    "ofill": "delays are filled with bytes",
    "olcuc": "sent small letters become capitals",
    "onlcr": "a sent line feed becomes CR and line feed",
    "onlret": "a line feed returns to the first column",
    "onocr": "no CR is sent in the first column",
    "opost": "output is processed",
    "vtdly": "vertical tabs are delayed",
}
_CONTROL = {
    "clocal": "modem lines are ignored",
    "cread": "receiving is on",
    "crtscts": "RTS and CTS control the flow",
    "cstopb": "two stop bits",
    "hupcl": "closing drops DTR",
    "parenb": "parity is sent and expected",
    "parodd": "parity is odd",
}
_LOCAL = {
    "echo": "what is received is echoed",
    "echoctl": "control bytes are echoed as ^X",
    "echoe": "erasing shows",
    "echok": "killing a line begins a new one",
    "echoke": "killing a line erases it",
    "echonl": "line feeds are echoed always",
    "echoprt": "erased bytes are printed",
    "flusho": "output is thrown away",
    "icanon": "input comes line by line",
    "iexten": "extended input bytes act",
    "isig": "INTR, QUIT and SUSP send signals",
    "noflsh": "signals throw nothing away",
    "pendin": "pending input is shown again",
    "tostop": "output of programs in the background stops them",
    "xcase": "capitals are marked with a backslash",
}
_CHARACTERS = {
    "vdiscard": "throws output away",
    "vdsusp": "suspends when it is read",
    "veof": "ends the input",
    "veol": "ends a line",
    "veol2": "ends a line as well",
    "verase": "erases a character",
    "vintr": "interrupts",
    "vkill": "kills the line",
    "vlnext": "takes the next byte as it is",
    "vmin": "least bytes of a read",
    "vquit": "quits",
    "vreprint": "prints the line again",
    "vstart": "starts output",
    "vstop": "stops output",
    "vsusp": "suspends",
    "vswtc": "switches the shell",
    "vtime": "tenths of a second that a read waits",
    "vwerase": "erases a word",
}
_DELAYS = {"bs": 2, "cr": 4, "ff": 2, "nl": 2, "tab": 4, "vt": 2}
RATES = (
    0, 50, 75, 110, 134, 150, 200, 300, 600, 900, 1200, 1800, 2400, 3600, 4800, 7200, 9600, 19200,
    38400, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000,
    2000000, 2500000, 3000000, 3500000, 4000000,
)  # fmt: skip
"""The rates that have a word of their own, ``b9600``; ``ispeed=`` and ``ospeed=`` take any."""


def _words() -> dict[str, Word]:
    words = {
        "cfmakeraw": Word(Sort.WHOLE, "bytes pass unchanged, without echo (cfmakeraw)"),
        "raw": Word(Sort.WHOLE, "bytes pass unchanged; echo stays as it is"),
        "rawer": Word(Sort.WHOLE, "bytes pass unchanged, without echo, 8 bits, no flow control"),
        "sane": Word(Sort.WHOLE, "usual settings of a terminal"),
        "crdly": Word(Sort.NUMBER, "delay of CR", "CRDLY"),
        "csize": Word(Sort.NUMBER, "data bits: 0 to 3 stand for 5 to 8", "CSIZE"),
        "tabdly": Word(Sort.NUMBER, "delay of tabs", "TABDLY"),
        "xtabs": Word(Sort.PATTERN, "tabs are sent as spaces", "TABDLY"),
        "ispeed": Word(Sort.SPEED, "bits per second, receiving"),
        "ospeed": Word(Sort.SPEED, "bits per second, sending"),
        "setflags": Word(Sort.OTHER, "flags of a word of termios: word:mask"),
        "tiocsctty": Word(Sort.OTHER, "it becomes the controlling terminal"),
        "tiocswinsz": Word(Sort.OTHER, "its size: rows:columns"),
    }
    flags = (_INPUT, _OUTPUT, _CONTROL, _LOCAL)
    for sort, meanings in zip(FLAG_SORTS, flags, strict=True):
        words |= {name: Word(sort, meaning) for name, meaning in meanings.items()}
    for name, meaning in _CHARACTERS.items():
        words[name] = Word(Sort.CHARACTER, f"the byte that {meaning}")
    for name in ("vmin", "vtime"):
        words[name] = Word(Sort.CHARACTER, _CHARACTERS[name])
    for name, count in _DELAYS.items():
        for number in range(count):
            words[f"{name}{number}"] = Word(
                Sort.PATTERN, f"kind of delay {number}", f"{name.upper()}DLY"
            )
    for bits in (5, 6, 7, 8):
        words[f"cs{bits}"] = Word(Sort.PATTERN, f"{bits} data bits", "CSIZE")
    for rate in RATES:
        words[f"b{rate}"] = Word(Sort.SPEED, f"{rate} bits per second")
    return words


WORDS = _words()
"""Every word, by its own name."""

SYNONYMS = {
    "crterase": "echoe", "crtkill": "echoke", "ctlecho": "echoctl", "prterase": "echoprt",
    "hup": "hupcl", "tandem": "ixoff", "ctty": "tiocsctty", "winsz": "tiocswinsz",
    "termios-cfmakeraw": "cfmakeraw", "termios-rawer": "rawer", "termios-setflags": "setflags",
    "rprnt": "vreprint", "swtch": "vswtc", "swtc": "vswtc",
    **{name[1:]: name for name in _CHARACTERS if name != "vswtc"},
}  # fmt: skip
"""Other names of words, as socat knows them."""


def parse(entries: tuple[str, ...], field: str = "terminal") -> tuple[Setting, ...]:
    """Read settings, in the order in which they act.

    Raises: SpecError VALUE_INVALID for a word that does not exist (with the nearest one) or a
        value that it does not take.
    """
    return tuple(_parse_one(entry, field) for entry in entries)


def describe(entries: tuple[str, ...]) -> tuple[str, ...]:
    """Say in words what settings do. Raises: as ``parse``."""
    return tuple(_describe_one(setting) for setting in parse(entries))


def _describe_one(setting: Setting) -> str:
    meaning, sort = setting.word.meaning, setting.word.sort
    if sort in FLAG_SORTS:
        return meaning if setting.value else f"not: {meaning}"
    if setting.name == "tiocswinsz":
        return f"{meaning}: {setting.value}:{setting.second}"
    if "=" in setting.entry:
        return f"{meaning}: {setting.value}"
    return meaning


def _parse_one(entry: str, field: str) -> Setting:
    name, has_value, text = entry.lower().partition("=")
    name = SYNONYMS.get(name, name)
    word = WORDS.get(name)
    if word is None:
        near = difflib.get_close_matches(name, [*WORDS, *SYNONYMS], 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        if re.fullmatch(r"b\d+", name):
            hint = f"; for any speed write ispeed={name[1:]} and ospeed={name[1:]}"
        raise _refuse(field, entry, f"{name} is not a setting of a terminal{hint}")
    sort = word.sort
    if sort is Sort.WHOLE or sort is Sort.PATTERN or (sort is Sort.SPEED and name[0] == "b"):
        if has_value:
            raise _refuse(field, entry, f"{name} takes no value")
        return Setting(entry, name, word, int(name[1:]) if sort is Sort.SPEED else 1)
    if name in ("setflags", "tiocswinsz"):
        first, _colon, second = text.partition(":")
        top = 3 if name == "setflags" else 0xFFFF
        return Setting(
            entry,
            name,
            word,
            _number(field, entry, name, first, top),
            _number(field, entry, name, second, 2**32 - 1 if name == "setflags" else 0xFFFF),
        )
    if sort in FLAG_SORTS or sort is Sort.OTHER:
        return Setting(entry, name, word, _number(field, entry, name, text, 1) if has_value else 1)
    top = {"csize": 8, "crdly": 3, "tabdly": 3, "ispeed": 2**31, "ospeed": 2**31}.get(name, 255)
    value = _number(field, entry, name, text, top)
    if name == "csize" and value > 3:
        if value < 5:
            raise _refuse(field, entry, "csize takes 0 to 3 (for 5 to 8 bits) or 5 to 8")
        value -= 5  # as it is meant
    return Setting(entry, name, word, value)


def _number(field: str, entry: str, name: str, text: str, top: int) -> int:
    """Read a number as C does: 0x10 is 16, 010 is 8."""
    if re.fullmatch(r"0[0-7]+", text):
        text = f"0o{text}"
    try:
        value = int(text, 0)
    except ValueError:
        value = -1
    if not 0 <= value <= top:
        raise _refuse(field, entry, f"{name} takes a number from 0 to {top}")
    return value


def _refuse(field: str, entry: str, why: str) -> SpecError:
    return SpecError(why, code=ErrorCode.VALUE_INVALID, field=field, rule="terminal", entry=entry)
