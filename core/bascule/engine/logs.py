"""Owns the engine's log file: rotated, written by a thread of its own, without secrets."""

from __future__ import annotations

import logging
import logging.handlers
import queue
from pathlib import Path

_BYTES = 1024 * 1024
_FILES = 3

log = logging.getLogger("bascule")


def open_log(folder: Path) -> logging.handlers.QueueListener:
    """Send what is logged to ``folder/engine.log``; call ``stop`` on what is returned at the end.

    Raises: OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = logging.handlers.RotatingFileHandler(
        folder / "engine.log", maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8"
    )
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    listener = logging.handlers.QueueListener(lines, file)
    log.setLevel(logging.INFO)
    log.addHandler(logging.handlers.QueueHandler(lines))
    listener.start()
    return listener
