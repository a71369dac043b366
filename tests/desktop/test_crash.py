"""What nobody caught is written down, and shown once."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bascule.errors import ErrorCode, SpecError
from bascule.places import Places
from bascule_desktop import crash as module
from bascule_desktop.crash import CrashDialog, CrashReporter


@pytest.fixture
def crash(places: Places, capsys: pytest.CaptureFixture[str]) -> Iterator[CrashReporter]:
    reporter = CrashReporter(places)
    yield reporter
    if reporter._dialog is not None and isValid(reporter._dialog):
        reporter._dialog.close()
    capsys.readouterr()


def reports(places: Places) -> list[str]:
    return [file.read_text("utf-8") for file in sorted(places.logs.glob("desktop-crash-*.txt"))]


def raised() -> SpecError:
    try:
        raise SpecError("it is wrong", code=ErrorCode.VALUE_INVALID)
    except SpecError as exc:
        return exc


def test_a_report_says_where_and_what(crash: CrashReporter, places: Places) -> None:
    crash.report(raised(), "while testing")
    [text] = reports(places)
    assert "while testing" in text
    assert "in raised" in text
    assert "it is wrong" in text
    assert "code: value_invalid" in text
    assert "PySide6" in text


def test_the_window_comes_once(crash: CrashReporter, places: Places) -> None:
    crash.report(raised())
    first = crash._dialog
    assert first is not None
    assert first.isVisible()
    assert not first.isModal()
    first.close()
    crash.report(raised())
    assert crash._dialog is first
    assert len(reports(places)) == 2


def test_details_can_be_copied(qtbot: QtBot) -> None:
    dialog = CrashDialog("what happened", "/var/log/report.txt")
    qtbot.addWidget(dialog)
    dialog.show()
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    assert set(buttons) == {"Copy details", "Save a file for help…", "Restart Bascule", "Close"}
    buttons["Copy details"].click()
    assert QGuiApplication.clipboard().text() == "what happened"
    details = dialog.findChild(QPlainTextEdit)
    assert isinstance(details, QPlainTextEdit)
    assert details.toPlainText() == "what happened"
    buttons["Close"].click()
    assert not dialog.isVisible()


async def test_the_loop_tells_what_nobody_else_hears(crash: CrashReporter, places: Places) -> None:
    asyncio.get_running_loop().set_exception_handler(crash.on_loop_problem)

    def fail() -> None:
        raise raised()

    asyncio.get_running_loop().call_soon(fail)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_exception_handler({"message": "only a word"})
    first, second = reports(places)
    assert "it is wrong" in first
    assert "only a word" in second


async def test_the_end_can_wait_until_the_report_was_read(crash: CrashReporter) -> None:
    await crash.until_read()  # nothing to read
    crash.report(raised())
    dialog = crash._dialog
    assert dialog is not None
    asyncio.get_running_loop().call_soon(dialog.reject)
    await asyncio.wait_for(crash.until_read(), 5)


def test_hooks_are_taken_and_given_back(
    crash: CrashReporter, places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    crash.install()
    try:
        sys.excepthook(SpecError, raised(), None)
        thread = threading.Thread(target=lambda: 1 / 0, name="worker")
        thread.start()
        thread.join()
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    finally:
        crash.uninstall()
    first, second = reports(places)
    assert "it is wrong" in first
    assert "in thread worker" in second
    assert "ZeroDivisionError" in second
    assert "KeyboardInterrupt" in capsys.readouterr().err
    assert sys.excepthook is sys.__excepthook__
    assert threading.excepthook is threading.__excepthook__


def test_a_disk_that_takes_nothing_hides_nothing(crash: CrashReporter, places: Places) -> None:
    places.state.parent.mkdir(parents=True, exist_ok=True)
    places.state.write_text("a file where the folder should be")
    crash.install()
    try:
        crash.report(raised())
    finally:
        crash.uninstall()
    assert crash._dialog is not None
    assert "not written to a file" in crash._dialog._text


def test_old_reports_make_room(
    crash: CrashReporter, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_KEPT_REPORTS", 2)
    for number in range(4):
        crash.report(ValueError(number))
    assert len(reports(places)) == 2
    assert "ValueError: 3" in reports(places)[-1]
