"""Owns the check of a target: every stage on the way to it for real, all within one limit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from bascule.errors import BasculeError, DialError, ErrorCode, Problem, StreamError
from bascule.events import Stage, StageResult
from bascule.streams.base import Dialer, Stream
from bascule.streams.stage import staged

type Report = Callable[[StageResult], None]


def ignore_stage(_result: StageResult) -> None:
    """The stages of a check of which only the end matters."""


async def check_target(
    target: Dialer, report: Report = ignore_stage, *, seconds: float, first_byte: bool = False
) -> Problem | None:
    """Open the way to a target, and wait for its first byte where that is asked for; nothing is
    sent, and nothing stays open. ``report`` hears each stage begin and end. All of it has
    ``seconds``, however many stages there are: the one that is not done by then is TIMED_OUT.

    Returns what went wrong, None where all went well.
    """
    open_stages: list[StageResult] = []
    begun = time.perf_counter()

    def heard(result: StageResult) -> None:
        open_stages.clear()
        if not result.done:
            open_stages.append(result)
        report(result)

    try:
        async with asyncio.timeout(seconds):
            stream = await target.dial(heard)
            try:
                if first_byte:
                    await _first_byte(stream, heard)
            finally:
                stream.abort()
                await stream.aclose()
    except BasculeError as exc:
        return exc.problem
    except TimeoutError:
        last = open_stages[-1] if open_stages else StageResult(Stage.CONNECT, "", done=False)
        problem = DialError(
            f"{last.subject} does not answer within {seconds:g} seconds",
            code=ErrorCode.TIMED_OUT,
            subject=last.subject,
            seconds=seconds,
        ).problem
        taken = (time.perf_counter() - begun) * 1000
        report(StageResult(last.stage, last.subject, True, problem, milliseconds=taken))
        return problem
    return None


async def _first_byte(stream: Stream, heard: Report) -> None:
    """Wait until the target says something. Raises: StreamError: it finishes without a word."""
    with staged(heard, Stage.FIRST_BYTE, str(stream.peer)) as noted:
        data = await stream.receive()
        if not data:
            raise StreamError(
                f"{stream.peer} finished without saying anything",
                code=ErrorCode.CONNECTION_BROKEN,
                peer=str(stream.peer),
            )
        noted.detail = f"{len(data)} bytes"
