"""Owns what runs on the Windows of a rig: which processes there are, and to end them all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_SECONDS = 20
"""So long Windows has to end its programs."""


def running(rig: Path) -> Iterator[Path]:
    """The folders in /proc of what runs on that Windows, it itself included."""
    for root in Path("/proc").glob("[0-9]*/root"):
        with contextlib.suppress(OSError):  # it has just ended
            if root.readlink() == rig / "chroot":
                yield root.parent


def shut_down(rig: Path) -> None:
    """End that Windows with all its processes; the next program starts it again."""
    server = ["env", "-i", "HOME=/opt", "WINEPREFIX=/opt/wine", "/usr/lib/wine/wineserver64", "--kill"]
    subprocess.run(["chroot", str(rig / "chroot"), *server], check=False)  # where none runs it says so
    until = time.monotonic() + _SECONDS
    while left := list(running(rig)):
        if time.monotonic() > until:  # those of a server that has gone before them
            for each in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(each.name), signal.SIGKILL)
        time.sleep(0.2)
