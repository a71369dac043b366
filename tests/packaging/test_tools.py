"""The programs that packages are made with: found, installed where that is allowed, or said."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from installer import tools
from installer.tools import TOOLS, Tool

ABSENT = Tool("no-such-program-of-ours", "ask somebody")


def make(folder: Path, name: str, text: str = "exit 0\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
    file.chmod(0o755)
    return file


def need(monkeypatch: pytest.MonkeyPatch, tool: Tool) -> list[Tool]:
    monkeypatch.setitem(TOOLS, "ours", (tool,))
    return tools.missing(["ours"])


def test_a_missing_one_is_said_with_where_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert need(monkeypatch, ABSENT) == [ABSENT]
    said = tools.sentence([ABSENT, *TOOLS["nsis"]]).splitlines()
    assert said[0] == "no-such-program-of-ours is missing: ask somebody"
    assert said[1].startswith("makensis is missing: ")


def test_one_on_the_path_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert need(monkeypatch, Tool("sh", "")) == []


def test_one_in_its_own_folder_is_put_onto_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setenv("PROGRAMS", str(tmp_path))
    made = make(tmp_path / "Ours", "packer-of-ours")
    assert need(monkeypatch, Tool(made.name, "", "$PROGRAMS/Ours")) == []
    assert shutil.which(made.name) == str(made)


@pytest.mark.parametrize("allowed", [True, False])
def test_it_is_installed_by_an_administrator_only(
    allowed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setattr(tools, "_is_administrator", lambda: allowed)
    target = tmp_path / "packer-of-ours"
    setup = make(tmp_path, "setup", 'cp "$0" "$1"\n')
    tool = Tool(target.name, "", str(tmp_path), (str(setup), str(target)))
    assert need(monkeypatch, tool) == ([] if allowed else [tool])
    assert target.is_file() == allowed


def test_an_installation_that_fails_leaves_it_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tools, "_is_administrator", lambda: True)
    setup = make(tmp_path, "setup", "exit 1\n")
    tool = Tool(ABSENT.program, "", str(tmp_path), (str(setup),))
    assert need(monkeypatch, tool) == [tool]


def test_each_kind_of_package_says_what_it_needs() -> None:
    assert set(TOOLS) == {"nsis", "msi", "dmg", "deb", "rpm", "run"}
    assert all(tool.whence for needed in TOOLS.values() for tool in needed)
    assert [tool.program for tool in TOOLS["msi"]] == ["wixl", "msibuild"]  # from one package
