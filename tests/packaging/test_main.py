"""`dev.py package` as it is typed: what it refuses before it spends minutes on a build."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from installer.facts import TOP


def package(*words: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(path)} if path else dict(os.environ)
    command = [sys.executable, "-m", "installer", *words]
    return subprocess.run(
        command, cwd=TOP, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_package_of_another_system_is_refused() -> None:
    done = package("dmg")
    assert done.returncode == 2
    assert "dmg cannot be made here: deb, rpm, run" in done.stderr


def test_a_missing_tool_is_said_before_anything_is_built(tmp_path: Path) -> None:
    done = package("deb", path=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("package: dpkg-deb is missing: ")
    assert done.stdout == ""
