"""Owns what the ends of a relay have to say and to do beside its connections.

Where an end is made of several, one of them may be lost without ending anything: that is told here.
And what was lost has to be tried again while nobody connects.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bascule.errors import BasculeError, Problem
from bascule.events import LogLevel, Measurement, Outcome
from bascule.facts import ShareFacts
from bascule.streams.transfer import Transfer

type Hear = Callable[[LogLevel, str, Problem | None], None]

_CARE_SECONDS = 0.5


def _nobody(_level: LogLevel, _text: str, _problem: Problem | None) -> None:
    pass


def _nothing() -> None:
    pass


def _unwatched(_transfer: Transfer) -> None:
    pass


def _unheard(_measurement: Measurement) -> None:
    pass


class Notes:
    """What is told goes to ``hear``, each transfer of files that begins to ``watch``, a measurement
    to ``on_measured`` and how it has ended to both; ``cares`` is what is to be done now and then.
    ``finish`` hears that an end has nothing more to give; ``share`` says what is handed out, if
    anything is.
    """

    def __init__(self) -> None:
        self.hear: Hear = _nobody
        self.finish: Callable[[], None] = _nothing
        self.share: Callable[[], ShareFacts] | None = None
        self.watch: Callable[[Transfer], None] = _unwatched
        self.on_measured: Callable[[Measurement], None] = _unheard
        self.cares: list[Callable[[], Awaitable[None]]] = []
        self.tells_left_out = True
        """Whether it is told which settings this system has not: not again by who has been told."""
        self.watches_clients = False
        """Whether a dialer may try for ever, and wants to know whether its client is there."""

    def dropped(self, label: str, why: BasculeError) -> None:
        """Tell that one of several targets gets nothing any more in a connection."""
        words = _named(label, why)
        self.hear(LogLevel.WARNING, f"{words}; the other targets go on", why.problem)

    def changed(self, label: str, why: BasculeError | None) -> None:
        """Tell that one of several targets has failed, or (None) can be reached again."""
        if why is None:
            self.hear(LogLevel.INFO, f"{label} can be reached again", None)
        else:
            words = _named(label, why)
            self.hear(LogLevel.WARNING, f"{words}; the next target takes its place", why.problem)

    def said(self, text: str) -> None:
        """Tell what has been done at an end."""
        self.hear(LogLevel.INFO, text, None)

    def began(self, transfer: Transfer) -> None:
        """Tell that files begin to be sent or received."""
        self.watch(transfer)

    def warned(self, why: BasculeError) -> None:
        """Tell what went wrong at an end without ending anything."""
        self.hear(LogLevel.WARNING, why.message, why.problem)

    def finished(self) -> None:
        """Tell that an end has nothing more to give, so that the relay may stop."""
        self.finish()

    def measured(self, measurement: Measurement) -> None:
        """Tell how a measurement goes."""
        self.on_measured(measurement)
        if measurement.outcome is not Outcome.RUNNING:
            self.said(measured_words(measurement))

    async def care(self) -> None:
        """Do what is to be done, twice a second, until cancelled."""
        while True:
            await asyncio.sleep(_CARE_SECONDS)
            for action in self.cares:
                await action()


_OUTCOMES = {
    Outcome.RUNNING: "so far",
    Outcome.CONFIRMED: "the other side has everything",
    Outcome.UNCONFIRMED: "the other side did not say that it has everything: some of it may still "
    "be on its way",
    Outcome.INTERRUPTED: "it ended before all was sent",
}


def measured_words(measurement: Measurement) -> str:
    """A measurement in a sentence: how much, how long, how fast, and whether that is certain."""
    mean = measurement.bytes_per_second
    way = "received" if measurement.received and not measurement.sent else "sent"
    count = measurement.sent or measurement.received
    text = (
        f"{way} {count} bytes in {measurement.seconds:.2f} s: {mean / 1e6:.2f} MB/s, "
        f"{mean * 8 / 1e6:.2f} Mbit/s"
    )
    if measurement.sent and measurement.received:
        text += f"; {measurement.received} bytes came back"
    return f"{text}; {_OUTCOMES[measurement.outcome]}"


def _named(label: str, why: BasculeError) -> str:
    return why.message if label in why.message else f"{label}: {why.message}"
