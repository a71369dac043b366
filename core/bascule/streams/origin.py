"""Owns what a target may know about who is being connected to it.

It is set for the task that dials, so that the dialers in between need not pass it on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from bascule.errors import Problem
from bascule.streams.base import Address


@dataclass(frozen=True, slots=True)
class Origin:
    """Who has connected (``peer``), and to which address of ours (``local``). ``end`` ends the
    connection for a reason, from the target's side. ``datagrams``: each chunk of theirs is one.
    """

    peer: Address
    local: Address
    end: Callable[[Problem], None] | None = None
    datagrams: bool = False


_origin: ContextVar[Origin] = ContextVar("origin")
_NOBODY = Origin(Address(""), Address(""))


def set_origin(origin: Origin) -> None:
    """Say for whom this task dials from now on."""
    _origin.set(origin)


def get_origin() -> Origin:
    """For whom this task dials; empty addresses where that is nobody."""
    return _origin.get(_NOBODY)
