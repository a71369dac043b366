"""The dialog for updates: each state in words, the page in the browser, a download compared."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bascule import __version__
from bascule.errors import ErrorCode, Problem
from bascule.managed import ADDRESS_VARIABLE
from bascule.spec.releases import Release, ReleaseFile
from bascule_desktop.dialogs import ask
from bascule_desktop.settings import Settings
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme
from bascule_desktop.update_check import Looked
from bascule_desktop.views import openings, update_dialog
from bascule_desktop.views.main_window import MainWindow
from bascule_desktop.views.settings_dialog import SettingsDialog
from bascule_desktop.views.update_dialog import UpdateDialog
from tests.desktop.views.conftest import destroy
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import come_true

WHOLE = b"whole" * 1000
FILE = ReleaseFile("bascule.deb", len(WHOLE), hashlib.sha256(WHOLE).hexdigest())
RELEASE = Release("9.0.0", "2026-11-20", "https://d.example/b", {"en": "It is quicker."}, (FILE,))


@pytest.fixture
def parent(theme: Theme) -> Iterator[QWidget]:
    made = QWidget()
    made.show()
    yield made
    destroy(made)


def dialog(parent: QWidget, known: Looked | None = None, *command: str) -> UpdateDialog:
    def report(problem: Exception) -> None:
        raise problem

    made = UpdateDialog(Tasks(parent, report), parent, known=known, command=command)
    made.show()
    return made


def test_a_newer_version_is_shown_and_its_page_opened(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    shown = dialog(parent, Looked(RELEASE, newer=True))
    assert shown.title.text() == "Bascule 9.0.0 is available"
    assert f"you have {__version__}" in shown.said.text()
    assert "2026" in shown.said.text()
    assert shown.notes.text() == "It is quicker."
    assert shown.notes.isVisible()
    shown.open_page.click()
    assert opened == ["https://d.example/b"]


def test_the_newest_version_is_said_and_a_problem_told(parent: QWidget) -> None:
    shown = dialog(parent, Looked(RELEASE))
    assert shown.title.text() == "You have the newest version"
    assert (shown.open_page.isVisible(), shown.compare.isVisible()) == (False, True)
    problem = Problem(ErrorCode.UPDATES_OFF, "", facts={"why": "managed"})
    shown.show_known(Looked(problem=problem))
    assert shown.title.text() == "Updates of this copy are looked after by whoever installed it"
    assert (shown.open_page.isVisible(), shown.compare.isVisible()) == (False, False)


@pytest.mark.parametrize("code", [ErrorCode.TLS_UNTRUSTED, ErrorCode.TLS_NAME_MISMATCH])
def test_no_field_is_named_that_is_not_there(parent: QWidget, code: ErrorCode) -> None:
    problem = Problem(code, "", facts={"peer": "u.example:443", "names": "v.example"})
    shown = dialog(parent, Looked(problem=problem))
    assert shown.title.text()
    assert "“" not in shown.said.text()
    assert "Ask the people who look after this computer" in shown.said.text()


def test_every_button_has_room_for_its_words(parent: QWidget) -> None:
    shown = dialog(parent, Looked(RELEASE, newer=True))
    longest = "Ouvrir la page de téléchargement de cette version"
    shown.open_page.setText(longest)
    shown.show_known(Looked(RELEASE, newer=True))
    for button in shown.buttons.buttons():
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.text()


def test_it_looks_and_closing_it_ends_that(parent: QWidget, qtbot: QtBot) -> None:
    shown = dialog(parent, None, sys.executable, "-c", "import time; time.sleep(600)")
    assert shown.progress.isVisible()
    assert shown.check is not None
    process = shown.check._process
    qtbot.waitUntil(lambda: process.processId() > 0, timeout=int(PATIENCE_SECONDS * 1000))
    shown.reject()
    assert process.processId() == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("b (1).deb", WHOLE, "b (1).deb is whole: it is exactly bascule.deb of this version."),
        ("bascule.deb", WHOLE[:-1], "bascule.deb is damaged, or not what was published"),
        ("other.deb", b"", "other.deb is none of the files of this version"),
        ("absent.deb", None, "absent.deb cannot be read: No such file or directory."),
    ],
)
async def test_a_download_is_compared(
    parent: QWidget,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes | None,
    said: str,
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    async def chosen(*_: object) -> Path:
        return file

    monkeypatch.setattr(update_dialog, "choose_file", chosen)
    shown = dialog(parent, Looked(RELEASE, newer=True))
    shown.compare.click()
    await come_true(shown.verdict.isVisible)
    assert shown.verdict.text().startswith(said)


@pytest.mark.skipif(sys.platform == "win32", reason="a named pipe is a file that takes its time")
async def test_closed_while_a_download_is_compared_it_is_no_fault(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow.deb"
    os.mkfifo(slow)

    async def chosen(*_: object) -> Path:
        return slow

    monkeypatch.setattr(update_dialog, "choose_file", chosen)
    faults: list[Exception] = []
    tasks = Tasks(parent, faults.append)
    shown = UpdateDialog(tasks, parent, known=Looked(RELEASE, newer=True))
    tasks.start("update", ask(shown))
    await come_true(shown.isVisible)
    shown.compare.click()
    with await asyncio.to_thread(slow.open, "wb") as opened:
        shown.reject()
        await come_true(lambda: not isValid(shown))
        opened.write(WHOLE)
    await come_true(lambda: not tasks.running("compare download"))
    assert faults == []


@pytest.mark.parametrize("newer", [True, False])
def test_a_newer_version_is_told_once_a_week(
    window: MainWindow,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    newer: bool,
) -> None:
    answer = '{"release": {"version": "9.0.0", "date": "2026-11-20", "page": "https://d.example/"}'
    answer += f', "newer": {str(newer).lower()}}}'
    looked: list[openings.UpdateCheck] = []

    def check(parent: openings.Openings) -> openings.UpdateCheck:
        words = [sys.executable, "-c", f"print({answer!r})"]
        looked.append(openings_check(parent, words))
        return looked[-1]

    openings_check = openings.UpdateCheck
    monkeypatch.setattr(openings, "UpdateCheck", check)
    monkeypatch.setenv(ADDRESS_VARIABLE, "https://d.example/release.json")
    window._openings.look_for_updates()
    assert looked == []  # nobody has asked for it
    settings.looks_for_updates = True
    window._openings.look_for_updates()
    with qtbot.waitSignal(looked[0].done, timeout=int(PATIENCE_SECONDS * 1000)):
        pass
    window._openings.look_for_updates()
    assert len(looked) == 1
    assert window.notice.isVisible() is newer
    if newer:
        assert window.notice.text.text() == "Bascule 9.0.0 is available."


@pytest.mark.parametrize("address", ["", "https://d.example/release.json"])
def test_the_setting_has_a_switch_where_it_has_an_effect(
    parent: QWidget, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, address)
    shown = SettingsDialog(settings, parent)
    assert not shown.updates.isChecked()
    shown.updates.click()
    assert settings.looks_for_updates is bool(address)
    assert ("names no place" in shown.updates_note.text()) is not bool(address)
