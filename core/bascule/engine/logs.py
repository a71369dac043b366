"""Owns the engine's log file: rotated, written by a thread of its own, without secrets.

Of a command it holds the program's name (``streams/program``), and nothing that a program said.
"""

from __future__ import annotations

import logging
import logging.handlers
import queue
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import override

from bascule.events import LogLine

_BYTES = 1024 * 1024
_FILES = 3
_LINES_WAITING = 10_000

log = logging.getLogger("bascule")

_KEPT = (log, logging.getLogger("asyncio"))
"""Whose lines are in the file: ours, and what asyncio finds wrong in our tasks."""


class _Lines(logging.handlers.QueueHandler):
    """Hands lines over; while the disk takes none and too many wait, they are dropped."""

    def __init__(self, lines: queue.SimpleQueue[logging.LogRecord]) -> None:
        super().__init__(lines)
        self.lines = lines

    @override
    def enqueue(self, record: logging.LogRecord) -> None:
        if self.lines.qsize() < _LINES_WAITING:
            self.lines.put_nowait(record)


def text_for_file(line: LogLine) -> str:
    """What the file holds of a relay's line."""
    if line.problem is None or "said" not in line.problem.facts:
        return line.text
    from bascule.streams.program_stream import without_said  # there since the program ran

    return without_said(line.text, line.problem)


@contextmanager
def open_log(folder: Path) -> Generator[None]:
    """Send what is logged within the block to ``folder/engine.log``.

    Raises: OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = logging.handlers.RotatingFileHandler(
        folder / "engine.log", maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8"
    )
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    listener = logging.handlers.QueueListener(lines, file)
    handler = _Lines(lines)
    log.setLevel(logging.INFO)
    for each in _KEPT:
        each.addHandler(handler)
    listener.start()
    try:
        yield
    finally:
        for each in _KEPT:
            each.removeHandler(handler)
        listener.stop()
        file.close()
