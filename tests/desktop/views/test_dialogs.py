"""The window's own dialogs: import, settings, about, demonstration."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from bascule.places import Places
from bascule.spec.endpoints import SerialPort, TcpListen
from bascule_desktop import autostart, login_entry
from bascule_desktop.login_entry import Entry
from bascule_desktop.settings import Settings
from bascule_desktop.theme import Theme
from bascule_desktop.views.about_dialog import AboutDialog
from bascule_desktop.views.demo_dialog import DemoDialog, demo_command
from bascule_desktop.views.import_dialog import ImportDialog
from bascule_desktop.views.settings_dialog import SettingsDialog
from tests.desktop.relay_facts import CHAIN, profile, spec
from tests.desktop.views.conftest import destroy
from tests.helpers.contract import PATIENCE_SECONDS

LEFT = Qt.MouseButton.LeftButton
WAIT = int(PATIENCE_SECONDS * 1000)


@pytest.fixture
def parent(theme: Theme) -> Iterator[QWidget]:
    made = QWidget()
    made.show()
    yield made
    destroy(made)


def labels(dialog: QDialog, name: str = "") -> list[str]:
    found = dialog.findChildren(QLabel, name) if name else dialog.findChildren(QLabel)
    return [label.text() for label in found]


# import -----------------------------------------------------------------------------------------


def test_import_says_and_shows_what_the_profile_does(
    parent: QWidget, theme: Theme, qtbot: QtBot
) -> None:
    dialog = ImportDialog(profile("x-1", "Database", CHAIN), theme, parent)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert "through the proxies at 10.0.0.3:1080" in labels(dialog, "import_sentence")[0]
    picture = dialog.findChild(QWidget, "route")
    assert picture is not None
    assert "10.9.9.9" in picture.accessibleName()
    card = picture.parentWidget()
    assert card is not None
    assert picture.geometry().bottom() < card.height()
    dialog.name.setText("  ")
    assert not dialog.accept_button.isEnabled()
    dialog.name.setText(" Supplier ")
    qtbot.mouseClick(dialog.accept_button, LEFT)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.profile.name == "Supplier"
    assert dialog.profile.relay == CHAIN


def test_import_warns_of_an_exposed_relay(parent: QWidget, theme: Theme) -> None:
    relay = spec(TcpListen(2001, "0.0.0.0"), SerialPort("COM5"))
    exposed = ImportDialog(profile(spec=relay), theme, parent)
    assert "Anyone on the network can connect" in labels(exposed)
    assert "Anyone on the network can connect" not in labels(ImportDialog(profile(), theme, parent))


# settings ---------------------------------------------------------------------------------------


def test_settings_take_effect_at_once(parent: QWidget, settings: Settings, qtbot: QtBot) -> None:
    dialog = SettingsDialog(settings, parent)
    dialog.show()
    assert not dialog.language_note.isVisible()
    dialog.language.setCurrentIndex(dialog.language.findData("fr"))
    dialog.language.activated.emit(0)
    assert settings.language == "fr"
    assert dialog.language_note.isVisible()
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    dialog.theme.activated.emit(0)
    assert settings.theme == "dark"
    qtbot.mouseClick(dialog.notifications, LEFT, pos=dialog.notifications.rect().center())
    assert settings.notifications is dialog.notifications.isChecked()
    again = SettingsDialog(settings, parent)
    assert again.language.currentText() == "Français"
    assert again.theme.currentText() == "Dark"


@pytest.mark.parametrize("number", [1, 2])
def test_settings_of_a_newer_bascule_are_said_to_stay(
    parent: QWidget, places: Places, number: int
) -> None:
    places.config.mkdir(parents=True)
    (places.config / "desktop.ini").write_text(f"[General]\nformat={number}\n", "utf-8")
    dialog = SettingsDialog(Settings(places), parent)
    dialog.show()
    assert dialog.newer_note.isVisible() is (number > 1)


def test_start_at_login_is_the_systems_own_entry(parent: QWidget, settings: Settings) -> None:
    dialog = SettingsDialog(settings, parent)
    assert not dialog.login.isChecked()
    dialog.login.click()
    assert autostart.is_enabled()
    dialog.login.click()
    assert not autostart.is_enabled()


def test_a_portable_copy_says_so(
    parent: QWidget, theme: Theme, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    for portable in (None, Path("/media/stick/bascule-data")):
        settings = Settings(replace(places, portable=portable))
        monkeypatch.setattr(autostart, "portable_folder", lambda p=portable: p)
        dialog = SettingsDialog(settings, parent)
        dialog.show()
        assert dialog.portable_note.isVisible() is dialog.login.isHidden() is (portable is not None)
        about = AboutDialog(theme, parent, portable=portable)
        said = [] if portable is None else [f"Portable: everything is kept in {portable}"]
        assert labels(about, "portable") == said
    assert str(portable) in dialog.portable_note.text()


def test_a_refused_start_at_login_is_said(
    parent: QWidget, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(enabled: bool) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(autostart, "set_enabled", refuse)
    monkeypatch.setattr(autostart, "is_enabled", lambda: False)
    dialog = SettingsDialog(settings, parent)
    dialog.show()
    dialog.login.click()
    assert dialog.login_note.text() == "The system did not allow it: Permission denied."
    assert dialog.login_note.isVisible()
    assert not dialog.login.isChecked()


def test_what_an_administrator_has_set_for_everybody_is_shown_and_stays(
    parent: QWidget, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for theirs in (None, Entry(sys.executable)):
        monkeypatch.setattr(login_entry, "read_for_everybody", lambda e=theirs: e)
        dialog = SettingsDialog(settings, parent)
        dialog.show()
        there = theirs is not None
        assert dialog.login.isChecked() is dialog.everybody_note.isVisible() is there
        assert dialog.login.isEnabled() is not there


def test_about_says_the_version(parent: QWidget, theme: Theme) -> None:
    said = labels(AboutDialog(theme, parent), "versions")[0]
    assert said.startswith("Version ")
    assert "MIT" in said


# demonstration ----------------------------------------------------------------------------------


def played(*lines: str, status: int = 0) -> tuple[str, list[str]]:
    script = f"import sys\nfor line in {lines!r}: print(line, flush=True)\nsys.exit({status})"
    return sys.executable, ["-c", script]


def test_the_demonstration_shows_its_lines(parent: QWidget, theme: Theme, qtbot: QtBot) -> None:
    command = played("✓ One: fine", "✗ Two: not", "1 passed, 1 failed", status=1)
    dialog = DemoDialog(theme, parent, command)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.progress.isVisible(), timeout=WAIT)
    assert labels(dialog, "demo_line") == ["One: fine", "Two: not"]
    spoken = {label.accessibleName() for label in dialog.findChildren(QLabel)}
    assert {"Passed", "Failed"} <= spoken
    assert dialog.outcome.text() == "Not everything works on this computer. 1 passed, 1 failed"
    qtbot.mouseClick(dialog.close_button, LEFT)
    assert not dialog.isVisible()


def test_a_demonstration_that_passes(parent: QWidget, theme: Theme, qtbot: QtBot) -> None:
    dialog = DemoDialog(theme, parent, played("✓ One: fine", "1 passed, 0 failed"))
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.progress.isVisible(), timeout=WAIT)
    assert dialog.outcome.text() == "Everything works on this computer. 1 passed, 0 failed"


def test_a_demonstration_that_cannot_start(parent: QWidget, theme: Theme, qtbot: QtBot) -> None:
    dialog = DemoDialog(theme, parent, ("/nowhere/bascule", []))
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.progress.isVisible(), timeout=WAIT)
    assert dialog.outcome.text().startswith("The demonstration could not be started")


def test_closing_it_ends_the_demonstration(parent: QWidget, theme: Theme, qtbot: QtBot) -> None:
    dialog = DemoDialog(theme, parent, (sys.executable, ["-c", "import time; time.sleep(600)"]))
    dialog.show()
    qtbot.waitUntil(lambda: dialog._process.processId() > 0)
    dialog.reject()
    assert dialog._process.processId() == 0


def test_the_demonstration_is_our_own_program() -> None:
    program, words = demo_command()
    assert program == sys.executable
    assert words[-2:] == ["bascule", "demo"]
