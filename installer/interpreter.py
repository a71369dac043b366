"""Owns what is said of the Python that goes into the program: which one it is, and whether it was
built to be fast.

The relay core runs at the speed of its interpreter. Those of python.org, of uv and of the official
container images are built with profile-guided (PGO) and link-time optimisation (LTO); one that a
tool such as pyenv compiled in passing is often not.
"""

from __future__ import annotations

import platform
import sys
import sysconfig

_OPTIONS = {"PGO": "--enable-optimizations", "LTO": "--with-lto"}


def lacking(configured: str | None = None) -> list[str]:
    """The optimisations that an interpreter was built without, by what its ``configure`` was told
    (this one's, if none is given). Where that is not recorded, as on Windows, none is missed.
    """
    if configured is None:
        configured = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    return [name for name, word in _OPTIONS.items() if configured and word not in configured]


def sentence(missing: list[str]) -> str:
    """Which interpreter goes into the program, and what to do where it is a slow one."""
    said = f"Python {platform.python_version()} of {sys.base_prefix} goes in"
    if not missing:
        return said
    return (
        f"{said}, but it was built without {' and '.join(missing)}, so that relays take more of "
        "the processor than they need to. For a release, remove .venv and run dev.py with a Python "
        "of python.org, or with one that `uv python install` has fetched."
    )
