"""The settings say where what is chosen there cannot be kept."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bascule.places import Places
from bascule_desktop.settings import Settings
from bascule_desktop.views.settings_dialog import SettingsDialog


def test_what_cannot_be_kept_is_told_where_it_is_chosen(places: Places, qtbot: QtBot) -> None:
    (places.config / "desktop.ini").mkdir(parents=True)
    settings, parent = Settings(places), QWidget()
    qtbot.addWidget(parent)
    dialog = SettingsDialog(settings, parent)
    assert dialog.not_kept_note.isHidden()
    with qtbot.waitSignal(settings.not_kept):
        settings.theme = "dark"
    again = SettingsDialog(settings, parent)
    for each in (dialog, again):
        assert not each.not_kept_note.isHidden()
        assert str(places.config) in each.not_kept_note.text()


def test_words_that_come_while_it_is_open_are_seen_whole(places: Places, qtbot: QtBot) -> None:
    (places.config / "desktop.ini").mkdir(parents=True)
    settings = Settings(places)
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    dialog.show()
    other = dialog.language.findData("fr")
    with qtbot.waitSignal(settings.not_kept):
        dialog.language.setCurrentIndex(other)
        dialog.language.activated.emit(other)
    qtbot.waitUntil(dialog.not_kept_note.isVisible)
    for each in (dialog.not_kept_note, dialog.language_note, dialog.language, dialog.theme):
        assert each.isVisible()
        assert each.height() >= max(
            each.heightForWidth(each.width()), each.minimumSizeHint().height()
        )


def test_a_newer_format_and_one_that_cannot_be_copied_are_told_apart(
    places: Places, qtbot: QtBot
) -> None:
    file = places.config / "desktop.ini"
    file.parent.mkdir(parents=True)
    for text, copy, is_newer in (
        ("[General]\nformat=7\n", "desktop.ini.format-7.bak", True),
        ("[General]\nformat=0\n", "desktop.ini.damaged.bak", False),
    ):
        file.write_text(text, "utf-8")
        file.with_name(copy).mkdir()
        dialog = SettingsDialog(Settings(places))
        qtbot.addWidget(dialog)
        assert dialog.newer_note.isHidden() is not is_newer
        assert dialog.not_kept_note.isHidden() is is_newer
