"""Owns a diagnosis as one file: a ZIP archive, whole or not there at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from bascule.diagnosis.collect import Entry
from bascule.whole_file import write_whole


def write_bundle(path: Path, entries: Iterable[Entry]) -> None:
    """Write the texts into one archive, readable by this user alone.

    Raises: StreamError FILE_FAILED; a file of that name is then as it was.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            archive.writestr(entry.name, entry.text.encode("utf-8", "replace"))
    write_whole(path, (held.getvalue(),))
