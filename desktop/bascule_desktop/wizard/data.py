"""Owns how a dotted path reads and writes the plain data of a relay. Pure; knows no widget.

A number in a path counts the entries of a list, from 0: ``target.targets.1.host``.
"""

from __future__ import annotations

from typing import Any, cast

from bascule.spec.codec import Data


def get(data: Data, path: str) -> Any:
    """The value at a path; None where any part of the way is missing."""
    held: Any = data
    for part in path.split("."):
        if isinstance(held, list):
            held = _entry(cast("list[Any]", held), part)
        elif isinstance(held, dict):
            held = cast(Data, held).get(part)
        else:
            return None
    return held


def put(data: Data, path: str, value: object) -> None:
    """Write a value at a path, making the tables on the way; an entry of a list must be there."""
    *way, last = path.split(".")
    held = data
    for part in way:
        inner: Any = get(held, part)
        if not isinstance(inner, dict | list):
            inner = held[part] = {}
        held = cast(Data, inner)
    held[last] = value


def _entry(entries: list[Any], part: str) -> Any:
    return entries[int(part)] if part.isdecimal() and int(part) < len(entries) else None
