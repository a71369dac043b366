"""The package for Fedora and its kin: what it says, and that what is in it runs.

There is no Fedora here: rpm's own program installs it into a Debian whose libraries have the same
names, without asking rpm's database for them.
"""

from __future__ import annotations

import subprocess

import pytest

from installer.facts import VERSION
from tests.helpers.engines import wait_until
from tests.helpers.processes import free_port, listening
from tests.packaging.trial.computer import Computer
from tests.packaging.trial.conftest import (
    built,
    install_libraries,
    relay,
    save_profile,
    there_and_back,
    window,
)

_ROOTS_HOME = "/root"  # where Debian's rpm keeps its database


def query(*words: str) -> list[str]:
    command = ["rpm", "--query", "--package", *words, str(built("bascule-{version}-*.rpm"))]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def rpm(on: Computer, *words: str) -> None:
    """Let this system's rpm work on the other computer; scripts run there and see its processes."""
    command = [*on.outside(), "rpm", "--root", str(on.root), "--nodeps", "--force-debian", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_it_says():
    assert query("--queryformat", "%{NAME} %{VERSION} %{ARCH} %{LICENSE}\n") == [
        f"bascule {VERSION} x86_64 MIT"
    ]
    files = query("--list")
    for name in (
        "/usr/bin/bascule",
        "/usr/bin/bascule-desktop",
        "/usr/lib/bascule/bascule",
        "/usr/lib/systemd/user/bascule-engine.service",
        "/usr/share/applications/bascule.desktop",
        "/usr/share/man/man1/bascule.1.gz",
    ):
        assert name in files
    assert not [name for name in files if not name.startswith(("/usr/", "(contains no"))]
    scripts = "\n".join(query("--scripts"))
    assert "renew_engines /usr/lib/bascule/bascule /usr/bin/bascule" in scripts
    assert "end_all /usr/lib/bascule" in scripts
    assert query("--provides") == [f"bascule = {VERSION}-1", f"bascule(x86-64) = {VERSION}-1"]


@pytest.fixture
def with_libraries(debian: Computer) -> Computer:
    install_libraries(debian)
    return debian


def test_it_asks_for_what_a_desktop_has(with_libraries: Computer):
    held = with_libraries.must("ldconfig", "-p", root=True)
    asked = [line for line in query("--requires") if line.endswith("()(64bit)")]
    assert len(asked) > 10
    assert [name for name in asked if name.removesuffix("()(64bit)") not in held] == []


def files(on: Computer) -> set[str]:
    """All files but rpm's own. Folders for icons and units belong to other packages on a Fedora."""
    found = on.files("!", "-type", "d")
    return {name for name in found if not name.startswith(f"{_ROOTS_HOME}/.rpmdb/")}


def test_installed_and_taken_away(with_libraries: Computer, echo: int):
    debian = with_libraries
    before = files(debian)
    file = str(built("bascule-{version}-*.rpm"))
    rpm(debian, "--install", file)
    port = free_port()
    save_profile(debian, port, echo)
    with window(debian), relay(debian, echo) as by_hand:
        there_and_back(by_hand)
        debian.must("bascule", "start", "web")
        wait_until(listening(port))
        there_and_back(port)
        rpm(debian, "--erase", "bascule")
        wait_until(lambda: not debian.processes("/usr/lib/bascule/bascule"))
        wait_until(lambda: not debian.processes("/usr/lib/bascule/bascule-desktop"))
    debian.must("sh", "-c", "rm -rf ~/.config ~/.local ~/.cache")
    assert files(debian) == before
