"""Owns the address of a file that is handed out, which is Bascule's own: ``SHARE-FILE:path``."""

from __future__ import annotations

from bascule.spec.share_file import ShareFile
from bascule.spec.socat import common
from bascule.spec.socat.given import Given


def share_file(given: Given, _version: str = "") -> ShareFile:
    """``SHARE-FILE:path``: one file over HTTP, under a way that nobody can guess."""
    return ShareFile(
        path=given.in_folder(common.path(given)),
        downloads=given.integer("downloads", 1, 1, 10_000),
        expires_minutes=given.integer("expires-minutes", 24 * 60, high=366 * 24 * 60),
        **common.common(given),
    )
