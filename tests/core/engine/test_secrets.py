"""Passwords: in a keyring where it takes them, else in a file of this user alone."""

# keyring's stubs type its backends' methods otherwise than its documentation does.
# pyright: reportArgumentType=false

from __future__ import annotations

import json
import logging
import stat
import sys
import threading
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError

from bascule.engine import secrets as module
from bascule.engine.secrets import Secrets, system_keyring
from bascule.errors import BasculeError, ErrorCode
from tests.helpers.disks import files_end_at


class KeptInMemory(keyring.backend.KeyringBackend):
    """A real backend, that can be locked."""

    priority = 1  # pyright: ignore[reportAssignmentType]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, str] = {}
        self.trouble: Exception | None = None

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        assert service == "Bascule"
        return self.held.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.held[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if username not in self.held:
            raise PasswordDeleteError
        del self.held[username]


@pytest.fixture
def ring() -> KeptInMemory:
    return KeptInMemory()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "secrets.json"


def missing(secrets: Secrets, reference: str) -> bool:
    try:
        secrets.read(reference)
    except BasculeError as exc:
        assert exc.code is ErrorCode.SECRET_MISSING
        return True
    return False


def test_no_reference_is_no_secret(file: Path):
    def never() -> None:
        pytest.fail("no keyring is needed for that")

    assert Secrets(file, never).read("") == ""


def test_a_keyring_keeps_them_and_no_file_does(file: Path, ring: KeptInMemory):
    secrets = Secrets(file, lambda: ring)
    secrets.write({"a": "one", "b": "tw\u00f6"})
    assert (secrets.read("a"), secrets.read("b")) == ("one", "tw\u00f6")
    assert ring.held == {"a": "one", "b": "tw\u00f6"}
    assert not file.exists()
    secrets.delete(["a", "unheard of"])
    assert missing(secrets, "a")
    assert secrets.read("b") == "tw\u00f6"


def test_without_a_keyring_a_private_file_keeps_them(file: Path):
    secrets = Secrets(file, lambda: None)
    secrets.write({"a": "one"})
    secrets.write({"b": "two"})
    assert (secrets.read("a"), secrets.read("b")) == ("one", "two")
    if sys.platform != "win32":  # which has no modes
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secrets.delete(["a"])
    assert json.loads(file.read_text()) == {"b": "two"}
    assert missing(Secrets(file, lambda: None), "a")


@pytest.mark.parametrize("trouble", [KeyringLocked(), KeyringError(), OSError(), RuntimeError()])
def test_a_locked_keyring_gives_way_to_the_file(file: Path, ring: KeptInMemory, trouble: Exception):
    secrets = Secrets(file, lambda: ring)
    ring.trouble = trouble
    secrets.write({"a": "one"})
    assert json.loads(file.read_text()) == {"a": "one"}
    assert secrets.read("a") == "one"
    assert missing(secrets, "b")
    secrets.delete(["a"])
    assert missing(secrets, "a")


def test_what_was_changed_while_the_keyring_was_locked_counts(file: Path, ring: KeptInMemory):
    secrets = Secrets(file, lambda: ring)
    secrets.write({"a": "old"})
    ring.trouble = KeyringLocked()
    secrets.write({"a": "new"})
    ring.trouble = None
    assert secrets.read("a") == "new"
    secrets.write({"a": "newest"})
    assert secrets.read("a") == ring.held["a"] == "newest"
    assert json.loads(file.read_text()) == {}


def test_a_keyring_is_sought_once_and_only_when_needed(file: Path, ring: KeptInMemory):
    asked: list[int] = []

    def find() -> KeptInMemory:
        asked.append(1)
        return ring

    secrets = Secrets(file, find)
    assert asked == []
    secrets.write({"a": "one"})
    secrets.read("a")
    assert asked == [1]


def test_many_threads_lose_nothing(file: Path):
    secrets = Secrets(file, lambda: None)
    threads = [
        threading.Thread(target=secrets.write, args=({f"r{number}": str(number)},))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert json.loads(file.read_text()) == {f"r{number}": str(number) for number in range(20)}


@pytest.mark.parametrize("data", [b"{", b"[]", b"\xff", b"[" * 200_000])
def test_a_damaged_file_is_put_aside(file: Path, data: bytes):
    secrets = Secrets(file, lambda: None)
    file.parent.mkdir()
    file.write_bytes(data)
    assert missing(secrets, "a")
    assert file.read_bytes() == data  # looking changes nothing
    secrets.write({"a": "one"})
    assert secrets.read("a") == "one"
    (aside,) = file.parent.glob("secrets.damaged-*")
    assert aside.read_bytes() == data


def test_what_is_no_text_in_the_file_is_no_secret(file: Path):
    file.parent.mkdir()
    file.write_text('{"a": 1, "b": "two"}')
    secrets = Secrets(file, lambda: None)
    assert missing(secrets, "a")
    assert secrets.read("b") == "two"


def test_a_full_disk_is_said_and_keeps_the_old(file: Path):
    secrets = Secrets(file, lambda: None)
    secrets.write({"a": "one"})
    with files_end_at(50), pytest.raises(BasculeError) as caught:
        secrets.write({"a": "x" * 100})
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE
    assert caught.value.facts == {"path": str(file), "why": "File too large"}
    assert "x" * 10 not in str(caught.value.problem)
    assert secrets.read("a") == "one"


def test_a_file_that_cannot_be_read_is_not_replaced(file: Path):
    file.mkdir(parents=True)
    secrets = Secrets(file, lambda: None)
    assert missing(secrets, "a")
    with pytest.raises(BasculeError) as caught:
        secrets.write({"a": "one"})
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE


def test_forgetting_on_a_full_disk_is_noted(file: Path, caplog: pytest.LogCaptureFixture):
    secrets = Secrets(file, lambda: None)
    secrets.write({"a": "the-canary", "b": "x" * 100})
    with files_end_at(50), caplog.at_level(logging.WARNING, "bascule"):
        secrets.delete(["a"])
    assert "secrets.json" in caplog.text
    assert "canary" not in caplog.text


def test_the_keyring_of_the_system(monkeypatch: pytest.MonkeyPatch, ring: KeptInMemory):
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(ring)
        assert system_keyring() is ring
        for none in (keyring.backends.fail.Keyring(), keyring.backends.null.Keyring()):
            keyring.set_keyring(none)
            assert system_keyring() is None
    finally:
        keyring.set_keyring(before)


def test_a_portable_copy_has_no_keyring(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ring: KeptInMemory
):
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    assert system_keyring() is ring
    monkeypatch.setattr(module, "portable_folder", lambda: tmp_path)
    assert system_keyring() is None
