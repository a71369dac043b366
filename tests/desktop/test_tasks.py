"""Tasks: one of a name, nothing lost, nothing left behind."""

from __future__ import annotations

import asyncio
import gc

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from bascule_desktop.tasks import Tasks
from tests.helpers.contract import PATIENCE_SECONDS


@pytest.fixture
def reported() -> list[Exception]:
    return []


@pytest.fixture
def owner() -> QObject:
    return QObject()


@pytest.fixture
def tasks(owner: QObject, reported: list[Exception]) -> Tasks:
    return Tasks(owner, reported.append)


async def ended(tasks: Tasks, name: str) -> None:
    while tasks.running(name):
        await asyncio.sleep(0)


async def test_a_second_task_of_a_name_is_refused(tasks: Tasks) -> None:
    done: list[int] = []
    go_on = asyncio.Event()

    async def work(number: int) -> None:
        await go_on.wait()
        done.append(number)

    assert tasks.start("start a-1", work(1))
    assert tasks.running("start a-1")
    assert not tasks.start("start a-1", work(2))
    assert tasks.start("start b-2", work(3))
    go_on.set()
    await ended(tasks, "start a-1")
    await ended(tasks, "start b-2")
    assert done == [1, 3]
    assert tasks.start("start a-1", work(4))
    await ended(tasks, "start a-1")
    assert done == [1, 3, 4]


async def test_an_exception_is_reported(tasks: Tasks, reported: list[Exception]) -> None:
    problem = ValueError("so")

    async def fail() -> None:
        raise problem

    tasks.start("fail", fail())
    await ended(tasks, "fail")
    assert reported == [problem]


async def test_a_report_that_fails_reaches_the_loop(owner: QObject) -> None:
    heard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: heard.append(context["exception"])
    )
    wrong = RuntimeError("the report itself")

    def report(_exc: Exception) -> None:
        raise wrong

    async def fail() -> None:
        raise ValueError

    tasks = Tasks(owner, report)
    tasks.start("fail", fail())
    await ended(tasks, "fail")
    assert heard == [wrong]


async def test_cancelling_is_no_problem(tasks: Tasks, reported: list[Exception]) -> None:
    tasks.start("wait", asyncio.Event().wait())
    tasks.cancel("wait")
    tasks.cancel("unknown")
    await ended(tasks, "wait")
    assert reported == []


async def test_a_task_that_goes_on_after_its_end_was_asked_is_reported(
    tasks: Tasks, reported: list[Exception]
) -> None:
    async def clumsy() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError

    tasks.start("clumsy", clumsy())
    await asyncio.sleep(0)
    tasks.cancel_all()
    await ended(tasks, "clumsy")
    assert [type(exc) for exc in reported] == [ValueError]


async def test_tasks_end_with_their_owner(
    owner: QObject, tasks: Tasks, reported: list[Exception]
) -> None:
    cancelled = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    tasks.start("wait", wait())
    await asyncio.sleep(0)
    delete(owner)
    await asyncio.wait_for(cancelled.wait(), PATIENCE_SECONDS)
    assert reported == []


async def test_finish_waits_for_all_but_the_one_that_asks(tasks: Tasks) -> None:
    left: list[str] = []

    async def slow() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            left.append("slow")

    async def quit_all() -> None:
        await tasks.finish()
        left.append("quit")

    tasks.start("slow", slow())
    await asyncio.sleep(0)
    tasks.start("quit", quit_all())
    await ended(tasks, "quit")
    assert left == ["slow", "quit"]
    await tasks.finish()


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_without_a_loop_the_coroutine_is_closed(tasks: Tasks) -> None:
    async def never() -> None:
        raise AssertionError

    with pytest.raises(RuntimeError):
        tasks.start("never", never())
    gc.collect()
    assert not tasks.running("never")
