"""How certificate and key files are written: never over another, never half, the key private."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from bascule.certificates import files
from bascule.certificates.files import (
    certificate_unreadable,
    key_unreadable,
    read_limited,
    safe_stem,
    write_new_pair,
)
from bascule.errors import ErrorCode, SpecError

posix_modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_pair_is_written_under_the_next_free_name(tmp_path: Path):
    folder = tmp_path / "new" / "folder"
    first = write_new_pair(folder, "db", b"certificate", b"key")
    assert first == (folder / "db.pem", folder / "db.key")
    assert write_new_pair(folder, "db", b"other", b"other key")[0].name == "db-2.pem"
    assert [path.read_bytes() for path in first] == [b"certificate", b"key"]
    assert sorted(path.name for path in folder.iterdir()) == [
        "db-2.key",
        "db-2.pem",
        "db.key",
        "db.pem",
    ]


def test_a_name_taken_by_either_file_is_left_alone(tmp_path: Path):
    (tmp_path / "db.pem").write_bytes(b"theirs")
    (tmp_path / "db-2.key").write_bytes(b"theirs too")
    certificate, key = write_new_pair(tmp_path, "db", b"certificate", b"key")
    assert (certificate.name, key.name) == ("db-3.pem", "db-3.key")
    assert not (tmp_path / "db.key").exists()
    assert (tmp_path / "db.pem").read_bytes() == b"theirs"


@posix_modes
def test_the_key_is_private_from_its_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made: dict[str, int] = {}
    real_open = os.open

    def watched(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = real_open(path, flags, mode)
        made[Path(path).name] = stat.S_IMODE(os.fstat(descriptor).st_mode)
        assert flags & os.O_EXCL
        return descriptor

    monkeypatch.setattr(files.os, "open", watched)
    certificate, key = write_new_pair(tmp_path / "folder", "db", b"certificate", b"key")
    assert {mode for name, mode in made.items() if ".key" in name} == {0o600}
    assert mode_of(key) == 0o600
    assert mode_of(certificate) & 0o600 == 0o600
    assert mode_of(tmp_path / "folder") == 0o700


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(SpecError) as caught:
        write_new_pair(tmp_path, "db", b"certificate", b"key")
    assert caught.value.code is ErrorCode.CERTIFICATE_UNWRITABLE
    assert caught.value.facts["why"] == "No space left on device"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_said(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SpecError) as caught:
        write_new_pair(tmp_path / "file", "db", b"certificate", b"key")
    assert caught.value.code is ErrorCode.CERTIFICATE_UNWRITABLE
    assert str(tmp_path / "file") in str(caught.value.facts["path"])


def test_a_file_that_is_missing_or_too_large_is_not_read(tmp_path: Path):
    largest = tmp_path / "largest.pem"
    largest.write_bytes(bytes(1024 * 1024))
    assert len(read_limited(largest)) == 1024 * 1024
    with pytest.raises(ValueError, match="No such file"):
        read_limited(tmp_path / "none.pem")
    large = tmp_path / "large.pem"
    large.write_bytes(bytes(1024 * 1024 + 1))
    with pytest.raises(ValueError, match="too large"):
        read_limited(large)


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("db.example", "db.example"),
        ("::1", "_1"),
        ("bücher/../x", "b_cher_.._x"),
        ("com2", "_com2"),
        ("NUL.example", "_NUL.example"),
        ("console", "console"),
        ("...", "_"),
        ("a" * 100, "a" * 64),
    ],
)
def test_stems_are_good_on_every_system(text: str, stem: str):
    assert safe_stem(text) == stem


def test_what_cannot_be_read_is_said_with_path_reason_and_field():
    facts = {"path": "a.pem", "why": "it is damaged"}
    for error, code, field in [
        (certificate_unreadable("a.pem", "it is damaged"), "certificate_unreadable", "certificate"),
        (key_unreadable("a.pem", "it is damaged"), "key_unreadable", "key"),
    ]:
        assert (error.code, error.field, error.facts) == (ErrorCode(code), field, facts)
