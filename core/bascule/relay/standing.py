"""Owns how a relay stands: its state, why it is so since when, and that both are told."""

from __future__ import annotations

import time

from bascule.errors import Problem
from bascule.events import LogLevel, LogLine, RelayChanged, RelayState, RelayStatus
from bascule.relay.connections import LOG_LINES_A_TICK, Tell
from bascule.streams.base import Address


class Standing:
    """How the relay ``id`` stands. ``listening`` are the addresses it has bound; ``exposes``:
    whoever listens there can be reached from the network (see ``RelaySpec.exposed``).
    """

    def __init__(self, id: str, tell: Tell) -> None:
        self.status = RelayStatus(since=time.time())
        self.listening: tuple[Address, ...] = ()
        self.exposes = False
        self._id = id
        self._tell = tell
        self._notes_left = LOG_LINES_A_TICK

    @property
    def state(self) -> RelayState:
        """The state of now."""
        return self.status.state

    def become(
        self, state: RelayState, problem: Problem | None = None, retry_at: float | None = None
    ) -> None:
        """Go into a state, or stay in it for another reason. ``retry_at``: seconds of the epoch."""
        self.status = RelayStatus(
            state,
            problem,
            retry_at,
            tuple(map(str, self.listening)),
            self.exposes and state in (RelayState.RUNNING, RelayState.WAITING),
            self.status.since if state is self.status.state else time.time(),
        )
        self._tell(RelayChanged(self._id, self.status))

    def log(self, level: LogLevel, text: str, problem: Problem | None = None) -> None:
        """Add a line to its log."""
        self._tell(LogLine(self._id, time.time(), level, text, problem))

    def hear(self, level: LogLevel, text: str, problem: Problem | None) -> None:
        """Log what an end has to say, unless it says more than anybody can read."""
        if self._notes_left > 0:
            self._notes_left -= 1
            self.log(level, text, problem)

    def tick(self) -> None:
        """Hear some more; to be called about twice a second."""
        self._notes_left = LOG_LINES_A_TICK
