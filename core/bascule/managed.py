"""Owns what whoever built or installed Bascule has decided for those who use it: a policy of the
computer (Windows), ``managed.json`` beside the program or among what a package brings, and the
address that a build names for its updates.

``docs/updates.md`` describes them. Read at each question; nothing is written here.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bascule.errors import ErrorCode, SpecError
from bascule.places import built_in_folder, program_folder

ADDRESS_VARIABLE = "BASCULE_UPDATE_ADDRESS"
"""Where to look for updates instead (tests, a mirror). At build time: what the build names."""

MANAGED_FILE = "managed.json"
"""Beside the program that of an administrator, which no package replaces or removes. It goes before
the package's own, which is among what is built in."""

ADDRESS_FILE = "update-address"
"""What a build names is in this file, among what is built in."""

POLICY_KEY = r"Software\Policies\Bascule"
"""The key of HKEY_LOCAL_MACHINE that an administrator fills, by group policy or by hand."""

POLICY_UPDATES = "Updates"
"""A number; 0 turns updates off."""

POLICY_ADDRESS = "UpdateAddress"
"""A text: where to look instead."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Managed:
    """``updates``: whether this copy may look for updates at all. ``address``: of ``release.json``;
    empty where none is known.
    """

    updates: bool = True
    address: str = ""


def find_managed() -> Managed:
    """What is decided for this copy. The policy goes before ``managed.json``, and that before what
    the build names. What cannot be read turns updates off: whoever wrote it wanted to decide
    something.
    """
    folder, built_in = program_folder(), built_in_folder()
    managed = Managed(address=_text(built_in / ADDRESS_FILE).strip() if built_in else "")
    for place in (folder, built_in):
        if place is not None and os.path.lexists(place / MANAGED_FILE):
            managed = _managed(place / MANAGED_FILE, managed.address)
            break
    managed = _under_policy(read_policy(), managed)
    return Managed(managed.updates, os.environ.get(ADDRESS_VARIABLE) or managed.address)


def read_policy() -> dict[str, object]:
    """The values of the policy by name, as the registry has them; empty where there is none.

    Raises nothing: one that this user may not read (by right everybody may) is none.
    """
    values: dict[str, object] = {}
    if sys.platform == "win32":  # pragma: no cover - only Windows has a registry
        import winreg

        try:
            access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
            key = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, POLICY_KEY, 0, access)
        except OSError:
            return values
        with key:
            for name in (POLICY_UPDATES, POLICY_ADDRESS):
                with contextlib.suppress(OSError):  # that one is not decided
                    values[name] = winreg.QueryValueEx(key, name)[0]
    return values


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


def _under_policy(policy: dict[str, object], managed: Managed) -> Managed:
    updates = policy.get(POLICY_UPDATES, int(managed.updates))
    address = policy.get(POLICY_ADDRESS, managed.address)
    return Managed(
        updates=updates == 1,
        address=address if isinstance(address, str) else "",
    )


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
        return file.read_text("utf-8-sig")  # editors of Windows begin with the mark
    except (OSError, UnicodeError):
        return ""
