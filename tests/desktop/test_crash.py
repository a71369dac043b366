"""What nobody caught is written down, and shown once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bascule.control.rendezvous import Rendezvous
from bascule.errors import ErrorCode, SpecError
from bascule.places import Places
from bascule_desktop import crash as module
from bascule_desktop.crash import CrashDialog, CrashReporter
from bascule_desktop.views.diagnosis_dialog import DiagnosisDialog
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import come_true, wait_until


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


def test_another_window_may_be_wanted(crash: CrashReporter, qtbot: QtBot) -> None:
    crash.report(raised())
    assert crash._dialog is not None
    with qtbot.waitSignal(crash.leave_wanted):
        button(crash._dialog, "Restart Bascule").click()
    assert crash.restart_wanted
    assert not isValid(crash._dialog) or not crash._dialog.isVisible()


async def test_what_helps_can_be_seen_from_there(crash: CrashReporter) -> None:
    crash.report(raised())
    assert crash._dialog is not None
    button(crash._dialog, "Save a file for help…").click()
    dialog = crash._dialog.findChild(DiagnosisDialog)
    assert isinstance(dialog, DiagnosisDialog)
    await come_true(dialog.save.isEnabled)
    names = [dialog.files.item(row).text() for row in range(dialog.files.count())]
    assert any("desktop-crash-" in name for name in names)
    dialog.reject()


def button(dialog: CrashDialog, text: str) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.text() == text)


@pytest.mark.skipif(sys.platform == "win32", reason="crashes by a signal")
def test_a_window_that_crashed_is_told_of_once_by_the_next(
    crash: CrashReporter, places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    process = subprocess.Popen([sys.executable, "-m", "bascule_desktop"], stdout=-1, stderr=-1)
    file = places.logs / "desktop-native.log"
    try:
        wait_until(lambda: Rendezvous(places.runtime).read() is not None)  # the window is there
        assert file.read_text() == ""
        process.send_signal(signal.SIGSEGV)
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGSEGV
    finally:
        process.kill()
        process.communicate()
        meeting = Rendezvous(places.runtime).read()
        if meeting is not None:
            with contextlib.suppress(ProcessLookupError):  # it has just left
                os.kill(meeting.pid, signal.SIGTERM)
    assert "Segmentation fault" in file.read_text()
    crash.watch_native()
    crash.uninstall()
    assert crash._dialog is None  # there is no window yet, and no language
    crash.tell_last_time(QWidget())
    dialog = crash._dialog
    assert dialog is not None
    assert "ended unexpectedly last time" in labels(dialog)
    assert "Segmentation fault" in dialog._text
    assert "Segmentation fault" in (places.logs / "desktop-native-last.log").read_text()
    dialog.close()
    again = CrashReporter(places)
    again.watch_native()
    again.uninstall()
    again.tell_last_time(QWidget())
    assert again._dialog is None
    assert not file.exists()


def labels(dialog: CrashDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel))


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
    await asyncio.wait_for(crash.until_read(), PATIENCE_SECONDS)


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
    crash.watch_native()
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
