"""Owns what an archive of ours says ahead of itself: how many files it holds, and their bytes.

It stands in a global header of the PAX format, under the keyword ``comment``, which every reader of
archives passes over (POSIX.1-2017, pax, "pax Extended Header").
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Mapping

_COMMENT = "comment"
_SAID = re.compile(r"bascule: (\d{1,15}) files, (\d{1,18}) bytes")


def totals_header(files: int, size: int) -> bytes:
    """The blocks with which an archive of so many files, and bytes in them, begins."""
    said = {_COMMENT: f"bascule: {files} files, {size} bytes"}
    return tarfile.TarInfo.create_pax_global_header(said)


def totals_said(headers: Mapping[str, str]) -> tuple[int, int] | None:
    """Files and bytes, where the global headers of an archive say them."""
    found = _SAID.fullmatch(headers.get(_COMMENT, ""))
    return (int(found[1]), int(found[2])) if found else None
