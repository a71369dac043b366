"""A host is checked in the window, by a real engine, against real servers."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable

import pytest
import shiboken6

from bascule.events import Stage
from bascule.places import Places
from bascule.spec.endpoints import ProxyHop, TcpConnect
from bascule.spec.measuring import Schedule
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.launcher import Launcher
from bascule_desktop.theme import Theme
from bascule_desktop.views.check_dialog import CheckDialog
from tests.desktop.wizard.played import rounds, signalled
from tests.helpers.ports import free_port
from tests.helpers.socks_server import SocksServer

LOCAL = "127.0.0.1"

type Open = Callable[[TcpConnect | None], CheckDialog]


@pytest.fixture
async def open_check(engine: EngineLink, theme: Theme) -> AsyncIterator[Open]:
    """Opens the window over a real engine; it is closed after the test."""
    opened: list[CheckDialog] = []

    def open(target: TcpConnect | None = None) -> CheckDialog:
        dialog = CheckDialog(engine, theme, None, target)
        opened.append(dialog)
        dialog.show()
        return dialog

    yield open
    for dialog in opened:
        await finish(dialog)


async def finish(dialog: CheckDialog) -> None:
    await dialog.tasks.finish()
    dialog.done(0)
    shiboken6.delete(dialog)


def lines(dialog: CheckDialog) -> list[str]:
    return [row.text.text() for row in dialog.steps.rows]


async def test_the_stages_appear_with_their_times(open_check: Open) -> None:
    with socket.create_server((LOCAL, 0)) as server:
        port = server.getsockname()[1]
        async with SocksServer() as proxy:
            dialog = open_check(TcpConnect(LOCAL, port, (ProxyHop(host=LOCAL, port=proxy.port),)))
            (well,) = await signalled(dialog.steps.ended, dialog.start.click)
    assert well
    assert [result.stage for result in dialog.steps.results] == [Stage.CONNECT, Stage.PROXY]
    assert lines(dialog)[0] == f"{LOCAL}:{proxy.port} answers"
    assert all(row.taken.text().endswith("\N{NO-BREAK SPACE}ms") for row in dialog.steps.rows)
    assert dialog.steps.summary.text().startswith("It answers, after ")
    report = dialog.copy.copied_text.splitlines()
    assert report[0].startswith(f"✓ {LOCAL}:{proxy.port} answers (")
    assert report[-1] == dialog.steps.summary.text()


async def test_what_is_wrong_is_said_with_what_to_do_and_can_be_tried_again(
    open_check: Open,
) -> None:
    port = free_port()
    dialog = open_check(TcpConnect(LOCAL, port))
    (well,) = await signalled(dialog.steps.ended, dialog.start.click)
    assert not well
    card = dialog.steps.problem
    assert card is not None
    assert card.title.text() == f"{LOCAL}:{port} refuses the connection"
    assert dialog.steps.summary.text().startswith("It does not answer.")
    assert "✗" in dialog.copy.copied_text
    await rounds(lambda: not dialog.steps.running)
    with socket.create_server((LOCAL, port)):
        (well,) = await signalled(dialog.steps.ended, dialog.start.click)
    assert well
    assert dialog.steps.problem is None


async def test_before_the_engine_is_there_it_is_waited_for(
    places: Places, launcher: Launcher, theme: Theme
) -> None:
    link = EngineLink(places, launcher=launcher)
    with socket.create_server((LOCAL, 0)) as server:
        dialog = CheckDialog(link, theme, None, TcpConnect(LOCAL, server.getsockname()[1]))
        dialog.show()
        dialog.start.click()
        await rounds(lambda: dialog.steps.summary.text().startswith("Waiting for the relay engine"))
        assert dialog.steps.running
        running = asyncio.get_running_loop().create_task(link.run())
        (well,) = await signalled(dialog.steps.ended, lambda: None)
    assert well
    assert dialog.steps.summary.text().startswith("It answers, after ")
    await finish(dialog)
    running.cancel()
    await asyncio.wait([running])


async def test_who_does_not_wait_for_the_engine_is_told_nothing_of_the_host(
    places: Places, theme: Theme
) -> None:
    dialog = CheckDialog(EngineLink(places), theme, None, TcpConnect(LOCAL, 9))
    dialog.show()
    dialog.start.click()
    await rounds(lambda: dialog.steps.summary.text().startswith("Waiting for the relay engine"))
    dialog.steps.stop()
    await rounds(lambda: not dialog.steps.running)
    assert dialog.steps.summary.text() == "The test was cancelled. You can go on without it."
    assert (dialog.steps.rows, dialog.steps.problem) == ([], None)
    await finish(dialog)


async def test_an_engine_that_ends_meanwhile_says_nothing_of_the_host(
    engine: EngineLink, open_check: Open
) -> None:
    with socket.create_server((LOCAL, 0)) as server:
        dialog = open_check(TcpConnect(LOCAL, server.getsockname()[1]))
        editor = dialog.page.editor_at("source.first_byte")
        assert editor is not None
        editor.set_value(True)
        dialog.start.click()
        await rounds(lambda: "Waiting for" in "".join(lines(dialog)[-1:]))  # it never says one
        end = functools.partial(os.kill, engine.client.info.pid, signal.SIGTERM)
        (well,) = await signalled(dialog.steps.ended, end)
    assert not well
    assert dialog.steps.summary.text() == ""
    assert dialog.steps.problem is not None
    assert "engine" in dialog.steps.problem.title.text()


async def test_a_silent_host_has_one_limit(open_check: Open) -> None:
    with socket.create_server((LOCAL, 0)) as server:
        dialog = open_check(TcpConnect(LOCAL, server.getsockname()[1]))
        for path, value in (("source.within_seconds", 0.2), ("source.first_byte", True)):
            editor = dialog.page.editor_at(path)
            assert editor is not None
            editor.set_value(value)
        (well,) = await signalled(dialog.steps.ended, dialog.start.click)
    assert not well
    assert "says nothing" in lines(dialog)[-1]


async def test_nothing_is_checked_where_nobody_said_what(open_check: Open) -> None:
    dialog = open_check(None)
    dialog.start.click()
    assert not dialog.steps.running
    assert dialog.steps.rows == []
    host = next(row for row in dialog.page.rows() if row.path == "target.host")
    assert host.problem is not None


async def test_it_is_kept_as_a_relay_that_checks_again_and_again(open_check: Open) -> None:
    dialog = open_check(TcpConnect("db.example", 5432))
    dialog.keep.click()
    assert dialog.result() == dialog.DialogCode.Accepted
    assert dialog.draft is not None
    assert dialog.draft.relay.source == Schedule()
    assert dialog.draft.relay.target == TcpConnect("db.example", 5432)


async def test_closing_ends_what_goes_on(open_check: Open) -> None:
    with socket.create_server((LOCAL, 0)) as server:
        dialog = open_check(TcpConnect(LOCAL, server.getsockname()[1]))
        editor = dialog.page.editor_at("source.first_byte")
        assert editor is not None
        editor.set_value(True)
        dialog.start.click()
        await rounds(lambda: bool(dialog.steps.results))
        dialog.leave.click()
        await rounds(lambda: not dialog.steps.running)
