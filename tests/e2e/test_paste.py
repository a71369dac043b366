"""Pasting in the real window: a command is read, looked at, continued with, and carries bytes."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_window import desktop, echo, home, pass_the_test
from tests.helpers.echo import LOCAL, exchange, there_and_back
from tests.helpers.ports import free_port
from tests.helpers.processes import listening
from tests.helpers.screen import PATIENCE_SECONDS, Screen, eventually, screen

__all__ = ["echo", "home"]  # fixtures

FIELD = "Paste a command or a configuration"
AGREED = "I have read this command and want it to run on this computer"

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as shown:
        yield shown


def save_and_start(shown: Screen, name: str, *, test: str, state: str = "Running") -> None:
    """Go from the filled page of the wizard to the relay that runs, or is in another ``state``."""
    pass_the_test(shown, test)
    shown.type("text", "Name", name)
    shown.press("button", "Save and start")
    shown.expect("label", "relay_name", name)
    shown.expect("label", "relay_state", state)


def test_a_pasted_command_becomes_a_relay_that_carries(shown: Screen, home: Path, echo: int):
    port = free_port()
    with desktop(shown, home):
        shown.press("button", "Paste a command…")
        wrong = f"socat TCP-LISTEN:{port},bind={LOCAL},frok TCP:{LOCAL}:{echo}"
        shown.type("text", FIELD, wrong)
        shown.expect_shown("“frok” cannot be read")
        shown.shot("paste-refused")
        shown.press("button", "Write fork there")
        shown.expect_shown("It serves any number of connections, several at the same time.")
        shown.expect_shown(f"Bascule listens on port {port} of this computer")
        shown.shot("paste")
        shown.press("button", "Continue")
        shown.expect("text", "Port to listen on", str(port))
        shown.expect("text", "Target port", str(echo))
        save_and_start(shown, "From the runbook", test=f"{LOCAL}:{echo}")
        there_and_back(port)
        shown.expect("label", "total_up", "200\u00a0kB in all")


def test_a_program_runs_only_after_it_was_confirmed(shown: Screen, home: Path, tmp_path: Path):
    port, ran = free_port(), tmp_path / "ran"
    script = tmp_path / "answer.sh"
    script.write_text(f"#!/bin/sh\necho ran >> {ran}\nexec cat\n", "utf-8")
    script.chmod(0o755)
    with desktop(shown, home):
        shown.keys("ctrl+shift+v")
        shown.type("text", FIELD, f"socat TCP-LISTEN:{port},bind={LOCAL},fork EXEC:{script}")
        shown.expect_shown(f"shows '{script}'")
        shown.expect_shown("Confirm what it runs, then continue.")
        shown.refuses("button", "Continue")
        shown.shot("paste-program")
        shown.press("check box", AGREED)
        shown.press("button", "Continue")
        assert not ran.exists()
        save_and_start(shown, "Answer", test="answer.sh")
        with socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker:
            assert exchange(talker, b"hello")
        assert "ran" in ran.read_text("utf-8")


def test_a_script_is_opened_from_its_file(shown: Screen, home: Path, echo: int, tmp_path: Path):
    port = free_port()
    script = tmp_path / "relay.sh"
    script.write_text(f"socat TCP-LISTEN:{port},bind={LOCAL},fork TCP:{LOCAL}:{echo}\n", "utf-8")
    with desktop(shown, home):
        shown.press("button", "New relay")
        shown.press("button", "I have a command or a configuration to paste")
        shown.press("button", "Open a file…")
        shown.type("text", "File name:", str(script))
        shown.keys("Return")
        shown.expect_shown(f"Bascule listens on port {port} of this computer")
        shown.press("button", "Continue")
        save_and_start(shown, "Script", test=f"{LOCAL}:{echo}")
        done = subprocess.run(
            ["socat", "-t", "60", "-", f"TCP:{LOCAL}:{port}"],
            input=b"there and back",
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
        assert done.stdout == b"there and back"
        eventually(listening(port), "it goes on listening")
