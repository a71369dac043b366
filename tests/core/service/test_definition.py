"""What the service is, and which program it runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bascule import __version__
from bascule.service.definition import program_command


def test_the_command_is_this_installations_command_line():
    said = subprocess.check_output([*program_command(), "--version"], text=True)
    assert said.split() == ["bascule", __version__]


def test_a_built_program_is_its_own_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program_command() == (sys.executable,)
