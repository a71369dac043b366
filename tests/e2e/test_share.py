"""In the real window: a file is handed out by a link, and by a code for a camera."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_paste import save_and_start
from tests.e2e.test_recipes import SEARCH, USE
from tests.e2e.test_window import desktop, home
from tests.helpers.contract import random_bytes
from tests.helpers.ports import free_port
from tests.helpers.processes import find
from tests.helpers.screen import PATIENCE_SECONDS, Screen, eventually, screen

__all__ = ["home"]  # a fixture

pytestmark = pytest.mark.timeout(240)

CANNOT_CONNECT = 7
"""What curl ends with where nobody listens."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as shown:
        yield shown


def seen_by_a_camera(shown: Screen, name: str) -> str:
    """The link in the code on the screen, once it is there."""

    def look() -> str:
        picture = shown.shot(name)
        return subprocess.run(
            [find("zbarimg"), "-q", "--raw", str(picture)],
            capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
        ).stdout.strip()  # fmt: skip

    return eventually(look, "a code that can be read")


def fetch(link: str, to: Path) -> tuple[int, int]:
    """Fetch a link with curl: how curl ended, and the status of the answer (0: there was none)."""
    done = subprocess.run(
        [find("curl"), "-sS", "--noproxy", "*", "-o", str(to), "-w", "%{http_code}", link],
        capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    return done.returncode, int(done.stdout)


def test_a_file_is_handed_out_as_often_as_was_said(shown: Screen, home: Path, tmp_path: Path):
    port, file, got = free_port("0.0.0.0"), tmp_path / "report.bin", tmp_path / "got"
    file.write_bytes(random_bytes(3_000_000))
    wanted = hashlib.sha256(file.read_bytes()).hexdigest()
    with desktop(shown, home):
        shown.keys("ctrl+r")
        shown.type("text", SEARCH, "share file qr")
        shown.type("text", "File to hand out", str(file))
        shown.type("text", "Downloads", "2")
        shown.type("text", "Port on this computer", str(port))
        shown.press("button", USE)
        save_and_start(shown, "Report", test=file.name)
        shown.expect_shown("Downloads: 0 of 2.")
        link = seen_by_a_camera(shown, "share")
        assert f":{port}/" in link
        for fetched in (1, 2):
            assert fetch(link, got) == (0, 200)
            assert hashlib.sha256(got.read_bytes()).hexdigest() == wanted
            shown.expect_shown(f"Downloads: {fetched} of 2.")
        shown.expect("label", "relay_state", "Stopped")
        shown.expect_shown("The link leads nowhere any more")
        shown.shot("share-over")
        assert fetch(link, got) == (CANNOT_CONNECT, 0)
        shown.press("button", "Start")
        shown.expect("label", "relay_state", "Running")
        shown.expect_shown("Downloads: 0 of 2.")
        assert fetch(link, got) == (0, 404)  # it has expired, although the port is the same
        assert got.read_bytes() == b"There is nothing here.\n"
        assert seen_by_a_camera(shown, "share-again") != link
