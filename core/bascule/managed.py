"""Owns what whoever built or installed Bascule has decided for those who use it: ``managed.json``
beside the program, and the address that a build names for its updates.

``docs/updates.md`` describes both. Read at each question; nothing is written here.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bascule.errors import ErrorCode, SpecError
from bascule.places import program_folder

ADDRESS_VARIABLE = "BASCULE_UPDATE_ADDRESS"
"""Where to look for updates instead (tests, a mirror). At build time: what the build names."""

MANAGED_FILE = "managed.json"
ADDRESS_FILE = "update-address"

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Managed:
    """``updates``: whether this copy may look for updates at all. ``address``: of ``release.json``;
    empty where none is known.
    """

    updates: bool = True
    address: str = ""


def find_managed() -> Managed:
    """What is decided for this copy. A ``managed.json`` that cannot be read turns updates off:
    whoever wrote it wanted to decide something.
    """
    folder = program_folder()
    named = _text(folder / ADDRESS_FILE).strip() if folder is not None else ""
    managed = Managed(address=named)
    if folder is not None and os.path.lexists(folder / MANAGED_FILE):
        managed = _managed(folder / MANAGED_FILE, named)
    return Managed(managed.updates, os.environ.get(ADDRESS_VARIABLE) or managed.address)


def update_address() -> str:
    """Where to look for updates. Raises: SpecError UPDATES_OFF with the fact ``why``: ``managed``
    or ``address``.
    """
    managed = find_managed()
    if not managed.updates:
        raise SpecError(
            "updates of this copy are looked after by whoever installed it",
            code=ErrorCode.UPDATES_OFF,
            why="managed",
        )
    if not managed.address:
        raise SpecError(
            "this copy names no place where to look for updates",
            code=ErrorCode.UPDATES_OFF,
            why="address",
        )
    return managed.address


def _managed(file: Path, named: str) -> Managed:
    try:
        said: object = json.loads(_text(file))
    except (ValueError, RecursionError):
        return Managed(updates=False)
    table = cast(dict[str, Any], said) if isinstance(said, dict) else {}
    if table.get("format") != _FORMAT:
        return Managed(updates=False)
    address = table.get("update_address", named)
    return Managed(
        updates=table.get("updates", True) is True,
        address=address if isinstance(address, str) else "",
    )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeError):
        return ""
