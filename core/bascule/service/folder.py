"""Owns the folder of the Windows service: made for administrators and the service alone.

Everybody may make folders in %ProgramData%. So one that was there before is only taken where an
administrator, Windows or whoever installs now owns it: else its profiles could be a stranger's.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

from bascule.service import winapi
from bascule.service.rights import ADMINISTRATORS, SYSTEM

_LONGEST_OWNER_BYTES = 1024


def prepare(folder: Path, rights: str) -> None:
    """Make a folder with ``rights`` (SDDL), or give them to the one that is there.

    Raises: PermissionError where it belongs to somebody else, or leads elsewhere; OSError.
    """
    assert sys.platform == "win32"
    try:
        folder.mkdir(parents=True, mode=0o700)  # nobody puts anything in before it has its rights
    except FileExistsError:
        if folder.is_junction() or folder.is_symlink():
            # Its owner could let it lead to another folder later on.
            raise PermissionError(
                13, f"{folder} is no folder, but leads to one: delete it, and install again"
            ) from None
        owner = owner_of(folder)
        if owner not in (ADMINISTRATORS, SYSTEM, own_identity()):
            raise PermissionError(
                13,
                f"{folder} belongs to somebody who is not an administrator ({owner}), and what is "
                "in it would be run: look at it, then rename or delete it, and install again",
            ) from None
    descriptor = ctypes.c_void_p()
    winapi.ConvertStringSecurityDescriptor(
        rights, winapi.SDDL_REVISION_1, ctypes.byref(descriptor), None
    )
    try:
        winapi.SetFileSecurity(
            str(folder),
            winapi.OWNER_SECURITY_INFORMATION
            | winapi.DACL_SECURITY_INFORMATION
            | winapi.PROTECTED_DACL_SECURITY_INFORMATION,
            descriptor,
        )
    finally:
        winapi.LocalFree(descriptor)


def owner_of(path: Path) -> str:
    """The identifier (SID) of who owns a file or folder. Raises: OSError."""
    assert sys.platform == "win32"
    held = ctypes.create_string_buffer(_LONGEST_OWNER_BYTES)
    needed = ctypes.c_ulong()
    wanted = winapi.OWNER_SECURITY_INFORMATION
    winapi.GetFileSecurity(str(path), wanted, held, len(held), ctypes.byref(needed))
    owner, defaulted = ctypes.c_void_p(), ctypes.c_int()
    winapi.GetSecurityDescriptorOwner(held, ctypes.byref(owner), ctypes.byref(defaulted))
    return _text(owner)


def own_identity() -> str:
    """The identifier (SID) of who runs this process. Raises: OSError."""
    assert sys.platform == "win32"
    token = ctypes.c_void_p()
    winapi.OpenProcessToken(winapi.GetCurrentProcess(), winapi.TOKEN_QUERY, ctypes.byref(token))
    try:
        held = ctypes.create_string_buffer(_LONGEST_OWNER_BYTES)
        needed = ctypes.c_ulong()
        winapi.GetTokenInformation(token, winapi.TOKEN_USER, held, len(held), ctypes.byref(needed))
        # TOKEN_USER begins with a pointer to the identifier.
        return _text(ctypes.c_void_p.from_buffer(held))
    finally:
        winapi.CloseHandle(token)


def _text(identifier: ctypes.c_void_p) -> str:
    assert sys.platform == "win32"
    text = ctypes.c_wchar_p()
    winapi.ConvertSidToStringSid(identifier, ctypes.byref(text))
    try:
        return str(text.value)
    finally:
        winapi.LocalFree(text)
