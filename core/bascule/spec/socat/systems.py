"""Owns which options have no meaning on which system, and what becomes of them there.

Imported only where the system is not Linux, on which socat's options were made.
"""

from __future__ import annotations

from typing import LiteralString

_NO_PERMISSIONS = "Windows has no such permissions; who may use it is set in the folder it is in."
_NO_OWNER = "Windows has no owners of this kind; it belongs to whoever runs Bascule."
_NO_DESCRIPTORS = "Programs on Windows have no such descriptors; it talks by its standard ones."
_NO_WORD = "Terminals of macOS do not know it, and opening this one fails."

TERMINALS = "Windows has no terminals of this kind, and opening it fails."
"""Why the settings of a terminal cannot be made on Windows; serial ports have settings there."""

_ABSENT: dict[str, dict[str, LiteralString]] = {
    "windows": {
        "so-bindtodevice": "Windows binds no socket to an interface; bind= chooses an address.",
        "so-reuseport": "Windows shares no ports; it is left out.",
        "setsid": "Windows has no sessions of programs; it is left out.",
        "tiocsctty": "Windows has no controlling terminals; it is left out.",
        "dash": "Windows has no login shells; it is left out.",
        "fdin": _NO_DESCRIPTORS,
        "fdout": _NO_DESCRIPTORS,
        **dict.fromkeys(("perm", "perm-early", "perm-late", "umask"), _NO_PERMISSIONS),
        **dict.fromkeys(("user", "user-early", "group", "group-early"), _NO_OWNER),
    },
    "macos": {
        "so-bindtodevice": "macOS binds no socket to an interface; bind= chooses an address.",
        **dict.fromkeys(("iuclc", "olcuc", "xcase", "vswtc"), _NO_WORD),
    },
}


def absent(name: str, system: str) -> LiteralString:
    """Why a system does not have what an option stands for, as a sentence; "" where it has."""
    return _ABSENT.get(system, {}).get(name, "")
