"""What the service is, and which program it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bascule import __version__
from bascule.service.definition import program_command, typed


def test_the_command_is_this_installations_command_line():
    said = subprocess.check_output([*program_command(), "--version"], text=True)
    assert said.split() == ["bascule", __version__]


def test_a_built_program_is_its_own_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program_command() == (sys.executable,)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A built program, which is not on PATH."""
    name = "bascule.exe" if sys.platform == "win32" else "bascule"
    program = tmp_path / "its folder" / name
    program.parent.mkdir()
    program.write_bytes(b"")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setenv("PATH", str(tmp_path))
    return program


def test_a_checkout_speaks_of_its_command_by_its_name():
    assert typed("list") == "bascule list"


def test_a_program_that_a_terminal_finds_is_called_by_its_name(
    built: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(built.parent))
    assert typed("service start") == "bascule service start"


@pytest.mark.skipif(sys.platform == "win32", reason="a link, as packages for Linux have it")
def test_so_is_one_that_a_link_leads_to(built: Path, tmp_path: Path):
    (tmp_path / "bascule").symlink_to(built)
    assert typed("list") == "bascule list"


def test_a_program_that_no_terminal_finds_is_called_by_its_path(built: Path):
    said = typed("service start")
    assert said.startswith(f'"{built}" service start')
    assert ("type & before it" in said) == (sys.platform == "win32")


def test_nor_is_another_bascule_meant(built: Path, tmp_path: Path):
    other = tmp_path / built.name
    other.write_bytes(b"")
    other.chmod(0o755)
    assert typed("list").startswith(f'"{built}" list')


def test_a_path_without_blanks_needs_no_quotes(
    built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    place = built.rename(tmp_path / f"built-{built.name}")
    monkeypatch.setattr(sys, "executable", str(place))
    assert typed("list") == f"{place} list"


@pytest.mark.skipif(sys.platform == "win32", reason="a script, run by a shell of POSIX")
def test_what_is_said_can_be_typed(built: Path):
    built.write_text('#!/bin/sh\necho "called: $*"\n')
    said = subprocess.check_output(["/bin/sh", "-c", typed("--engine service list")], text=True)
    assert said == "called: --engine service list\n"
