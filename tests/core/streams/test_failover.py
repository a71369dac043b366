"""Several targets in order: who is tried when, the way back to the best, and what is told."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import BasculeError, DeviceError, DialError, ErrorCode, SpecError
from bascule.events import StageResult
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.failover import FailoverDialer
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.tcp import TcpDialer, TcpListener
from tests.helpers.contract import read_all, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import LOCAL

LOOP_FACTORIES = LOOPS


class Target(Dialer):
    """One that can be down."""

    def __init__(self, label: str, log: list[str], *, exclusive: bool = False) -> None:
        self.label = label
        self.exclusive = exclusive
        self.problem: BasculeError | None = None
        self.gate: asyncio.Event | None = None
        self.far: MemoryStream | None = None
        self._log = log

    def down(self, code: ErrorCode = ErrorCode.CONNECTION_REFUSED) -> None:
        self.problem = DialError(f"{self.label} is down", code=code)

    async def check(self) -> None:
        if self.problem is not None:
            raise self.problem

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        self._log.append(self.label)
        if self.gate is not None:
            await self.gate.wait()
        if self.problem is not None:
            raise self.problem
        ours, self.far = memory_pair()
        return ours


class Rig:
    """Targets a, b and c, and a clock that only a test moves."""

    def __init__(self, check_seconds: float = 5.0) -> None:
        self.now = 1000.0
        self.log: list[str] = []
        self.a, self.b, self.c = (Target(label, self.log) for label in "abc")
        self.dialer = FailoverDialer(
            [self.a, self.b, self.c],
            check_seconds=check_seconds,
            field="target.targets",
            clock=lambda: self.now,
        )

    async def tried(self) -> str:
        """Whom the next connection tries, in order."""
        self.log.clear()
        await soon(self.dialer.dial())
        return "".join(self.log)


async def test_the_best_is_tried_first():
    rig = Rig()
    assert [await rig.tried() for _ in range(3)] == ["a", "a", "a"]
    assert rig.dialer.label == "a, else b, else c"


async def test_one_that_failed_is_passed_over_until_its_time_and_then_taken_back():
    rig = Rig()
    rig.a.down()
    assert await rig.tried() == "ab"
    rig.now += 4.9
    assert await rig.tried() == "b"
    rig.now += 0.1
    assert await rig.tried() == "ab"
    rig.a.problem = None
    rig.now += 4.9
    assert await rig.tried() == "b"
    rig.now += 0.1
    assert await rig.tried() == "a"
    assert await rig.tried() == "a"


async def test_without_a_pause_every_connection_tries_the_best_again():
    rig = Rig(check_seconds=0)
    rig.a.down()
    assert [await rig.tried(), await rig.tried()] == ["ab", "ab"]


async def test_where_all_others_fail_those_that_failed_are_tried_before_their_time():
    rig = Rig()
    rig.a.down()
    assert await rig.tried() == "ab"
    rig.a.problem = None
    rig.b.down()
    rig.c.down()
    assert await rig.tried() == "bca"


async def test_while_one_tries_a_target_again_the_next_pass_it_over():
    rig = Rig()
    rig.a.down()
    assert await rig.tried() == "ab"
    rig.now += 5
    rig.a.gate = asyncio.Event()
    trying = asyncio.ensure_future(rig.dialer.dial())
    await asyncio.sleep(0)
    assert await rig.tried() == "b"
    rig.a.problem = None
    rig.a.gate.set()
    await soon(trying)
    assert await rig.tried() == "a"


async def test_all_failed_tells_each_in_a_sentence():
    rig = Rig()
    rig.a.down()
    rig.b.problem = DialError("the name is not known", code=ErrorCode.HOST_UNKNOWN)
    rig.c.problem = SpecError("no key", code=ErrorCode.CERTIFICATE_UNREADABLE, field="x")
    with pytest.raises(DialError) as caught:
        await soon(rig.dialer.dial())
    error = caught.value
    assert error.message == (
        "none of the 3 targets can be reached: a is down; b: the name is not known; c: no key"
    )
    assert (error.code, error.field) == (ErrorCode.DIAL_FAILED, "target.targets")
    assert error.facts["subject"] == "a, b, c"


async def test_all_failed_alike_keeps_the_code():
    rig = Rig()
    for target in (rig.a, rig.b, rig.c):
        target.down()
    with pytest.raises(DialError) as caught:
        await soon(rig.dialer.dial())
    assert caught.value.code is ErrorCode.CONNECTION_REFUSED


async def test_a_single_target_fails_as_itself():
    target = Target("a", [])
    target.down()
    with pytest.raises(DialError) as caught:
        await soon(FailoverDialer([target]).dial())
    assert caught.value is target.problem


async def test_recovering_takes_back_those_that_answer_and_leaves_nothing_open():
    rig = Rig()
    rig.a.down()
    rig.b.down()
    assert await rig.tried() == "abc"
    rig.log.clear()
    await soon(rig.dialer.recover())
    assert rig.log == []  # it is not time yet
    rig.now += 5
    rig.b.problem = None
    await soon(rig.dialer.recover())
    assert rig.log == ["a", "b"]
    assert rig.b.far is not None
    assert await soon(read_all(rig.b.far)) == b""
    assert await rig.tried() == "b"  # a has failed again just now
    rig.a.problem = None
    rig.now += 5
    await soon(rig.dialer.recover())
    assert await rig.tried() == "a"


async def test_checking_fails_only_where_all_are_known_to_fail():
    rig = Rig()
    rig.a.problem = DeviceError("unplugged", code=ErrorCode.DEVICE_MISSING)
    await rig.dialer.check()
    for target in (rig.b, rig.c):
        target.problem = DeviceError("gone", code=ErrorCode.DEVICE_GONE)
    with pytest.raises(DeviceError) as caught:
        await rig.dialer.check()
    assert caught.value.code is ErrorCode.DEVICE_GONE
    await FailoverDialer([]).check()


async def test_it_is_exclusive_where_all_targets_are():
    alone, shared = Target("a", [], exclusive=True), Target("b", [])
    assert FailoverDialer([alone, alone]).exclusive
    assert not FailoverDialer([alone, shared]).exclusive


async def test_over_tcp_each_try_is_heard_and_the_best_is_found_again():
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    best, second = TcpListener(LOCAL, 0), TcpListener(LOCAL, 0)
    ports = [(await each.start(arrived.put_nowait))[0].port or 0 for each in (best, second)]
    dialer = FailoverDialer([TcpDialer(LOCAL, port) for port in ports], check_seconds=0)

    async def reached() -> tuple[int | None, list[bool]]:
        steps: list[StageResult] = []
        stream = await soon(dialer.dial(steps.append))
        far = await soon(arrived.get())
        for each in (stream, far):
            each.abort()
            await soon(each.aclose())
        return stream.peer.port, [step.problem is None for step in steps if step.done]

    assert await reached() == (ports[0], [True])
    await best.aclose()
    assert await reached() == (ports[1], [False, True])
    again = TcpListener(LOCAL, ports[0])
    await again.start(arrived.put_nowait)
    assert await reached() == (ports[0], [True])
    for each in (second, again):
        await each.aclose()
