"""Recipes in the real window: found by a few words, filled in, tried, started, used."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.screen import PATIENCE_SECONDS, Screen, eventually, screen
from tests.e2e.test_paste import AGREED, save_and_start
from tests.e2e.test_window import LOCAL, desktop, echo, home, there_and_back
from tests.helpers.contract import random_bytes
from tests.helpers.processes import free_port

__all__ = ["echo", "home"]  # fixtures

SEARCH = "Search recipes"
USE = "Use this recipe"

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as shown:
        yield shown


def test_two_servers_behind_one_port(shown: Screen, home: Path, echo: int):
    port = free_port()
    with desktop(shown, home):
        shown.press("button", "Start from a recipe")
        shown.type("text", SEARCH, "second server")
        shown.expect_shown("the second takes over and nobody has to change anything")
        shown.type("text", "Port on this computer", str(port))
        shown.type("text", "First server", LOCAL)
        shown.type("text", "Port of the first server", str(free_port()))
        shown.type("text", "Second server", LOCAL)
        shown.type("text", "Port of the second server", str(echo))
        shown.expect_shown(f"nc {LOCAL} {port}")
        shown.shot("recipe")
        shown.press("button", USE)
        save_and_start(shown, "Two servers", test=f"{LOCAL}:{echo}")
        there_and_back(port)


def test_a_file_is_received_once(shown: Screen, home: Path, tmp_path: Path):
    port, got, big = free_port(), tmp_path / "received", random_bytes(2_000_000)
    with desktop(shown, home):
        shown.keys("ctrl+r")
        shown.type("text", SEARCH, "receive a file")
        shown.type("text", "Where to put it", str(got))
        shown.type("text", "Port on this computer", str(port))
        shown.press("button", USE)
        save_and_start(shown, "File", test="received")
        subprocess.run(
            ["socat", "-u", "-", f"TCP:{LOCAL}:{port},connect-timeout=5"],
            input=big,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
        eventually(lambda: got.stat().st_size == len(big), "all of it has arrived")
        assert hashlib.sha256(got.read_bytes()).digest() == hashlib.sha256(big).digest()
        shown.expect("label", "relay_state", "Stopped")


def test_ssh_is_used_only_after_a_person_has_agreed(shown: Screen, home: Path):
    with desktop(shown, home):
        shown.press("button", "Start from a recipe")
        shown.type("text", SEARCH, "ssh hops")
        shown.expect_shown("This relay starts a program on this computer.")
        with pytest.raises(AssertionError, match="disabled"):
            shown.press("button", USE)
        shown.press("check box", AGREED)
        shown.press("button", USE)
        shown.expect_shown("Choose source and target yourself")
        shown.expect_shown("ssh -J user@gateway user@computer -W localhost:9090")
