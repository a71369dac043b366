"""From the specs of programs, files and built-in ends to what does them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.relay.build import Builder
from bascule.spec.built_in import Discard, Echo, Room, Stall, Text
from bascule.spec.ends import Target
from bascule.spec.http_answer import HealthAnswer, HttpAnswer
from bascule.spec.local import Descriptor, File, Pipe, Program, Pty, Standard
from bascule.spec.log_collector import LogCollector
from bascule.streams.base import Address, Stream
from bascule.streams.log_collector import LogDialer
from bascule.streams.origin import Origin, set_origin
from tests.helpers.contract import read_all, read_count, soon


def no_secret(_reference: str) -> str:
    return ""


async def opened(spec: Target, *, direction: str = "both", foreground: bool = False) -> Stream:
    make = Builder(no_secret, direction=direction, foreground=foreground)
    return await soon(make.dialer(spec, "target").dial())


async def closed(stream: Stream) -> None:
    stream.abort()
    await soon(stream.aclose())


async def test_built_in_ends():
    echo = await opened(Echo())
    await soon(echo.send(b"x"))
    assert await soon(echo.receive()) == b"x"
    text = await opened(Text(text="né"))
    assert await soon(read_all(text)) == "né".encode()
    discard = await opened(Discard())
    await soon(discard.send(b"x"))
    assert await soon(discard.receive()) == b""
    stall = await opened(Stall())
    first = Builder(no_secret).dialer(Room(announce=False), "target")
    one, two = await soon(first.dial()), await soon(first.dial())
    await soon(one.send(b"hello\n"))
    assert await soon(read_count(two, 6)) == b"hello\n"
    for each in (echo, text, discard, stall, one, two):
        await closed(each)


@pytest.mark.skipif(sys.platform == "win32", reason="words for a shell of POSIX")
async def test_a_program_hears_who_has_connected():
    set_origin(Origin(Address("::1", 7), Address("127.0.0.1", 80)))
    command = 'echo "$SOCAT_PEERADDR $SOCAT_PEERPORT $SOCAT_SOCKADDR $SOCAT_SOCKPORT"'
    stream = await opened(Program(command=command, interpreter="system"))
    assert await soon(read_all(stream)) == b"[::1] 7 127.0.0.1 80\n"
    await closed(stream)
    set_origin(Origin(Address("/run/x"), Address("")))
    command = 'echo "$SOCAT_PEERADDR-$SOCAT_PEERPORT-$SOCAT_SOCKADDR"'
    stream = await opened(Program(command=command, interpreter="system"))
    assert await soon(read_all(stream)) == b"/run/x--\n"
    await closed(stream)


async def test_files_and_pipes(tmp_path: Path):
    path = tmp_path / "file"
    stream = await opened(File(path=str(path), create=True), direction="up")
    await soon(stream.send(b"kept"))
    await soon(stream.aclose())
    assert path.read_bytes() == b"kept"
    pipe = await opened(Pipe(path=str(tmp_path / "fifo"), way="both"))
    assert (tmp_path / "fifo").is_fifo()
    await closed(pipe)
    pty = await opened(Pty(link=str(tmp_path / "tty")))
    assert (tmp_path / "tty").is_symlink()
    await closed(pty)


@pytest.mark.parametrize("spec", [Standard(), Descriptor(number=1)])
async def test_standard_input_needs_a_foreground(spec: Standard | Descriptor):
    with pytest.raises(SpecError) as caught:
        Builder(no_secret).dialer(spec, "target")
    assert (caught.value.code, caught.value.field) == (ErrorCode.NOT_ON_THIS_SYSTEM, "target")
    Builder(no_secret, foreground=True).dialer(spec, "target")


async def test_a_log_collector_writes_where_it_is_told(tmp_path: Path):
    path = tmp_path / "events.log"
    end = LogCollector(path=str(path), stamp="none", rotate_megabytes=1, keep_files=1)
    set_origin(Origin(Address("192.0.2.7", 514), Address("")))
    stream = await opened(end)
    for letter in b"abc":
        await soon(stream.send(bytes([letter]) * 60_000 * 10 + b"\n"))
    await soon(stream.aclose())
    kept = b"".join(each.read_bytes() for each in sorted(tmp_path.iterdir()))
    assert path.read_bytes().startswith(b"192.0.2.7 ")
    assert len(list(tmp_path.iterdir())) == 2
    assert b"a" not in kept and b"b" in kept and b"c" in kept


def test_the_day_of_a_log_is_that_of_its_times(tmp_path: Path):
    make = Builder(no_secret)
    for stamp in ("utc", "local", "none"):
        dialer = make.dialer(LogCollector(path=str(tmp_path), stamp=stamp), "target")
        assert isinstance(dialer, LogDialer)
        assert dialer._log._file._rotation.utc == (stamp == "utc")


async def test_answers_over_http():
    end = HttpAnswer(status=404, body="né", content_type="", headers=("X-One:  a: b",))
    stream = await opened(end)
    answer = asyncio.ensure_future(read_all(stream))
    await soon(stream.send(b"GET / HTTP/1.0\r\n\r\n"))
    head, _blank, body = (await soon(answer)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 Not Found\r\nX-One: a: b\r\n")
    assert body == "né".encode()
    await closed(stream)
    stream = await opened(HealthAnswer(form="plain"))
    assert (await soon(read_all(stream))).startswith(b"status=ok\n")
    await closed(stream)
