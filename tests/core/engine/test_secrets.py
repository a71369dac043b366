"""Secrets go to a keyring that works, else to a file of this user alone."""

from __future__ import annotations

import json
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from keyring.errors import KeyringError, PasswordDeleteError

from bascule.engine.secrets import Secrets, system_keyring
from bascule.errors import BasculeError, ErrorCode


class Vault:
    """A keyring in memory; ``locked`` makes it fail as a real one does."""

    def __init__(self, *, locked: bool = False) -> None:
        self.held: dict[str, str] = {}
        self.locked = locked

    def _check(self) -> None:
        if self.locked:
            raise KeyringError("locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.held.get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.held[f"{service}/{username}"] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.held.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("not there")


def test_a_keyring_keeps_them_and_no_file_is_written(tmp_path: Path):
    vault = Vault()
    secrets = Secrets(tmp_path / "secrets.json", vault)
    secrets.write({"ref": "s3cret"})
    assert vault.held == {"Bascule/ref": "s3cret"}
    assert secrets.read("ref") == "s3cret"
    assert secrets.read("") == ""
    secrets.delete(["ref", "never-there"])
    assert vault.held == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("vault", [None, Vault(locked=True)], ids=["none", "locked"])
def test_without_a_keyring_a_file_does(tmp_path: Path, vault: Vault | None):
    file = tmp_path / "config" / "secrets.json"
    secrets = Secrets(file, vault)
    secrets.write({"one": "1", "two": "2"})
    assert file.stat().st_mode & 0o777 == 0o600
    assert (secrets.read("one"), secrets.read("two")) == ("1", "2")
    secrets.delete(["one"])
    assert json.loads(file.read_text()) == {"two": "2"}
    with pytest.raises(BasculeError) as caught:
        secrets.read("one")
    assert caught.value.code is ErrorCode.SECRET_MISSING


def test_a_damaged_file_is_put_aside(tmp_path: Path):
    file = tmp_path / "secrets.json"
    file.write_text("{ half")
    secrets = Secrets(file, None)
    secrets.write({"one": "1"})
    assert secrets.read("one") == "1"
    assert (tmp_path / "secrets.damaged").read_text() == "{ half"
    file.write_text("[]")
    with pytest.raises(BasculeError):
        secrets.read("one")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "config").write_text("a file where the folder should be")
    with pytest.raises(BasculeError) as caught:
        Secrets(tmp_path / "config" / "secrets.json", None).write({"one": "1"})
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE


def test_a_system_without_a_keyring_has_none(monkeypatch: pytest.MonkeyPatch):
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(keyring.backends.fail.Keyring())
        assert system_keyring() is None
    finally:
        keyring.set_keyring(before)
