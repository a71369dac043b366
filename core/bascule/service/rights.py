"""Owns who may enter the folder of the Windows service, as text; it touches nothing.

The service runs under a virtual account of its own, which Windows makes of the service's name.
"""

from __future__ import annotations

import hashlib

SYSTEM = "S-1-5-18"
ADMINISTRATORS = "S-1-5-32-544"


def account(service: str) -> str:
    """The virtual account of a service: no password, few rights, its own identity."""
    return rf"NT SERVICE\{service}"


def account_sid(service: str) -> str:
    """The identifier of that account: S-1-5-80 and the SHA-1 of the name in capitals, as five
    numbers ([MS-DTYP] 2.4.2.4, NT SERVICE). So it is known before the service is there.
    """
    digest = hashlib.sha1(service.upper().encode("utf-16-le"), usedforsecurity=False).digest()
    parts = [int.from_bytes(digest[at : at + 4], "little") for at in range(0, len(digest), 4)]
    return "-".join(["S-1-5-80", *map(str, parts)])


def folder_rights(service: str) -> str:
    """The rights of the service's folder (SDDL): Windows, administrators and the service may do
    everything in it and below, nobody else anything, whatever the folder above allows.
    """
    may = (SYSTEM, ADMINISTRATORS, account_sid(service))
    return f"O:{ADMINISTRATORS}D:P" + "".join(f"(A;OICI;FA;;;{who})" for who in may)
