"""The check of a target: each stage for real, within one limit, and nothing stays open."""

from __future__ import annotations

import asyncio
import socket

import pytest

from bascule.errors import ErrorCode, Problem, SpecError
from bascule.events import Stage, StageResult
from bascule.relay.build import Builder
from bascule.relay.check import check_target
from bascule.spec.endpoints import ClientTls, ProxyHop, TcpConnect
from bascule.spec.ends import Target
from tests.helpers.contract import soon
from tests.helpers.ports import free_port
from tests.helpers.relays import Service
from tests.helpers.socks_server import SocksServer

LOCAL = "127.0.0.1"
SHORT_SECONDS = 0.1
LONG_SECONDS = 30.0


def secret(reference: str) -> str:
    if reference:
        raise SpecError("no such secret", code=ErrorCode.SECRET_MISSING, field="password")
    return ""


async def checked(
    target: Target, *, seconds: float = LONG_SECONDS, first_byte: bool = False
) -> tuple[Problem | None, list[tuple[Stage, bool]]]:
    """What went wrong, and the stages that ended with whether they went well."""
    heard: list[StageResult] = []
    dialer = Builder(secret).dialer(target, "target")
    problem = await soon(check_target(dialer, heard.append, seconds=seconds, first_byte=first_byte))
    return problem, [(step.stage, step.problem is None) for step in heard if step.done]


async def test_who_answers_is_left_at_once() -> None:
    with socket.create_server((LOCAL, 0)) as server:
        problem, stages = await checked(TcpConnect(LOCAL, server.getsockname()[1]))
        assert problem is None
        assert stages == [(Stage.CONNECT, True)]
        there, _name = server.accept()
        with there, pytest.raises(ConnectionResetError):
            there.settimeout(LONG_SECONDS)
            there.recv(1)


async def test_nobody_there() -> None:
    problem, stages = await checked(TcpConnect(LOCAL, free_port()))
    assert problem is not None
    assert problem.code is ErrorCode.CONNECTION_REFUSED
    assert stages == [(Stage.CONNECT, False)]


async def test_the_first_byte_is_waited_for() -> None:
    async with SocksServer() as proxy:
        with socket.create_server((LOCAL, 0)) as server:
            hops = (ProxyHop(host=LOCAL, port=proxy.port),)
            through = TcpConnect(LOCAL, server.getsockname()[1], hops)
            problem, stages = await checked(through, seconds=SHORT_SECONDS, first_byte=True)
    assert problem is not None
    assert problem.code is ErrorCode.TIMED_OUT
    assert not stages[-1][1]


async def test_one_limit_is_for_all_stages_together() -> None:
    """Somebody takes the connection and never speaks TLS."""
    with socket.create_server((LOCAL, 0)) as server:
        target = TcpConnect(LOCAL, server.getsockname()[1], (), ClientTls())
        problem, stages = await checked(target, seconds=SHORT_SECONDS)
    assert problem is not None
    assert problem.code is ErrorCode.TIMED_OUT
    assert problem.facts["seconds"] == SHORT_SECONDS
    assert [well for _stage, well in stages][:-1] == [True] * (len(stages) - 1)
    assert stages[-1] in ((Stage.TLS, False), (Stage.CONNECT, False))  # where the limit caught it


async def test_who_finishes_without_a_word_has_not_answered() -> None:
    async with Service() as service:
        checking = asyncio.ensure_future(checked(TcpConnect(LOCAL, service.port), first_byte=True))
        there = await service.next()
        await soon(there.send_eof())
        problem, stages = await checking
    assert problem is not None
    assert problem.code is ErrorCode.CONNECTION_BROKEN
    assert stages == [(Stage.CONNECT, True), (Stage.FIRST_BYTE, False)]
