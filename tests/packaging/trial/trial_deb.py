"""The package for Debian, from an empty computer to one that is as it was."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

from bascule.spec.built_in import Echo
from bascule.spec.local import Program
from installer.facts import VERSION
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.echo import LOCAL
from tests.helpers.engines import wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import listening
from tests.helpers.screen import Screen
from tests.packaging.trial.computer import HOME, Computer
from tests.packaging.trial.conftest import (
    OLDER,
    PROGRAM,
    WINDOW,
    built,
    kept_profile,
    save_profile,
    there_and_back,
    upgraded_in_use,
    window,
)

_INSTALL = ("apt-get", "-qq", "-y", "--no-install-recommends", "install")
_LARGEST_BYTES = 45 * 2**20
_OWN_VARIABLES = ("LD_", "QT_", "QML", "_PYI_", "_MEI")


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


def test_the_size(figures: list[str]):
    for pattern in (
        "bascule_{version}_*.deb",
        "bascule-{version}-*.rpm",
        "bascule-{version}-*.run",
    ):
        file = built(pattern)
        figures.append(f"size: {file.name} {file.stat().st_size / 2**20:.1f} MiB")
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

    debian.must(*_INSTALL, "/packages/older.deb", root=True)
    assert version(debian) == OLDER

    def upgrade() -> None:
        shown.shot("trial-deb")
        debian.must(*_INSTALL, "/packages/newer.deb", root=True)
        assert version(debian) == VERSION

    with upgraded_in_use(debian, echo, upgrade) as port:
        windows = list(debian.processes(WINDOW))
        # The window of the version before goes on, also to what it has not shown yet.
        shown.keys("ctrl+r")
        wait_until(lambda: "Recipes" in titles(shown))
        assert list(debian.processes(WINDOW)) == windows
        shown.shot("trial-deb-upgraded")

        refused = debian.run(*_INSTALL, "/packages/older.deb", root=True)
        assert refused.returncode != 0
        assert "downgraded" in refused.stdout
        assert version(debian) == VERSION

        debian.must("apt-get", "-qq", "-y", "purge", "bascule", root=True)
        wait_until(lambda: not debian.processes(WINDOW) and not debian.processes(PROGRAM))
        wait_until(lambda: not listening(port)())
    left = {name for name in debian.files() if not name.startswith(f"{HOME}/")}
    assert left == {name for name in before if not name.startswith(f"{HOME}/")}
    kept_profile(debian, port)


def test_programs_that_it_starts_find_the_systems_libraries(
    debian: Computer, packages: Path, tmp_path: Path
):
    """And whatever else a person has set: an engine that the window has started, and a relay."""
    hand_over(packages, tmp_path / "unpacked")
    debian.must(*_INSTALL, "/packages/newer.deb", root=True)
    port = free_port()
    save_profile(debian, port, Program(command="env"))
    with window(debian):
        debian.must("bascule", "start", "web")
        wait_until(listening(port))
        with socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker:
            told = talker.makefile("rb").read().decode()
    by_engine = dict(line.split("=", 1) for line in told.splitlines())
    assert by_engine["HOME"] == HOME
    assert [name for name in by_engine if name.startswith(_OWN_VARIABLES)] == []
    own = ("env", "LD_LIBRARY_PATH=/opt/own", "QT_PLUGIN_PATH=/opt/qt")
    told = debian.must(*own, "bascule", "relay", "-u", "EXEC:env", "STDOUT")
    assert "\nLD_LIBRARY_PATH=/opt/own\n" in f"\n{told}"
    assert "\nQT_PLUGIN_PATH=/opt/qt\n" in f"\n{told}"
    debian.must("apt-get", "-qq", "-y", "purge", "bascule", root=True)
    kept_profile(debian, port)


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
