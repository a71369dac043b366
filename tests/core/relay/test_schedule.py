"""A relay that checks its target again and again, against real servers."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode, Problem
from bascule.events import (
    Checked,
    CheckResult,
    LogLine,
    RelayChanged,
    RelayState,
    RelayStatus,
)
from bascule.relay.schedule import news
from bascule.spec.endpoints import ClientTls, ProxyHop, TcpConnect
from bascule.spec.ends import Target
from bascule.spec.measuring import Schedule
from bascule.spec.relays import RelaySpec
from bascule.streams.tls import TlsListener, server_context
from tests.helpers.certificates import make_files
from tests.helpers.contract import soon
from tests.helpers.ports import free_port
from tests.helpers.relays import RelayRig, Service, nothing_left_behind
from tests.helpers.socks_server import SocksServer

LOCAL = "127.0.0.1"
SELDOM_SECONDS = 3600.0
"""So that a check is made when a test wants one, by another start, and at no other time."""


def watching(target: Target, *, within: float = 30.0, **values: bool) -> RelaySpec:
    return RelaySpec(
        Schedule(every_seconds=SELDOM_SECONDS, within_seconds=within, **values), target
    )


async def checked(rig: RelayRig) -> CheckResult:
    """Check now; what came out."""
    before = len(rig.of(Checked))
    rig.relay.start()
    await rig.until(lambda: len(rig.of(Checked)) > before)
    return rig.of(Checked)[-1].check


@contextlib.contextmanager
def taking(port: int = 0) -> Iterator[int]:
    """Somebody who takes connections (the system does) and never says anything."""
    with socket.create_server((LOCAL, port)) as server:
        yield server.getsockname()[1]


async def test_a_service_that_goes_away_and_comes_back_is_told_each_time_once():
    port = free_port()
    async with RelayRig(watching(TcpConnect(LOCAL, port))) as rig:
        with taking(port):
            result = await checked(rig)
            assert result.problem is None
            assert result.milliseconds > 0
            await rig.reach(RelayState.RUNNING)
            await checked(rig)
        lost = [await checked(rig), await checked(rig)]
        assert [each.problem and each.problem.code for each in lost] == [
            ErrorCode.CONNECTION_REFUSED
        ] * 2
        assert rig.relay.status.state is RelayState.WAITING
        assert rig.relay.status.problem == lost[1].problem
        waiting = [
            each.status for each in rig.of(RelayChanged) if each.status.state is RelayState.WAITING
        ]
        assert len({each.since for each in waiting}) == 1  # since when: since the first
        assert len({each.retry_at for each in waiting}) == 2  # the next try: always another
        with taking(port):
            await checked(rig)
            await rig.reach(RelayState.RUNNING)
        assert [line.partition(",")[0].partition(":")[0] for line in rig.log] == [
            "it answers", "it does not answer", "it answers",
        ]  # fmt: skip
        assert [line.problem is None for line in rig.of(LogLine)] == [True, False, True]
        assert list(rig.relay.findings.checks) == [each.check for each in rig.of(Checked)]
        await soon(rig.relay.stop())
        assert rig.relay.status.state is RelayState.STOPPED


async def test_it_checks_again_by_itself():
    with taking() as port:
        spec = RelaySpec(Schedule(every_seconds=1), TcpConnect(LOCAL, port))
        async with RelayRig(spec) as rig:
            rig.relay.start()
            await rig.until(lambda: len(rig.of(Checked)) == 3)
            moments = [each.check.at for each in rig.of(Checked)]
        assert moments == sorted(moments)
        assert moments[2] - moments[0] >= 1.9  # never more often than was asked for


async def test_a_silent_one_has_a_limit_for_all_stages_together():
    with taking() as port:
        spec = watching(TcpConnect(LOCAL, port), within=0.1, first_byte=True)
        async with RelayRig(spec) as rig:
            result = await checked(rig)
    assert result.problem is not None
    assert result.problem.code is ErrorCode.TIMED_OUT
    assert result.milliseconds >= 100


async def test_a_wrong_certificate_is_a_problem_and_the_right_one_is_none(tmp_path: Path):
    files = make_files(tmp_path)
    context = server_context(files.certificate, files.key)
    listener = TlsListener(Service().listener, context)
    async with Service(listener) as service:
        for authority, code in (("", ErrorCode.TLS_UNTRUSTED), (files.authority, None)):
            tls = ClientTls(authority=authority, server_name="localhost")
            target = TcpConnect(LOCAL, service.port, tls=tls)
            async with RelayRig(watching(target)) as rig:
                rig.relay.start()
                stream = await service.next()
                with contextlib.suppress(BasculeError):  # who does not trust us leaves
                    await soon(listener.welcome(stream))
                await rig.until(lambda rig=rig: rig.of(Checked))
                problem = rig.of(Checked)[-1].check.problem
                assert (problem and problem.code) == code


async def test_the_stage_of_a_proxy_chain_that_fails_is_named():
    async with SocksServer() as first, SocksServer() as second:
        hops = tuple(ProxyHop(host=LOCAL, port=each.port) for each in (first, second))
        with taking() as port:
            async with RelayRig(watching(TcpConnect(LOCAL, port, hops))) as rig:
                assert (await checked(rig)).problem is None
        async with RelayRig(watching(TcpConnect(LOCAL, free_port(), hops))) as rig:
            problem = (await checked(rig)).problem
    assert problem is not None
    assert problem.code is ErrorCode.PROXY_CONNECTION_REFUSED
    assert problem.facts["proxy"] == f"{LOCAL}:{second.port}"


async def test_once_is_one_check_and_its_end():
    with taking() as port:
        spec = RelaySpec(Schedule(), TcpConnect(LOCAL, port), once=True)
        async with RelayRig(spec) as rig:
            rig.relay.start()
            await soon(rig.relay.ended())
            assert rig.relay.status.state is RelayState.STOPPED
            assert len(rig.of(Checked)) == 1
    spec = RelaySpec(Schedule(), TcpConnect(LOCAL, free_port()), once=True)
    async with RelayRig(spec) as rig:
        rig.relay.start()
        await soon(rig.relay.ended())
        assert rig.relay.status.state is RelayState.FAILED
        assert rig.relay.status.problem is not None
        assert rig.relay.status.problem.code is ErrorCode.CONNECTION_REFUSED


async def test_nothing_stays_of_checks():
    with taking() as port:
        spec = watching(TcpConnect(LOCAL, port))
        async with RelayRig(spec) as rig:  # what is opened at first use stays open
            await checked(rig)
        async with nothing_left_behind(), RelayRig(spec) as rig:
            for _ in range(20):
                await checked(rig)


REFUSED = Problem(ErrorCode.CONNECTION_REFUSED, "nobody is there")
TIMED_OUT = Problem(ErrorCode.TIMED_OUT, "it says nothing")


@pytest.mark.parametrize(
    ("state", "known", "found", "said"),
    [
        (RelayState.STARTING, None, None, "it answers, after 12.5 ms"),
        (RelayState.RUNNING, None, None, ""),
        (RelayState.RUNNING, None, REFUSED, "it does not answer: nobody is there"),
        (RelayState.WAITING, REFUSED, REFUSED, ""),
        (RelayState.WAITING, REFUSED, TIMED_OUT, "it does not answer: it says nothing"),
        (RelayState.WAITING, REFUSED, None, "it answers, after 12.5 ms"),
    ],
)
def test_only_what_is_new_is_said(
    state: RelayState, known: Problem | None, found: Problem | None, said: str
):
    assert news(RelayStatus(state, known), CheckResult(0.0, 12.5, found)) == said
