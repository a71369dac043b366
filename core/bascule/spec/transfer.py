"""Owns the end that receives files, as data."""

from __future__ import annotations

from typing import ClassVar

from bascule.spec.fields import FieldKind, spec, spec_field
from bascule.spec.options import End

EXISTING = ("refuse", "rename", "replace")


@spec(kw_only=True)
class ReceiveFiles(End):
    """Take a tar archive, plain or compressed, and make its files in a folder."""

    kind: ClassVar[str] = "receive-files"
    folder: str = spec_field(
        FieldKind.FILE, "the folder; made where it is not there", required=True
    )
    existing: str = spec_field(
        FieldKind.CHOICE,
        "where a file of the same name is there: refuse, give another name, or replace it",
        "rename",
        choices=EXISTING,
    )
