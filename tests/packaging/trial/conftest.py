"""One screen and one other computer for all trials; each leaves it as it was."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Target
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from installer.facts import DIST, VERSION
from tests.e2e.screen import Screen, screen
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.engines import wait_until
from tests.helpers.processes import free_port, listening, start
from tests.packaging.trial.computer import HOME, USER_ID, Computer, computer

LOCAL = "127.0.0.1"
OLDER = "0.0.9"
"""A version before every other, made of the same files."""

_SIZE = 3_000_000


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
    port = free_port()
    argv = ["socat", f"TCP-LISTEN:{port},bind={LOCAL},fork,reuseaddr", "PIPE"]
    with start(*argv, ready=listening(port)):
        yield port


def install_libraries(on: Computer) -> None:
    """Install what a desktop has anyway: what the package for Debian names as its dependencies."""
    command = ["dpkg-deb", "--field", str(built("bascule_{version}_*.deb")), "Depends"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    names = [each.split()[0] for each in said.split(",")]
    on.must("apt-get", "-qq", "-y", "--no-install-recommends", "install", *names, root=True)


def there_and_back(port: int) -> None:
    """Send bytes through a relay to an echo, and compare what comes back."""
    data = random_bytes(_SIZE)
    seen = hashlib.sha256()
    with socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker:
        for begin in range(0, len(data), 8192):
            piece = data[begin : begin + 8192]
            talker.sendall(piece)
            left = len(piece)
            while left:
                got = talker.recv(left)
                assert got, "the connection ended early"
                seen.update(got)
                left -= len(got)
    assert seen.hexdigest() == hashlib.sha256(data).hexdigest()


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
