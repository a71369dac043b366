"""Owns the test of a relay: try each stage for real, report it, keep nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bascule.errors import BasculeError
from bascule.events import Stage, StageResult
from bascule.relay.build import Builder
from bascule.relay.build_network import ReadSecret
from bascule.spec.endpoints import TcpListen
from bascule.spec.ends import Source, Target
from bascule.spec.fields import parse_host
from bascule.spec.measuring import Schedule
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Stream
from bascule.streams.stage import staged

_PLACES = ("port", "path", "name")

type Report = Callable[[StageResult], None]


async def probe(
    spec: RelaySpec, read_secret: ReadSecret, report: Report, *, already_listening: bool = False
) -> tuple[StageResult, ...]:
    """Try the source, then the target, stage by stage; stop at the first problem.

    ``already_listening``: the relay being edited holds its own port, so that the port is not tried;
    what else the source needs, such as its certificate, is.
    Returns the stages that ended, in order; the problem is in the last one, if there was any.
    """
    ended: list[StageResult] = []

    def heard(result: StageResult) -> None:
        if result.done:
            ended.append(result)
        report(result)

    make = Builder(read_secret, direction=spec.direction)
    try:
        if isinstance(spec.source, Schedule):
            pass  # it is nowhere
        elif not spec.source.listens:
            await _close(await make.dialer(spec.source, "source").dial(heard))
        elif already_listening:
            await _check_listening(make, spec.source, heard)
        else:
            await _try_listening(make, spec.source, heard)
        if spec.target.listens:
            await _try_listening(make, spec.target, heard, "target")
        else:
            await _close(await make.dialer(spec.target, "target").dial(heard))
    except BasculeError as exc:
        if not ended or ended[-1].problem is None:  # it failed before any stage began
            heard(StageResult(Stage.CONNECT, "", done=True, problem=exc.problem))
    return tuple(ended)


def takes_same_place(one: Source, other: Source) -> bool:
    """Whether two ends would listen on the same port, path or name, so that both cannot at once."""
    if type(one) is not type(other) or not one.listens:
        return False
    if any(getattr(one, name, None) != getattr(other, name, None) for name in _PLACES):
        return False
    hosts = {getattr(end, "host", "") for end in (one, other)}
    return len(hosts) == 1 or any(_is_everywhere(host) for host in hosts)


def _is_everywhere(host: str) -> bool:
    """Whether it stands for all addresses of this computer."""
    address = parse_host(host)
    return address is not None and address.is_unspecified


async def _try_listening(
    make: Builder, end: Source | Target, heard: Report, field: str = "source"
) -> None:
    with staged(heard, Stage.LISTEN, _subject(end)):
        listener = make.listener(end, field)
        try:
            await listener.start(_turn_away)
        finally:
            await listener.aclose()


async def _check_listening(make: Builder, end: Source, heard: Report) -> None:
    """Try all that listening needs but the port itself; only what is wrong is reported."""
    if not isinstance(end, TcpListen):
        return
    listener = make.listener(replace(end, port=0), "source")
    try:
        await listener.start(_turn_away)
    except BasculeError as exc:
        heard(StageResult(Stage.LISTEN, _subject(end), done=True, problem=exc.problem))
        raise
    finally:
        await listener.aclose()


def _subject(end: Source | Target) -> str:
    """What is listened on: an address and port, a path, a name."""
    port = getattr(end, "port", None)
    host = getattr(end, "host", None) or getattr(end, "path", None) or getattr(end, "name", "")
    return str(Address(host, port))


def _turn_away(stream: Stream) -> None:
    """Nobody is served during a test."""
    stream.abort()


async def _close(stream: Stream) -> None:
    stream.abort()
    await stream.aclose()
