"""Owns how a part of a recording travels: a list a record, its bytes in base 64 (RFC 4648 §4)."""

from __future__ import annotations

import base64
import binascii
from ipaddress import ip_address
from typing import Any, cast

from bascule.control.framing import malformed
from bascule.errors import BasculeError
from bascule.recording.records import Mark, Passage, Record, Recorded
from bascule.spec.codec import Data, from_data, to_data

_LATEST = 32_503_680_000  # the year 3000: Windows knows no later time


def recorded_to_data(recorded: Recorded) -> Data:
    """A part of a recording as plain data."""
    return {
        "on": recorded.on,
        "records": [
            [
                record.number,
                record.at,
                record.connection,
                str(record.mark),
                base64.b64encode(record.data).decode("ascii"),
            ]
            for record in recorded.records
        ],
        "passages": [to_data(passage) for passage in recorded.passages],
        "dropped": recorded.dropped,
        "more": recorded.more,
    }


def recorded_from_data(data: object) -> Recorded:
    """Make it from plain data. Raises: ControlError MESSAGE_MALFORMED."""
    try:
        given = cast(Data, data)
        return Recorded(
            bool(given["on"]),
            tuple(map(_record, given["records"])),
            tuple(map(_passage, given["passages"])),
            int(given["dropped"]),
            bool(given["more"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError, BasculeError) as exc:
        raise malformed("a recording cannot be read") from exc


def _record(row: list[Any]) -> Record:
    number, at, connection, mark, text = row
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as exc:
        raise malformed("a record's bytes are not in base 64") from exc
    if not 0 <= float(at) < _LATEST:
        raise malformed("a record is of no time")
    return Record(int(number), float(at), int(connection), Mark(mark), data)


def _passage(data: object) -> Passage:
    passage = from_data(Passage, data)
    for host, port in (
        (passage.client, passage.client_port),
        (passage.server, passage.server_port),
    ):
        if host:
            ip_address(host)  # raises ValueError where it is none
        if not 0 <= port <= 0xFFFF:
            raise malformed("a port is out of range")
    return passage
