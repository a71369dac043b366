"""Owns the ends that send and receive files, as data."""

from __future__ import annotations

from typing import ClassVar

from bascule.spec.fields import FieldKind, invalid, spec, spec_field
from bascule.spec.options import End

EXISTING = ("refuse", "rename", "replace")

_NO_NAMES = (".", "..")
_SEPARATORS = frozenset("/\\:")


@spec(kw_only=True)
class ReceiveFiles(End):
    """Take a tar archive, plain or compressed, and make its files in a folder; or take one file."""

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
    file_name: str = spec_field(
        FieldKind.TEXT, "one file comes as it is and gets this name; empty: a tar archive comes", ""
    )
    limit_megabytes: int = spec_field(
        FieldKind.INTEGER,
        "write at most so many megabytes for one connection; 0: as many as the disk takes",
        0,
        minimum=0,
        maximum=1_000_000_000,
    )

    def check(self) -> None:
        name = self.file_name
        if name in _NO_NAMES or not _SEPARATORS.isdisjoint(name):
            raise invalid("file_name", "must be a name without a folder", rule="name")


@spec(kw_only=True)
class SendFiles(End):
    """Give a file or a folder to whoever is there, as a tar archive; or one file as it is."""

    kind: ClassVar[str] = "send-files"
    path: str = spec_field(FieldKind.FILE, "the file or folder", required=True)
    plain: bool = spec_field(
        FieldKind.SWITCH, "send one file as it is, without an archive around it", False
    )
