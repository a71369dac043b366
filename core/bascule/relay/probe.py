"""Owns the test of a relay: try each stage for real, report it, keep nothing."""

from __future__ import annotations

from collections.abc import Callable

from bascule.errors import BasculeError
from bascule.events import Stage, StageResult
from bascule.relay.build import ReadSecret, build_dialer, build_listener
from bascule.spec.endpoints import TcpListen, UnixListen
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Stream
from bascule.streams.stage import staged

type Report = Callable[[StageResult], None]


async def probe(
    spec: RelaySpec, read_secret: ReadSecret, report: Report, *, already_listening: bool = False
) -> tuple[StageResult, ...]:
    """Try the source, then the target, stage by stage; stop at the first problem.

    ``already_listening``: the relay being edited holds its own port, so that it is not tried.
    Returns the stages that ended, in order; the problem is in the last one, if there was any.
    """
    ended: list[StageResult] = []

    def heard(result: StageResult) -> None:
        if result.done:
            ended.append(result)
        report(result)

    try:
        source = spec.source
        if isinstance(source, TcpListen | UnixListen):
            if not already_listening:
                await _try_listening(source, read_secret, heard)
        else:
            await _close(await build_dialer(source, read_secret, "source").dial(heard))
        await _close(await build_dialer(spec.target, read_secret, "target").dial(heard))
    except BasculeError as exc:
        if not ended or ended[-1].problem is None:  # it failed before any stage began
            heard(StageResult(Stage.CONNECT, "", done=True, problem=exc.problem))
    return tuple(ended)


async def _try_listening(
    source: TcpListen | UnixListen, read_secret: ReadSecret, heard: Report
) -> None:
    is_tcp = isinstance(source, TcpListen)
    subject = str(Address(source.host, source.port)) if is_tcp else source.path
    with staged(heard, Stage.LISTEN, subject):
        listener = build_listener(source, read_secret)
        try:
            await listener.start(_turn_away)
        finally:
            await listener.aclose()


def _turn_away(stream: Stream) -> None:
    """Nobody is served during a test."""
    stream.abort()


async def _close(stream: Stream) -> None:
    stream.abort()
    await stream.aclose()
