"""Owns ``bascule diagnose FILE.zip``: what helps to find a fault, in a file, and its list."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bascule.diagnosis.bundle import write_bundle
from bascule.diagnosis.collect import collect
from bascule.places import find_places


def diagnose(file: str, *, hosts: bool) -> int:
    """Write the file and say what is in it. Raises: StreamError FILE_FAILED."""
    entries = asyncio.run(collect(find_places(), hosts=hosts))
    write_bundle(Path(file), entries)
    print(f"{file}: look at it before you give it to anybody; nothing was sent")
    for entry in entries:
        print(f"  {entry.name} ({len(entry.text)} characters)")
    return 0
