"""Owns how a dotted path reads and writes the plain data of a relay. Pure; knows no widget."""

from __future__ import annotations

from typing import Any, cast

from bascule.spec.codec import Data


def get(data: Data, path: str) -> Any:
    """The value at a path; None where any part of the way is missing."""
    held: Any = data
    for part in path.split("."):
        if not isinstance(held, dict):
            return None
        held = cast(Data, held).get(part)
    return held


def put(data: Data, path: str, value: object) -> None:
    """Write a value at a path, making the tables on the way."""
    *way, last = path.split(".")
    held = data
    for part in way:
        inner = held.get(part)
        if not isinstance(inner, dict):
            inner = held[part] = {}
        held = cast(Data, inner)
    held[last] = value
