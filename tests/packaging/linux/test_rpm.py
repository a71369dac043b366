"""A small package, looked at by rpm's own program; the real one is tried by ``trial``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bascule import __version__
from installer.linux import rpm
from tests.packaging.linux.conftest import small_program


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rpm")
    program = small_program(folder / "program")
    shutil.copy("/bin/true", program / "bascule")
    return rpm.build(program, folder)


def query(package: Path, *words: str) -> list[str]:
    command = ["rpm", "--query", "--package", *words, str(package)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def test_it_says_who_it_is(package: Path):
    said = query(package, "--queryformat", "%{NAME} %{VERSION} %{ARCH} %{LICENSE}\n")
    assert said == [f"bascule {__version__} x86_64 MIT"]


def test_it_offers_no_library_to_others(package: Path):
    assert [line.partition(" ")[0] for line in query(package, "--provides")] == [
        "bascule",
        "bascule(x86-64)",
    ]


def test_it_asks_for_what_it_does_not_bring(package: Path):
    assert query(package, "--recommends") == ["ca-certificates"]
    asked = query(package, "--requires")
    assert [line for line in asked if line.startswith("libc.so.6(GLIBC_2.")]
    assert "libexample.so.1()(64bit)" not in asked
    for script_needs in ("coreutils", "/usr/bin/getent", "findutils", "grep", "sed", "util-linux"):
        assert script_needs in asked


def test_its_scripts_are_rpm_s(package: Path):
    scripts = "\n".join(query(package, "--scripts"))
    assert '[ "$1" -gt 1 ]; then\n    renew_engines /usr/lib/bascule/bascule' in scripts
    assert '[ "$1" -eq 0 ]; then\n    end_all /usr/lib/bascule' in scripts
    assert "stat -Lc %d:%i " in scripts and "${each%%:*}" in scripts  # as stat(1) and sh read it
    assert "%%d" not in scripts and "%%%" not in scripts


def test_everything_is_in_it(package: Path):
    files = query(package, "--list")
    for name in (
        "/usr/bin/bascule-desktop",
        "/usr/lib/bascule/_internal/libexample.so.1",
        "/usr/lib/systemd/user/bascule-engine.service",
        "/usr/share/man/man1/bascule.1.gz",
    ):
        assert name in files
