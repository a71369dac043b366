"""Settings are typed, kept, and told."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from bascule.places import Places
from bascule_desktop import settings as module
from bascule_desktop.settings import Settings
from tests.helpers.disks import files_end_at

VALUES = {
    "language": ("", "fr"),
    "theme": ("system", "dark"),
    "told_about_tray": (False, True),
    "notifications": (True, False),
    "looks_for_updates": (False, True),
    "looked_for_updates_at": ("", "1790000000"),
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


@pytest.fixture
def next_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version of Bascule, which calls the appearance something else."""

    def step(values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "theme": {"dark": "night"}.get(values.get("theme", ""), "day")}

    monkeypatch.setattr(module, "FORMAT", 2)
    monkeypatch.setattr(module, "STEPS", {1: step})


OLDER = "[General]\ntheme=dark\nfolder=/srv/a\n"


@pytest.fixture
def older(places: Places) -> Path:
    file = places.config / "desktop.ini"
    file.parent.mkdir(parents=True)
    file.write_text(OLDER, "utf-8")
    return file


@pytest.mark.usefixtures("next_format")
def test_settings_of_an_older_format_are_taken_over_and_kept_in_a_copy(
    places: Places, older: Path
) -> None:
    for _ in range(2):  # the second time there is nothing to take over
        settings = Settings(places)
        assert (settings.theme, settings.folder, settings.lasts) == ("night", "/srv/a", True)
    assert older.with_name("desktop.ini.format-1.bak").read_text("utf-8") == OLDER
    assert "format=2" in older.read_text("utf-8")


@pytest.mark.usefixtures("next_format")
def test_where_nothing_was_set_yet_there_is_nothing_to_take_over(places: Places) -> None:
    settings = Settings(places)
    assert (settings.lasts, settings.why_not_kept) == (True, None)
    settings.theme = "night"
    settings.save()
    assert Settings(places).theme == "night"
    assert [file.name for file in places.config.iterdir()] == ["desktop.ini"]


@pytest.mark.usefixtures("next_format")
def test_without_a_copy_an_older_file_is_not_touched(places: Places, older: Path) -> None:
    older.with_name("desktop.ini.format-1.bak").mkdir()
    settings = Settings(places)
    settings.folder = "/srv/b"
    settings.save()
    assert (settings.theme, settings.folder, settings.lasts) == ("night", "/srv/b", False)
    assert settings.why_not_kept
    assert older.read_text("utf-8") == OLDER


def test_settings_of_a_newer_format_are_read_and_never_written(places: Places, older: Path) -> None:
    text = "[General]\nformat=7\ntheme=dark\n"
    older.write_text(text, "utf-8")
    settings = Settings(places)
    assert (settings.theme, settings.lasts, settings.why_not_kept) == ("dark", False, None)
    settings.theme = "light"
    settings.save()
    assert settings.theme == "light"  # until it ends
    assert older.read_text("utf-8") == text


@pytest.mark.parametrize("said", ["", "format=soon\n"])
def test_what_says_no_format_has_the_first(places: Places, older: Path, said: str) -> None:
    older.write_text(OLDER + said, "utf-8")
    settings = Settings(places)
    settings.theme = "light"
    settings.save()
    assert settings.lasts
    assert "format=1" in older.read_text("utf-8")


@pytest.mark.parametrize(
    "damage", ["format=0\n", "format=-3\n", "format=soon\n", "format=@Invalid()\n", "[half\n"]
)
@pytest.mark.usefixtures("qapp")
def test_a_damaged_file_is_kept_in_a_copy_and_what_can_be_read_of_it_taken_over(
    places: Places, older: Path, damage: str
) -> None:
    older.write_text(OLDER + damage, "utf-8")
    for _ in range(2):  # the second time it is whole
        settings = Settings(places)
        assert (settings.theme, settings.folder, settings.lasts) == ("dark", "/srv/a", True)
        assert older.with_name("desktop.ini.damaged.bak").read_text("utf-8") == OLDER + damage
        assert "format=1" in older.read_text("utf-8")
    settings = Settings(places)
    settings.theme = "light"
    settings.save()
    assert "theme=light" in older.read_text("utf-8")
    assert settings.why_not_kept is None


@pytest.mark.usefixtures("next_format")
def test_a_damaged_file_is_taken_over_as_one_of_the_first_format(
    places: Places, older: Path
) -> None:
    older.write_text(f"{OLDER}format=0\n", "utf-8")
    assert Settings(places).theme == "night"


@pytest.fixture
def told(qapp: object) -> list[str]:
    """Why settings were not kept, as often as it was told."""
    return []


def test_a_full_disk_is_told_once_and_the_file_is_whole(
    places: Places, older: Path, told: list[str], qtbot: QtBot
) -> None:
    settings = Settings(places)
    settings.not_kept.connect(told.append)
    with files_end_at(4), qtbot.waitSignal(settings.not_kept):  # by itself, soon after
        settings.folder = "/srv/b"
    with files_end_at(4):
        settings.folder = "/srv/c"
        settings.save()
    assert told == [os.strerror(errno.EFBIG)] == [settings.why_not_kept]
    assert older.read_text("utf-8") == OLDER
    assert settings.folder == "/srv/c"
    settings.save()  # there is room again
    assert Settings(places).folder == "/srv/c"
    assert len(told) == 1


def test_where_no_file_can_be_it_is_told(places: Places, told: list[str], qtbot: QtBot) -> None:
    places.config.parent.mkdir(parents=True, exist_ok=True)
    places.config.write_bytes(b"")  # where the folder should be
    settings = Settings(places)
    settings.not_kept.connect(told.append)
    with qtbot.waitSignal(settings.not_kept):
        settings.theme = "dark"
    assert told == [settings.why_not_kept]
    assert told != [""]


def test_where_it_is_a_folder_it_is_told(places: Places, told: list[str], qtbot: QtBot) -> None:
    (places.config / "desktop.ini").mkdir(parents=True)
    settings = Settings(places)
    settings.not_kept.connect(told.append)
    with qtbot.waitSignal(settings.not_kept):
        settings.theme = "dark"
    assert told == [settings.why_not_kept]


@pytest.mark.usefixtures("qapp")
def test_a_file_of_an_older_format_that_cannot_be_rewritten_is_told(
    places: Places, older: Path, told: list[str]
) -> None:
    older.write_text(f"{OLDER}format=0\n", "utf-8")
    with files_end_at(len(OLDER) + len("format=0\n")):  # room for the copy
        settings = Settings(places)
        settings.not_kept.connect(told.append)
        settings.folder = "/srv/" + "b" * 100
        settings.save()
    assert told
    assert settings.theme == "dark"
