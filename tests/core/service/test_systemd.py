"""The service as a unit; systemd itself reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bascule.service.systemd import UNIT, entry, unit
from tests.helpers.contract import PATIENCE_SECONDS


def _complaints(file: Path) -> str:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(file)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return done.stderr if done.returncode or UNIT in done.stderr else ""


def test_systemd_takes_the_unit_whatever_the_program_is_called(tmp_path: Path):
    program = tmp_path / "a b 100% é"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    made = tmp_path / UNIT
    made.write_text(unit([str(program), "engine", "--leave-after", "inf"]))
    assert _complaints(made) == ""
    made.write_text(unit([f"{program}-that-is-not-there"]))
    assert "not executable" in _complaints(made)  # it did look at the program


def test_it_lies_with_the_persons_settings_and_lingers(tmp_path: Path):
    made = entry(["/usr/bin/bascule", "engine"], tmp_path)
    assert made.file == tmp_path / "systemd/user/bascule-engine.service"
    assert "ExecStart=/usr/bin/bascule engine\n" in made.text
    assert made.load == (("systemctl", "--user", "daemon-reload"),)
    assert made.install[-1] == ("loginctl", "enable-linger")
