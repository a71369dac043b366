"""A serial line that socat makes of two terminals, joined like a null-modem cable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.processes import Running, start

RAW = "raw,echo=0"


@contextmanager
def socat_cable(near: Path, far: Path, near_is: str = RAW, far_is: str = RAW) -> Iterator[Running]:
    """The socat that joins them, as soon as both are set up: their links are there before."""
    ends = [
        f"pty,link={end}{words and f',{words}'}" for end, words in ((near, near_is), (far, far_is))
    ]
    with start("socat", "-d", "-d", *ends) as running:
        running.wait_for("starting data transfer")
        yield running
