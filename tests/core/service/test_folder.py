"""The folder of the Windows service; what its rights keep out is shown by Windows, not by wine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bascule.service.folder import own_identity, owner_of, prepare
from bascule.service.rights import ADMINISTRATORS, SYSTEM, folder_rights

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="rights of Windows")


def test_it_is_made_and_its_rights_are_given_again(tmp_path: Path):
    folder = tmp_path / "a" / "Bascule"
    for _ in range(2):
        prepare(folder, folder_rights("Bascule"))
        assert owner_of(folder) in (ADMINISTRATORS, SYSTEM, own_identity())
        (folder / "profile.toml").write_text("mine")


def test_a_strangers_folder_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # Who runs this test made the folder, and is said to be somebody else.
    monkeypatch.setattr("bascule.service.folder.own_identity", lambda: "S-1-5-7")
    monkeypatch.setattr("bascule.service.folder.ADMINISTRATORS", "S-1-5-7")
    monkeypatch.setattr("bascule.service.folder.SYSTEM", "S-1-5-7")
    with pytest.raises(PermissionError, match="not an administrator"):
        prepare(tmp_path, folder_rights("Bascule"))


def test_what_leads_elsewhere_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # wine makes no junctions, so a folder is said to be one.
    monkeypatch.setattr(Path, "is_junction", lambda _path: True)
    with pytest.raises(PermissionError, match="leads to one"):
        prepare(tmp_path, folder_rights("Bascule"))


def test_an_identity_is_one():
    assert own_identity().startswith("S-1-5-")
