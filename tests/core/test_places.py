"""Where files go: below one folder if asked for, else where each system has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bascule.places import HOME_VARIABLE, find_places


def test_a_home_of_ones_own_holds_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    places = find_places()
    mine = [places.profiles, places.deleted, places.certificates, places.secrets, places.logs]
    assert all(path.is_relative_to(tmp_path) for path in [*mine, places.runtime])
    assert len(set(mine)) == len(mine)


def test_without_one_the_system_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    places = find_places()
    assert places.config.name == "bascule"
    assert places.profiles.parent == places.config
