"""Settings of terminals on real (pseudo) terminals, and putting them back."""

from __future__ import annotations

import array
import ctypes
import errno
import fcntl
import os
import struct
import termios
from collections.abc import Iterator

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.streams import terminal as module
from bascule.streams.terminal import TerminalSettings
from bascule.streams.terminal_words import FLAG_SORTS, WORDS, Sort

INPUT, OUTPUT, CONTROL, LOCAL, ISPEED, OSPEED, CHARACTERS = range(7)
FIXED = {"parenb", "parodd", "cread", "cs5", "cs6", "cs7"}  # a pseudo terminal keeps its own


@pytest.fixture
def slave() -> Iterator[int]:
    master, slave = os.openpty()
    yield slave
    os.close(master)
    os.close(slave)


def state(fd: int) -> list:
    *rest, characters = termios.tcgetattr(fd)
    # Python gives two of them as numbers, where lines are not waited for.
    return [*rest, [bytes([each]) if isinstance(each, int) else each for each in characters]]


FLAGS = [(name, word.sort) for name, word in WORDS.items() if word.sort in FLAG_SORTS]


@pytest.mark.parametrize(("name", "sort"), FLAGS)
def test_each_flag_is_switched_on_and_off(slave: int, name: str, sort: Sort):
    index, mask = FLAG_SORTS.index(sort), getattr(termios, name.upper())
    for entry, expected in ((f"{name}=0", 0), (name, mask), (f"{name}=0", 0)):
        if name in FIXED:
            break
        before = state(slave)
        TerminalSettings((entry,)).apply(slave)
        after = state(slave)
        assert after[index] & mask == expected
        before[index] = before[index] & ~mask | expected
        assert after == before  # and nothing else


PATTERNS = [(name, word.mask) for name, word in WORDS.items() if word.sort is Sort.PATTERN]


@pytest.mark.parametrize(("name", "mask"), PATTERNS)
def test_each_pattern_is_set(slave: int, name: str, mask: str):
    if name in FIXED:
        return
    TerminalSettings((name,)).apply(slave)
    index = CONTROL if mask == "CSIZE" else OUTPUT
    assert state(slave)[index] & getattr(termios, mask) == getattr(termios, name.upper())


def test_patterns_as_numbers(slave: int):
    TerminalSettings(("tabdly=3", "crdly=2", "csize=8")).apply(slave)
    attributes = state(slave)
    assert attributes[OUTPUT] & termios.TABDLY == termios.TAB3
    assert attributes[OUTPUT] & termios.CRDLY == termios.CR2
    assert attributes[CONTROL] & termios.CSIZE == termios.CS8


@pytest.mark.parametrize(
    "name", [name for name, word in WORDS.items() if word.sort is Sort.CHARACTER]
)
def test_each_special_byte_is_set(slave: int, name: str):
    if name == "vdsusp":  # Linux has none
        return
    TerminalSettings(("raw", f"{name}=7")).apply(slave)
    assert state(slave)[CHARACTERS][getattr(termios, name.upper())] == b"\x07"


@pytest.mark.parametrize("rate", [50, 9600, 115200, 4_000_000])
def test_usual_speeds(slave: int, rate: int):
    TerminalSettings((f"b{rate}",)).apply(slave)
    assert state(slave)[OSPEED] == getattr(termios, f"B{rate}")


def real_speeds(fd: int) -> tuple[int, int]:
    terminal = array.array("I", bytes(44))
    fcntl.ioctl(fd, 0x802C542A, terminal)
    return terminal[9], terminal[10]


def test_any_speed(slave: int):
    TerminalSettings(("b9600", "ispeed=12345", "ospeed=23456", "echo=0")).apply(slave)
    assert real_speeds(slave)[1] == 23456
    assert not state(slave)[LOCAL] & termios.ECHO
    TerminalSettings(("ispeed=4321",)).apply(slave)
    assert real_speeds(slave)[0] == 4321
    TerminalSettings(("ospeed=5432",)).apply(slave)
    assert real_speeds(slave)[1] == 5432
    TerminalSettings(("ispeed=1234", "ospeed=1234", "b19200")).apply(slave)
    assert real_speeds(slave)[1] == 19200
    TerminalSettings(("b7200",)).apply(slave)  # no constant on Linux
    assert real_speeds(slave)[1] == 7200


def test_any_speed_elsewhere_is_its_own_constant(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.sys, "platform", "darwin")
    attributes = [0, 0, 0, 0, 0, 0, []]
    (setting,) = TerminalSettings(("ospeed=12345",))._settings
    module._change(attributes, {}, setting)
    assert attributes[OSPEED] == 12345


def test_raw_leaves_echo(slave: int):
    TerminalSettings(("sane", "raw")).apply(slave)
    attributes = state(slave)
    assert attributes[LOCAL] & termios.ECHO
    assert not attributes[LOCAL] & (termios.ICANON | termios.ISIG)
    assert not attributes[OUTPUT] & termios.OPOST
    assert attributes[INPUT] == 0
    assert attributes[CHARACTERS][termios.VMIN] == b"\x01"


def test_rawer_keeps_the_speed(slave: int):
    TerminalSettings(("b9600", "rawer")).apply(slave)
    attributes = state(slave)
    assert attributes[INPUT] == attributes[OUTPUT] == attributes[LOCAL] == 0
    assert attributes[CONTROL] & termios.CSIZE == termios.CS8
    assert attributes[OSPEED] == termios.B9600


def test_cfmakeraw_is_that_of_the_system(slave: int):
    before = termios.tcgetattr(slave)
    libc = ctypes.CDLL(None)
    terminal = ctypes.create_string_buffer(256)
    assert libc.tcgetattr(slave, terminal) == 0
    libc.cfmakeraw(terminal)
    assert libc.tcsetattr(slave, termios.TCSANOW, terminal) == 0
    expected = state(slave)
    termios.tcsetattr(slave, termios.TCSANOW, before)
    TerminalSettings(("cfmakeraw",)).apply(slave)
    assert state(slave) == expected


def test_sane_makes_a_usable_terminal_again(slave: int):
    TerminalSettings(("rawer", "vintr=1")).apply(slave)
    TerminalSettings(("sane",)).apply(slave)
    attributes = state(slave)
    assert attributes[LOCAL] & termios.ICANON
    assert attributes[LOCAL] & termios.ECHO
    assert attributes[OUTPUT] & termios.OPOST
    assert attributes[CHARACTERS][termios.VINTR] == b"\x03"


def test_the_order_is_that_of_the_words(slave: int):
    TerminalSettings(("echo=0", "echo")).apply(slave)
    assert state(slave)[LOCAL] & termios.ECHO
    TerminalSettings(("echo", "rawer", "echo=0")).apply(slave)
    assert not state(slave)[LOCAL] & termios.ECHO


def test_size_and_flags_by_number(slave: int):
    TerminalSettings(("rawer", "winsz=24:80", f"setflags=3:{termios.ECHO}", "ctty")).apply(slave)
    size = fcntl.ioctl(slave, termios.TIOCGWINSZ, bytes(8))
    assert struct.unpack("HHHH", size)[:2] == (24, 80)
    assert state(slave)[LOCAL] == termios.ECHO


def test_a_terminal_is_put_back(slave: int):
    before = state(slave)
    put_back = TerminalSettings(("rawer", "b300")).apply(slave)
    assert state(slave) != before
    put_back()
    assert state(slave) == before


def test_a_terminal_that_is_gone_is_not_put_back():
    master, slave = os.openpty()
    put_back = TerminalSettings(("raw",)).apply(slave)
    os.close(master)
    os.close(slave)
    put_back()


def test_the_setting_that_is_refused_is_named(slave: int):
    # A pseudo terminal keeps 8 bits without parity; glibc says so.
    before = state(slave)
    with pytest.raises(OSError, match="does not take parenb") as caught:
        TerminalSettings(("raw", "parenb", "echo=0")).apply(slave)
    assert caught.value.errno == errno.EINVAL
    assert state(slave) == before


def test_what_is_no_terminal_is_an_error():
    with open("/dev/null") as null, pytest.raises(OSError, match="ioctl") as caught:  # noqa: PTH123
        TerminalSettings(("raw",)).apply(null.fileno())
    assert caught.value.errno == errno.ENOTTY


def test_who_has_no_settings_is_false():
    assert not TerminalSettings()
    assert TerminalSettings(("raw",))


def test_the_controlling_terminal():
    assert TerminalSettings(("raw", "ctty")).controlling
    assert not TerminalSettings(("raw", "ctty=0")).controlling
    assert not TerminalSettings(("raw",)).controlling


@pytest.mark.parametrize(
    ("platform", "entry"), [("linux", "dsusp=25"), ("win32", "raw"), ("win32", "b9600")]
)
def test_what_this_system_does_not_know(platform: str, entry: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.sys, "platform", platform)
    with pytest.raises(SpecError) as caught:
        TerminalSettings((entry,), "target.terminal")
    assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM
    assert caught.value.field == "target.terminal"


def test_a_constant_that_the_system_lacks(monkeypatch: pytest.MonkeyPatch, slave: int):
    # As IUCLC on macOS: "raw" does without, the word itself is refused; SANE leaves bytes alone.
    monkeypatch.delattr(termios, "IUCLC")
    monkeypatch.delattr(termios, "VSWTC")
    TerminalSettings(("raw", "sane")).apply(slave)
    with pytest.raises(SpecError):
        TerminalSettings(("iuclc",))
    monkeypatch.delattr(termios, "TABDLY")
    for entry in ("tabdly=1",):
        with pytest.raises(SpecError):
            TerminalSettings((entry,))
