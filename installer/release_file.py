"""Owns ``release.json``: what the program is told of a release when it looks for a newer one
(``docs/updates.md``). Made of the very files that are published.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from bascule.managed import ADDRESS_FILE, ADDRESS_VARIABLE
from bascule.relay.fetch import LIMIT_BYTES
from bascule.spec.releases import FORMAT, release_from_json, unreadable
from installer.facts import BUILT, VERSION

NAME = "release.json"
PAGE_VARIABLE = "BASCULE_DOWNLOAD_PAGE"
"""The page in which people download, an address of HTTPS."""

NOTES_VARIABLE = "BASCULE_RELEASE_NOTES"
"""A folder with what is new: ``en.txt``, ``fr.txt``. Left out: nothing is said."""

_HEADER_BYTES = 8 * 1024
"""What a server may say before the file itself, which counts as well."""

_NOT_PACKAGES = {NAME, "SHA256SUMS"}


def write(folder: Path) -> Path:
    """Describe the packages in a folder, in ``release.json`` beside them.

    Raises: SpecError RELEASE_UNREADABLE: there is no page, what is said of it is wrong, or is more
        than a program reads; FileNotFoundError: there are no notes where they are said to be.
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
    if len(text.encode()) > LIMIT_BYTES - _HEADER_BYTES:
        raise unreadable(
            f"it is longer than {LIMIT_BYTES - _HEADER_BYTES} bytes: shorten the notes"
        )
    made = folder / NAME
    made.write_text(text, encoding="utf-8")
    return made


def named_address(work: Path) -> list[tuple[str, str]]:
    """Write where the built program is to look for updates, if the build says that; the file and
    the folder of what is built in, as PyInstaller wants them.
    """
    address = os.environ.get(ADDRESS_VARIABLE)
    if not address:
        return []
    work.mkdir(parents=True, exist_ok=True)
    file = work / ADDRESS_FILE
    file.write_text(f"{address}\n", encoding="utf-8")
    return [(str(file), ".")]


def _notes() -> dict[str, str]:
    folder = os.environ.get(NOTES_VARIABLE)
    texts = sorted(Path(folder).glob("*.txt")) if folder else []
    if folder and not texts:
        raise FileNotFoundError(f"{NOTES_VARIABLE}: there is no .txt in {folder}")
    return {file.stem: file.read_text("utf-8").strip() for file in texts}
