"""Owns how data of an older format becomes data of the present one: by steps, each one format up.

Which formats and steps a file has is said where that file is owned. Before a file is rewritten in a
newer format, its owner keeps a copy beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bascule.spec.codec import Data

type Step = Callable[[Data], Data]
"""Makes data of one format from data of the format before. What it gets was read from a file and is
not checked yet, so it changes what it finds and leaves the rest; it raises nothing.
"""


def upgrade(data: Data, found: int, wanted: int, steps: Mapping[int, Step]) -> Data:
    """Take data of format ``found`` up to format ``wanted``; ``steps`` are named by the format that
    they begin with, and there is one for each.
    """
    for number in range(found, wanted):
        data = steps[number](data)
    return data


def backup_name(name: str, found: int) -> str:
    """What the copy of a file of format ``found`` is called: ``scale-1.toml.format-1.bak``."""
    return f"{name}.format-{found}.bak"
