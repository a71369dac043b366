"""``python -m bascule`` is the command line, and writes UTF-8 into pipes."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from bascule import __version__
from bascule.__main__ import main


def test_as_a_process_with_an_old_code_page():
    done = subprocess.run(
        [sys.executable, "-m", "bascule", "--version"],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().split() == ["bascule", __version__]


def test_pipes_get_utf8(monkeypatch: pytest.MonkeyPatch):
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="cp1252"))
    monkeypatch.setattr(sys, "argv", ["bascule", "--version"])
    with pytest.raises(SystemExit):
        main()
    print("✓", flush=True)
    assert pipe.getvalue().decode() == f"bascule {__version__}\n✓\n"


def test_without_a_console_nothing_is_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(sys, "argv", ["bascule", "list"])
    monkeypatch.setenv("BASCULE_HOME", "/nonexistent/bascule")
    assert main() == 3
