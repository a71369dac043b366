"""Terminals against the real ones: each setting is that of socat, and pyserial and socat at the
other end of ours.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from bascule.streams.base import Stream
from bascule.streams.file import FileDialer
from bascule.streams.pty import PtyDialer
from bascule.streams.terminal_words import RATES, SYNONYMS, WORDS, Sort
from tests.helpers.contract import random_bytes, read_count, soon
from tests.helpers.processes import start

SIZE = 512 * 1024


@contextmanager
def terminal_of_socat(folder: Path, *words: str) -> Iterator[str]:
    """A pseudo terminal that socat has made with these settings."""
    link = folder / "socat"
    link.unlink(missing_ok=True)
    address = ",".join(("PTY", f"link={link}", *words))
    with start("socat", "-d", "-d", "-u", address, "STDOUT", ready=link.exists) as running:
        running.wait_for("starting data transfer")  # the link is there before the settings
        yield str(link)


def attributes_of(device: str) -> list:
    fd = os.open(device, os.O_RDWR | os.O_NOCTTY)
    try:
        *rest, characters = termios.tcgetattr(fd)
    finally:
        os.close(fd)
    return [*rest, [bytes([each]) if isinstance(each, int) else each for each in characters]]


# Not these: a pseudo terminal refuses them, Linux has no such thing, socat 1.7 does not know them,
# or (rawer) socat sets the speed to 0, which hangs up a serial line.
NOT_COMPARED = {
    *(
        "cs5",
        "cs6",
        "cs7",
        "cread=0",
        "parenb",
        "vdsusp",
        "rawer",
        "setflags",
        "tiocswinsz",
        "tiocsctty",
    ),
    *("b900", "b3600", "b7200", "ispeed", "ospeed"),
}
VALUES = {Sort.CHARACTER: "=7", Sort.NUMBER: "=3"}
COMPARED = [f"{name}{VALUES.get(word.sort, '')}" for name, word in WORDS.items()]
OFF = [f"{name}=0" for name, word in WORDS.items() if word.sort in list(Sort)[:4]]
COMBINED = [
    ("raw", "echo=0"),
    ("rawer", "b9600"),
    ("sane", "raw", "echo=0", "b115200", "cs8", "cstopb=0", "crtscts=0"),
    ("icanon=0", "opost=0", "isig=0", "hupcl", "clocal", "ixon", "onlcr", "min=1"),
    ("hup=0", "tandem", "ctlecho=0", "time=5"),
]


@pytest.mark.parametrize(
    "words",
    [
        *(
            (entry,)
            for entry in (*COMPARED, *OFF)
            if not {entry, entry.partition("=")[0]} & NOT_COMPARED
        ),
        *COMBINED,
    ],
    ids=",".join,
)
async def test_each_setting_is_that_of_socat(words: tuple[str, ...], tmp_path: Path):
    stream = await PtyDialer(str(tmp_path / "ours"), terminal=words).dial()
    ours = attributes_of(str(tmp_path / "ours"))
    with terminal_of_socat(tmp_path, *words) as device:
        theirs = attributes_of(device)
    assert ours == theirs
    await soon(stream.aclose())


def test_what_is_compared_covers_the_words():
    assert NOT_COMPARED - {*WORDS} == {"cread=0"}
    assert len(COMPARED) - len(NOT_COMPARED) > 90
    assert {f"b{rate}" for rate in RATES} <= {*COMPARED}
    assert {*SYNONYMS.values()} <= {*WORDS}


async def test_pyserial_opens_our_terminal_as_a_serial_port(tmp_path: Path):
    link = str(tmp_path / "scale")
    dialing = asyncio.ensure_future(PtyDialer(link, wait=True, terminal=("raw", "echo=0")).dial())
    while not Path(link).exists():
        await asyncio.sleep(0)
    with serial.Serial(link, 115200, timeout=20) as port:
        stream = await soon(dialing)
        port.write(b"weigh\r\n")
        assert await soon(read_count(stream, 7)) == b"weigh\r\n"
        await soon(stream.send(b"12.5 kg\r\n"))
        assert await asyncio.to_thread(port.readline) == b"12.5 kg\r\n"
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())
    assert not Path(link).is_symlink()


async def test_our_terminal_and_socat_at_its_other_end(tmp_path: Path):
    link, out = tmp_path / "link", tmp_path / "out"
    stream = await PtyDialer(str(link), terminal=("rawer",)).dial()
    data = random_bytes(SIZE)
    with start("socat", "-u", f"OPEN:{link},rawer", f"CREATE:{out}") as socat:
        await soon(asyncio.ensure_future(send_in_pieces(stream, data)))
        await asyncio.to_thread(socat.wait_until, lambda: holds(out, len(data)))
    assert hashlib.sha256(out.read_bytes()).digest() == hashlib.sha256(data).digest()
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())


async def send_in_pieces(stream: Stream, data: bytes) -> None:
    for begin in range(0, len(data), 10_000):
        await stream.send(data[begin : begin + 10_000])


def holds(path: Path, size: int) -> bool:
    return path.exists() and path.stat().st_size >= size


async def test_a_terminal_of_socat_opened_as_a_file(tmp_path: Path):
    with start(
        "socat", f"PTY,link={tmp_path / 'tty'},rawer", "EXEC:cat", ready=(tmp_path / "tty").exists
    ):
        stream = await FileDialer(str(tmp_path / "tty"), terminal=("rawer", "b9600")).dial()
        data = random_bytes(100_000)
        sending = asyncio.ensure_future(send_in_pieces(stream, data))
        assert await soon(read_count(stream, len(data))) == data
        await soon(sending)
        await soon(stream.aclose())
