"""Settings are typed, kept, and told."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray

from bascule.places import Places
from bascule_desktop.settings import Settings

VALUES = {
    "language": ("", "fr"),
    "theme": ("system", "dark"),
    "told_about_tray": (False, True),
    "notifications": (True, False),
    "geometry": (QByteArray(), QByteArray(b"\x00\x01geometry")),
    "splitter": (QByteArray(), QByteArray(b"\x00\x02splitter")),
    "group": ("", "Lab, ground floor"),
    "selected": ("", "scale-1"),
    "folder": ("", "/tmp/été"),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_setting_is_kept_and_told_once(places: Places, name: str) -> None:
    default, value = VALUES[name]
    settings = Settings(places)
    told: list[str] = []
    settings.changed.connect(told.append)
    assert getattr(settings, name) == default
    setattr(settings, name, value)
    setattr(settings, name, value)
    assert told == [name]
    settings.save()
    again = Settings(places)
    assert getattr(again, name) == value
    assert type(getattr(again, name)) is type(default)


def test_a_home_of_ones_own_has_its_own_settings(places: Places) -> None:
    settings = Settings(places)
    settings.language = "fr"
    settings.save()
    assert (places.config / "desktop.ini").is_file()


def test_nonsense_in_the_file_is_the_default_or_a_text(places: Places) -> None:
    places.config.mkdir(parents=True)
    (places.config / "desktop.ini").write_text("[General]\ngeometry=7\ntold_about_tray=perhaps\n")
    settings = Settings(places)
    assert settings.geometry == QByteArray()
    assert settings.told_about_tray is False
