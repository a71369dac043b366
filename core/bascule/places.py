"""Owns where Bascule keeps its files. Paths only; whoever owns a file creates it.

A built program with a folder ``bascule-data`` beside it, or a file ``portable``, is portable: all
that it keeps is in that folder, so that the two can be carried from one computer to another. Where
BASCULE_HOME names another folder, it is that one, and the program is portable all the same.
"""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

HOME_VARIABLE = "BASCULE_HOME"
"""Set it to keep everything below one folder (tests, a portable copy, a second engine)."""


PORTABLE_FOLDER = "bascule-data"
PORTABLE_MARK = "portable"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one user's Bascule."""

    config: Path
    state: Path
    runtime: Path
    portable: Path | None = None
    """The folder that holds everything; None where this is an installed program."""

    @property
    def profiles(self) -> Path:
        """One TOML file per profile."""
        return self.config / "profiles"

    @property
    def deleted(self) -> Path:
        """Deleted profiles, so that deleting can be undone."""
        return self.config / "deleted"

    @property
    def certificates(self) -> Path:
        """Certificates and keys made by Bascule."""
        return self.config / "certificates"

    @property
    def secrets(self) -> Path:
        """The file for secrets where the system offers no keyring."""
        return self.config / "secrets.json"

    @property
    def logs(self) -> Path:
        """Log files."""
        return self.state / "logs"


def find_places() -> Places:
    """The folders of the current user, as each system has them; of a portable copy its own."""
    portable = portable_folder()
    base = _home() or portable
    if base is not None:
        return replace(_below(base), portable=portable)
    import platformdirs  # here, so that a home of one's own does not pay for it

    dirs = platformdirs.PlatformDirs("bascule", appauthor=False, roaming=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR: it takes another, and says so aloud
        runtime = Path(dirs.user_runtime_dir)
    return Places(Path(dirs.user_config_dir), Path(dirs.user_state_dir), runtime)


def program_folder() -> Path | None:
    """The folder in which a built program stands, on macOS that of the ``.app``; None where Bascule
    runs from its source or as a Python package.
    """
    if not getattr(sys, "frozen", False):
        return None
    folder = Path(sys.executable).resolve().parent
    if sys.platform == "darwin" and folder.parts[-2:] == ("Contents", "MacOS"):
        return folder.parents[2]
    return folder


def built_in_folder() -> Path | None:
    """The folder of what was built into the program and signed with it, read only: on macOS within
    the ``.app``. None as for ``program_folder``.
    """
    if not getattr(sys, "frozen", False):
        return None
    return Path(getattr(sys, "_MEIPASS", Path(sys.executable).resolve().parent))


def portable_folder() -> Path | None:
    """Where a portable copy keeps everything; None where the program is not portable."""
    beside = program_folder()
    if beside is None:
        return None
    folder = beside / PORTABLE_FOLDER
    if not folder.is_dir() and not (beside / PORTABLE_MARK).is_file():
        return None
    return _home() or folder


def is_fleeting(program: str) -> bool:
    """Whether macOS lends the program its place: a disk image, or a folder of one run for what was
    just downloaded (App Translocation). Disks that can be written to are none.
    """
    parts = PurePosixPath(program).parts
    if "AppTranslocation" in parts:
        return True
    if sys.platform == "win32" or parts[1:2] != ("Volumes",):
        return False
    try:
        return bool(os.statvfs(program).f_flag & os.ST_RDONLY)
    except OSError:
        return True


def service_home() -> Path:
    """The home (HOME_VARIABLE) of the service's engine. Only on Windows has it one of its own;
    elsewhere the service is the engine of the person who installed it, and this is never asked.
    """
    return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Bascule"


def _home() -> Path | None:
    """The folder that HOME_VARIABLE names."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).absolute() if home else None


def _below(base: Path) -> Places:
    return Places(base / "config", base / "state", base / "run")
