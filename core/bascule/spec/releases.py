"""Owns what a release says of itself, ``release.json``, and which of two versions is the newer one.

``docs/updates.md`` describes the file. Whoever reads it downloads nothing: it names a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.spec.codec import from_data

FORMAT = 1
"""Version of the file; raise it when an older program could misread the new one. A key that is not
known is passed over.
"""

_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:(a|b|rc)(\d{1,6}))?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file to download: its size in bytes, and its SHA-256 in 64 small hex digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """The newest release. ``date`` is that of ISO 8601, ``page`` an address of HTTPS for a browser,
    ``notes`` what is new by language (``en``, ``fr``), as plain text.
    """

    version: str
    date: str
    page: str
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    files: tuple[ReleaseFile, ...] = ()

    def notes_in(self, language: str) -> str:
        """What is new, in a language where that is there, else in English."""
        return self.notes.get(language) or self.notes.get("en", "")


def release_from_json(data: bytes) -> Release:
    """Read ``release.json``. Raises: SpecError RELEASE_UNREADABLE with the fact ``why``."""
    try:
        said: object = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as exc:
        raise unreadable(f"it is not JSON ({exc})") from exc
    if not isinstance(said, dict):
        raise unreadable("it is not a JSON object")
    table = cast(dict[str, Any], said)
    if table.get("format") != FORMAT:
        raise unreadable(f"its format is {str(table.get('format'))[:20]}, not {FORMAT}")
    files = table.get("files", [])
    if isinstance(files, list):
        files = [_known(entry, ReleaseFile) for entry in cast(list[object], files)]
    try:
        release = from_data(Release, {**cast(Any, _known(table, Release)), "files": files})
    except BasculeError as exc:
        raise unreadable(exc.message) from exc
    _check(release)
    return release


def is_newer(version: str, than: str) -> bool:
    """Whether a version comes after another one: three numbers, and ``a``, ``b`` or ``rc`` with a
    number before the release itself (PEP 440). What is no version comes before all that are.
    """
    return _order(version) > _order(than)


def unreadable(why: str) -> SpecError:
    """The error for what is no ``release.json``."""
    return SpecError(
        f"what is said of the newest release cannot be read: {why}",
        code=ErrorCode.RELEASE_UNREADABLE,
        why=why,
    )


def _known(entry: object, kind: type) -> object:
    if not isinstance(entry, dict):
        return entry
    named = cast(Any, kind).__dataclass_fields__
    return {key: held for key, held in cast(dict[str, object], entry).items() if key in named}


def _check(release: Release) -> None:
    if not _VERSION.fullmatch(release.version):
        raise unreadable(f"{release.version[:40]!r} is not a version such as 1.2.3")
    if not _DATE.fullmatch(release.date):
        raise unreadable("date is not a day such as 2026-01-31")
    if not _is_https(release.page):
        raise unreadable("page is not an address of HTTPS")
    notes = cast(Mapping[str, object], release.notes)  # a table is taken as it is
    if not all(isinstance(text, str) for text in notes.values()):
        raise unreadable("notes must be texts")
    for file in release.files:
        if not _SHA256.fullmatch(file.sha256) or file.size < 0:
            raise unreadable(f"size or sha256 of {file.name[:80]} is wrong")


def _is_https(address: str) -> bool:
    try:
        page = urlsplit(address)
    except ValueError:  # "https://["
        return False
    return page.scheme == "https" and bool(page.hostname)


def _order(version: str) -> tuple[int, int, int, str, int] | tuple[()]:
    found = _VERSION.fullmatch(version)
    if found is None:
        return ()
    major, minor, patch, stage, number = found.groups()
    return int(major), int(minor), int(patch), stage or "z", int(number or 0)
