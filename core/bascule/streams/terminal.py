"""Owns what socat's words for terminals do to one, and how it is put back as it was.

The words themselves are in ``terminal_words``. Systems without terminals (Windows) refuse here.
"""

from __future__ import annotations

import array
import struct
import sys
from collections.abc import Callable
from functools import partial

from bascule.errors import ErrorCode, SpecError
from bascule.streams.terminal_words import FLAG_SORTS, Setting, Sort, parse

if sys.platform != "win32":  # pragma: no branch
    import fcntl
    import termios

type _Attributes = list[int | list[bytes | int]]

_OUTPUT, _CONTROL, _ISPEED, _OSPEED, _CHARACTERS = 1, 2, 4, 5, 6
_SHIFTS = {"csize": 4, "crdly": 9, "tabdly": 11}

# Linux: any speed (asm-generic/termbits.h, struct termios2).
_TCGETS2, _TCSETS2, _BOTHER, _CBAUD = 0x802C542A, 0x402C542B, 0o010000, 0o010017
_IBSHIFT = 16

_RAW_INPUT = (
    "IGNBRK", "BRKINT", "IGNPAR", "PARMRK", "INPCK", "ISTRIP", "INLCR", "IGNCR", "ICRNL", "IXON",
    "IXOFF", "IUCLC", "IXANY", "IMAXBEL",
)  # fmt: skip
_MAKERAW_INPUT = (
    "IGNBRK", "BRKINT", "PARMRK", "ISTRIP", "INLCR", "IGNCR", "ICRNL", "IXON",
)  # fmt: skip
_SANE_CHARACTERS = {
    "VINTR": 3, "VQUIT": 28, "VERASE": 127, "VKILL": 21, "VEOF": 4, "VTIME": 0, "VMIN": 1,
    "VSWTC": 0, "VSTART": 17, "VSTOP": 19, "VSUSP": 26, "VEOL": 0, "VREPRINT": 18,
    "VDISCARD": 15, "VWERASE": 23, "VLNEXT": 22, "VEOL2": 0,
}  # fmt: skip


class TerminalSettings:
    """What is to be set on a terminal, known to be possible on this system; none is false."""

    def __init__(self, entries: tuple[str, ...] = (), field: str = "terminal") -> None:
        """Raises: SpecError VALUE_INVALID (a wrong word or value), NOT_ON_THIS_SYSTEM."""
        self._settings = parse(entries, field)
        self._field = field
        for setting in self._settings:
            missing = _missing_on_this_system(setting)
            if missing:
                raise SpecError(
                    f"{setting.entry}: {missing}",
                    code=ErrorCode.NOT_ON_THIS_SYSTEM,
                    field=field,
                    entry=setting.entry,
                )

    def __bool__(self) -> bool:
        return bool(self._settings)

    @property
    def controlling(self) -> bool:
        """Whether it is to become the controlling terminal (``ctty``)."""
        return any(each.name == "tiocsctty" and each.value for each in self._settings)

    def apply(self, fd: int) -> Callable[[], None]:
        """Set up the terminal behind a descriptor; return what puts it back as it was.

        Nothing waits for what is still to be sent: that could last for ever. A terminal becomes
        the controlling one where it is opened for a program, not here.

        Raises: OSError where it is no terminal or refuses a setting.
        """
        before = _read(fd)
        put_back = partial(_put_back, fd, before)
        for setting in self._settings:
            # One after the other: of several, systems report none where they took another one.
            try:
                _set(fd, setting)
            except (OSError, termios.error) as exc:
                put_back()
                words = f"the terminal does not take {setting.entry}"
                raise OSError(exc.args[0], words) from exc
        return put_back


def _read(fd: int) -> _Attributes:
    try:
        return termios.tcgetattr(fd)
    except termios.error as exc:  # not an OSError, but made like one
        raise OSError(*exc.args) from exc


def _set(fd: int, setting: Setting) -> None:
    if setting.name == "tiocswinsz":
        size = struct.pack("HHHH", setting.value, setting.second, 0, 0)
        fcntl.ioctl(fd, termios.TIOCSWINSZ, size)
        return
    attributes, speeds = _read(fd), dict[int, int]()
    _change(attributes, speeds, setting)
    termios.tcsetattr(fd, termios.TCSANOW, attributes)
    if speeds:
        _set_any_speed(fd, speeds)


def _put_back(fd: int, before: _Attributes) -> None:
    try:
        termios.tcsetattr(fd, termios.TCSANOW, before)
    except termios.error:
        pass  # it is gone


def _missing_on_this_system(setting: Setting) -> str:
    """Why a setting cannot be made here, if so."""
    if sys.platform == "win32":
        return "this system has no terminals of this kind"
    word, name = setting.word, setting.name
    if word.sort in (Sort.WHOLE, Sort.SPEED, Sort.OTHER):
        return ""
    constant = word.mask if word.sort is Sort.NUMBER else name.upper()
    return "" if hasattr(termios, constant) else "this system's terminals do not know it"


def _bits(*names: str) -> int:
    """Flags together; those that this system does not have are none."""
    together = 0
    for name in names:
        together |= getattr(termios, name, 0)
    return together


def _change(attributes: _Attributes, speeds: dict[int, int], setting: Setting) -> None:
    word, name, value = setting.word, setting.name, setting.value
    flags: list[int] = [flag for flag in attributes[:4] if isinstance(flag, int)]
    characters = attributes[_CHARACTERS]
    assert isinstance(characters, list)
    if word.sort in FLAG_SORTS:
        index, mask = FLAG_SORTS.index(word.sort), _bits(name.upper())
        flags[index] = flags[index] | mask if value else flags[index] & ~mask
    elif word.sort is Sort.CHARACTER:
        characters[_bits(name.upper())] = value if name in ("vmin", "vtime") else bytes([value])
    elif word.sort is Sort.PATTERN:
        index = _CONTROL if word.mask == "CSIZE" else _OUTPUT
        flags[index] = flags[index] & ~_bits(word.mask) | _bits(name.upper())
    elif word.sort is Sort.NUMBER:
        index = _CONTROL if word.mask == "CSIZE" else _OUTPUT
        mask = _bits(word.mask)
        flags[index] = flags[index] & ~mask | (value << _SHIFTS[name]) & mask
    elif word.sort is Sort.WHOLE:
        _WHOLES[name](flags, characters)
    elif name == "setflags":
        flags[value] |= setting.second
    elif word.sort is Sort.SPEED:
        _speed(attributes, speeds, name, value)
    attributes[:4] = flags


def _speed(attributes: _Attributes, speeds: dict[int, int], name: str, value: int) -> None:
    constant = getattr(termios, f"B{value}", None)
    for index in {"ispeed": (_ISPEED,), "ospeed": (_OSPEED,)}.get(name, (_ISPEED, _OSPEED)):
        speeds.pop(index, None)
        if constant is not None:
            attributes[index] = constant
        elif sys.platform == "linux":
            speeds[index] = value
        else:
            attributes[index] = value  # BSD's constants are the speeds themselves


def _set_any_speed(fd: int, speeds: dict[int, int]) -> None:
    terminal = array.array("I", bytes(44))  # four flag words, 20 bytes, two speeds
    fcntl.ioctl(fd, _TCGETS2, terminal)
    if _OSPEED in speeds:
        terminal[2] = terminal[2] & ~_CBAUD | _BOTHER
        terminal[10] = speeds[_OSPEED]
    if _ISPEED in speeds:
        terminal[2] = terminal[2] & ~(_CBAUD << _IBSHIFT) | _BOTHER << _IBSHIFT
        terminal[9] = speeds[_ISPEED]
    fcntl.ioctl(fd, _TCSETS2, terminal)


# whole terminals at once -------------------------------------------------------------------------


def _one_byte_at_least(characters: list[bytes | int]) -> None:
    characters[termios.VMIN] = 1
    characters[termios.VTIME] = 0


def _raw(flags: list[int], characters: list[bytes | int]) -> None:
    flags[0] &= ~_bits(*_RAW_INPUT)
    flags[1] &= ~_bits("OPOST")
    flags[3] &= ~_bits("ISIG", "ICANON", "XCASE")
    _one_byte_at_least(characters)


def _rawer(flags: list[int], characters: list[bytes | int]) -> None:
    # socat clears the speed as well, which hangs up a serial line; nobody means that.
    flags[0] = flags[1] = flags[3] = 0
    flags[2] &= ~_bits("CSIZE", "CSTOPB", "PARENB", "PARODD", "CRTSCTS", "HUPCL")
    flags[2] |= _bits("CS8", "CREAD")
    _one_byte_at_least(characters)


def _make_raw(flags: list[int], characters: list[bytes | int]) -> None:
    flags[0] &= ~_bits(*_MAKERAW_INPUT)
    flags[1] &= ~_bits("OPOST")
    flags[2] = flags[2] & ~_bits("CSIZE", "PARENB") | _bits("CS8")
    flags[3] &= ~_bits("ECHO", "ECHONL", "ICANON", "ISIG", "IEXTEN")
    _one_byte_at_least(characters)


def _sane(flags: list[int], characters: list[bytes | int]) -> None:
    flags[0] &= ~_bits("IGNBRK", "INLCR", "IGNCR", "IXOFF", "IUCLC", "IXANY")
    flags[0] |= _bits("BRKINT", "ICRNL", "IMAXBEL")
    flags[1] &= ~_bits(
        "OLCUC", "OCRNL", "ONOCR", "ONLRET", "OFILL", "OFDEL",
        "NLDLY", "CRDLY", "TABDLY", "BSDLY", "VTDLY", "FFDLY",
    )  # fmt: skip
    flags[1] |= _bits("OPOST", "ONLCR")
    flags[2] |= _bits("CREAD")
    flags[3] &= ~_bits("ECHONL", "NOFLSH", "XCASE", "TOSTOP", "ECHOPRT")
    flags[3] |= _bits("ISIG", "ICANON", "IEXTEN", "ECHO", "ECHOE", "ECHOK", "ECHOCTL", "ECHOKE")
    for name, value in _SANE_CHARACTERS.items():
        if hasattr(termios, name):
            characters[_bits(name)] = value if name in ("VMIN", "VTIME") else bytes([value])


_WHOLES: dict[str, Callable[[list[int], list[bytes | int]], None]] = {
    "raw": _raw, "rawer": _rawer, "cfmakeraw": _make_raw, "sane": _sane,
}  # fmt: skip
