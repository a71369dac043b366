"""Owns what a relay has found out about its way: how fast it is, and how the last checks went."""

from __future__ import annotations

from collections import deque

from bascule.events import Checked, CheckResult, Measured, Measurement
from bascule.relay.connections import Tell

KEPT_CHECKS = 60
"""How many results are kept: the last hour, where a check is made each minute."""


class Findings:
    """What the relay ``id`` has found out; each finding is told. ``checks`` are oldest first."""

    def __init__(self, id: str, tell: Tell) -> None:
        self.measurement: Measurement | None = None
        self.checks: deque[CheckResult] = deque(maxlen=KEPT_CHECKS)
        self._id = id
        self._tell = tell

    def measured(self, measurement: Measurement) -> None:
        """Take how a measurement goes."""
        self.measurement = measurement
        self._tell(Measured(self._id, measurement))

    def checked(self, result: CheckResult) -> None:
        """Take how a check went."""
        self.checks.append(result)
        self._tell(Checked(self._id, result))
