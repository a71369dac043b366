"""Recipes in the real window: found by a few words, filled in, tried, started, used."""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.spec.endpoints import TcpConnect
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from bascule.spec.transfer import SendFiles
from tests.e2e.test_paste import AGREED, save_and_start
from tests.e2e.test_window import desktop, echo, home
from tests.helpers.contract import random_bytes
from tests.helpers.echo import LOCAL, there_and_back
from tests.helpers.ports import free_port
from tests.helpers.screen import PATIENCE_SECONDS, Screen, eventually, screen

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
    port, folder, big = free_port(), tmp_path / "received", random_bytes(2_000_000)
    got = folder / "big.log"
    with desktop(shown, home):
        shown.keys("ctrl+r")
        shown.type("text", SEARCH, "receive a file")
        shown.type("text", "Folder to put it in", str(folder))
        shown.type("text", "Name of the file here", got.name)
        shown.type("text", "Port on this computer", str(port))
        shown.press("button", USE)
        save_and_start(shown, "File", test="received")
        subprocess.run(
            ["socat", "-u", "-", f"TCP:{LOCAL}:{port},connect-timeout=5"],
            input=big,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
        shown.expect("label", "relay_state", "Stopped")
        assert hashlib.sha256(got.read_bytes()).digest() == hashlib.sha256(big).digest()
        shown.expect("label", "transfer_title", "Received big.log")
        shown.expect("label", "transfer_sum", hashlib.sha256(big).hexdigest())


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file in a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def folder_of(path: Path, large_bytes: int) -> Path:
    """Make a folder of three files, one of them further in."""
    (path / "inner").mkdir(parents=True)
    (path / "large").write_bytes(random_bytes(large_bytes))
    (path / "inner" / "small").write_bytes(random_bytes(10_000))
    (path / "inner" / "empty").touch()
    return path


@contextlib.contextmanager
def sending(folder: Path, port: int, bytes_per_second: int) -> Iterator[None]:
    """Another Bascule that sends a folder, not too quickly; it has to end well."""
    end = SendFiles(path=str(folder))
    slowly = RelaySpec(
        end, TcpConnect(LOCAL, port), once=True, up_bytes_per_second=bytes_per_second
    )
    file = folder.parent / "sending.toml"
    file.write_text(profile_to_toml(Profile("sending-1", "Sending", slowly)))
    argv = [sys.executable, "-m", "bascule", "run", str(file)]
    with subprocess.Popen(argv, stderr=subprocess.PIPE) as process:
        try:
            yield
            _, said = process.communicate(timeout=PATIENCE_SECONDS)
            assert process.returncode == 0, said.decode()
        finally:
            process.kill()


def bar_seen_moving(shown: Screen) -> list[int]:
    """Watch the progress bar until it was seen at several places on its way; all that was seen."""
    seen: list[int] = []

    def look() -> bool:
        seen.append(int(float(shown.text("progress bar", "transfer_bar"))))
        return len({value for value in seen if 0 < value < 100}) >= 3

    eventually(look, "the bar moves")
    return seen


def test_a_folder_is_received_and_the_bar_moves(shown: Screen, home: Path, tmp_path: Path):
    port, got = free_port(), tmp_path / "received"
    first, second = (
        folder_of(tmp_path / "first", 2_000_000),
        folder_of(tmp_path / "second", 6_000_000),
    )
    with desktop(shown, home):
        shown.keys("ctrl+r")
        shown.type("text", SEARCH, "receive a whole folder")
        shown.type("text", "Folder to put it in", str(got))
        shown.type("text", "Port on this computer", str(port))
        shown.press("button", USE)
        save_and_start(shown, "Folder", test="received")
        tar = f"tar -cpf - first | socat -u - TCP:{LOCAL}:{port},connect-timeout=5"
        subprocess.run(tar, shell=True, cwd=tmp_path, timeout=PATIENCE_SECONDS, check=True)
        shown.expect("label", "relay_state", "Stopped")
        assert sums(got / "first") == sums(first)
        shown.expect("label", "transfer_title", "Received 3 files")
        shown.press("button", "Start")
        shown.expect("label", "relay_state", "Running")
        with sending(second, port, 300_000):
            seen = bar_seen_moving(shown)
            shown.shot("transfer")
        shown.expect("label", "relay_state", "Stopped")
        assert seen == sorted(seen)
        assert sums(got / "second") == sums(second)
        shown.expect("label", "transfer_title", "Received 3 files")
        shown.shot("transfer-done")


def test_ssh_is_used_only_after_a_person_has_agreed(shown: Screen, home: Path):
    with desktop(shown, home):
        shown.press("button", "Start from a recipe")
        shown.type("text", SEARCH, "ssh hops")
        shown.expect_shown("This relay starts a program on this computer.")
        shown.refuses("button", USE)
        shown.press("check box", AGREED)
        shown.press("button", USE)
        shown.expect_shown("Choose source and target yourself")
        shown.expect_shown("ssh -J user@gateway user@computer -W localhost:9090")
