"""How a relay stands, as it is told."""

from __future__ import annotations

import time

import pytest

from bascule.errors import ErrorCode, Problem
from bascule.events import LogLevel, LogLine, RelayChanged, RelayEvent, RelayState
from bascule.relay.connections import LOG_LINES_A_TICK
from bascule.relay.standing import Standing
from bascule.spec.endpoints import TcpListen
from bascule.streams.base import Address
from tests.helpers.loops import LOOPS
from tests.helpers.relays import RelayRig, Service, to_service

LOOP_FACTORIES = LOOPS
PROBLEM = Problem(ErrorCode.ADDRESS_IN_USE, "taken")


def test_each_state_is_told_with_its_reason():
    told = list[RelayEvent]()
    standing = Standing("a", told.append)
    assert standing.state is RelayState.STOPPED
    standing.listening = (Address("::1", 80), Address("127.0.0.1", 80))
    standing.become(RelayState.WAITING, PROBLEM, retry_at=5.0)
    assert told == [RelayChanged("a", standing.status)]
    assert standing.status.listening == ("[::1]:80", "127.0.0.1:80")
    assert (standing.status.problem, standing.status.retry_at) == (PROBLEM, 5.0)


def test_a_state_begins_once(monkeypatch: pytest.MonkeyPatch):
    standing = Standing("a", lambda _event: None)
    standing.become(RelayState.WAITING)
    since = standing.status.since
    assert 0 <= time.time() - since < 60
    monkeypatch.setattr(time, "time", lambda: since + 5)
    standing.become(RelayState.WAITING, PROBLEM)
    assert standing.status.since == since
    standing.become(RelayState.RUNNING)
    assert (standing.status.since, standing.status.problem) == (since + 5, None)


def test_what_an_end_says_has_a_limit_a_tick():
    told = list[RelayEvent]()
    standing = Standing("a", told.append)
    for _ in range(2 * LOG_LINES_A_TICK):
        standing.hear(LogLevel.INFO, "said", None)
    assert len(told) == LOG_LINES_A_TICK
    standing.log(LogLevel.PROBLEM, "ours", PROBLEM)  # is never left out
    standing.tick()
    standing.hear(LogLevel.WARNING, "again", PROBLEM)
    ours, again = [line for line in told if isinstance(line, LogLine)][LOG_LINES_A_TICK:]
    assert (ours.level, ours.text, ours.problem) == (LogLevel.PROBLEM, "ours", PROBLEM)
    assert (again.relay, again.level, again.text) == ("a", LogLevel.WARNING, "again")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "127.0.0.1"])
async def test_whether_the_network_may_reach_it_is_told_while_it_can(host: str):
    async with Service() as service, RelayRig(to_service(service, TcpListen(0, host))) as rig:
        assert not rig.relay.status.exposed
        await rig.run()
        assert rig.relay.status.exposed is (host != "127.0.0.1")
        await rig.relay.stop()
        assert not rig.relay.status.exposed
