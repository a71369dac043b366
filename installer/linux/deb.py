"""Owns the package for Debian and Ubuntu (deb-control(5), Debian Policy 4.6).

Its dependencies are read from the built files: the libraries they are linked to that are not among
them, and the packages of this system that hold those.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from installer.facts import (
    BUILT,
    DIST,
    MAINTAINER,
    NAME,
    PROGRAM,
    SUMMARY,
    VERSION,
    package_version,
)
from installer.linux import elf, tree

_DESCRIPTION = """\
 Bascule joins things that do not speak to each other: a scale on a serial
 port answers on a TCP port, an old web service is reached over HTTPS, a port
 leads to another computer, a host is reached through SOCKS proxies.
 .
 It has a window with wizards and recipes, a tray icon, a command line, and an
 engine of its own that goes on when the window is closed.
"""


def build(program: Path = PROGRAM, into: Path = DIST) -> Path:
    """Make the package of a program that PyInstaller built; its file.

    Raises:
        CalledProcessError: A tool refused; its words are on the output.
        FileNotFoundError: A library that the program needs is in no package of this system.
    """
    architecture = _output("dpkg", "--print-architecture").strip()
    file = into / f"{NAME}_{VERSION}_{architecture}.deb"
    with tempfile.TemporaryDirectory(prefix="bascule-deb-") as folder:
        root = Path(folder) / "root"
        root.mkdir()
        tree.lay_out(root, program)
        doc = root / "usr" / "share" / "doc" / NAME
        (doc / "changelog.gz").write_bytes(gzip.compress(_changelog().encode(), 9, mtime=0))
        overrides = root / "usr" / "share" / "lintian" / "overrides" / NAME
        overrides.parent.mkdir(parents=True)
        shutil.copyfile(tree.FILES / "lintian-overrides", overrides)
        tree.settle(root)
        control = root / "DEBIAN"
        control.mkdir()
        (control / "md5sums").write_text(_md5sums(root), encoding="utf-8")
        (control / "control").write_text(
            _control(root, architecture, depends(program)), encoding="utf-8"
        )
        for script in ("postinst", "prerm"):
            (control / script).write_text(tree.script(script), encoding="utf-8")
            (control / script).chmod(0o755)
        words = ["--root-owner-group", "-Zxz", "--build", str(root), str(file)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": f"{BUILT.timestamp():.0f}"}
        subprocess.run(["dpkg-deb", *words], check=True, stdout=subprocess.DEVNULL, env=environment)
    return file


def depends(program: Path) -> list[str]:
    """The packages that hold the libraries which a program needs and does not bring."""
    floor = ".".join(map(str, elf.glibc_floor(program)))
    found = {package_of(name) for name in elf.outside(program)} - {"libc6"}
    return [f"libc6 (>= {floor})", *sorted(found)]


def package_of(soname: str) -> str:
    """The package of this system that holds a library. Raises: FileNotFoundError."""
    for line in _output("/sbin/ldconfig", "-p").splitlines():
        word, _, path = line.strip().partition(" => ")
        if word.split(" ")[0] == soname and "x86-64" in word:
            # Where /lib is a link to /usr/lib, dpkg may know either name.
            for each in (path, os.path.realpath(path), f"/usr{path}", path.removeprefix("/usr")):
                said = subprocess.run(
                    ["dpkg", "-S", each], capture_output=True, text=True, check=False
                )
                if said.returncode == 0:
                    return said.stdout.partition(":")[0]
    raise FileNotFoundError(f"{soname} is needed, and no package here holds it")


def _control(root: Path, architecture: str, needs: list[str]) -> str:
    inside = [path for path in (root / "usr").rglob("*") if path.is_file()]
    kibibytes = sum(path.lstat().st_size + 1023 for path in inside) // 1024
    return (
        f"Package: {NAME}\n"
        f"Version: {package_version()}\n"
        "Section: net\n"
        "Priority: optional\n"
        f"Architecture: {architecture}\n"
        f"Maintainer: {MAINTAINER}\n"
        f"Installed-Size: {kibibytes}\n"
        f"Depends: {', '.join(needs)}\n"
        "Recommends: ca-certificates, fonts-dejavu-core | fonts-noto-core, "
        "gnome-keyring | kwalletmanager\n"
        f"Description: {SUMMARY[0].lower()}{SUMMARY[1:]}\n{_DESCRIPTION}"
    )


def _changelog() -> str:
    date = f"{BUILT:%a, %d %b %Y %H:%M:%S +0000}"
    return (
        f"{NAME} ({package_version()}) unstable; urgency=medium\n\n"
        f"  * Version {VERSION}.\n\n"
        f" -- {MAINTAINER}  {date}\n"
    )


def _md5sums(root: Path) -> str:
    files = sorted(path for path in (root / "usr").rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}"
        f"  {path.relative_to(root)}\n"
        for path in files
        if not path.is_symlink()
    )


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
