"""The package for Fedora and its kin: what it says, and that what is in it runs.

There is no Fedora here: rpm's own program installs it into a Debian whose libraries have the same
names, without asking rpm's database for them.
"""

from __future__ import annotations

import subprocess

import pytest

from installer.facts import PROGRAM as BUILT_PROGRAM
from installer.facts import VERSION
from installer.linux import rpm as rpm_package
from tests.helpers.engines import wait_until
from tests.helpers.processes import listening
from tests.helpers.screen import Screen
from tests.packaging.trial.computer import Computer
from tests.packaging.trial.conftest import (
    OLDER,
    PROGRAM,
    WINDOW,
    built,
    install_libraries,
    kept_profile,
    upgraded_in_use,
)

_ROOTS_HOME = "/root"  # where Debian's rpm keeps its database


def query(*words: str) -> list[str]:
    command = ["rpm", "--query", "--package", *words, str(built("bascule-{version}-*.rpm"))]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def rpm(on: Computer, *words: str) -> subprocess.CompletedProcess[str]:
    """Let this system's rpm work on the other computer; scripts run there and see its processes."""
    command = [*on.outside(), "rpm", "--root", str(on.root), "--force-debian", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done


def must(on: Computer, *words: str) -> None:
    """The same, where it has to succeed, and without a warning."""
    done = rpm(on, *words)
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


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A package of an older version, made of the same files."""
    folder = tmp_path_factory.mktemp("older")
    return str(rpm_package.build(BUILT_PROGRAM, folder, version=OLDER, level=1))


def version(on: Computer) -> str:
    return rpm(on, "--query", "--queryformat", "%{VERSION}", "bascule").stdout


def test_from_nothing_to_nothing(with_libraries: Computer, older: str, shown: Screen, echo: int):
    debian, newer = with_libraries, str(built("bascule-{version}-*.rpm"))
    before = files(debian)
    must(debian, "--install", "--nodeps", older)
    assert version(debian) == OLDER
    with upgraded_in_use(
        debian, echo, lambda: must(debian, "--upgrade", "--nodeps", newer)
    ) as port:
        assert version(debian) == VERSION
        shown.shot("trial-rpm-upgraded")

        refused = rpm(debian, "--upgrade", "--nodeps", older)
        assert refused.returncode != 0
        assert "which is newer than" in refused.stderr
        assert version(debian) == VERSION

        must(debian, "--erase", "--nodeps", "bascule")
        wait_until(lambda: not debian.processes(PROGRAM) and not debian.processes(WINDOW))
        wait_until(lambda: not listening(port)())
    kept_profile(debian, port)
    assert files(debian) == before
