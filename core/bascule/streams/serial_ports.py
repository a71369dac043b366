"""Owns the list of this computer's serial ports, and who uses them. Never opens a port."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bascule.facts import PortInfo

if TYPE_CHECKING:
    from serial.tools.list_ports_common import ListPortInfo

_PROCESSES = Path("/proc")
_TERMINALS = Path("/sys/class/tty")
_LOOK_SECONDS = 0.3
_LIST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that has a port open."""

    pid: int
    program: str


@dataclass(slots=True)
class Holders:
    """Who has which device open; ``complete`` where every process could be looked at."""

    held: dict[str, Holder] = field(default_factory=dict[str, Holder])
    complete: bool = True


async def list_ports() -> tuple[PortInfo, ...]:
    """List the serial ports in natural order: COM2 before COM10."""
    return await asyncio.to_thread(_list_ports)


def _list_ports() -> tuple[PortInfo, ...]:
    found = [each for each in _comports() if not is_phantom(each.device)]
    holders = find_holders({_real_path(each.device) for each in found})
    return tuple(sorted((_described(each, holders) for each in found), key=_natural))


def _comports() -> Iterable[ListPortInfo]:
    from serial.tools import list_ports

    for _ in range(_LIST_TRIES):
        try:
            return list(list_ports.comports())
        except (OSError, TypeError, ValueError):
            pass  # pyserial stumbles over a device that is unplugged while it reads about it
    return ()


def _described(found: ListPortInfo, holders: Holders) -> PortInfo:
    busy = True if _real_path(found.device) in holders.held else None
    return PortInfo(
        found.device,
        "" if found.description == "n/a" else found.description,
        found.manufacturer or "",
        found.vid,
        found.pid,
        found.serial_number or "",
        found.location or "",
        False if busy is None and holders.complete else busy,
    )


def _real_path(device: str) -> str:
    # On Windows, looking for where a path leads opens what it leads to.
    return device if sys.platform == "win32" else os.path.realpath(device)


def _natural(port: PortInfo) -> list[tuple[int, str]]:
    pieces: list[str] = re.findall(r"\d+|\D+", port.device)
    return [(int(piece), "") if piece.isdigit() else (-1, piece) for piece in pieces]


def is_phantom(device: str, terminals: Path = _TERMINALS) -> bool:
    """Whether a device is one of the ttyS that Linux makes in advance, with no hardware behind."""
    name = Path(device).name
    if not name.startswith("ttyS") or not (terminals / name).exists():
        return False
    try:
        return (terminals / name / "type").read_text().strip() == "0"  # PORT_UNKNOWN
    except OSError:
        # Only root may read it. Those made in advance belong to no bus, others do (pnp, pci …).
        return "/platform/serial8250/" in os.path.realpath(terminals / name)


def find_holders(
    devices: Collection[str], *, processes: Path | None = None, seconds: float = _LOOK_SECONDS
) -> Holders:
    """Look for the processes that have one of the devices (real paths) open, for a short time.

    Linux only; elsewhere, and for other users' processes, it finds nothing and says so. A folder
    of that name is not looked into there: wine has Linux's, and opens all that its links lead to.
    """
    holders = Holders(complete=sys.platform == "linux")
    if processes is None:
        if sys.platform != "linux":
            return holders
        processes = _PROCESSES
    until = time.monotonic() + seconds
    for process in _numbered(processes, holders):
        if time.monotonic() > until:
            holders.complete = False
            break
        for descriptor in _numbered(process / "fd", holders):
            try:
                target = str(descriptor.readlink())
                if target in devices and target not in holders.held:
                    program = (process / "comm").read_text().strip()
                    holders.held[target] = Holder(int(process.name), program)
            except OSError:
                pass  # it was closed just now
    return holders


def _numbered(folder: Path, holders: Holders) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.name.isdigit()]
    except PermissionError:
        holders.complete = False
    except OSError:
        pass  # the process has ended
    return []
