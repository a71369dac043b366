"""release.json: made of the files that are published, and read by the program as it is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bascule import __version__
from bascule.errors import BasculeError, ErrorCode
from bascule.managed import ADDRESS_FILE, ADDRESS_VARIABLE
from bascule.spec.releases import ReleaseFile, release_from_json
from installer import release_file
from installer.facts import BUILT

PAGE = "https://downloads.example/bascule"


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    (folder := tmp_path / "packages").mkdir()
    (folder / "b.deb").write_bytes(b"deb")
    (folder / "a.exe").write_bytes(b"exe!")
    (folder / "SHA256SUMS").write_text("…", "utf-8")
    (folder / "unpacked").mkdir()
    return folder


def test_the_program_reads_what_is_published(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes := tmp_path / "notes").mkdir()
    (notes / "en.txt").write_text("New.\n", "utf-8")
    (notes / "fr.txt").write_text("Les nouveautés.\n", "utf-8")
    monkeypatch.setenv(release_file.PAGE_VARIABLE, PAGE)
    monkeypatch.setenv(release_file.NOTES_VARIABLE, str(notes))
    release_file.write(packages)
    read = release_from_json(release_file.write(packages).read_bytes())  # where it is there already
    assert (read.version, read.date, read.page) == (__version__, BUILT.date().isoformat(), PAGE)
    assert read.notes == {"en": "New.", "fr": "Les nouveautés."}
    assert read.files == (
        ReleaseFile("a.exe", 4, hashlib.sha256(b"exe!").hexdigest()),
        ReleaseFile("b.deb", 3, hashlib.sha256(b"deb").hexdigest()),
    )


def test_without_a_page_there_is_none(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(release_file.PAGE_VARIABLE, raising=False)
    with pytest.raises(BasculeError) as caught:
        release_file.write(packages)
    assert caught.value.code is ErrorCode.RELEASE_UNREADABLE
    assert not (packages / release_file.NAME).exists()


def test_what_no_program_would_read_is_not_published(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(release_file.PAGE_VARIABLE, PAGE)
    monkeypatch.setenv(release_file.NOTES_VARIABLE, str(tmp_path / "notes"))
    with pytest.raises(FileNotFoundError, match="notes"):
        release_file.write(packages)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "en.txt").write_text("New. " * 20_000, "utf-8")
    with pytest.raises(BasculeError, match="shorten the notes"):
        release_file.write(packages)
    assert not (packages / release_file.NAME).exists()


def test_a_build_names_the_address_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "https://downloads.example/release.json"
    monkeypatch.setenv(ADDRESS_VARIABLE, address)
    [(file, folder)] = release_file.named_address(tmp_path / "work")
    assert (Path(file).name, folder) == (ADDRESS_FILE, ".")
    assert Path(file).read_text("utf-8").strip() == address
    monkeypatch.setenv(ADDRESS_VARIABLE, "")
    assert release_file.named_address(tmp_path / "work") == []
