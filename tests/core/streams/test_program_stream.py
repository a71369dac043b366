"""The stream to a program: its end, its failure, what it leaves unread, and that it is ended."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bascule.errors import ErrorCode, StreamError
from bascule.streams import program_stream as module
from bascule.streams.base import Stream
from bascule.streams.memory import memory_pair
from bascule.streams.program import ProgramDialer
from bascule.streams.program_stream import ProgramStream, failure, without_said
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes, read_all, read_count, soon
from tests.helpers.descriptors import alive, begun, children, until
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS

type Start = Callable[..., Awaitable[ProgramStream]]


@pytest_asyncio.fixture
async def shell(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    """Starts shell commands, and ends what is left of them."""
    monkeypatch.setattr(module, "_VERDICT_SECONDS", PATIENCE_SECONDS)  # however busy this computer
    streams = list[ProgramStream]()

    async def begin(command: str, **settings: object) -> ProgramStream:
        arguments: dict = {"interpreter": "system", "grace_seconds": 0.2, **settings}
        stream = await ProgramDialer(command, **arguments).dial()
        assert isinstance(stream, ProgramStream)
        streams.append(stream)
        return stream

    yield begin
    for stream in streams:
        stream.abort()
        await soon(stream.aclose())
    assert children() == set()


async def failing(awaitable: Awaitable[object]) -> StreamError:
    with pytest.raises(StreamError) as caught:
        await soon(awaitable)
    return caught.value


JOINS = ["socket", "pipes", "terminal"]


@pytest.mark.parametrize("join", JOINS)
async def test_all_it_says_comes_and_then_the_end(shell: Start, join: str):
    stream = await shell("head -c 300000 /dev/zero | tr '\\0' x", joined_by=join)
    assert await soon(read_all(stream)) == b"x" * 300_000
    assert await soon(stream.receive()) == b""


@pytest.mark.parametrize("join", JOINS)
async def test_a_failure_is_told_after_all_it_said(shell: Start, join: str):
    stream = await shell("printf out; echo 'no luck' >&2; exit 7", joined_by=join)
    assert await soon(read_count(stream, 3)) == b"out"
    for _ in range(2):
        error = await failing(stream.receive())
        assert error.code is ErrorCode.PROGRAM_FAILED
        assert error.facts["status"] == 7
        assert error.facts["said"] == "no luck\n"
        assert error.message.endswith("ended with status 7: no luck")


async def test_a_signal_is_told(shell: Start):
    error = await failing((await shell("kill -SEGV $$")).receive())
    assert error.facts["signal"] == signal.SIGSEGV
    assert "was killed by signal 11 (SIGSEGV)" in error.message


@pytest.mark.parametrize("join", JOINS)
async def test_what_it_leaves_unread_is_no_error(shell: Start, join: str):
    # As a page of maintenance: it answers, whatever is asked.
    stream = await shell("echo closed for today", joined_by=join)
    sending = asyncio.ensure_future(stream.send(random_bytes(500_000)))
    said = await soon(read_all(stream))
    assert said.rstrip().endswith(b"closed for today") or join == "terminal"
    await soon(sending)
    await soon(stream.send(b"more"))
    await soon(stream.send_eof())


async def test_a_question_that_it_did_not_read_is_no_error(shell: Start):
    # The system says "reset" where its answer ends, as it left something in the socket.
    stream = await shell("sleep 0.1; echo closed for today")
    await soon(stream.send(b"GET / HTTP/1.1\r\n\r\n"))
    await soon(stream.child.ended)
    assert await soon(read_all(stream)) == b"closed for today\n"
    await soon(stream.send(b"another question"))
    await soon(stream.send_eof())


async def test_one_that_ends_its_output_but_goes_on(
    shell: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_VERDICT_SECONDS", 0.05)
    kept = tmp_path / "kept"
    stream = await shell(f"exec >&-; cat > {kept}", joined_by="pipes", grace_seconds=20)
    assert await soon(stream.receive()) == b""
    await soon(stream.send(b"still wanted"))
    await soon(stream.send_eof())
    await soon(stream.aclose())
    assert kept.read_text() == "still wanted"


# the end of its input ----------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["line\n", "no line"])
async def test_the_end_of_input_of_a_terminal(shell: Start, words: str):
    stream = await shell("cat; echo over", joined_by="terminal", terminal=("echo=0",))
    assert stream.can_half_close
    await soon(stream.send(words.encode()))
    await soon(stream.send_eof())
    await soon(stream.send_eof())
    said = await soon(read_all(stream))
    assert said.replace(b"\r", b"") == words.encode() + b"over\n"
    assert (await failing(stream.send(b"x"))).code is ErrorCode.CONNECTION_BROKEN


async def test_a_raw_terminal_has_no_end_of_input(shell: Start):
    stream = await shell("cat", joined_by="terminal", terminal=("rawer",))
    assert not stream.can_half_close
    await soon(stream.send(b"x"))
    await soon(stream.send_eof())
    assert await soon(stream.receive()) == b"x"
    await soon(stream.aclose())  # the terminal is hung up
    assert stream.child.ended.done()


async def test_a_program_that_makes_its_terminal_raw_has_no_end_of_input_any_more(shell: Start):
    command = "read go; stty raw -echo; echo ready; cat"
    stream = await shell(command, joined_by="terminal", controlling=True)
    assert stream.can_half_close
    await soon(stream.send(b"go\n"))
    said = b""
    while b"ready" not in said:
        said += await soon(stream.receive())
    await soon(stream.send_eof())
    assert not stream.can_half_close


async def test_the_end_of_input_of_a_terminal_that_is_gone(shell: Start):
    stream = await shell("true", joined_by="terminal")
    assert await soon(stream.receive()) == b""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_VERDICT_SECONDS", 0)
        await soon(stream.send(bytes(100_000)))
    await soon(stream.send_eof())


# one way only ------------------------------------------------------------------------------------


async def test_one_that_only_reads_is_waited_for(shell: Start, tmp_path: Path):
    kept = tmp_path / "kept"
    stream = await shell(f"sleep 0.2; cat > {kept}; echo done >&2", way="write")
    assert not stream.can_receive
    assert await soon(stream.receive()) == b""
    data = random_bytes(1_000_000)
    await soon(stream.send(data))
    await soon(stream.send_eof())
    assert kept.read_bytes() == data
    assert stream.child.ended.done()


async def test_one_that_only_reads_and_fails_is_told(shell: Start):
    stream = await shell("cat >/dev/null; echo disk is full; exit 3", way="write")
    await soon(stream.send(b"x"))
    error = await failing(stream.send_eof())
    assert error.code is ErrorCode.PROGRAM_FAILED
    assert error.facts["said"] == "disk is full\n"  # what is nobody's output is kept too


@pytest.mark.parametrize(
    ("command", "code"),
    [("exit 3", ErrorCode.PROGRAM_FAILED), ("true", ErrorCode.CONNECTION_RESET)],
)
async def test_one_that_only_reads_and_reads_no_more(shell: Start, command: str, code: ErrorCode):
    stream = await shell(command, way="write")
    await soon(stream.child.ended)
    for _ in range(2):
        assert (await failing(stream.send(b"x"))).code is code


async def test_closing_wakes_who_waits_for_the_end(shell: Start):
    stream = await shell("sleep 100", way="write")
    waiting = await begun(stream.send_eof())
    stream.abort()
    assert (await failing(waiting)).code is ErrorCode.CONNECTION_BROKEN


async def test_one_that_only_writes(shell: Start):
    stream = await shell("cat; echo said", way="read")  # its input is nothing
    assert not stream.can_send
    assert stream.can_half_close
    assert (await failing(stream.send(b"x"))).code is ErrorCode.CONNECTION_BROKEN
    await soon(stream.send_eof())
    assert await soon(read_all(stream)) == b"said\n"


# closing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("join", JOINS)
async def test_an_orderly_close_lets_it_finish(shell: Start, join: str, tmp_path: Path):
    kept = tmp_path / "kept"
    stream = await shell(
        f"sleep 0.3; cat > {kept}; head -c 1000000 /dev/zero; echo done >> {kept}",
        joined_by=join,
        grace_seconds=20,
    )
    await soon(stream.send(b"all of it\n"))
    await soon(stream.aclose())
    assert kept.read_text() == "all of it\ndone\n"
    assert stream.child.ended.result() == 0


async def test_one_that_does_not_finish_is_asked_to_end(shell: Start):
    stream = await shell("cat > /dev/null; sleep 100")
    await soon(stream.aclose())
    assert stream.child.ended.result() == -signal.SIGTERM


async def test_one_that_does_not_hear_is_killed(shell: Start, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_TERM_SECONDS", 0.2)
    stream = await shell("trap '' TERM; echo ready; while true; do sleep 0.05; done")
    assert await soon(stream.receive()) == b"ready\n"
    await soon(stream.aclose())
    assert stream.child.ended.result() == -signal.SIGKILL


async def test_aborting_ends_it_at_once(shell: Start):
    stream = await shell("sleep 100", grace_seconds=1000)
    receiving, sending = await begun(stream.receive()), await begun(stream.send(bytes(1_000_000)))
    stream.abort()
    stream.abort()
    for waiting in (receiving, sending):
        assert (await failing(waiting)).code is ErrorCode.CONNECTION_BROKEN
    await soon(stream.aclose())
    assert stream.child.ended.result() == -signal.SIGTERM
    for refused in (stream.receive(), stream.send(b"x"), stream.send_eof()):
        assert (await failing(refused)).code is ErrorCode.CONNECTION_BROKEN


async def test_aborting_hurries_a_close(shell: Start):
    stream = await shell("sleep 100", grace_seconds=1000)
    closing = await begun(stream.aclose())
    closing.cancel()
    await asyncio.wait([closing])
    stream.abort()
    await soon(stream.aclose())
    assert stream.child.ended.result() == -signal.SIGTERM


async def test_closing_under_one_who_receives(shell: Start):
    stream = await shell("sleep 100")
    receiving = await begun(stream.receive())
    await soon(stream.aclose())
    assert (await failing(receiving)).code is ErrorCode.CONNECTION_BROKEN


class Simple:
    """A program of another system: no joint, and nothing that keeps what it says."""

    pid = 1

    def __init__(self) -> None:
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.calls = list[str]()

    def ask_to_end(self) -> None:
        self.calls.append("ask")

    def kill(self) -> None:
        self.calls.append("kill")
        if not self.ended.done():
            self.ended.set_result(-9)


async def simple() -> tuple[ProgramStream, Simple, Stream]:
    near, far = memory_pair()
    child = Simple()
    return ProgramStream(near, child, None, "both", 0.01), child, far


async def test_a_program_without_a_joint(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_TERM_SECONDS", 0.01)
    stream, child, far = await simple()
    await stream.send(b"x")
    assert await soon(far.receive()) == b"x"
    await stream.send_eof()
    assert await soon(far.receive()) == b""
    await soon(stream.aclose())
    assert child.calls == ["ask", "kill"]


async def test_what_breaks_otherwise_is_told():
    stream, child, _far = await simple()
    await stream._inner.aclose()
    assert (await failing(stream.receive())).message == "the stream is closed"
    assert (await failing(stream.send(b"x"))).code is ErrorCode.CONNECTION_BROKEN
    child.kill()
    await soon(stream.aclose())


async def test_a_failure_without_words():
    stream, child, far = await simple()
    child.ended.set_result(5)
    await far.send_eof()
    error = await failing(stream.receive())
    assert error.message.endswith("ended with status 5")
    assert "said" not in error.facts
    await soon(stream.aclose())
    assert child.calls == []


# words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said", "message"),
    [
        (1, "", "gzip ended with status 1"),
        (1, " \n\n", "gzip ended with status 1"),
        (2, "one\ntwo \n", "gzip ended with status 2: two"),
        (2, "x" * 1000, f"gzip ended with status 2: {'x' * 200}"),
        (-9, "", "gzip was killed by signal 9 (SIGKILL)"),
        (-40, "", "gzip was killed by signal 40"),
        (0xC0000005, "", "gzip ended with status 0xc0000005"),
    ],
)
def test_the_words_of_a_failure(status: int, said: str, message: str):
    error = failure("gzip", status, said)
    assert error.message == message
    assert error.code is ErrorCode.PROGRAM_FAILED
    assert error.facts["program"] == "gzip"
    assert error.problem.field is None
    without = error.message.partition(":")[0]
    for rest in ("", "; trying again in 5 s"):
        assert without_said(f"1.2.3.4: {error.message}{rest}", error.problem) == (
            f"1.2.3.4: {without}{rest}"
        )


async def test_the_group_is_ended_with_it(shell: Start, tmp_path: Path):
    told = tmp_path / "pid"
    stream = await shell(f"sleep 100 & echo $! > {told}; wait")
    await until(lambda: told.exists() and told.read_text().endswith("\n"))
    grandchild = int(told.read_text())
    stream.abort()
    await soon(stream.aclose())
    await until(lambda: not alive(grandchild))
