"""Programs on POSIX: what they are started with, how their end is noticed, how they are ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bascule.streams import child as module
from bascule.streams.child import NOTHING, Child, Plan, Tail, start
from tests.helpers.contract import soon
from tests.helpers.descriptors import (
    alive,
    children,
    descriptors,
    no_other_threads_than,
    running_threads,
    until,
)
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS

SHELL = "/bin/sh"


def shell(command: str, **changed: object) -> Plan:
    plan: dict = {"path": SHELL, "argv": ["sh", "-c", command], "environment": dict(os.environ)}
    return Plan(**{**plan, **changed})


@pytest_asyncio.fixture(params=["pidfd", "thread"])
async def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator:
    """Both ways to notice an end: Linux's descriptor, and a thread where there is none."""
    if request.param == "thread":
        monkeypatch.delattr(os, "pidfd_open")
    yield request.param


@pytest.mark.parametrize("status", [0, 1, 255])
async def test_the_status_is_known(way: str, status: int):
    child = start(shell(f"exit {status}"))
    assert await soon(child.ended) == status
    assert child.pid not in children()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
async def test_the_signal_is_known(way: str, number: signal.Signals):
    child = start(shell(f"kill -{number} $$"))
    assert await soon(child.ended) == -number


async def test_one_that_somebody_else_reaped(way: str, monkeypatch: pytest.MonkeyPatch):
    real = os.waitpid

    def too_late(pid: int, options: int) -> tuple[int, int]:
        real(pid, 0)
        raise ChildProcessError

    monkeypatch.setattr(os, "waitpid", too_late)
    child = start(shell("exit 3"))
    assert await soon(child.ended) == 0


async def test_a_spurious_wake_up_is_no_end():
    child = start(shell("sleep 100"))
    child._look(-1)
    assert not child.ended.done()
    child.kill()
    assert await soon(child.ended) == -signal.SIGKILL
    child.kill()
    assert child.ended.result() == -signal.SIGKILL


async def test_asked_to_end(way: str):
    child = start(shell("sleep 100", group=True))
    child.ask_to_end()
    assert await soon(child.ended) == -signal.SIGTERM
    child.ask_to_end()


async def test_one_that_is_stopped_is_ended_as_well():
    child = start(shell("kill -STOP $$; sleep 100"))
    await until(lambda: " T " in Path(f"/proc/{child.pid}/stat").read_text())
    child.ask_to_end()
    assert await soon(child.ended) == -signal.SIGTERM


@pytest.mark.parametrize("alone", ["group", "session"])
async def test_a_group_ends_as_a_whole(alone: str, tmp_path: Path):
    told = tmp_path / "pid"
    child = start(shell(f"sleep 100 & echo $! > {told}; wait", **{alone: True}))
    await until(lambda: told.exists() and told.read_text().endswith("\n"))
    grandchild = int(told.read_text())
    child.ask_to_end()
    assert await soon(child.ended) == -signal.SIGTERM
    await until(lambda: not alive(grandchild))


async def test_one_in_our_group_is_ended_alone():
    child = start(shell("sleep 100"))
    assert os.getpgid(child.pid) == os.getpgrp()
    child.ask_to_end()
    assert await soon(child.ended) == -signal.SIGTERM


@pytest.mark.parametrize("error", [ProcessLookupError, PermissionError])
async def test_one_that_cannot_be_signalled(error: type[OSError], monkeypatch: pytest.MonkeyPatch):
    def refuse(_pid: int, _number: int) -> None:
        raise error

    child = start(shell("sleep 100"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "kill", refuse)
        child.ask_to_end()
    assert not child.ended.done()
    child.kill()
    await soon(child.ended)


# what it is started with -------------------------------------------------------------------------


async def output_of(make: Callable[[int], Plan]) -> bytes:
    reading, writing = os.pipe()
    child = start(make(writing))
    os.close(writing)
    await soon(child.ended)
    said = os.read(reading, 100_000)
    os.close(reading)
    return said


async def test_its_descriptors_are_those_of_the_plan():
    reading, writing = os.pipe()
    os.write(writing, b"to its fifth\n")
    os.close(writing)
    command = "cat <&5; cat; echo done; ls /proc/self/fd"
    said = await output_of(lambda out: shell(command, descriptors={0: NOTHING, 1: out, 5: reading}))
    os.close(reading)
    lines = said.decode().split()
    assert lines[:4] == ["to", "its", "fifth", "done"]
    # 3 is the folder itself; the rest we were started with ourselves.
    given = {each for each in map(int, lines[4:]) if each > 5 and not os.get_inheritable(each)}
    assert given == set()


async def test_numbers_may_cross():
    # Ours are in each other's place: none may be lost on the way.
    first, second = os.pipe(), os.pipe()
    os.write(first[1], b"first")
    os.write(second[1], b"second")
    os.close(first[1])
    os.close(second[1])
    crossed = {first[0]: second[0], second[0]: first[0]}
    said = await output_of(
        lambda out: shell(
            f"cat /dev/fd/{second[0]} /dev/fd/{first[0]}", descriptors={1: out, **crossed}
        )
    )
    assert said == b"firstsecond"
    os.close(first[0])
    os.close(second[0])


async def test_signals_are_as_usual_again():
    # Python ignores SIGPIPE; a program that ignored it would write to nobody for ever.
    said = await output_of(
        lambda out: shell("grep -E 'Sig(Ign|Blk)' /proc/self/status", descriptors={1: out})
    )
    ignored = int(said.split()[1 if said.startswith(b"SigIgn") else 3], 16)
    assert not ignored & 1 << signal.SIGPIPE - 1
    assert not ignored & 1 << signal.SIGXFSZ - 1
    assert int(said.split()[3 if said.startswith(b"SigIgn") else 1], 16) == 0


async def test_a_session_of_its_own():
    child = start(shell("sleep 100", session=True))
    assert os.getsid(child.pid) == child.pid != os.getsid(0)
    child.kill()
    await soon(child.ended)


async def test_a_terminal_that_controls_it():
    master, slave = os.openpty()
    termios.tcflush(slave, termios.TCIOFLUSH)
    plan = shell(
        "tty < /dev/tty; test -t 0 && test -t 1 && test -t 2 && echo all",
        session=True,
        terminal=os.ttyname(slave),
        terminal_as=(0, 1, 2),
    )
    child = start(plan)
    assert await soon(child.ended) == 0
    name = os.ttyname(slave)
    os.close(slave)
    said = b""
    with contextlib.suppress(OSError):  # the end: nobody has the terminal open any more
        while piece := os.read(master, 1000):  # it comes in pieces, some of them late
            said += piece
    os.close(master)
    assert said.decode().split() in (["/dev/tty", "all"], [name, "all"])


async def test_a_script_that_does_not_say_who_reads_it(tmp_path: Path):
    script = tmp_path / "script"
    script.write_text('echo "read by a shell: $1"')
    script.chmod(0o755)
    said = await output_of(
        lambda out: Plan(str(script), ["x", "argument"], {}, descriptors={1: out})
    )
    assert said == b"read by a shell: argument\n"


async def test_what_cannot_be_started_leaves_nothing(tmp_path: Path):
    before = descriptors()
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    with pytest.raises(FileNotFoundError):
        start(Plan(str(script), ["x"], {}, descriptors={0: 0}))
    with pytest.raises(OSError, match="Bad file"):
        start(shell("true", descriptors={1: 999}))
    assert descriptors() == before


# what it says ------------------------------------------------------------------------------------


async def test_the_last_words_are_kept():
    reading, writing = os.pipe()
    tail = Tail(reading)
    os.write(writing, b"one\n")
    await until(lambda: tail._last == b"one\n")
    tail._readable()  # for nothing
    os.write(writing, b"two\n")
    assert tail.close() == "one\ntwo\n"
    assert tail.close() == "one\ntwo\n"
    os.close(writing)


async def test_a_flood_does_not_block_the_program_and_keeps_memory_constant():
    reading, writing = os.pipe()
    tail = Tail(reading)
    child = start(
        shell(
            f"{sys.executable} -c \"import os; [os.write(2, b'x' * 65536) for _ in range(500)]; "
            "os.write(2, b'the end')\"",
            descriptors={2: writing},
        )
    )
    os.close(writing)
    assert await soon(child.ended) == 0
    await until(lambda: not tail._watching)  # its end was seen
    assert len(tail._last) == Tail.LIMIT_BYTES
    said = tail.close()
    assert said.endswith("xxthe end")
    assert len(said) == Tail.LIMIT_BYTES


async def test_letting_go_does_not_wait_for_who_floods(monkeypatch: pytest.MonkeyPatch):
    reading, writing = os.pipe()
    tail = Tail(reading)
    child = start(shell("exec yes", descriptors={1: writing}))
    os.close(writing)
    await until(lambda: tail._last)
    assert "y\ny\n" in tail.close()
    assert await soon(child.ended) == -signal.SIGPIPE


async def test_letting_go_takes_so_much_and_no_more(monkeypatch: pytest.MonkeyPatch):
    reading, writing = os.pipe()
    tail = Tail(reading)

    def always(_fd: int, buffers: list[memoryview]) -> int:
        buffers[0][:2] = b"y\n"
        return 2

    monkeypatch.setattr(module.os, "readv", always)
    assert tail.close() == "y\n" * Tail._READS
    os.close(writing)


# letting go --------------------------------------------------------------------------------------


async def test_a_cycle_leaves_nothing(way: str):

    async def cycles(count: int) -> None:
        for _ in range(count):
            reading, writing = os.pipe()
            tail = Tail(reading)
            child = start(shell("echo x >&2", descriptors={2: writing}))
            os.close(writing)
            await soon(child.ended)
            assert tail.close() == "x\n"

    await cycles(1)
    before, threads, programs = descriptors(), running_threads(), children()
    await cycles(200)
    assert descriptors() == before
    assert children() <= programs
    await no_other_threads_than(threads)


def test_a_thread_outlives_its_loop_in_peace(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "pidfd_open")

    async def begin() -> Child:
        return start(shell("sleep 0.1"))

    child = asyncio.run(begin())
    while child.pid in children():
        os.sched_yield()
