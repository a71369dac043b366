"""Owns ending a running engine in order, of whatever version, and what the next one starts again.

Whoever asks an engine to end leaves a note in the runtime folder. While it is fresh, a window that
sees its engine go leaves the start of another one to who asked (an installer replaces files); the
next engine starts the relays it names and removes it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from bascule.control.client import Client
from bascule.control.messages import Occupation
from bascule.control.rendezvous import Rendezvous, read_note, remove_note, write_note
from bascule.errors import ControlError, ErrorCode
from bascule.spec.codec import to_data

HELD_SECONDS = 60.0
"""How long a window waits for who asked the engine to end; installing takes less."""

_HONOURED_SECONDS = 24 * 3600.0
_ANSWER_SECONDS = 5.0
_END_SECONDS = 45.0
"""A relay may serve those 30 s more whose last bytes are on their way."""

_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Handover:
    """That an engine was asked to end, ``at`` seconds since the epoch; its successor starts
    ``relays`` (ids).
    """

    at: float
    relays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """An engine that has ended: its process and version, and what it was busy with."""

    pid: int
    version: str
    was: Occupation


async def occupation(rendezvous: Rendezvous) -> Occupation:
    """What the running engine, of whatever version, is busy with.

    Raises: ControlError ENGINE_NOT_RUNNING, ENGINE_LOST where it does not answer; what it answers.
    """
    try:
        async with asyncio.timeout(_ANSWER_SECONDS), await _enter(rendezvous) as client:
            return await client.occupation()
    except TimeoutError as exc:
        raise _silent(rendezvous) from exc


async def end_engine(rendezvous: Rendezvous, *, resume: bool) -> Ended:
    """Ask the running engine to end and wait until it has; with ``resume``, its successor starts
    what ran.

    Raises:
        ControlError: ENGINE_NOT_RUNNING; ENGINE_LOST where it does not answer or does not end;
            what it answers.
        OSError: the note cannot be written; the engine goes on.
    """
    try:
        async with asyncio.timeout(_ANSWER_SECONDS), await _enter(rendezvous) as client:
            was = await client.occupation()
            note = Handover(time.time(), was.relays if resume else ())
            data = to_data(note, keep_defaults=True)
            await asyncio.to_thread(write_note, _file(rendezvous), data)
            try:
                await client.stop_engine()
            except ControlError as exc:
                if exc.code is not ErrorCode.ENGINE_LOST:  # it may leave before it could answer
                    remove_note(_file(rendezvous))
                    raise
            ended = Ended(client.info.pid, client.info.version, was)
        async with asyncio.timeout(_END_SECONDS):
            while not rendezvous.vacant and not _succeeded(rendezvous, ended.pid):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_SECONDS)  # another process cannot wake us
    except TimeoutError as exc:
        raise _silent(rendezvous) from exc
    return ended


def handed_over(rendezvous: Rendezvous) -> Handover | None:
    """The note of an engine that was asked to end, while it is fresh: whoever asked may be busy."""
    note = read_note(Handover, _file(rendezvous))
    fresh = note is not None and 0 <= time.time() - note.at < HELD_SECONDS
    return note if fresh else None


def take_over(rendezvous: Rendezvous) -> tuple[str, ...]:
    """What the engine that has just claimed its place shall start again; the note is removed."""
    note = read_note(Handover, _file(rendezvous))
    remove_note(_file(rendezvous))  # a window may just be reading it
    if note is None or not 0 <= time.time() - note.at < _HONOURED_SECONDS:
        return ()
    return note.relays


def _file(rendezvous: Rendezvous) -> Path:
    return rendezvous.folder / "handover.json"


async def _enter(rendezvous: Rendezvous) -> Client:
    meeting = rendezvous.read()
    if meeting is None:
        raise ControlError("Bascule's engine is not running", code=ErrorCode.ENGINE_NOT_RUNNING)
    return await Client.connect(rendezvous, name="handover", protocol=meeting.protocol)


def _succeeded(rendezvous: Rendezvous, pid: int) -> bool:
    """Whether another engine has taken the place of ``pid`` already."""
    meeting = rendezvous.read()
    return meeting is not None and meeting.pid != pid


def _silent(rendezvous: Rendezvous) -> ControlError:
    meeting = rendezvous.read()
    pid = meeting.pid if meeting is not None else 0
    return ControlError(
        f"the engine (process {pid}) does not end; end that process, then try again",
        code=ErrorCode.ENGINE_LOST,
        pid=pid,
    )
