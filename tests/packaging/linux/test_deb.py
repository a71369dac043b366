"""A small package, looked at by Debian's own programs; the real one is tried by ``trial``."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from bascule import __version__
from installer.linux import deb
from tests.packaging.linux.conftest import small_program

pytestmark = pytest.mark.skipif(
    platform.machine() != "x86_64" or not Path("/etc/debian_version").is_file(),
    reason="a package for Debian is built on Debian, for amd64",
)


def said(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package whose program needs zlib and the C library of the system."""
    folder = tmp_path_factory.mktemp("deb")
    program = small_program(folder / "program")
    source = folder / "source.c"
    source.write_text(
        "#include <stdio.h>\nextern const char *zlibVersion(void);\n"
        "int main(void) { return puts(zlibVersion()) < 0; }\n",
        encoding="utf-8",
    )
    zlib = next(Path("/lib/x86_64-linux-gnu").glob("libz.so.1"))
    subprocess.run(["gcc", "-o", program / "bascule", source, zlib], check=True)
    return deb.build(program, folder)


def test_it_says_who_it_is(package: Path):
    assert package.name == f"bascule_{__version__}_amd64.deb"
    fields = dict(
        line.split(": ", 1)
        for line in said("dpkg-deb", "--field", package).splitlines()
        if not line.startswith(" ")
    )
    assert (fields["Package"], fields["Version"]) == ("bascule", __version__)
    assert fields["Architecture"] == "amd64"
    assert "@" in fields["Maintainer"]


def test_it_depends_on_what_it_does_not_bring(package: Path):
    needs = said("dpkg-deb", "--field", package, "Depends").strip().split(", ")
    # Since 2.34 the C library starts programs in another way (__libc_start_main@GLIBC_2.34).
    assert needs == ["libc6 (>= 2.34)", "zlib1g"]


def test_it_brings_the_authorities_that_certificates_are_verified_by(package: Path):
    assert "ca-certificates" in said("dpkg-deb", "--field", package, "Recommends").split(", ")


def test_what_it_says_of_itself_is_so(package: Path, tmp_path: Path):
    said("dpkg-deb", "--raw-extract", package, tmp_path)
    shutil.copy(tmp_path / "DEBIAN" / "md5sums", tmp_path)
    done = subprocess.run(
        ["md5sum", "--check", "--quiet", "md5sums"], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
    size = int(said("dpkg-deb", "--field", package, "Installed-Size"))
    files = [path for path in (tmp_path / "usr").rglob("*") if path.is_file()]
    held = sum(path.lstat().st_size for path in files) / 1024
    assert held <= size <= held + len(files)


def test_everything_belongs_to_root(package: Path):
    owners = {line.split()[1] for line in said("dpkg-deb", "--contents", package).splitlines()}
    assert owners == {"root/root"}


def test_a_library_of_nobody():
    with pytest.raises(FileNotFoundError, match=r"libnobody\.so\.1"):
        deb.package_of("libnobody.so.1")
