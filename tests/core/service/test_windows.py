"""The service of Windows, asked of its service manager; its life is in tests/rigs/windows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bascule.service.definition import NAME, State
from bascule.service.windows import WindowsService, command_line


def test_a_path_with_blanks_is_quoted_so_that_no_other_program_can_be_meant(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", r"C:\Program Files\Bascule\bascule.exe")
    assert command_line() == r'"C:\Program Files\Bascule\bascule.exe" service run'


def test_what_would_be_installed_is_shown():
    shown = WindowsService(Path("C:/data")).show()
    assert command_line() in shown and rf"NT SERVICE\{NAME}" in shown and "D:P(" in shown


def test_a_program_of_one_person_is_no_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bascule.exe"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(PermissionError, match="for all users"):
        WindowsService(tmp_path / "home").install()
    assert not (tmp_path / "home").exists()


@pytest.mark.skipif(sys.platform != "win32", reason="the service manager of Windows")
def test_a_service_that_is_not_there_is_said_to_be(tmp_path: Path):
    service = WindowsService(tmp_path)
    assert service.status().state is State.ABSENT
    for verb in (service.start, service.stop, lambda: service.remove(purge=True)):
        with pytest.raises(FileNotFoundError, match="bascule service install"):
            verb()
    assert tmp_path.is_dir()
    seen = subprocess.run(["sc", "query", NAME], capture_output=True, check=False)
    assert seen.returncode != 0
