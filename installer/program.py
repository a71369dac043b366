"""Owns building the program itself: PyInstaller, then less of it, then its own self-test.

One folder with two executables, made for the system this runs on. Every package is made of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer import icons
from installer.facts import BUILD, DIST, NAME, PROGRAM, TOP
from installer.linux import elf
from installer.windows import signing, version_info

_SELFTEST_SECONDS = 120

PROVED = (
    "what ships with it", "languages", "on the screen", "engine", "Forward a port",
    "TLS in front of a service", "Through two SOCKS proxies", "Serial ports of this computer",
)  # fmt: skip
"""What the built program must say of itself that it works, on every system."""


def build() -> Path:
    """Make the program anew; the folder. Raises: CalledProcessError where a tool refuses."""
    shutil.rmtree(PROGRAM, ignore_errors=True)
    if sys.platform == "win32":
        icons.write_ico(BUILD / "icons" / f"{NAME}.ico")
        version_info.write(BUILD)
    elif sys.platform == "darwin":
        icons.write_icns(BUILD / "icons" / f"{NAME}.icns")
    words = ["--noconfirm", "--log-level", "WARN"]
    words += ["--distpath", str(DIST), "--workpath", str(BUILD / "pyinstaller")]
    spec = TOP / "installer" / f"{NAME}.spec"
    # A signature that fails (macOS) is no warning, but the end.
    environment = {**os.environ, "PYINSTALLER_STRICT_BUNDLE_CODESIGN_ERROR": "1"}
    command = [sys.executable, "-m", "PyInstaller", *words, str(spec)]
    subprocess.run(command, check=True, env=environment)
    if sys.platform.startswith("linux"):
        elf.prune(PROGRAM)
        elf.strip(PROGRAM)
    elif sys.platform == "win32":
        for name in (NAME, f"{NAME}-desktop"):
            signing.sign(PROGRAM / f"{name}.exe")
    return PROGRAM


def prove(program: Path) -> str:
    """Let the built program test itself; what it says.

    Its words go through a file: a program with a window has no output on Windows.

    Raises:
        CalledProcessError: Something does not work.
        TimeoutExpired: It does not come to an end.
        ValueError: It says nothing of something that must be proved.
    """
    suffix = ".exe" if sys.platform == "win32" else ""
    report = BUILD / "selftest.txt"
    report.unlink(missing_ok=True)
    # As an argument, because QT_QPA_PLATFORM does not reach every program (wine drops it).
    words = ["--selftest", str(report), "-platform", "offscreen"]
    command = [str(program / f"{NAME}-desktop{suffix}"), *words]
    try:
        subprocess.run(command, check=True, timeout=_SELFTEST_SECONDS)
    finally:
        said = report.read_text(encoding="utf-8") if report.is_file() else "it said nothing\n"
        print(said, end="", flush=True)
    if missing := [title for title in PROVED if f"✓ {title}: " not in said]:
        raise ValueError(f"it says nothing of: {', '.join(missing)}")
    return said


def size(folder: Path) -> int:
    """How many bytes a folder's files have."""
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())
