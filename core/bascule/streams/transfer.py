"""Owns the account of one transfer of files: what is under way, how much is done, how it ended.

The thread that moves the files writes it, the loop reads it: each value is replaced as a whole, so
neither waits for the other, and nothing is told per chunk.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bascule.errors import BasculeError, Problem
from bascule.events import TransferState, TransferStatus

_NAME_CHARACTERS = 240


def shown_name(name: str) -> str:
    """A file's name as text: it may be any bytes, and what is no text becomes a question mark."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _nobody() -> None:
    pass


class Transfer:
    """One transfer, from now on. ``on_end`` is called in the loop, once, when it is over."""

    def __init__(self, *, sending: bool) -> None:
        self.sending = sending
        self.on_end: Callable[[], None] = _nobody
        self.bytes_done = 0
        self._state = TransferState.RUNNING
        self._problem: Problem | None = None
        self._name = ""
        self._sha256 = ""
        self._files_done = 0
        self._passed_over = 0
        self._total_bytes: int | None = None
        self._total_files: int | None = None
        self._since = time.time()
        self._ended_at = 0.0

    # by whoever moves the files -----------------------------------------------------------------

    def expect(self, files: int, size: int) -> None:
        """Learn how many files there will be, and their bytes together."""
        self._total_files, self._total_bytes = files, size

    def begin(self, name: str) -> None:
        """Begin a file, or whatever has this name."""
        if not self._name:
            self._since = time.time()  # what was waited for before belongs to nobody's rate
        shown = shown_name(name)
        self._name = shown if len(shown) <= _NAME_CHARACTERS else "…" + shown[-_NAME_CHARACTERS:]

    def count(self, size: int) -> None:
        """So many more bytes of it are done."""
        self.bytes_done += size

    def finish_file(self, sha256: str) -> None:
        """The file is complete."""
        self._files_done += 1
        self._sha256 = sha256

    def pass_over(self) -> None:
        """Something could not be carried."""
        self._passed_over += 1

    # by whoever owns the connection -------------------------------------------------------------

    def complete(self) -> None:
        """All of it has arrived; what is said of its end later changes nothing."""
        self._end(TransferState.COMPLETE, None)

    def fail(self, why: BasculeError) -> None:
        """It has ended before that; what is said of its end later changes nothing."""
        self._end(TransferState.FAILED, why.problem)

    def _end(self, state: TransferState, problem: Problem | None) -> None:
        if self.over:
            return
        self._state, self._problem, self._ended_at = state, problem, time.time()
        self.on_end()

    # by whoever tells of it ---------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._state is not TransferState.RUNNING

    def status(self, number: int, bytes_per_second: float) -> TransferStatus:
        """How far it is now. At the end the rate is that of the whole."""
        at = self._ended_at or time.time()
        seconds = at - self._since
        if self.over:
            bytes_per_second = self.bytes_done / seconds if seconds > 0 else 0.0
        return TransferStatus(
            number,
            self.sending,
            self._state,
            self._name,
            self.bytes_done,
            self._files_done,
            self._total_bytes,
            self._total_files,
            self._passed_over,
            self._sha256,
            bytes_per_second,
            self._since,
            at,
            self._problem,
        )
