"""Bascule is updated while its window runs: it says so, and a click makes it the new one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.control.rendezvous import Meeting, Rendezvous
from bascule.places import HOME_VARIABLE
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.e2e.built_program import put_program
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import listening
from tests.helpers.screen import Screen, screen

OLDER, NEWER = "1.0.0", "2.0.0"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="its programs are scripts"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen"), tray="none") as shown:
        yield shown


class Installed:
    """A program that is used by somebody with a home of their own."""

    def __init__(self, folder: Path, screen: Screen) -> None:
        self._program = folder / "program"
        self._home = folder / "home"
        self._rendezvous = Rendezvous(self._home / "run")
        self.environment = {
            **screen.environment,
            HOME_VARIABLE: str(self._home),
            "LC_ALL": "C.UTF-8",
            "LANGUAGE": "en",
        }

    def put(self, version: str) -> Path:
        """Install a version, over one that is there; its window."""
        return put_program(self._program, version)

    def run(self, *words: str) -> None:
        """Run a command of it, which has to succeed."""
        subprocess.run([self._program / "bascule", *words], env=self.environment, check=True)

    def save(self, profile: Profile) -> None:
        """Give its user a profile."""
        (folder := self._home / "config" / "profiles").mkdir(parents=True)
        (folder / f"{profile.id}.toml").write_text(profile_to_toml(profile), "utf-8")

    @property
    def engine(self) -> Meeting | None:
        """What its engine says of itself, while there is one."""
        return self._rendezvous.read()

    @property
    def window(self) -> int:
        """The process of the one window; 0 while there is none."""
        lock = self._home / "run" / "desktop.lock"  # of QLockFile: the process comes first
        try:
            number, line_end, _ = lock.read_text("utf-8", "replace").partition("\n")
        except FileNotFoundError:
            return 0
        return int(number) if line_end else 0

    def end(self) -> None:
        """End what runs of it."""
        subprocess.run(
            [self._program / "bascule-desktop", "--leave"], env=self.environment, check=False
        )
        if self.engine is not None:
            self.run("engine", "--stop")


@pytest.fixture
def installed(tmp_path: Path, shown: Screen) -> Iterator[Installed]:
    made = Installed(tmp_path, shown)
    made.put(OLDER)
    yield made
    made.end()


def version(of: Meeting | None) -> str:
    return "" if of is None else of.version


def test_a_window_of_the_version_before_becomes_the_new_one(
    installed: Installed, shown: Screen
) -> None:
    port = free_port()
    relay = RelaySpec(TcpListen(port), TcpConnect("127.0.0.1", 9))
    installed.save(Profile("web-1", "web", relay, autostart=True))
    with shown.run(str(installed.put(OLDER)), env=installed.environment) as window:
        shown.expect("label", "relay_state", "Running")
        assert (version(installed.engine), installed.window) == (OLDER, window.pid)

        installed.put(NEWER)
        installed.run("engine", "--stop", "--resume")  # as the packages' scripts do it
        said = "Bascule was updated. Restart the window to use the new version."
        shown.expect("label", "notice", said)
        wait_until(lambda: version(installed.engine) == NEWER)
        wait_until(listening(port))
        assert window.poll() is None

        shown.press("button", "Restart the window")
        assert window.wait(PATIENCE_SECONDS) == 0
        wait_until(lambda: installed.window not in (0, window.pid))
        shown.expect("label", "relay_state", "Running")
        assert version(installed.engine) == NEWER
