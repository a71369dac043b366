"""Owns the programs that packages are made with and that come with no Python package: where they
are found, who installs them, and what a person is told where one is missing.

On Debian and Ubuntu ``dev.py`` has installed them by then.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """One program."""

    program: str
    whence: str
    """How a person gets it, as the end of a sentence."""

    folder: str = ""
    """Where its installer puts it without telling PATH; environment variables are expanded."""

    install: tuple[str, ...] = ()
    """What installs it without a question where that is allowed (an administrator's Windows)."""


_APPLE = "`xcode-select --install` installs Apple's Command Line Tools"
_HERE = "install it with your distribution's package manager"

TOOLS: dict[str, tuple[Tool, ...]] = {
    "nsis": (
        Tool(
            "makensis",
            "`winget install NSIS.NSIS`, or nsis.sourceforge.io",
            r"%ProgramFiles(x86)%\NSIS",
            ("choco", "install", "nsis", "--yes", "--no-progress"),
        ),
    ),
    "msi": tuple(
        Tool(
            name,
            "`pacman -S mingw-w64-ucrt-x86_64-msitools` in MSYS2 (msys2.org)",
            r"%SystemDrive%\msys64\ucrt64\bin",
            (
                r"%SystemDrive%\msys64\usr\bin\pacman.exe",
                *("--sync", "--refresh", "--needed", "--noconfirm"),
                "mingw-w64-ucrt-x86_64-msitools",
            ),
        )
        for name in ("wixl", "msibuild")
    ),
    "dmg": tuple(Tool(name, _APPLE) for name in ("codesign", "ditto", "hdiutil", "xcrun")),
    "deb": (Tool("dpkg-deb", _HERE),),
    "rpm": (Tool("rpmbuild", _HERE),),
    "run": (Tool("xz", _HERE),),
}
"""By the package that needs them."""


def missing(packages: Iterable[str]) -> list[Tool]:
    """Those that the packages need and that are not here; one that stands in its own folder is put
    onto PATH, and one that may be installed is.
    """
    needed = [tool for package in packages for tool in TOOLS.get(package, ())]
    return [tool for tool in needed if not (_found(tool) or (_installed(tool) and _found(tool)))]


def sentence(tools: Iterable[Tool]) -> str:
    """What is missing and where to get it, a line each."""
    return "\n".join(f"{tool.program} is missing: {tool.whence}" for tool in tools)


def _found(tool: Tool) -> bool:
    folder = os.path.expandvars(tool.folder)
    if folder and shutil.which(tool.program) is None and shutil.which(tool.program, path=folder):
        os.environ["PATH"] = os.environ["PATH"] + os.pathsep + folder
    return shutil.which(tool.program) is not None


def _installed(tool: Tool) -> bool:
    """Try to install it; whether something was done."""
    command = [os.path.expandvars(word) for word in tool.install]
    if not command or shutil.which(command[0]) is None or not _is_administrator():
        return False
    print(f"package: installing {tool.program}: {' '.join(command)}", flush=True)
    return subprocess.run(command, check=False).returncode == 0


def _is_administrator() -> bool:
    if sys.platform == "win32":
        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    return False  # elsewhere the system's own package manager is asked by dev.py, or nobody
