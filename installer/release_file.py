"""Owns ``release.json``: what the program is told of a release when it looks for a newer one
(``docs/updates.md``). Made of the very files that are published.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from bascule.managed import ADDRESS_FILE, ADDRESS_VARIABLE
from bascule.spec.releases import FORMAT, release_from_json
from installer.facts import BUILT, VERSION

NAME = "release.json"
PAGE_VARIABLE = "BASCULE_DOWNLOAD_PAGE"
"""The page in which people download, an address of HTTPS."""

NOTES_VARIABLE = "BASCULE_RELEASE_NOTES"
"""A folder with what is new: ``en.txt``, ``fr.txt``. Left out: nothing is said."""

_NOT_PACKAGES = {NAME, "SHA256SUMS"}


def write(folder: Path) -> Path:
    """Describe the packages in a folder, in ``release.json`` beside them.

    Raises: SpecError RELEASE_UNREADABLE: there is no page, or what is said of it is wrong.
    """
    packages = sorted(
        file for file in folder.iterdir() if file.is_file() and file.name not in _NOT_PACKAGES
    )
    release = {
        "format": FORMAT,
        "version": VERSION,
        "date": BUILT.date().isoformat(),
        "page": os.environ.get(PAGE_VARIABLE, ""),
        "notes": _notes(),
        "files": [
            {
                "name": file.name,
                "size": file.stat().st_size,
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            }
            for file in packages
        ],
    }
    text = json.dumps(release, ensure_ascii=False, indent=2) + "\n"
    release_from_json(text.encode())  # as every program out there will read it
    made = folder / NAME
    made.write_text(text, encoding="utf-8")
    return made


def name_address(program: Path) -> None:
    """Let a built program know where to look for updates, where the build says that."""
    if address := os.environ.get(ADDRESS_VARIABLE):
        (program / ADDRESS_FILE).write_text(f"{address}\n", encoding="utf-8")


def _notes() -> dict[str, str]:
    folder = os.environ.get(NOTES_VARIABLE)
    texts = sorted(Path(folder).glob("*.txt")) if folder else []
    return {file.stem: file.read_text("utf-8").strip() for file in texts}
