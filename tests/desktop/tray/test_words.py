"""What the tray says, and that it says each trouble once."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, Problem
from bascule.events import RelayState, RelayStatus
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.store import Row, Store
from bascule_desktop.tray.words import TroubleWatch, notification, summary

PROBLEM = Problem(ErrorCode.CONNECTION_REFUSED, "refused", facts={"host": "scale", "port": 2001})
SPEC = RelaySpec(TcpListen(2001), TcpConnect("127.0.0.1", 2002))


def row(id: str, state: RelayState, problem: Problem | None = None) -> Row:
    return Row(id, profile=Profile(id, id.upper(), SPEC), status=RelayStatus(state, problem))


def store_of(*rows: Row) -> Store:
    store = Store()
    store.rows = {each.id: each for each in rows}
    return store


RUNNING, STOPPED = row("r-1", RelayState.RUNNING), row("s-1", RelayState.STOPPED)
FAILED = row("f-1", RelayState.FAILED, PROBLEM)
WAITING = row("w-1", RelayState.WAITING, PROBLEM)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "Bascule: no relay is running"),
        ([STOPPED], "Bascule: no relay is running"),
        ([RUNNING, STOPPED], "Bascule: 1 relay(s) running"),
        ([RUNNING, row("r-2", RelayState.WAITING)], "Bascule: 2 relay(s) running"),
        ([FAILED, WAITING], "Bascule: 2 problem(s)"),
        ([RUNNING, FAILED], "Bascule: 1 relay(s) running, 1 problem(s)"),
    ],
)
def test_summary(rows: list[Row], said: str) -> None:
    assert summary(store_of(*rows)) == said  # the plurals are in the translation for English


def test_a_notification_names_the_relay_and_says_why() -> None:
    title, text = notification([FAILED])
    assert title == "F-1"
    assert "scale" in text
    assert notification([row("f-1", RelayState.FAILED)]) == (
        "F-1",
        "This relay has stopped working.",
    )


def test_troubles_that_come_together_are_told_together() -> None:
    assert notification([WAITING, FAILED]) == ("2 relay(s) have a problem", "F-1, W-1")


def test_a_trouble_is_news_once() -> None:
    watch = TroubleWatch()
    store = store_of(row("a-1", RelayState.RUNNING), WAITING)
    relay = store.rows["a-1"]

    def news(state: RelayState, problem: Problem | None = None) -> bool:
        relay.status = RelayStatus(state, problem)
        return relay in watch.news(store)

    assert watch.news(store) == [WAITING]
    assert news(RelayState.FAILED, PROBLEM)
    assert not news(RelayState.FAILED, PROBLEM)
    assert not news(RelayState.STOPPED)
    assert not news(RelayState.STARTING)
    assert news(RelayState.WAITING, PROBLEM)
    assert not news(RelayState.STARTING)
    assert not news(RelayState.WAITING, PROBLEM)
    assert not news(RelayState.RUNNING)
    assert news(RelayState.WAITING, PROBLEM)


def test_a_relay_that_is_gone_is_forgotten() -> None:
    watch = TroubleWatch()
    store = store_of(FAILED)
    assert watch.news(store) == [FAILED]
    store.rows.clear()
    assert watch.news(store) == []
    store.rows["f-1"] = FAILED
    assert watch.news(store) == [FAILED]
