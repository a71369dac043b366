"""Where the files are: below one folder, or where the system has them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs
import pytest

from bascule.places import (
    HOME_VARIABLE,
    PORTABLE_FOLDER,
    PORTABLE_MARK,
    Places,
    built_in_folder,
    find_places,
    is_fleeting,
    portable_folder,
    program_folder,
    service_home,
)


def test_the_folders_of_a_home():
    places = Places(Path("/c"), Path("/s"), Path("/r"))
    assert places.profiles == Path("/c/profiles")
    assert places.deleted == Path("/c/deleted")
    assert places.certificates == Path("/c/certificates")
    assert places.secrets == Path("/c/secrets.json")
    assert places.logs == Path("/s/logs")


def test_a_home_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert find_places() == Places(tmp_path / "config", tmp_path / "state", tmp_path / "run")


def test_a_home_below_the_working_folder_stays_where_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(HOME_VARIABLE, "portable")
    assert find_places().config == tmp_path / "portable" / "config"


@pytest.mark.parametrize("value", [None, ""])
def test_the_folders_of_the_system(monkeypatch: pytest.MonkeyPatch, value: str | None):
    if value is None:
        monkeypatch.delenv(HOME_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(HOME_VARIABLE, value)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)  # platformdirs warns, we do not
    places = find_places()
    assert places.config == Path(platformdirs.user_config_dir("bascule", False, roaming=True))
    assert places.state == Path(platformdirs.user_state_dir("bascule", False, roaming=True))
    assert places.runtime.name == "bascule"
    assert str(os.getuid()) in str(places.runtime)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a built program."""
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bascule"))
    return tmp_path


@pytest.mark.parametrize("mark", [PORTABLE_FOLDER, PORTABLE_MARK])
def test_a_portable_copy_keeps_all_beside_itself(
    program: Path, monkeypatch: pytest.MonkeyPatch, mark: str
):
    installed = find_places()
    assert installed.portable is None
    assert program not in installed.config.parents
    if mark == PORTABLE_FOLDER:
        (program / mark).mkdir()
    else:
        (program / mark).touch()
    base = program / PORTABLE_FOLDER
    assert portable_folder() == base
    assert find_places() == Places(base / "config", base / "state", base / "run", base)


@pytest.mark.parametrize("mark", [PORTABLE_FOLDER, PORTABLE_MARK, None])
def test_a_portable_copy_with_a_home_of_its_own_is_portable_there(
    program: Path, monkeypatch: pytest.MonkeyPatch, mark: str | None
):
    """All that asks agrees: where its files are, and whether it may leave something elsewhere."""
    if mark == PORTABLE_FOLDER:
        (program / mark).mkdir()
    elif mark:
        (program / mark).touch()
    home = program / "other"
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    portable = home if mark else None
    assert portable_folder() == portable
    assert find_places() == Places(home / "config", home / "state", home / "run", portable)


def test_what_is_not_built_is_not_portable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    (tmp_path / PORTABLE_FOLDER).mkdir()
    assert program_folder() is None
    assert portable_folder() is None


def test_on_macos_the_folder_is_that_of_the_app(program: Path, monkeypatch: pytest.MonkeyPatch):
    assert program_folder() == program.resolve()
    inside = program / "Bascule.app" / "Contents" / "MacOS"
    monkeypatch.setattr(sys, "executable", str(inside / "bascule"))
    assert program_folder() == inside.resolve()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert program_folder() == program.resolve()


def test_what_is_built_in_is_where_the_program_says(program: Path, monkeypatch: pytest.MonkeyPatch):
    assert built_in_folder() == program.resolve()
    inside = program / "Bascule.app" / "Contents" / "Frameworks"
    monkeypatch.setattr(sys, "_MEIPASS", str(inside), raising=False)
    assert built_in_folder() == inside
    monkeypatch.delattr(sys, "frozen")
    assert built_in_folder() is None


def test_the_folder_of_the_service(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PROGRAMDATA", str(Path("/data")))
    assert service_home() == Path("/data/Bascule")


@pytest.mark.parametrize(
    ("program", "fleeting"),
    [
        ("/private/var/folders/x/T/AppTranslocation/1-2/d/Bascule.app/Contents/MacOS/b", True),
        ("/Volumes/no such image/Bascule.app/Contents/MacOS/b", True),
        ("/Applications/Bascule.app/Contents/MacOS/b", False),
        ("/opt/Volumes/b", False),
        (r"C:\Program Files\Bascule\bascule-desktop.exe", False),
    ],
)
def test_a_place_that_macos_lends_is_known(program: str, fleeting: bool) -> None:
    expected = fleeting and not (sys.platform == "win32" and program.startswith("/Volumes"))
    assert is_fleeting(program) is expected
