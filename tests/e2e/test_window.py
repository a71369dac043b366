"""The real window over a real engine, used as a person uses it: by what is written on it.

Each wizard is opened, filled by its accessible names, and started; outside programs send the bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from tests.e2e.samples import write_profiles
from tests.helpers.cable import socat_cable
from tests.helpers.contract import random_bytes
from tests.helpers.echo import LOCAL, exchange, socat_echo, there_and_back
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening, start
from tests.helpers.screen import PATIENCE_SECONDS, Screen, desktop_command, eventually, screen
from tests.helpers.tshark import complaints, fields, followed

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as shown:
        yield shown


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home of one's own, and the end of the engine that was started for it."""
    home = tmp_path / "home"
    yield home
    if (pid := engine_pid(home)) is not None:
        with suppress(ProcessLookupError):  # it has just left
            os.kill(pid, signal.SIGTERM)
        eventually(lambda: engine_pid(home) is None, "the engine has left")


@pytest.fixture(scope="module")
def echo() -> Iterator[int]:
    with socat_echo() as port:
        yield port


def engine_pid(home: Path) -> int | None:
    """The engine of this home, while it lives."""
    try:
        pid = int(json.loads((home / "run" / "engine.json").read_text())["pid"])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


@contextmanager
def desktop(shown: Screen, home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """The application, in English, with a home of its own."""
    env = {"BASCULE_HOME": str(home), "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
    with shown.run(*desktop_command(), *words, env=env) as process:
        if "--hidden" not in words:
            shown.expect_shown("'New relay'")
            eventually(lambda: _begun(shown), "a window with an engine and the keyboard")
        yield process


def _begun(shown: Screen) -> bool:
    """Whether the window hears the keyboard, and waits for its engine no more, which is what its
    page is called then.
    """
    lines = [each for each in shown.dump().splitlines() if " hidden" not in each]
    active = any(" main_window " in f"{each} " and "active" in each.split() for each in lines)
    return active and not any(each.endswith(" waiting") for each in lines)


def open_wizard(shown: Screen, kind: str) -> None:
    shown.press("button", "New relay")
    shown.press("button", kind)


def finish_wizard(shown: Screen, name: str, *, test: str) -> None:
    """Go through the test, whose last step must say ``test``, give a name, save and start."""
    pass_the_test(shown, test)
    shown.type("text", "Name", name)
    shown.press("button", "Save and start")
    shown.expect("label", "relay_name", name)
    shown.expect("label", "relay_state", "Running")


def pass_the_test(shown: Screen, test: str) -> None:
    """Go on from the filled page, and on again when the test has ended, whose last step must say
    this. What was filled in may say it too.
    """
    shown.press("button", "Next")
    shown.expect_shown("'Test again'")
    shown.expect_shown(test)
    shown.press("button", "Next")


def knock(port: int) -> bytes:
    """Connect and wait for the first byte; a refusal may show in either."""
    with socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker:
        return talker.recv(1)


def is_open(port: int) -> bool:
    return listening(port)()


def test_forward_a_port_and_live_through_crashes(shown: Screen, home: Path, echo: int):
    port = free_port()
    with desktop(shown, home) as process:
        shown.shot("empty")
        open_wizard(shown, "Forward a port")
        shown.type("text", "Port to listen on", str(port))
        shown.type("text", "Target host", LOCAL)
        shown.type("text", "Target port", str(echo))
        shown.shot("wizard-forward")
        finish_wizard(shown, "Echo", test=f"{LOCAL}:{echo}")
        there_and_back(port)
        shown.expect("label", "total_up", "200\u00a0kB in all")
        shown.expect("label", "total_down", "200\u00a0kB in all")
        shown.shot("running")

        with socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker:
            assert exchange(talker, b"before")
            shown.expect_shown("Connections (1)")
            # The desktop dies: the connection does not notice, and a new window finds it.
            process.kill()
            process.wait()
            assert exchange(talker, b"after") == hashlib.sha256(b"after").hexdigest()
            with desktop(shown, home):
                shown.expect("label", "relay_state", "Running")
                shown.expect_shown("Connections (1)")
                recover_from_a_killed_engine(shown, home, port)
                switch_in_the_tray(shown, port)


def recover_from_a_killed_engine(shown: Screen, home: Path, port: int) -> None:
    old = engine_pid(home)
    assert old is not None
    os.kill(old, signal.SIGKILL)
    eventually(lambda: engine_pid(home) not in (None, old), "another engine")
    shown.expect("label", "relay_state", "Running")
    shown.expect_shown("started again")
    there_and_back(port)
    shown.shot("recovered")


def switch_in_the_tray(shown: Screen, port: int) -> None:
    assert "1 relay" in shown.tray("info")
    shown.tray("menu", "Echo")
    shown.expect("label", "relay_state", "Stopped")
    eventually(lambda: not is_open(port), "the port is closed")
    shown.tray("menu", "Echo")
    shown.expect("label", "relay_state", "Running")
    there_and_back(port)


def test_https_in_front_of_an_old_service(shown: Screen, home: Path, tmp_path: Path):
    port, web = free_port(), free_port()
    page = random_bytes(200_000)
    (tmp_path / "page.bin").write_bytes(page)
    server = [sys.executable, "-m", "http.server", str(web), "--bind", LOCAL, "-d", str(tmp_path)]
    with start(*server, ready=listening(web)), desktop(shown, home):
        open_wizard(shown, "Put TLS (HTTPS) in front of a service")
        shown.type("text", "Target host", f"http://{LOCAL}:{web}/page.bin")
        shown.type("text", "Port to listen on", str(port))
        shown.expect("text", "Target port", str(web))
        shown.press("button", "Make the certificate")
        shown.expect_shown("SHA-256")
        shown.shot("wizard-certificate")
        finish_wizard(shown, "Old page", test=f"{LOCAL}:{web}")
        shown.shot("https")
        authority = tmp_path / "for-others.crt"
        shown.press("button", "How others trust the certificate")
        shown.press("button", "Save the file for others…")
        shown.type("text", "File name:", str(authority))
        shown.keys("Return")
        eventually(authority.is_file, "the file that others are to trust")
        shown.expect_shown("It holds nothing secret.")
        shown.shot("https-trust")
        done = subprocess.run(
            [find("curl"), "-sS", "--cacert", authority, f"https://localhost:{port}/page.bin"],
            capture_output=True,
            check=True,
            timeout=PATIENCE_SECONDS,
        )
        assert hashlib.sha256(done.stdout).digest() == hashlib.sha256(page).digest()
        for key in (home / "config" / "certificates").glob("*.key"):
            assert key.stat().st_mode & 0o777 == 0o600


def test_a_host_behind_two_proxies(shown: Screen, home: Path, echo: int):
    port, first, second = free_port(), free_port(), free_port()
    with (
        start("microsocks", "-i", LOCAL, "-p", str(first), ready=listening(first)) as outer,
        start("microsocks", "-i", LOCAL, "-p", str(second), ready=listening(second)) as inner,
        desktop(shown, home),
    ):
        open_wizard(shown, "Reach a host through proxies")
        shown.type("text", "Target host", "localhost")
        shown.type("text", "Target port", str(echo))
        shown.press("button", "Add a proxy")
        shown.keys("Up", "Return")  # the last entry; Qt does not tell a popup menu's to the bus
        shown.expect_shown("Proxy port 2")
        shown.type("text", "Proxy port 1", str(first))
        shown.type("text", "Proxy port 2", str(second))
        shown.type("text", "Port to listen on", str(port))
        shown.shot("wizard-proxies")
        finish_wizard(shown, "Two proxies", test=f"The proxy {LOCAL}:{second} lets you through")
        there_and_back(port)
        shown.shot("proxies")
        assert f"connected to {LOCAL}:{second}" in outer.output
        assert f"connected to localhost:{echo}" in inner.output


def test_share_a_serial_port(shown: Screen, home: Path, tmp_path: Path):
    port = free_port()
    near, far = tmp_path / "near", tmp_path / "far"
    with (
        socat_cable(near, far),
        desktop(shown, home),
    ):
        open_wizard(shown, "Share a serial port on the network")
        # This computer's first port may be proposed at any moment: what is typed takes its place.
        shown.type("combo box", "Serial port", str(near))
        shown.type("text", "Port to listen on", str(port))
        shown.shot("wizard-serial")
        finish_wizard(shown, "Scale", test="9600 8N1")
        with (
            far.open("r+b", buffering=0) as scale,
            socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker,
        ):
            talker.sendall(b"W\r\n")
            asked = b""
            while len(asked) < 3:
                asked += scale.read(3)
            assert asked == b"W\r\n"
            scale.write(b"+ 12.480 kg\r\n")
            talker.settimeout(PATIENCE_SECONDS)
            answer = b""
            while not answer.endswith(b"\n"):
                answer += talker.recv(100)
            assert answer == b"+ 12.480 kg\r\n"
            with pytest.raises(ConnectionResetError):
                knock(port)
            shown.press("tab", "Log")
            shown.expect_shown("is in use by")
        shown.shot("serial")


def test_one_instance_hides_to_the_tray_and_comes_back(shown: Screen, home: Path):
    with desktop(shown, home) as process:
        shown.keys("alt+F4")
        eventually(lambda: visible_windows(shown, process.pid) == 0, "the window is hidden")
        assert process.poll() is None
        again = subprocess.run(
            desktop_command(),
            env={**shown.environment, "BASCULE_HOME": str(home)},
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert again.returncode == 0
        eventually(lambda: visible_windows(shown, process.pid) > 0, "the window is back")
        shown.tray("menu", "Quit")
        assert process.wait(PATIENCE_SECONDS) == 0


def visible_windows(shown: Screen, pid: int) -> int:
    done = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--pid", str(pid), "--name", "."],
        env=shown.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return len(done.stdout.split())


def test_without_a_tray_it_is_never_invisible(tmp_path: Path, home: Path):
    with screen(tmp_path, tray="none") as bare, desktop(bare, home, "--hidden") as process:
        eventually(
            lambda: (
                "iconic" in window_states(bare, process.pid).lower()
                or visible_windows(bare, process.pid) > 0
            ),
            "a window, even if a small one",
        )
        assert process.poll() is None


def window_states(shown: Screen, pid: int) -> str:
    """What the window manager says of all windows of a process."""
    found = subprocess.run(
        ["xdotool", "search", "--pid", str(pid), "--name", "."],
        env=shown.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    states = ""
    for window in found.stdout.split():
        argv = ["xprop", "-id", window, "WM_STATE"]
        states += subprocess.run(
            argv, env=shown.environment, capture_output=True, text=True, check=False
        ).stdout
    return states


def test_the_demonstration_runs_in_the_window(shown: Screen, home: Path):
    with desktop(shown, home):
        shown.press("button", "Try the demonstration")
        shown.expect_shown("5 passed, 0 failed")
        shown.shot("demonstration")


def test_traffic_is_seen_and_saved_for_wireshark(shown: Screen, home: Path, echo: int):
    port, file = free_port(), home / "seen.pcapng"
    relay = RelaySpec(TcpListen(port), TcpConnect(LOCAL, echo))
    write_profiles(home, Profile("echo-0001", "Echo", relay, autostart=True))
    with desktop(shown, home):
        shown.expect("label", "relay_state", "Running")
        shown.press("tab", "Traffic")
        shown.press("check box", "Show the traffic")
        shown.expect_shown("Traffic \N{BLACK CIRCLE}")
        begun = time.time()
        with socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker:
            ours = talker.getsockname()[1]
            said = exchange(talker, b"Bascule shows this")
        ended = time.time()
        assert said == hashlib.sha256(b"Bascule shows this").hexdigest()
        shown.expect_shown("4 records")  # it opened, both ways, it closed
        shown.select("table", "Traffic", "Bascule shows this")
        hexed = "00000000  42 61 73 63 75 6c 65 20  73 68 6f 77 73 20 74 68  |Bascule shows th|"
        eventually(lambda: hexed in shown.text("text", "traffic_bytes"), "the bytes in hex")
        shown.shot("traffic")
        shown.press("button", "Save")
        shown.keys("Down", "Return")  # for Wireshark: the first entry
        shown.type("text", "File name:", str(file))
        shown.keys("Return")
        shown.expect_shown(f"The traffic was saved in {file}")
        shown.press("check box", "Show the traffic")
        shown.expect_shown("Off: nothing more is recorded")
    assert followed(file) == (b"Bascule shows this",) * 2
    assert complaints(file) == []
    moved = fields(file, "tcp.srcport", "tcp.dstport", "frame.time_epoch", only="tcp.len > 0")
    assert [line[:2] for line in moved] == [(str(ours), str(port)), (str(port), str(ours))]
    assert all(begun <= float(line[2]) <= ended for line in moved)
