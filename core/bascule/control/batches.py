"""Owns how the engine's state and its events are cut into messages that are never too long."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bascule.snapshot import Event, ProfileSaved, ProfileView, Snapshot
from bascule.spec.codec import Data, to_data

BATCH_BYTES = 256 * 1024
"""A message is begun anew before it grows beyond this."""


def batches_of(events: Iterable[Event]) -> Iterator[list[Data]]:
    """Events as data, in order, in batches that each fit a message.

    Of a snapshot that does not fit, the rest follows as saved profiles. A profile that does not fit
    is told without its log and single connections.
    """
    batch: list[Data] = []
    room = BATCH_BYTES
    for event in events:
        for data, length in _pieces(event):
            if batch and length > room:
                yield batch
                batch, room = [], BATCH_BYTES
            batch.append(data)
            room -= length
    if batch:
        yield batch


def page_of(views: Sequence[ProfileView], skip: int) -> Data:
    """Views as data, without their logs and single connections: those after the first ``skip``, as
    many as fit a message, and whether there are more.
    """
    page: list[Data] = []
    room = BATCH_BYTES
    wanted = views[max(skip, 0) :]
    for view in wanted:
        data = to_data(_slim(view))
        room -= _length(data)
        if page and room < 0:
            break
        page.append(data)
    return {"profiles": page, "more": len(page) < len(wanted)}


def _pieces(event: Event) -> Iterator[tuple[Data, int]]:
    """An event as data, with its length; more than one piece where it would be too long."""
    if isinstance(event, ProfileSaved):
        data, length = _fitting(event.view)
        yield {"kind": ProfileSaved.kind, "view": data}, length
    elif isinstance(event, Snapshot):
        yield from _pieces_of_snapshot(event)
    else:
        data = to_data(event)
        yield data, _length(data)


def _pieces_of_snapshot(snapshot: Snapshot) -> Iterator[tuple[Data, int]]:
    views = iter(snapshot.profiles)
    held: list[Data] = []
    size = 0
    for view in views:
        data, length = _fitting(view)
        if size + length > BATCH_BYTES:
            yield {"kind": Snapshot.kind, "profiles": held}, size
            yield {"kind": ProfileSaved.kind, "view": data}, length
            break
        held.append(data)
        size += length
    else:
        yield {"kind": Snapshot.kind, "profiles": held}, size
    for view in views:
        data, length = _fitting(view)
        yield {"kind": ProfileSaved.kind, "view": data}, length


def _fitting(view: ProfileView) -> tuple[Data, int]:
    data = to_data(view)
    length = _length(data)
    if length <= BATCH_BYTES:
        return data, length
    data = to_data(_slim(view))
    return data, _length(data)


def _slim(view: ProfileView) -> ProfileView:
    return replace(view, log=(), connections=(), checks=())


def _length(data: Data) -> int:
    return len(json.dumps(data))
