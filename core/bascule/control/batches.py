"""Owns how the engine's state and its events are cut into messages that are never too long."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bascule.snapshot import Event, ProfileSaved, ProfileView, Snapshot
from bascule.spec.codec import Data, to_data

BATCH_BYTES = 256 * 1024
"""A message is begun anew before it grows beyond this."""


def split(snapshot: Snapshot) -> list[Event]:
    """A snapshot as events that each fit a message, however much there is."""
    views = [_fitting(view) for view in snapshot.profiles]
    count = _count_that_fits(map(to_data, views))
    return [Snapshot(tuple(views[:count])), *(ProfileSaved(view) for view in views[count:])]


def batches_of(events: Iterable[Event]) -> list[list[Data]]:
    """Events as data, in order, in batches that each fit a message."""
    batches: list[list[Data]] = []
    room = 0
    for event in events:
        data = to_data(
            replace(event, view=_fitting(event.view)) if isinstance(event, ProfileSaved) else event
        )
        length = _length(data)
        if length > room or not batches:
            batches.append([])
            room = BATCH_BYTES
        batches[-1].append(data)
        room -= length
    return batches


def page_of(views: Sequence[ProfileView], skip: int) -> Data:
    """Views as data, without their logs and single connections: those after the first ``skip``, as
    many as fit a message, and whether there are more.
    """
    plain = [to_data(_slim(view)) for view in views[max(skip, 0) :]]
    count = max(_count_that_fits(plain), 1)
    return {"profiles": plain[:count], "more": count < len(plain)}


def _slim(view: ProfileView) -> ProfileView:
    return replace(view, log=(), connections=())


def _fitting(view: ProfileView) -> ProfileView:
    """The view; where it would be too long, without its log and single connections."""
    return view if _length(to_data(view)) <= BATCH_BYTES else _slim(view)


def _count_that_fits(entries: Iterable[Data]) -> int:
    room = BATCH_BYTES
    count = 0
    for entry in entries:
        room -= _length(entry)
        if room < 0:
            break
        count += 1
    return count


def _length(data: Data) -> int:
    return len(json.dumps(data))
