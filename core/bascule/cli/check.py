"""Owns `bascule check`: tries a target stage by stage, once or again and again.

Exit codes: 0 it answers; 1 it does not, and the line says at which stage; 130 interrupted.
"""

from __future__ import annotations

import asyncio
import re
import time

from bascule.cli.loop import run_until_done
from bascule.cli.say import say
from bascule.errors import Problem, SpecError
from bascule.events import Stage, StageResult
from bascule.relay.build import Builder
from bascule.relay.check import check_target
from bascule.spec.ends import Target
from bascule.spec.socat.command import parse_target

_WORDS = {
    Stage.LISTEN: "listen",
    Stage.RESOLVE: "resolve",
    Stage.CONNECT: "connect",
    Stage.PROXY: "proxy",
    Stage.TLS: "TLS",
    Stage.OPEN_DEVICE: "open",
    Stage.FIRST_BYTE: "first byte",
}

_BARE_NAME = re.compile(r"[\w.-]+")


def check(address: str, *, within: float, first_byte: bool, every: float) -> int:
    """Check what an address (``host:port``, or in socat's words) leads to; return the exit code.

    ``every``: again after so many seconds, until interrupted; 0: once. Raises: SpecError.
    """
    try:
        target, secrets = parse_target(address)
    except SpecError as exc:
        if _BARE_NAME.fullmatch(address):
            message = f"{address} names no port: type host:port, such as {address}:443"
            raise SpecError(message, code=exc.code, field=exc.field) from exc
        raise
    return run_until_done(_check(target, secrets, within, first_byte, every))


async def _check(
    target: Target, secrets: dict[str, str], within: float, first_byte: bool, every: float
) -> int:
    dialer = Builder({"": "", **secrets}.__getitem__).dialer(target, "target")
    while True:
        begun = time.perf_counter()
        if every:
            print(time.strftime("%Y-%m-%d %H:%M:%S"))
        problem = await check_target(dialer, _show, seconds=within, first_byte=first_byte)
        _conclude(problem, (time.perf_counter() - begun) * 1000)
        if not every:
            return 0 if problem is None else 1
        await asyncio.sleep(max(every - (time.perf_counter() - begun), 0.0))


def _show(result: StageResult) -> None:
    if not result.done:
        return
    mark = "ok" if result.problem is None else "FAILED"
    detail = f" ({result.detail})" if result.detail not in ("", result.subject) else ""
    stage = _WORDS[result.stage]
    say(f"{stage:<10} {mark:<6} {result.milliseconds:8.1f} ms  {result.subject}{detail}")


def _conclude(problem: Problem | None, milliseconds: float) -> None:
    if problem is None:
        print(f"it answers, after {milliseconds:.1f} ms", flush=True)
    else:
        say(f"it does not answer: {problem.message}")
