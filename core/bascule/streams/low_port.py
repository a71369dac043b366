"""Owns connecting from a port below 1024, which old services take for a sign of trust (rsh, NFS).

Most systems give such a port to privileged programs only. The ports tried are socat's: 640 to 1023.
"""

from __future__ import annotations

import errno
import random
from collections.abc import Callable

from bascule.errors import DialError, ErrorCode
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.oserrors import number_of
from bascule.streams.tcp import foremost

LOWEST, HIGHEST = 640, 1023

_TAKEN = (errno.EADDRINUSE, errno.EADDRNOTAVAIL)
_FORBIDDEN = (errno.EACCES, errno.EPERM)


class LowPortDialer(Dialer):
    """Dials from the first low port that is free, beginning anywhere among them.

    ``connect`` makes the dialer that connects from a port; ``field`` is for errors.
    """

    def __init__(self, connect: Callable[[int], Dialer], *, field: str = "low_port") -> None:
        self._connect = connect
        self._field = field
        self.label = connect(HIGHEST).label

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        ports = list(range(LOWEST, HIGHEST + 1))
        begin = random.randrange(len(ports))  # noqa: S311 - to spread them, not to hide them
        last: DialError | None = None
        for port in ports[begin:] + ports[:begin]:
            try:
                return await self._connect(port).dial(progress)
            except DialError as exc:
                number = _number(exc)
                if number in _FORBIDDEN:
                    raise self._refused(
                        exc,
                        ErrorCode.ADDRESS_FORBIDDEN,
                        f"the system does not let you connect to {self.label} from a port below "
                        "1024",
                    ) from exc
                if number not in _TAKEN:
                    raise
                last = exc
        assert last is not None  # there is more than one port
        raise self._refused(
            last,
            ErrorCode.ADDRESS_IN_USE,
            f"no port from {LOWEST} to {HIGHEST} is free to connect to {self.label}",
        ) from last

    def _refused(self, exc: DialError, code: ErrorCode, words: str) -> DialError:
        why = str(exc.facts.get("why", exc.message))
        subject = f"{LOWEST}-{HIGHEST}"
        return DialError(words, code=code, field=self._field, subject=subject, why=why)


def _number(exc: DialError) -> int:
    """The system's number behind a failed try; 0 where it is not of the system."""
    cause = exc.__cause__
    return number_of(foremost(cause)) if isinstance(cause, OSError) else 0
