"""What is said of the interpreter that goes into the program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from installer import interpreter

DEBIAN = "'--enable-shared' '--with-system-expat' '--with-lto' '--enable-optimizations'"


def test_what_configure_was_not_told_is_missed() -> None:
    assert interpreter.lacking(DEBIAN) == []
    assert interpreter.lacking("'--enable-optimizations'") == ["LTO"]
    assert interpreter.lacking("'--prefix=/opt/python'") == ["PGO", "LTO"]


def test_what_is_not_recorded_is_not_missed() -> None:
    assert interpreter.lacking("") == []


def test_the_one_in_use_is_asked_by_default() -> None:
    asked = "import sysconfig; print(sysconfig.get_config_var('CONFIG_ARGS') or '')"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert interpreter.lacking() == interpreter.lacking(told.stdout.strip())


def test_a_slow_one_is_named_with_what_to_do() -> None:
    version = ".".join(map(str, sys.version_info[:3]))
    plain = interpreter.sentence([])
    assert version in plain
    assert str(Path(sys.base_prefix)) in plain
    slow = interpreter.sentence(["PGO", "LTO"])
    assert slow.startswith(f"{plain}, but it was built without PGO and LTO")
    assert "python.org" in slow
