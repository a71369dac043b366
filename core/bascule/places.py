"""Owns where Bascule keeps its files. Paths only; whoever owns a file creates it."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "BASCULE_HOME"
"""Set it to keep everything below one folder (tests, a portable copy, a second engine)."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one user's Bascule."""

    config: Path
    state: Path
    runtime: Path

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
    """The folders of the current user, as each system has them."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        base = Path(home).absolute()
        return Places(base / "config", base / "state", base / "run")
    import platformdirs  # here, so that a home of one's own does not pay for it

    dirs = platformdirs.PlatformDirs("bascule", appauthor=False, roaming=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR: it takes another, and says so aloud
        runtime = Path(dirs.user_runtime_dir)
    return Places(Path(dirs.user_config_dir), Path(dirs.user_state_dir), runtime)


def service_home() -> Path:
    """The home (HOME_VARIABLE) of the service's engine. Only on Windows has it one of its own;
    elsewhere the service is the engine of the person who installed it, and this is never asked.
    """
    return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Bascule"
