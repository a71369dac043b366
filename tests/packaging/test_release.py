"""What is released: the packages that the builds made, whole, listed, of the version asked for."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bascule import __version__
from bascule.managed import ADDRESS_VARIABLE
from bascule.spec.releases import release_from_json
from installer import release
from installer.facts import TOP
from installer.release import SUMS, UnfitError, gather, notes
from installer.release_file import NOTES_VARIABLE, PAGE_VARIABLE

LOG = """# Changelog

## [Unreleased]

## [1.2.0] - 2026-01-02

### Added
- A thing.

## [1.1.0]
"""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder as two builds leave it."""
    folder = tmp_path / "packages"
    for system, names in {"linux": ("b.deb", "b.rpm"), "macos": ("b.dmg",)}.items():
        (folder / system).mkdir(parents=True)
        lines = ""
        for name in names:
            content = f"{system} {name}".encode()
            (folder / system / name).write_bytes(content)
            lines += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        (folder / system / SUMS).write_text(lines, encoding="utf-8")
    return folder


def test_all_packages_get_one_list_that_sha256sum_accepts(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "release"
    files = gather(built, target)
    assert [file.name for file in files] == ["b.deb", "b.dmg", "b.rpm", SUMS]
    assert sorted(target.iterdir()) == sorted(files)
    command = ["sha256sum", "--check", "--strict", SUMS]
    checked = subprocess.run(command, cwd=target, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout.count(": OK")) == (0, 3), checked.stderr


def test_what_was_gathered_before_does_not_stay(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "release"
    target.mkdir()
    (target / "of-the-version-before.deb").touch()
    files = gather(built, target)
    assert set(target.iterdir()) == set(files)


def test_a_damaged_package_is_refused(built: Path, tmp_path: Path) -> None:
    with (built / "linux" / "b.rpm").open("ab") as file:
        file.write(b".")
    with pytest.raises(UnfitError, match=r"b\.rpm is damaged"):
        gather(built, tmp_path / "release")


@pytest.mark.parametrize("name", ["b.deb", "new.deb"])
def test_a_package_that_is_missing_or_not_listed_is_refused(
    name: str, built: Path, tmp_path: Path
) -> None:
    file = built / "linux" / name
    file.unlink() if file.exists() else file.touch()
    with pytest.raises(UnfitError, match=rf"differ: {re.escape(name)}$"):
        gather(built, tmp_path / "release")


def test_two_of_one_name_are_refused(built: Path, tmp_path: Path) -> None:
    (built / "again").mkdir()
    for file in (built / "macos").iterdir():
        (built / "again" / file.name).write_bytes(file.read_bytes())
    with pytest.raises(UnfitError, match=r"b\.dmg was built twice"):
        gather(built, tmp_path / "release")


@pytest.mark.parametrize("text", ["", "0123  b.dmg\n", f"{'0' * 64}  ../b.dmg\n"])
def test_a_damaged_list_is_refused(text: str, built: Path, tmp_path: Path) -> None:
    (built / "macos" / SUMS).write_text(text, encoding="utf-8")
    with pytest.raises(UnfitError, match="SHA256SUMS is damaged"):
        gather(built, tmp_path / "release")


def test_an_empty_folder_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(UnfitError, match="nothing was built"):
        gather(tmp_path, tmp_path / "release")


def test_the_notes_are_what_the_changelog_says_of_the_version() -> None:
    assert notes(LOG, "1.2.0") == "### Added\n- A thing.\n"
    for silent in ("1.1.0", "1.20", "Unreleased"):
        with pytest.raises(UnfitError, match=f"says nothing of {silent}"):
            notes(LOG, silent)


GH = """#!/bin/sh
printf '%s\\n' "$@" > {words}
cat > {input}
exit {status}
"""


class Released:
    """``dev.py release`` run on a checkout whose changelog has the version, with a stand-in for
    GitHub's client that writes down what it is told.
    """

    def __init__(self, folder: Path, packages: Path, patch: pytest.MonkeyPatch) -> None:
        self.words = folder / "words"
        self.notes = folder / "notes"
        self._folder = folder
        (folder / "CHANGELOG.md").write_text(LOG.replace("1.2.0", __version__), encoding="utf-8")
        patch.setattr(release, "TOP", folder)
        patch.setattr(release, "BUILD", folder / "build")
        patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        patch.delenv("GITHUB_REF_NAME", raising=False)
        for variable in (PAGE_VARIABLE, NOTES_VARIABLE, ADDRESS_VARIABLE):
            patch.setenv(variable, "")  # as a workflow says what is not set
        patch.setattr(sys, "argv", ["release", str(packages)])
        self.answer(0)

    def answer(self, status: int) -> None:
        """How the stand-in ends."""
        gh = self._folder / "gh"
        text = GH.format(words=self.words, input=self.notes, status=status)
        gh.write_text(text, encoding="utf-8")
        gh.chmod(0o755)


@pytest.fixture
def released(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Released:
    return Released(tmp_path, built, monkeypatch)


def test_a_release_is_a_draft_of_the_tag_with_all_files(released: Released) -> None:
    assert release.main() == 0
    words = released.words.read_text(encoding="utf-8").splitlines()
    assert words[:3] == ["release", "create", f"v{__version__}"]
    assert {"--draft", "--verify-tag"} <= set(words)
    assert [Path(word).name for word in words[-4:]] == ["b.deb", "b.dmg", "b.rpm", SUMS]
    assert released.notes.read_text(encoding="utf-8") == "### Added\n- A thing.\n"


def test_programs_hear_of_it_where_there_is_a_page_to_download_from(
    released: Released, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PAGE_VARIABLE, "https://downloads.example/bascule")
    assert release.main() == 0
    described = Path(released.words.read_text(encoding="utf-8").splitlines()[-1])
    read = release_from_json(described.read_bytes())
    assert [file.name for file in read.files] == ["b.deb", "b.dmg", "b.rpm"]
    monkeypatch.setenv(PAGE_VARIABLE, "http://downloads.example/bascule")
    assert release.main() == 1
    assert "release: " in capsys.readouterr().err


def test_programs_that_would_ask_in_vain_are_not_released(
    released: Released, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, "https://downloads.example/release.json")
    assert release.main() == 1
    assert PAGE_VARIABLE in capsys.readouterr().err
    assert not released.words.exists()


def test_what_github_refuses_is_a_failure(released: Released) -> None:
    released.answer(4)
    assert release.main() == 4


def test_a_tag_of_another_version_makes_none(
    released: Released, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_REF_NAME", "v99.0.0")
    assert release.main() == 1
    assert f"the tag is v99.0.0, but the version is {__version__}" in capsys.readouterr().err
    assert not released.words.exists()


def test_a_trial_makes_none(released: Released, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--dry-run"])
    assert release.main() == 0
    assert not released.words.exists()


def test_the_verb_is_there() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "installer.release", "--help"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "dev.py release" in done.stdout
