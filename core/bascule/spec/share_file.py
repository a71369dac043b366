"""Owns the end that hands out one file, as data."""

from __future__ import annotations

from typing import ClassVar

from bascule.spec.fields import FieldKind, spec, spec_field
from bascule.spec.options import End


@spec(kw_only=True)
class ShareFile(End):
    """Hand out one file over HTTP, to whoever knows a way that nobody can guess."""

    kind: ClassVar[str] = "share-file"
    path: str = spec_field(FieldKind.FILE, "the file that is handed out", required=True)
    downloads: int = spec_field(
        FieldKind.INTEGER,
        "so many downloads; after the last one the relay stops",
        1,
        minimum=1,
        maximum=10_000,
    )
    expires_minutes: int = spec_field(
        FieldKind.INTEGER,
        "the relay stops after so many minutes; 0: never",
        24 * 60,
        minimum=0,
        maximum=366 * 24 * 60,
    )
