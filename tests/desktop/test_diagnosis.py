"""What the window adds to a diagnosis."""

from __future__ import annotations

from PySide6.QtCore import qVersion

from bascule.places import Places
from bascule_desktop.diagnosis import window_texts
from bascule_desktop.settings import Settings


def test_settings_and_qt_are_told_and_nothing_of_the_persons(places: Places) -> None:
    settings = Settings(places)
    settings.language, settings.theme = "fr", "dark"
    settings.group, settings.folder, settings.selected = "mellon", "/srv/mellon", "mellon-1"
    settings.save()
    texts = window_texts(places)
    assert "language: fr\ntheme: dark\n" in texts["settings.txt"]
    assert f"Qt: {qVersion()}" in texts["window.txt"]
    assert "screen 1: " in texts["window.txt"]
    assert "mellon" not in "".join(texts.values())
