"""The package for Debian, from an empty computer to one that is as it was."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bascule.spec.built_in import Echo
from installer.facts import VERSION
from tests.e2e.screen import Screen
from tests.helpers.engines import wait_until
from tests.helpers.processes import free_port, listening
from tests.packaging.trial.computer import HOME, Computer
from tests.packaging.trial.conftest import (
    OLDER,
    built,
    relay,
    save_profile,
    there_and_back,
    window,
)

_INSTALL = ("apt-get", "-qq", "-y", "--no-install-recommends", "install")
_PROGRAM = "/usr/lib/bascule/bascule"
_WINDOW = "/usr/lib/bascule/bascule-desktop"
_LARGEST_BYTES = 45 * 2**20


def hand_over(packages: Path, scratch: Path) -> None:
    """Put the package on the other computer, and one of an older version made of it."""
    newer = built("bascule_{version}_*.deb")
    (packages / "newer.deb").write_bytes(newer.read_bytes())
    subprocess.run(["dpkg-deb", "--raw-extract", newer, scratch], check=True)
    control = scratch / "DEBIAN" / "control"
    text = control.read_text(encoding="utf-8").replace(f"Version: {VERSION}", f"Version: {OLDER}")
    control.write_text(text, encoding="utf-8")
    words = ["--root-owner-group", "-Znone", "--build", scratch, packages / "older.deb"]
    subprocess.run(["dpkg-deb", *words], check=True)


def titles(shown: Screen) -> str:
    """What the windows on the screen are called."""
    command = ["xwininfo", "-root", "-tree"]
    return subprocess.run(
        command, env=shown.environment, capture_output=True, text=True, check=True
    ).stdout


def version(debian: Computer) -> str:
    return debian.must("dpkg-query", "--show", "--showformat=${Version}", "bascule")


def engine(debian: Computer) -> int:
    """The engine's process. It is the only one."""
    found = [pid for pid, words in debian.processes(_PROGRAM).items() if " engine" in words]
    [pid] = found or [0]
    return pid


def test_the_size():
    assert built("bascule_{version}_*.deb").stat().st_size <= _LARGEST_BYTES


def test_lintian_finds_no_error():
    command = ["lintian", "--allow-root", "--fail-on", "error", built("bascule_{version}_*.deb")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    assert done.returncode == 0


def test_from_nothing_to_nothing(
    debian: Computer, packages: Path, tmp_path: Path, shown: Screen, echo: int
):
    hand_over(packages, tmp_path / "unpacked")
    debian.must(*_INSTALL, "/packages/older.deb", root=True)
    debian.must("apt-get", "-qq", "-y", "purge", "bascule", root=True)
    before = debian.files()  # with what the package depends on, which stays
    assert not [name for name in before if "bascule" in name]

    # In use: window, engine with a running relay, and a relay in the foreground.
    debian.must(*_INSTALL, "/packages/older.deb", root=True)
    assert version(debian) == OLDER
    port = free_port()
    save_profile(debian, port, echo)
    with window(debian), relay(debian, echo) as by_hand:
        debian.must("bascule", "start", "web")
        wait_until(listening(port))
        there_and_back(port)
        there_and_back(by_hand)
        shown.shot("trial-deb")

        # A newer version takes its place meanwhile.
        [window_before], engine_before = debian.processes(_WINDOW), engine(debian)
        debian.must(*_INSTALL, "/packages/newer.deb", root=True)
        assert version(debian) == VERSION
        wait_until(lambda: engine(debian) not in (0, engine_before))
        wait_until(listening(port))
        there_and_back(port)
        there_and_back(by_hand)
        assert "web" in debian.must("bascule", "list")
        # The window of the version before goes on, also to what it has not shown yet.
        shown.keys("ctrl+r")
        wait_until(lambda: "Recipes" in titles(shown))
        assert list(debian.processes(_WINDOW)) == [window_before]
        shown.shot("trial-deb-upgraded")

        refused = debian.run(*_INSTALL, "/packages/older.deb", root=True)
        assert refused.returncode != 0
        assert "downgraded" in refused.stdout
        assert version(debian) == VERSION

        debian.must("apt-get", "-qq", "-y", "purge", "bascule", root=True)
        wait_until(lambda: not debian.processes(_WINDOW) and not debian.processes(_PROGRAM))
        wait_until(lambda: not listening(port)())
    left = {name for name in debian.files() if not name.startswith(f"{HOME}/")}
    assert left == {name for name in before if not name.startswith(f"{HOME}/")}
    profile = debian.must("cat", f"{HOME}/.config/bascule/profiles/web-0001.toml")
    assert f"port = {port}" in profile
    debian.must("sh", "-c", "rm -rf ~/.config ~/.local ~/.cache")


def test_a_running_program_keeps_its_modules(debian: Computer, packages: Path, tmp_path: Path):
    """Whatever takes its place on the disk: here it is no Bascule at all."""
    hand_over(packages, tmp_path / "unpacked")
    debian.must(*_INSTALL, "/packages/older.deb", root=True)
    kept, home = f"{HOME}/kept", f"BASCULE_HOME={HOME}/own"
    debian.must("cp", "-r", "/usr/lib/bascule", kept)
    port = free_port()
    save_profile(debian, port, Echo(), f"{HOME}/own/config")
    with debian.running("env", home, f"{kept}/bascule", "engine"):
        wait_until(lambda: debian.run("env", home, "bascule", "status").returncode == 0)
        debian.must("cp", "/bin/true", f"{kept}/other")
        debian.must("mv", f"{kept}/other", f"{kept}/bascule")
        debian.must("env", home, "bascule", "start", "web")  # which loads what an echo is made of
        wait_until(listening(port))
        there_and_back(port)
    debian.must("apt-get", "-qq", "-y", "purge", "bascule", root=True)
    debian.must("sh", "-c", "rm -rf ~/kept ~/own")
