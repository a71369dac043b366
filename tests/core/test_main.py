"""The program itself: its words, its exit code, and UTF-8 into every pipe."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from bascule import __version__
from bascule.__main__ import main
from bascule.spec.built_in import Discard
from bascule.spec.local import Program
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.engines import run_bascule


def test_it_says_its_version(tmp_path: Path):
    done = run_bascule(tmp_path, "--version")
    assert (done.returncode, done.stdout) == (0, f"bascule {__version__}\n")


def test_words_that_are_not_understood(tmp_path: Path):
    done = run_bascule(tmp_path, "juggle")
    assert done.returncode == 2
    assert "juggle" in done.stderr


def test_a_pipe_gets_utf_8_whatever_the_system_says(tmp_path: Path):
    done = run_bascule(
        tmp_path, "run", "caf\u00e9 \u2615", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert done.returncode == 1
    assert "caf\u00e9 \u2615" in done.stderr or "cannot be read" in done.stderr


def test_a_pipe_is_read_as_utf_8_whatever_the_system_says(tmp_path: Path):
    relay = RelaySpec(Program(command="echo caf\u00e9 \u2615"), Discard(), once=True)
    profile = Profile("x-1", "X", relay, unconfirmed=True)
    done = run_bascule(
        tmp_path, "run", "-", stdin=profile_to_toml(profile),
        LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0",
    )  # fmt: skip
    assert done.returncode == 1
    assert "echo caf\u00e9 \u2615" in done.stderr  # nobody has confirmed it


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_a_terminal_keeps_its_encoding_and_line_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(sys, "argv", ["bascule", "list"])
    monkeypatch.setenv("BASCULE_HOME", str(tmp_path))
    shown, piped = io.BytesIO(), io.BytesIO()
    with (
        Terminal(shown, encoding="ascii", newline="\r\n") as terminal,
        io.TextIOWrapper(piped, encoding="ascii", newline="\r\n") as pipe,
    ):
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setattr(sys, "stderr", pipe)
        assert main() == 3
        assert (terminal.encoding, terminal.errors) == ("ascii", "replace")
        assert (pipe.encoding, pipe.errors) == ("utf-8", "replace")
        print("line", file=terminal, flush=True)
        print("line", file=pipe, flush=True)
        assert shown.getvalue() == b"line\r\n"
        *said, last = piped.getvalue().splitlines(keepends=True)
        assert said[0] == b"bascule: Bascule's engine is not running\n"
        assert last == b"line\n"


def test_a_program_without_a_console_has_no_output(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(sys, "argv", ["bascule", "list"])
    monkeypatch.setenv("BASCULE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main() == 3
