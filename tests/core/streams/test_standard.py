"""Inherited descriptors: the stream contract over sockets, pipes and a terminal; that nothing of
theirs changes; and real programs with every kind of standard input and output.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import subprocess
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.errors import DialError, ErrorCode, SpecError, StreamError
from bascule.events import Stage, StageResult
from bascule.streams import descriptor as descriptor_module
from bascule.streams import standard as module
from bascule.streams.base import Address, Stream
from bascule.streams.descriptor import close_quietly
from bascule.streams.socket_stream import SocketStream
from bascule.streams.standard import DescriptorDialer, StandardDialer, inherited_stream
from bascule.streams.terminal import TerminalSettings
from bascule.streams.watch import watch
from tests.helpers.contract import StreamContract, random_bytes, read_all, soon
from tests.helpers.descriptors import begun, descriptors, over_pipes, until
from tests.helpers.loops import LOOPS
from tests.helpers.pty import Line, SerialContract

LOOP_FACTORIES = LOOPS

NOTHING = TerminalSettings()


def inherited(reading: int | None, writing: int | None) -> Stream:
    return inherited_stream(reading, writing, NOTHING, "given", "number")


class Given:
    """Descriptors as somebody gave them to us: blocking, and closed when the test is over."""

    @pytest.fixture(autouse=True)
    def _given(self) -> Iterator[None]:
        self.given = list[int]()
        yield
        for fd in self.given:
            assert os.get_blocking(fd)
        close_quietly(*self.given)


class TestContractOverASocket(Given, StreamContract):
    resets = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        near, far = socket.socketpair()
        fd = near.detach()
        self.given.append(fd)
        stream = await DescriptorDialer(fd).dial()
        far.setblocking(False)
        return stream, SocketStream(far, Address("far"), watch(), resets=False)

    async def test_closing_twice_is_quiet_and_ends_the_peer(self):
        # It is not ours: closing leaves it open, and only send_eof tells the end.
        ours, far = await self._opened()
        await soon(ours.send_eof())
        await soon(ours.aclose())
        await soon(ours.aclose())
        assert await soon(read_all(far)) == b""
        for refused in (ours.receive(), ours.send(b"x")):
            with pytest.raises(StreamError):
                await soon(refused)


@pytest.mark.parametrize("again", [True, False], ids=["opened again", "as it is"])
class TestContractOverPipes(Given, StreamContract):
    resets = False
    half_closes = False

    @pytest.fixture(autouse=True)
    def _again(self, again: bool, monkeypatch: pytest.MonkeyPatch):
        if not again:  # where the system does not let us
            monkeypatch.setattr(module, "reopen", lambda *_: None)

    async def open_pair(self) -> tuple[Stream, Stream]:
        (near_in, far_out), (far_in, near_out) = os.pipe(), os.pipe()
        fcntl.fcntl(near_out, fcntl.F_SETPIPE_SZ, 256 * 1024)
        self.given += [near_in, near_out]
        return inherited(near_in, near_out), over_pipes(far_in, far_out)


class TestContractOverATerminal(SerialContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        line = Line()
        return inherited(line.near, line.near), line


# what is not ours stays as it is -----------------------------------------------------------------


async def test_a_terminal_is_set_up_and_put_back():
    master, slave = os.openpty()
    before = termios.tcgetattr(slave)
    settings = TerminalSettings(("raw", "echo=0"))
    stream = inherited_stream(slave, slave, settings, "given", "number")
    assert not termios.tcgetattr(slave)[3] & termios.ECHO
    assert os.get_blocking(slave)
    os.write(master, b"x")
    assert await soon(stream.receive()) == b"x"
    await soon(stream.send(b"y"))
    assert os.read(master, 10) == b"y"
    await soon(stream.aclose())
    assert termios.tcgetattr(slave) == before
    os.fstat(slave)  # it is open still
    close_quietly(master, slave)


async def test_settings_are_for_terminals_only(tmp_path: Path):
    reading, writing = os.pipe()
    stream = inherited_stream(reading, None, TerminalSettings(("raw",)), "given", "number")
    await soon(stream.aclose())
    close_quietly(reading, writing)


async def test_settings_that_cannot_be_made(tmp_path: Path):
    master, slave = os.openpty()
    before = descriptors()
    with pytest.raises(DialError) as caught:
        inherited_stream(slave, slave, TerminalSettings(("cs7", "parenb")), "given", "number")
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert descriptors() == before
    close_quietly(master, slave)


async def test_a_hung_up_terminal_is_at_its_end():
    master, slave = os.openpty()
    tty.setraw(slave)
    stream = inherited(slave, slave)
    waiting = await begun(stream.receive())
    os.close(master)
    assert await soon(waiting) == b""
    await soon(stream.aclose())
    os.close(slave)


async def test_two_may_read_one_input():
    # As two clients of a listener that are joined to standard input: what comes goes to one of
    # them, and the other waits without holding up the loop.
    reading, writing = os.pipe()
    streams = [inherited(reading, None) for _ in range(2)]
    waiting = [await begun(stream.receive()) for stream in streams]
    os.write(writing, b"one")
    done, pending = await soon(asyncio.wait(waiting, return_when="FIRST_COMPLETED"))
    assert [task.result() for task in done] == [b"one"]
    os.write(writing, b"two")
    assert await soon(pending.pop()) == b"two"
    for stream in streams:
        await soon(stream.aclose())
    close_quietly(reading, writing)


async def test_a_file_is_read_from_where_it_stands(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("read already, not yet")
    with path.open("r+b", buffering=0) as file:
        file.seek(14)
        stream = inherited(file.fileno(), file.fileno())
        assert await soon(read_all(stream)) == b"not yet"
        await soon(stream.send(b", written"))
        await soon(stream.aclose())
        assert file.tell() == 30
    assert path.read_text() == "read already, not yet, written"


async def test_who_cannot_be_asked_may_still_be_read(monkeypatch: pytest.MonkeyPatch):
    # Without a way to open it again (as on macOS with pipes), readiness alone decides.
    monkeypatch.setattr(descriptor_module.sys, "platform", "darwin")
    reading, writing = os.pipe()
    stream = inherited(reading, None)
    os.write(writing, b"x")
    assert await soon(stream.receive()) == b"x"
    os.close(writing)
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())
    os.close(reading)


# dialers -----------------------------------------------------------------------------------------


async def test_a_descriptor_by_number():
    reading, writing = os.pipe()
    steps = list[StageResult]()
    dialer = DescriptorDialer(reading, way="read")
    stream = await dialer.dial(steps.append)
    assert [(step.stage, step.subject, step.done) for step in steps] == [
        (Stage.OPEN_DEVICE, f"descriptor {reading}", False),
        (Stage.OPEN_DEVICE, f"descriptor {reading}", True),
    ]
    assert (stream.can_receive, stream.can_send) == (True, False)
    to = await DescriptorDialer(writing, way="write").dial()
    assert (to.can_receive, to.can_send, to.can_half_close) == (False, True, False)
    await soon(to.send(b"x"))
    assert await soon(stream.receive()) == b"x"
    await soon(to.aclose())
    await soon(stream.aclose())
    close_quietly(reading, writing)


async def test_a_descriptor_that_is_not_open():
    with pytest.raises(DialError) as caught:
        await DescriptorDialer(9999, field="target.number").dial()
    assert caught.value.code is ErrorCode.FILE_MISSING
    assert caught.value.field == "target.number"


def test_settings_are_read_before():
    for dialer in (
        lambda words: StandardDialer(terminal=words, field="source.use"),
        lambda words: DescriptorDialer(0, terminal=words, field="source.number"),
    ):
        with pytest.raises(SpecError) as caught:
            dialer(("rwa",))
        assert caught.value.field == "source.terminal"


@pytest.mark.parametrize(
    ("use", "label"),
    [
        ("both", "standard input and output"),
        ("input", "standard input"),
        ("output", "standard output"),
        ("error", "standard error"),
    ],
)
def test_labels(use: str, label: str):
    assert StandardDialer(use).label == label


async def test_standard_streams_that_were_closed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "__stdin__", None)
    stream = await StandardDialer("input").dial()
    assert stream.can_receive
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())
    monkeypatch.setattr(sys, "__stdout__", None)
    with pytest.raises(DialError) as caught:
        await StandardDialer("output").dial()
    assert caught.value.code is ErrorCode.FILE_FAILED


async def test_a_cycle_leaves_nothing():
    async def cycles(count: int) -> None:
        (near_in, far_out), (far_in, near_out) = os.pipe(), os.pipe()
        for _ in range(count):
            stream = inherited(near_in, near_out)
            os.write(far_out, b"x")
            assert await soon(stream.receive()) == b"x"
            await soon(stream.send(b"y"))
            assert os.read(far_in, 10) == b"y"
            await soon(stream.aclose())
        near, far = socket.socketpair()
        for _ in range(count):
            stream = inherited(near.fileno(), near.fileno())
            far.send(b"x")
            assert await soon(stream.receive()) == b"x"
            await soon(stream.aclose())
        near.close()
        far.close()
        close_quietly(near_in, far_out, far_in, near_out)

    await cycles(1)
    before = descriptors()
    await cycles(200)
    assert descriptors() == before


# real programs -----------------------------------------------------------------------------------

ECHO = """
import asyncio, sys
from bascule.streams.standard import StandardDialer
async def main():
    stream = await StandardDialer(terminal=tuple(sys.argv[1:])).dial()
    while data := await stream.receive():
        await stream.send(data.upper())
    await stream.send(b"|end")
    await stream.aclose()
asyncio.run(main())
"""


def echo(shell: str, tmp_path: Path, data: bytes = b"") -> bytes:
    """Run a program that echoes its standard input, in a shell command; give what it says."""
    script = tmp_path / "echo.py"
    script.write_text(ECHO)
    done = subprocess.run(
        ["sh", "-c", shell.replace("ECHO", f"{sys.executable} {script}")],
        input=data,
        stdout=subprocess.PIPE,
        check=True,
        cwd=tmp_path,
        timeout=30,
    )
    return done.stdout


def test_through_pipes(tmp_path: Path):
    data = random_bytes(2_000_000).replace(b"\xff", b"q")
    assert echo("cat | ECHO | cat", tmp_path, data) == data.upper() + b"|end"


def test_from_and_to_files(tmp_path: Path):
    data = random_bytes(1_000_000)
    (tmp_path / "in").write_bytes(data)
    echo("ECHO < in > out; echo next >> out", tmp_path)
    assert (tmp_path / "out").read_bytes() == data.upper() + b"|endnext\n"


def test_a_program_after_us_goes_on_in_the_same_file(tmp_path: Path):
    (tmp_path / "in").write_text("all of it")
    assert echo("{ ECHO; echo after; cat; } < in", tmp_path) == b"ALL OF IT|endafter\n"


def test_from_nothing(tmp_path: Path):
    assert echo("ECHO < /dev/null", tmp_path) == b"|end"
    assert echo("ECHO <&-", tmp_path) == b"|end"


def test_to_nothing(tmp_path: Path):
    assert echo("ECHO > /dev/null; echo done", tmp_path, b"x") == b"done\n"


def test_from_a_fifo_whose_writer_has_gone(tmp_path: Path):
    shell = "mkfifo fifo; echo hello > fifo & exec 4< fifo; wait; ECHO <&4 4<&-"
    assert echo(shell, tmp_path) == b"HELLO\n|end"


async def test_from_a_terminal_that_is_put_back(tmp_path: Path):
    master, slave = os.openpty()
    before = termios.tcgetattr(slave)
    script = tmp_path / "echo.py"
    script.write_text(ECHO)
    with subprocess.Popen(
        [sys.executable, script, "raw", "echo=0"], stdin=slave, stdout=subprocess.PIPE
    ) as process:
        await until(lambda: termios.tcgetattr(slave) != before)
        os.write(master, b"\x03typed")
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.read, 6) == b"\x03TYPED"
        os.close(master)  # it hangs up: that is the end
        assert await asyncio.to_thread(process.stdout.read) == b"|end"
        assert await asyncio.to_thread(process.wait, 20) == 0
    os.close(slave)


def test_a_program_that_ends_in_disorder_puts_its_terminal_back(tmp_path: Path):
    code = """
import asyncio, sys
from bascule.streams.standard import StandardDialer
async def main():
    await StandardDialer(terminal=("raw", "echo=0")).dial()
asyncio.run(main())
print("left open", flush=True)
"""
    master, slave = os.openpty()
    before = termios.tcgetattr(slave)
    subprocess.run(
        [sys.executable, "-c", code], stdin=slave, stdout=subprocess.PIPE, check=True, timeout=30
    )
    assert termios.tcgetattr(slave) == before
    close_quietly(master, slave)


async def test_the_last_bytes_to_a_pipe_arrive():
    reading, writing = os.pipe()
    stream = inherited(None, writing)
    data = random_bytes(300_000)
    sending = asyncio.ensure_future(stream.send(data))
    got = b""
    while len(got) < len(data):
        got += await asyncio.to_thread(os.read, reading, 100_000)
    await soon(sending)
    assert got == data
    await soon(stream.aclose())
    close_quietly(reading, writing)
