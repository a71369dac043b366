"""One screen and one other computer for all trials; each leaves it as it was."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Target
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from installer.facts import DIST, VERSION
from tests.helpers import echo as echoes
from tests.helpers.echo import LOCAL, socat_echo
from tests.helpers.engines import wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import listening
from tests.helpers.screen import Screen, screen
from tests.packaging.trial.computer import HOME, USER_ID, Computer, computer

OLDER = "0.0.9"
"""A version before every other, made of the same files."""

PROGRAM, WINDOW = "/usr/lib/bascule/bascule", "/usr/lib/bascule/bascule-desktop"
"""Where packages for the whole system put engine and window."""

_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> list[str]:
    """Lines with what was measured; they stand at the end of the run, and decide nothing."""
    return request.config.stash.setdefault(_FIGURES, [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash.get(_FIGURES, []):
        terminalreporter.write_line(line)


def built(pattern: str) -> Path:
    """A package that ``dev.py package`` made of this version."""
    found = sorted(DIST.glob(pattern.format(version=VERSION)))
    assert found, f"there is no {pattern} in {DIST}: `python3 dev.py package` makes it"
    return found[-1]


@pytest.fixture(scope="session")
def shown() -> Iterator[Screen]:
    with tempfile.TemporaryDirectory() as folder, screen(Path(folder), tray="none") as shown:
        # The window runs as another user, in another file system.
        command = ["xhost", f"+si:localuser:#{USER_ID}"]
        subprocess.run(command, env=shown.environment, check=True, stdout=subprocess.DEVNULL)
        yield shown


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the other computer has as ``/packages``."""
    return tmp_path_factory.mktemp("packages")


@pytest.fixture(scope="session")
def debian(shown: Screen, packages: Path) -> Iterator[Computer]:
    with tempfile.TemporaryDirectory(prefix="bascule-trial-") as folder:
        Path(folder).chmod(0o755)
        with computer(Path(folder), packages, shown.environment["DISPLAY"]) as debian:
            debian.must("apt-get", "-qq", "update", root=True)
            yield debian


@pytest.fixture(scope="session")
def echo() -> Iterator[int]:
    with socat_echo() as port:
        yield port


there_and_back = partial(echoes.there_and_back, count=3_000_000)


def install_libraries(on: Computer) -> None:
    """Install what a desktop has anyway: what the package for Debian names as its dependencies."""
    command = ["dpkg-deb", "--field", str(built("bascule_{version}_*.deb")), "Depends"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    names = [each.split()[0] for each in said.split(",")]
    on.must("apt-get", "-qq", "-y", "--no-install-recommends", "install", *names, root=True)


def save_profile(
    on: Computer, port: int, target: int | Target, folder: str = f"{HOME}/.config/bascule"
) -> None:
    """Give the user a profile ``web`` that leads from a port to a target, or to a port."""
    end = TcpConnect(LOCAL, target) if isinstance(target, int) else target
    on.must("mkdir", "-p", f"{folder}/profiles")
    text = profile_to_toml(Profile("web-0001", "web", RelaySpec(TcpListen(port), end)))
    on.must("sh", "-c", 'printf %s "$1" >"$2"', "sh", text, f"{folder}/profiles/web-0001.toml")


@contextlib.contextmanager
def window(on: Computer, program: str = "/usr/bin/bascule-desktop") -> Iterator[None]:
    """The window, with an engine that it has found or started."""
    with on.running(program) as process:
        command = program.removesuffix("-desktop")

        def attached() -> bool:
            assert process.poll() is None, "the window has ended"
            return on.run(command, "status").returncode == 0

        wait_until(attached)
        yield


@contextlib.contextmanager
def relay(on: Computer, echo: int, program: str = "/usr/bin/bascule") -> Iterator[int]:
    """``bascule relay`` in the foreground, from a port to the echo."""
    port = free_port()
    words = [f"TCP-LISTEN:{port},bind={LOCAL},fork,reuseaddr", f"TCP:{LOCAL}:{echo}"]
    with on.running(program, "relay", *words):
        wait_until(listening(port))
        yield port


def engine(on: Computer) -> int:
    """The process of the system's engine; 0 where there is none, or a second one that gives way."""
    found = [pid for pid, words in on.processes(PROGRAM).items() if " engine" in words]
    return found[0] if len(found) == 1 else 0


@contextlib.contextmanager
def upgraded_in_use(on: Computer, echo: int, upgrade: Callable[[], object]) -> Iterator[int]:
    """Use the system's Bascule (window, a relay of its engine, one in the foreground) and let
    ``upgrade`` put a newer version in its place: everything goes on. The engine's relay's port.
    """
    port = free_port()
    save_profile(on, port, echo)
    with window(on), relay(on, echo) as by_hand:
        on.must("bascule", "start", "web")
        wait_until(listening(port))
        there_and_back(port)
        there_and_back(by_hand)
        windows, engine_before = set(on.processes(WINDOW)), engine(on)
        upgrade()
        wait_until(lambda: engine(on) not in (0, engine_before))
        wait_until(listening(port))
        there_and_back(port)
        there_and_back(by_hand)
        assert "web" in on.must("bascule", "list")
        assert set(on.processes(WINDOW)) == windows
        yield port


def kept_profile(on: Computer, port: int) -> None:
    """See that the user's profile is there although the program is not; then forget it."""
    profile = on.must("cat", f"{HOME}/.config/bascule/profiles/web-0001.toml")
    assert f"port = {port}" in profile
    on.must("sh", "-c", "rm -rf ~/.config ~/.local ~/.cache")
