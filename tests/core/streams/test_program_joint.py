"""What joins us to a program: each kind alone, with its far end in our own hands."""

from __future__ import annotations

import asyncio
import os
import termios
import tty

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams import program_joint as module
from bascule.streams.base import Address
from bascule.streams.program_joint import Joint, PipeJoint, SocketJoint, TerminalJoint
from bascule.streams.terminal import TerminalSettings
from tests.helpers.contract import read_all, read_count, soon
from tests.helpers.descriptors import descriptors
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS

PEER = Address("program")


def terminal(
    *words: str, controlling: bool = False, stderr: bool = False, reads: int | None = 0
) -> TerminalJoint:
    return TerminalJoint(reads, 1, TerminalSettings(words), controlling=controlling, stderr=stderr)


def hold(joint: Joint, number: int) -> int:
    """A copy of what the program has as a descriptor."""
    return os.dup(joint.theirs[number])


@pytest.mark.parametrize("kind", [SocketJoint, PipeJoint])
async def test_bytes_pass_and_each_way_ends_on_its_own(kind: type[SocketJoint | PipeJoint]):
    before = descriptors()
    joint = kind(5, 6)
    its_in, its_out = hold(joint, 5), hold(joint, 6)
    assert os.path.sameopenfile(joint.output or -1, its_out)
    joint.let_go()
    stream = joint.stream(PEER)
    assert stream.peer == PEER
    assert stream.can_half_close
    assert joint.end_of_input(True) == b""
    await stream.send(b"question")
    await stream.send_eof()
    assert os.read(its_in, 100) == b"question"
    assert os.read(its_in, 100) == b""
    os.write(its_out, b"answer")
    os.close(its_in)
    os.close(its_out)
    assert await soon(read_all(stream)) == b"answer"
    await soon(stream.aclose())
    await asyncio.sleep(0)
    assert {each for each in descriptors() if "anon_inode" not in each} <= before


@pytest.mark.parametrize("kind", [SocketJoint, PipeJoint])
async def test_one_way_joins_one_descriptor(kind: type[SocketJoint | PipeJoint]):
    writes = kind(None, 1)
    assert list(writes.theirs) == [1]
    its_out = hold(writes, 1)
    writes.let_go()
    stream = writes.stream(PEER)
    os.write(its_out, b"all")
    os.close(its_out)
    assert await soon(read_all(stream)) == b"all"
    await soon(stream.aclose())

    reads = kind(0, None)
    assert list(reads.theirs) == [0]
    its_in = hold(reads, 0)
    reads.let_go()
    stream = reads.stream(PEER)
    await soon(stream.send(b"all"))
    await soon(stream.aclose())
    assert os.read(its_in, 100) == b"all"
    assert os.read(its_in, 100) == b""
    os.close(its_in)


@pytest.mark.parametrize("kind", ["sockets", "pipes", "terminal"])
def test_what_fails_leaves_nothing(kind: str):
    before = descriptors()
    joint = {
        "sockets": lambda: SocketJoint(0, 1),
        "pipes": lambda: PipeJoint(0, 1),
        "terminal": terminal,
    }[kind]()
    assert descriptors() != before
    joint.fail()
    assert descriptors() == before


def test_the_second_pipe_that_cannot_be_made_closes_the_first(monkeypatch: pytest.MonkeyPatch):
    real, calls = os.pipe, list[int]()

    def scarce() -> tuple[int, int]:
        calls.append(1)
        if len(calls) == 2:
            raise OSError(24, "Too many open files")
        return real()

    before = descriptors()
    monkeypatch.setattr(module.os, "pipe", scarce)
    with pytest.raises(OSError, match="Too many"):
        PipeJoint(0, 1)
    assert descriptors() == before


# terminals ---------------------------------------------------------------------------------------


async def test_a_terminal_with_settings():
    joint = terminal("raw", "echo=0", stderr=True)
    assert set(joint.theirs) == {0, 1, 2}
    assert not joint.terminal_as
    slave = hold(joint, 0)
    assert os.isatty(slave)
    joint.let_go()
    stream = joint.stream(PEER)
    assert not stream.can_half_close
    assert joint.end_of_input(True) == b""  # it does not take whole lines
    await stream.send(b"\x04\x03")
    assert os.read(slave, 10) == b"\x04\x03"
    os.write(slave, b"bye")
    os.close(slave)
    assert await soon(read_all(stream)) == b"bye"
    with pytest.raises(StreamError) as caught:
        for _ in range(100):
            await soon(stream.send(bytes(1000)))
    assert caught.value.code is ErrorCode.CONNECTION_RESET
    await soon(stream.aclose())
    assert joint.end_of_input(True) == b""  # gone


async def test_a_terminal_of_lines_has_an_end_of_input():
    joint = terminal("echo=0")
    slave = hold(joint, 0)
    joint.let_go()
    stream = joint.stream(PEER)
    await stream.send(b"line\n" + joint.end_of_input(at_line_start=True))
    assert os.read(slave, 100) == b"line\n"
    assert os.read(slave, 100) == b""
    await stream.send(b"no line" + joint.end_of_input(at_line_start=False))
    assert os.read(slave, 100) == b"no line"
    assert os.read(slave, 100) == b""
    # The byte is the terminal's own.
    attributes = termios.tcgetattr(slave)
    attributes[6][termios.VEOF] = b"\x05"
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    assert joint.end_of_input(at_line_start=True) == b"\x05"
    tty.setraw(slave)
    assert joint.end_of_input(at_line_start=True) == b""
    os.close(slave)
    await soon(stream.aclose())


async def test_a_controlling_terminal_is_opened_by_the_program():
    joint = terminal(controlling=True, stderr=True)
    assert joint.theirs == {}
    assert list(joint.terminal_as) == [0, 1, 2]
    slave = os.open(joint.terminal, os.O_RDWR | os.O_NOCTTY)
    joint.let_go()
    stream = joint.stream(PEER)
    os.write(slave, b"x")
    assert await soon(read_count(stream, 1)) == b"x"
    os.close(slave)
    await soon(stream.aclose())
    one_way = terminal(controlling=True, reads=None)
    assert list(one_way.terminal_as) == [1]
    one_way.fail()


def test_settings_that_cannot_be_made_close_the_terminal():
    before = descriptors()
    with pytest.raises(OSError, match="does not take parenb"):
        terminal("parenb", "cs7")
    assert descriptors() == before


def test_other_errors_of_a_terminal_are_as_anywhere():
    error = module._explain(OSError(24, "Too many open files"))
    assert error.code is ErrorCode.CONNECTION_BROKEN
