"""Steps are reported as they begin and as they end, and what takes too long is named."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import DialError, ErrorCode, HandshakeError
from bascule.events import Stage, StageResult
from bascule.streams.base import Address
from bascule.streams.stage import done_within, staged, within
from tests.helpers.contract import soon


def test_a_step_that_goes_well():
    heard: list[StageResult] = []
    with staged(heard.append, Stage.TLS, "db.example") as noted:
        assert heard == [StageResult(Stage.TLS, "db.example", done=False)]
        noted.detail = "TLS 1.3"
    _begun, ended = heard
    assert (ended.done, ended.problem, ended.detail) == (True, None, "TLS 1.3")
    assert ended.milliseconds > 0


def test_a_step_that_fails():
    heard: list[StageResult] = []
    error = DialError("no", code=ErrorCode.DIAL_FAILED, field="host")

    def fail() -> None:
        with staged(heard.append, Stage.CONNECT, "x") as noted:
            noted.detail = "so far"
            raise error

    with pytest.raises(DialError) as caught:
        fail()
    assert caught.value is error
    assert (heard[-1].done, heard[-1].problem) == (True, error.problem)
    assert heard[-1].detail == "so far"
    assert heard[-1].milliseconds > 0


def test_what_is_not_ours_is_not_reported_as_an_end():
    heard: list[StageResult] = []
    with pytest.raises(KeyError), staged(heard.append, Stage.CONNECT, "x"):
        raise KeyError
    assert [step.done for step in heard] == [False]


async def test_in_time():
    async with within(20, "x"):
        pass


async def test_too_late_names_the_thing():
    with pytest.raises(DialError) as caught:
        async with within(0.01, "db.example:5432", "target.host"):
            await asyncio.get_running_loop().create_future()
    assert caught.value.code is ErrorCode.TIMED_OUT
    assert caught.value.field == "target.host"
    assert caught.value.facts == {"subject": "db.example:5432", "seconds": 0.01}


async def test_an_arrival_that_is_too_late_is_named():
    with pytest.raises(HandshakeError, match="^db:1 sends nothing within 0.01 seconds$") as caught:
        async with done_within(0.01, Address("db", 1), "sends nothing"):
            await asyncio.get_running_loop().create_future()
    assert caught.value.code is ErrorCode.TIMED_OUT
    assert caught.value.facts == {"subject": "db:1", "seconds": 0.01}


async def test_being_cancelled_is_not_being_late():
    async def wait() -> None:
        async with within(20, "x"):
            await asyncio.get_running_loop().create_future()

    task = asyncio.ensure_future(wait())
    await asyncio.wait([task], timeout=0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(task)
