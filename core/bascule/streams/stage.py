"""Owns how the steps of a dial are timed and reported, and how long an arrival may take."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from bascule.errors import BasculeError, DialError, ErrorCode, HandshakeError
from bascule.events import Stage, StageResult
from bascule.streams.base import Address, Progress


@dataclass
class Noted:
    """What a stage learnt while it ran; set ``detail`` to have it reported."""

    detail: str = ""


@contextmanager
def staged(progress: Progress, stage: Stage, subject: str) -> Generator[Noted]:
    """Report that a stage begins, then how it ended; one of our errors passes through."""
    progress(StageResult(stage, subject, done=False))
    begun = time.perf_counter()
    noted = Noted()
    try:
        yield noted
    except BasculeError as exc:
        taken = (time.perf_counter() - begun) * 1000
        progress(StageResult(stage, subject, True, exc.problem, noted.detail, taken))
        raise
    taken = (time.perf_counter() - begun) * 1000
    progress(StageResult(stage, subject, True, None, noted.detail, taken))


@asynccontextmanager
async def within(seconds: float, subject: str, field: str | None = None) -> AsyncGenerator[None]:
    """Give what happens inside ``seconds``; else raise DialError TIMED_OUT naming ``subject``."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as exc:
        raise DialError(
            f"{subject} does not answer within {seconds:g} seconds",
            code=ErrorCode.TIMED_OUT,
            field=field,
            subject=subject,
            seconds=seconds,
        ) from exc


@asynccontextmanager
async def done_within(seconds: float, peer: Address, failing: str) -> AsyncGenerator[None]:
    """Give an arrival ``seconds`` for its handshake; else raise HandshakeError TIMED_OUT that says
    what it is ``failing`` to do ("sends no header").
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as exc:
        raise HandshakeError(
            f"{peer} {failing} within {seconds:g} seconds",
            code=ErrorCode.TIMED_OUT,
            subject=str(peer),
            seconds=seconds,
        ) from exc
