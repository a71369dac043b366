"""``bascule diagnose``: a file, a list of what is in it, and what keeps it from being written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bascule.cli.command import EXIT_FAILED, run
from bascule.places import HOME_VARIABLE


@pytest.mark.parametrize("words", [(), ("--without-hosts",)])
def test_it_says_what_is_in_the_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    file = tmp_path / "made.zip"
    assert run(["diagnose", str(file), *words]) == 0
    said = capsys.readouterr().out
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert ("names of hosts" in archive.read("about.txt").decode()) == bool(words)
    assert "versions.txt" in names
    for name in names:
        assert f"  {name} (" in said


def test_what_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    assert run(["diagnose", str(tmp_path / "none" / "made.zip")]) == EXIT_FAILED
    assert "cannot be written: No such file or directory" in capsys.readouterr().err
