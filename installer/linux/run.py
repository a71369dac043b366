"""Owns the package for every other Linux: a shell script with an archive behind it (decision 12).

Who runs it without rights of root gets Bascule below the home folder; root gets it below ``/opt``.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from installer.facts import BUILT, DIST, NAME, PROGRAM, VERSION
from installer.linux import deb, elf, tree

_MACHINE = "x86_64"


def build(program: Path = PROGRAM, into: Path = DIST) -> Path:
    """Make the file of a program that PyInstaller built.

    Raises:
        CalledProcessError: A tool refused.
        FileNotFoundError: A library that the program needs is in no package of this system.
    """
    file = into / f"{NAME}-{VERSION}-{_MACHINE}.run"
    with tempfile.TemporaryDirectory(prefix="bascule-run-") as folder:
        root = Path(folder) / "root"
        root.mkdir()
        tree.lay_out(root, program)
        packages = {name: deb.package_of(name) for name in elf.outside(program)}
        pack(root, file, VERSION, packages)
    return file


def pack(
    root: Path, file: Path, version: str, packages: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Write the file that installs a tree (``tree.lay_out``), which is used up by it.

    ``packages`` are Debian's, by the library that somebody may lack.

    Raises: CalledProcessError.
    """
    program = root / "usr" / "lib" / NAME
    shutil.move(root / "usr" / "share", program / "share")
    # Below ``share`` is where systemd looks for what is not the distribution's (systemd.unit(5)).
    units = program / "share" / "systemd" / "user"
    units.mkdir(parents=True)
    for unit in (root / "usr" / "lib" / "systemd" / "user").iterdir():
        shutil.move(unit, units)
    archive = file.with_name(file.name + ".tar.xz")
    _archive(program, archive)
    facts = {
        "version": version,
        "machine": _MACHINE,
        "names": "\n".join(sorted(each.name for each in program.iterdir())),
        "packages": " ".join(f"{name}={holds}" for name, holds in sorted(packages.items())),
        "needed_mib": str(_size(program) // 2**20 + 1),
    }
    script = [f"{name}={shlex.quote(is_)}\n" for name, is_ in facts.items()]
    body = [_text("engines.sh"), _text("setup.sh")]
    lines = sum(text.count("\n") for text in [*script, *body]) + 4
    script += [f"archive_line={lines}\n", *body]
    file.write_bytes(with_sum("".join(script).encode() + archive.read_bytes()))
    archive.unlink()
    file.chmod(0o755)


def with_sum(rest: bytes) -> bytes:
    """The whole file: two lines more, the second with the sum of all that comes after it."""
    return f"#!/bin/sh\nrest_sha256={hashlib.sha256(rest).hexdigest()}\n".encode() + rest


def _archive(folder: Path, archive: Path) -> None:
    words = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"]
    words += [f"--mtime=@{BUILT.timestamp():.0f}", "--directory", str(folder)]
    words += ["--xz", "--create", "--file", str(archive), "."]
    # The same number of threads everywhere, as blocks and so bytes depend on there being several.
    subprocess.run(["tar", *words], check=True, env={**os.environ, "XZ_OPT": "-6 -T2"})


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*"))


def _text(name: str) -> str:
    return (tree.FILES / name).read_text(encoding="utf-8")
