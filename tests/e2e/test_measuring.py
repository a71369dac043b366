"""In the real window: a host is checked, then watched; and a way is measured."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_paste import save_and_start
from tests.e2e.test_recipes import SEARCH, USE
from tests.e2e.test_window import desktop, home
from tests.helpers.echo import LOCAL
from tests.helpers.ports import free_port
from tests.helpers.processes import start
from tests.helpers.screen import Screen, eventually, screen

__all__ = ["home"]  # a fixture

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as shown:
        yield shown


def test_a_host_is_checked_and_then_watched(shown: Screen, home: Path):
    with desktop(shown, home):
        with socket.create_server((LOCAL, 0)) as server:
            port = server.getsockname()[1]
            shown.keys("ctrl+k")
            shown.type("text", "Target host", LOCAL)
            shown.type("text", "Target port", str(port))
            shown.press("button", "Check")
            shown.expect_shown("It answers, after")
            shown.shot("check")
            shown.press("button", "Keep checking…")
            answers = f"{LOCAL}:{port} answers"
            save_and_start(shown, "Watched", test=answers, state="Answers")
        shown.press("button", "Check now")
        shown.expect("label", "relay_state", "Does not answer")
        shown.expect_shown(f"{LOCAL}:{port} refuses the connection")
        shown.shot("watched")


def test_a_way_is_measured(shown: Screen, home: Path, tmp_path: Path):
    port, taken = free_port(), tmp_path / "taken"
    with desktop(shown, home):
        shown.keys("ctrl+r")
        shown.type("text", SEARCH, "bandwidth tunnel")
        shown.type("text", "The other computer", LOCAL)
        shown.type("text", "Its port", str(port))
        shown.type("text", "Send for (seconds)", "1")
        shown.expect_shown(f"socat -u TCP-LISTEN:{port} OPEN:/dev/null")
        shown.press("button", USE)
        # The wizard's test is the first who comes, the measurement the second.
        argv = ["socat", "-u", f"TCP-LISTEN:{port},bind={LOCAL},fork", f"CREATE:{taken}"]
        with start(*argv):
            save_and_start(shown, "Way", test=f"{LOCAL}:{port} answers", state="Stopped")
            shown.expect_shown("confirmed that it has everything")
            eventually(lambda: "Mbit/s" in shown.dump(), "the figure")
            shown.shot("measured")
        assert taken.stat().st_size > 0
