"""Owns the stream to a program that runs: how it learns that no more comes, what its own end
means, and that it is ended with the stream.

How it is started is in ``program``.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from bascule.errors import BasculeError, ErrorCode, Fact, Problem, StreamError
from bascule.streams.base import Stream
from bascule.streams.buffered import broken
from bascule.streams.socket_stream import wake

if TYPE_CHECKING:
    from bascule.streams.program_joint import Joint

_VERDICT_SECONDS = 0.5
_TERM_SECONDS = 2.0
_SAID_LENGTH = 200


class Running(Protocol):
    """A program that was started; ``ended`` holds its status, less than 0 for a signal."""

    pid: int
    ended: asyncio.Future[int]

    def ask_to_end(self) -> None:
        """Ask it to end; nothing where it has ended."""
        ...

    def kill(self) -> None:
        """End it without asking; nothing where it has ended."""
        ...


class Said(Protocol):
    """What keeps the last words of a program."""

    def close(self) -> str:
        """Let go, and return them."""
        ...


class ProgramStream(Stream):
    """A program that runs, and the stream to it.

    What it wrote is given first; then ``receive`` gives the end, or says that the program failed
    (PROGRAM_FAILED). A program need not read all that it is sent: what comes when it has closed
    its input is dropped, as its answer is what counts. Where only its input is joined,
    ``send_eof`` waits until it has ended, and says whether it failed.
    """

    def __init__(
        self,
        inner: Stream,
        child: Running,
        said: Said | None,
        way: str,
        grace_seconds: float,
        joint: Joint | None = None,
    ) -> None:
        self.peer = inner.peer
        self.child = child
        self._inner = inner
        self._said = said
        self._grace_seconds = grace_seconds
        self._joint = joint
        self.can_receive = way != "write"
        self.can_send = way != "read"
        self._line_open = False
        self.can_half_close = (
            inner.can_half_close or not self.can_send or bool(self._end_of_input())
        )
        self._deaf = False
        self._finished = False
        self._halted = False
        self._busy = 0
        self._hurry: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._closing: asyncio.Future[None] | None = None

    def _end_of_input(self) -> bytes:
        """What ends the input of a program on a terminal, as that is set up now."""
        return b"" if self._joint is None else self._joint.end_of_input(not self._line_open)

    def _refuse_when_halted(self) -> None:
        if self._halted:
            raise broken("the stream is closed")

    async def receive(self) -> bytes:
        self._refuse_when_halted()
        if not self.can_receive:
            return b""
        self._busy += 1
        try:
            data = await self._inner.receive()
        except StreamError as exc:
            self._refuse_when_halted()
            # What it left unread makes the system say "reset" where its output ends.
            if exc.code is not ErrorCode.CONNECTION_RESET:
                raise
            data = b""
        finally:
            self._busy -= 1
        if not data:
            await self._judge()
        return data

    async def send(self, data: bytes) -> None:
        self._refuse_when_halted()
        if self._finished:
            raise broken("sending has been finished")
        if not self.can_send:
            raise broken(f"nothing can be sent to {self.peer}")
        if not self._deaf:
            self._busy += 1
            try:
                await self._inner.send(data)
                self._line_open = not data.endswith(b"\n")
                return
            except StreamError as exc:
                self._refuse_when_halted()
                if exc.code is not ErrorCode.CONNECTION_RESET:
                    raise
                self._deaf = True
            finally:
                self._busy -= 1
        if not self.can_receive:
            await self._judge()
            raise StreamError(f"{self.peer} reads no more", code=ErrorCode.CONNECTION_RESET)

    async def send_eof(self) -> None:
        self._refuse_when_halted()
        if self._finished:
            return
        if self._joint is not None and self.can_send:
            last = self._end_of_input()
            # A program may have changed its terminal meanwhile.
            self.can_half_close = self._inner.can_half_close or bool(last)
            if last and not self._deaf:
                await self.send(last)
        self._finished = True
        with suppress(StreamError):  # it reads no more: then it needs no end
            await self._inner.send_eof()
        if not self.can_receive:
            await asyncio.wait([self.child.ended, self._hurry], return_when="FIRST_COMPLETED")
            self._refuse_when_halted()
            await self._judge()

    async def _judge(self) -> None:
        """Raise PROGRAM_FAILED where the program has ended badly, or does so in a moment."""
        await asyncio.wait([self.child.ended], timeout=_VERDICT_SECONDS)
        if self.child.ended.done() and self.child.ended.result() and not self._halted:
            raise failure(str(self.peer), self.child.ended.result(), self._last_words())

    def _last_words(self) -> str:
        return "" if self._said is None else self._said.close()

    # closing -------------------------------------------------------------------------------------

    async def aclose(self) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        orderly = not self._halted and not self._busy
        self._halted = True
        if orderly and self.can_half_close:
            await self._let_finish()
        self._inner.abort()
        await self._inner.aclose()
        await self._ended_within(self._grace_seconds)
        if not self.child.ended.done():
            self.child.ask_to_end()
            await asyncio.wait([self.child.ended], timeout=_TERM_SECONDS)
        if not self.child.ended.done():
            self.child.kill()
            await asyncio.wait([self.child.ended], timeout=_TERM_SECONDS)
        self._last_words()

    async def _let_finish(self) -> None:
        """Tell it the end, and take what it still says, so that it can end by itself."""
        reading = asyncio.ensure_future(self._drain())
        await self._ended_within(self._grace_seconds)
        reading.cancel()
        await asyncio.wait([reading])

    async def _drain(self) -> None:
        with suppress(BasculeError):
            if not self._finished:
                last = self._end_of_input()
                if last:
                    await self._inner.send(last)
                await self._inner.send_eof()
            while self.can_receive and await self._inner.receive():
                pass

    async def _ended_within(self, seconds: float) -> None:
        """Wait for its end, less long where there is a hurry."""
        await asyncio.wait(
            [self.child.ended, self._hurry], timeout=seconds, return_when="FIRST_COMPLETED"
        )

    def abort(self) -> None:
        self._halted = True
        wake(self._hurry)
        self._inner.abort()
        self.child.ask_to_end()


def failure(program: str, status: int, said: str) -> StreamError:
    """The error of a program that has ended badly, with the last it said."""
    facts: dict[str, Fact] = {"program": program}
    if status < 0:
        try:
            name = f" ({signal.Signals(-status).name})"
        except ValueError:
            name = ""  # a real-time signal has no name
        facts["signal"] = -status
        how = f"was killed by signal {-status}{name}"
    else:
        facts["status"] = status
        how = f"ended with status {status if status < 256 else hex(status)}"
    facts["why"] = how
    if last := _last_line(said):
        facts["said"] = said
        how += f": {last}"
    error = StreamError(f"{program} {how}", code=ErrorCode.PROGRAM_FAILED)
    error.facts = facts
    return error


def without_said(text: str, problem: Problem) -> str:
    """A text that tells such a failure, without what the program said: that may be anything."""
    how, last = problem.facts.get("why"), _last_line(str(problem.facts.get("said", "")))
    return text.replace(f"{how}: {last}", str(how)) if last else text


def _last_line(said: str) -> str:
    lines = said.strip().splitlines()
    return lines[-1].strip()[-_SAID_LENGTH:] if lines else ""
