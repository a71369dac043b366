"""Owns what is known of a relay beside its state and its bytes: files on their way, what it hands
out, how fast its way is, how its last checks went.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from bascule.events import Checked, CheckResult, Measured, Measurement
from bascule.facts import ShareFacts
from bascule.relay.connections import Tell
from bascule.relay.notes import Notes
from bascule.relay.transfers import Transfers

KEPT_CHECKS = 60
"""How many results are kept: the last hour, where a check is made each minute."""


class Findings:
    """What is known of the relay ``id``; what is new is told. ``checks`` are oldest first."""

    def __init__(self, id: str, tell: Tell) -> None:
        self.transfers = Transfers(id, tell)
        self.measurement: Measurement | None = None
        self.checks: deque[CheckResult] = deque(maxlen=KEPT_CHECKS)
        self._share: Callable[[], ShareFacts] | None = None
        self._id = id
        self._tell = tell

    @property
    def share(self) -> ShareFacts | None:
        """What it hands out, or has handed out when it ran last; None where that is nothing."""
        return self._share() if self._share is not None else None

    def hear_from(self, notes: Notes) -> None:
        """Learn from now on what the ends of a relay have to say."""
        notes.watch = self.transfers.watch
        notes.on_measured = self.measured
        self._share = notes.share

    def forget_share(self) -> None:
        """Nothing is handed out any more."""
        self._share = None

    def measured(self, measurement: Measurement) -> None:
        """Take how a measurement goes."""
        self.measurement = measurement
        self._tell(Measured(self._id, measurement))

    def checked(self, result: CheckResult) -> None:
        """Take how a check went."""
        self.checks.append(result)
        self._tell(Checked(self._id, result))
