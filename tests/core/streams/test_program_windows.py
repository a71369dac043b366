"""Programs through subprocess, pipes and threads, as on Windows; run on every system with its own.

The programs are Python's, as no other is everywhere.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable
from pathlib import Path

import psutil
import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams import program_windows as module
from bascule.streams import threaded
from bascule.streams.base import Stream
from bascule.streams.program_stream import ProgramStream
from bascule.streams.program_windows import ThreadTail, end_tree, start_program
from bascule.streams.tcp import TcpListener
from tests.helpers.contract import StreamContract, random_bytes, read_all, soon
from tests.helpers.descriptors import begun, children, descriptors, until

ENDED = 15 if sys.platform == "win32" else -signal.SIGTERM
"""What a program that was told to terminate ends with: Windows takes the number for its status."""

PASSING = Path(__file__).parents[2] / "helpers" / "passing_program.py"


CAT = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer); "
SLEEP = "import time; time.sleep(100)"
STARTS = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', '{SLEEP}']); "


def run(code: str, way: str = "both", **changed: object) -> ProgramStream:
    """A program in Python. It is compiled before it runs: nothing is missing where it is ended."""
    settings: dict = {
        "label": "program",
        "way": way,
        "stderr": False,
        "environment": dict(os.environ),
        "keep_stderr": True,
        "grace_seconds": 0.2,
        **changed,
    }
    return start_program([sys.executable, "-c", code], **settings)


class TestContract(StreamContract):
    resets = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        arrived = asyncio.get_running_loop().create_future()
        listener = TcpListener("127.0.0.1", 0)
        (address,) = await listener.start(arrived.set_result)
        passing = f"import runpy, sys; sys.argv[1:] = ['{address.port}']; "
        stream = run(f"{passing}runpy.run_path({str(PASSING)!r}, run_name='__main__')")
        far = await soon(arrived)
        await listener.aclose()
        return stream, far


async def failing(awaitable: Awaitable[object]) -> StreamError:
    with pytest.raises(StreamError) as caught:
        await soon(awaitable)
    return caught.value


async def test_all_it_says_comes_and_then_the_end():
    stream = run(CAT + "sys.stdout.buffer.write(bytes(300_000))")
    await soon(stream.send(b"asked"))
    await soon(stream.send_eof())
    assert await soon(read_all(stream)) == b"asked" + bytes(300_000)
    await soon(stream.aclose())
    assert stream.child.ended.result() == 0


async def test_a_failure_is_told_with_its_last_words():
    stream = run(
        "import os, sys; os.write(1, b'out'); print('flood' * 20_000, file=sys.stderr); "
        "print('no luck', file=sys.stderr); sys.exit(7)"
    )
    assert await soon(stream.receive()) == b"out"
    error = await failing(stream.receive())
    assert error.code is ErrorCode.PROGRAM_FAILED
    assert error.facts["status"] == 7
    said = str(error.facts["said"])
    assert said.split()[-2:] == ["no", "luck"]
    assert len(said) == 2048
    await soon(stream.aclose())


async def test_standard_error_is_carried_as_well():
    code = "import sys; print('out', flush=True); print('err', file=sys.stderr)"
    stream = run(code, stderr=True)
    assert (await soon(read_all(stream))).split() == [b"out", b"err"]
    await soon(stream.aclose())


async def test_one_way_only(tmp_path: Path):
    kept = tmp_path / "kept"
    code = f"import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, open({str(kept)!r}, 'wb'))"
    writing = run(f"{code}; print('unheard')", "write")
    data = random_bytes(500_000)
    await soon(writing.send(data))
    await soon(writing.send_eof())
    assert kept.read_bytes() == data
    await soon(writing.aclose())
    reading = run(CAT + "print('said')", "read")  # its input is nothing
    assert (await soon(read_all(reading))).split() == [b"said"]
    await soon(reading.aclose())


def test_in_the_foreground_the_rest_is_ours():
    code = """
import asyncio, os, sys
from bascule.streams.program_windows import start_program
async def main():
    for way in ("write", "read"):
        stream = start_program(
            [sys.executable, "-c", sys.argv[1]], label="x", way=way, stderr=False,
            environment=os.environ, keep_stderr=False, grace_seconds=1,
        )
        if way == "write":
            await stream.send(b"written;")
        await stream.send_eof()
        while data := await stream.receive():
            print(f"got {data}", flush=True)
        await stream.aclose()
asyncio.run(main())
"""
    program = CAT + "print('says', file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, program],
        input=b"input",
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert done.stdout.split() == [b"written;got", b"b'input'"]
    assert [line for line in done.stderr.splitlines() if line == b"says"] == [b"says"] * 2


async def test_it_is_ended_with_all_that_it_has_started(tmp_path: Path):
    told = tmp_path / "pid"
    tell = f"open({str(told)!r}, 'w').write(str(child.pid) + ';'); child.wait()"
    stream = run(STARTS + tell)
    await until(lambda: told.exists() and told.read_text().endswith(";"))
    grandchild = psutil.Process(int(told.read_text()[:-1]))
    receiving = await begun(stream.receive())
    stream.abort()
    await failing(receiving)
    await soon(stream.aclose())
    assert stream.child.ended.result() == ENDED
    await until(lambda: not grandchild.is_running() or grandchild.status() == "zombie")


async def test_ending_what_has_ended():
    stream = run("pass")
    await soon(stream.child.ended)
    stream.child.kill()
    end_tree(stream.child.pid)
    await soon(stream.aclose())


async def test_one_that_may_not_be_ended(monkeypatch: pytest.MonkeyPatch):
    def refuse(_process: psutil.Process) -> None:
        raise psutil.AccessDenied

    stream = run(SLEEP)
    with monkeypatch.context() as patch:
        patch.setattr(psutil.Process, "terminate", refuse)
        end_tree(stream.child.pid)
    assert not stream.child.ended.done()
    stream.abort()
    await soon(stream.aclose())


async def test_what_cannot_be_started():
    with pytest.raises(FileNotFoundError):
        start_program(
            ["no-such-program"],
            label="x",
            way="both",
            stderr=False,
            environment={},
            keep_stderr=True,
            grace_seconds=1,
        )


def names_of_threads() -> set[str]:
    return {each.name for each in threading.enumerate()}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts every call")
async def test_a_call_that_cannot_be_interrupted_keeps_its_pipe_open(
    monkeypatch: pytest.MonkeyPatch,
):
    # A program that outlives the one that we started holds its output: nobody may close it
    # under the thread that reads, and nobody waits for it.
    monkeypatch.setattr(threaded, "_CANCEL_SECONDS", 0.001)
    monkeypatch.setattr(module, "_TAIL_SECONDS", 0.001)
    stream = run(STARTS.replace("100", "2") + "import os; os.write(1, b'started')")
    assert await soon(stream.receive()) == b"started"
    await soon(stream.child.ended)
    receiving = await begun(stream.receive())
    await soon(stream.aclose())
    await failing(receiving)
    assert "read program" in names_of_threads()
    await until(lambda: "read program" not in names_of_threads())


async def test_the_last_words_of_a_pipe_that_is_gone():
    reading, writing = os.pipe()
    source = os.fdopen(reading, "rb", buffering=0)
    tail = ThreadTail(source)
    os.write(writing, b"last")
    await until(lambda: tail._last)
    os.close(writing)
    tail._thread.join(20)
    assert source.closed
    assert tail.close() == "last"


async def test_words_that_cannot_be_read(tmp_path: Path):
    tail = ThreadTail((tmp_path / "for writing only").open("wb", buffering=0))
    tail._thread.join(20)
    assert tail.close() == ""


def test_threads_outlive_their_loop_in_peace():
    async def begin() -> ProgramStream:
        return run(SLEEP.replace("100", "0.2"))

    stream = asyncio.run(begin())
    while psutil.pid_exists(stream.child.pid) and stream.child.pid in children():
        time.sleep(0)
    stream._inner.abort()  # lets its threads go


async def test_a_cycle_leaves_nothing():
    async def cycles(count: int) -> None:
        for index in range(count):
            stream = run("import os\nwhile data := os.read(0, 9): os.write(1, data)")
            await stream.send(b"x")
            if index % 2:
                assert await soon(stream.receive()) == b"x"
            await soon(stream.aclose())
        # Those of the loop (winloop names them differently), and the clock of pytest.
        ours = ("Main", "asyncio", "ThreadPool", "pytest_timeout")
        await until(lambda: all(name.startswith(ours) for name in names_of_threads()))

    await cycles(5)
    before = descriptors()
    await cycles(30)
    assert descriptors() == before
    assert children() == set()
