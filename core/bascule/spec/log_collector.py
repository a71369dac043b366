"""Owns the log collector as data: one file for the lines of all connections."""

from __future__ import annotations

from typing import ClassVar

from bascule.spec.fields import FieldKind, spec, spec_field
from bascule.spec.options import End

STAMPS = ("local", "utc", "none")
SENDERS = ("address", "address-port", "none")


@spec(kw_only=True)
class LogCollector(End):
    """Write each line that comes, of every connection, to one log file; it has nothing to say."""

    kind: ClassVar[str] = "log-collector"
    path: str = spec_field(
        FieldKind.FILE, "the log file; made where it is not there", required=True
    )
    stamp: str = spec_field(
        FieldKind.CHOICE,
        "the time before each line (ISO 8601): of this computer's zone, UTC, or none",
        "local",
        choices=STAMPS,
    )
    sender: str = spec_field(
        FieldKind.CHOICE,
        "who sent it, before each line: the address, with its port, or nothing",
        "address",
        choices=SENDERS,
    )
    rotate_megabytes: int = spec_field(
        FieldKind.INTEGER,
        "begin a new file before it is larger than so many MB; 0: never",
        100,
        minimum=0,
        maximum=1_000_000,
    )
    rotate_daily: bool = spec_field(FieldKind.SWITCH, "begin a new file each day", False)
    keep_files: int = spec_field(
        FieldKind.INTEGER,
        "old files that are kept; the oldest beyond are removed",
        10,
        minimum=1,
        maximum=10_000,
    )
