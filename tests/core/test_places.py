"""Where the files are: below one folder, or where the system has them."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from bascule.places import HOME_VARIABLE, Places, find_places, service_home


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


def test_the_folder_of_the_service(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PROGRAMDATA", str(Path("/data")))
    assert service_home() == Path("/data/Bascule")
