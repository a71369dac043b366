"""Plays a handshake's steps against written-out bytes: no socket, no clock, no event loop.

``play`` is the whole driver. ``check_every_split`` plays the same answer cut at every place, and
broken off at every place, and sees to it that nothing but the timing of bytes has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bascule.errors import BasculeError
from bascule.protocols.steps import Deliver, EndOfStream, Read, Steps, TooLate, Within, Write

SURPLUS = b"\x05\x00 bytes of the application"
"""What a fast server glues behind its last answer."""


@dataclass
class Outcome[T]:
    """How an exchange went. ``sent`` pairs each write with the number of bytes read before it."""

    result: T | None = None
    error: BasculeError | None = None
    sent: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    read: int = 0
    surplus: bytes = b""

    @property
    def value(self) -> T:
        """The result of an exchange that went well."""
        if self.error is not None:
            raise self.error
        assert self.result is not None
        return self.result

    @property
    def failure(self) -> BasculeError:
        """The error of an exchange that failed."""
        assert self.error is not None, f"went well: {self.result}"
        return self.error

    @property
    def written(self) -> bytes:
        """All that was sent."""
        return b"".join(data for _read, data in self.sent)


def play[T](
    steps: Generator[Read | Write | Deliver | Within, bytes, T],
    pieces: Iterable[bytes],
    *,
    stays: bool = False,
) -> Outcome[T]:
    """Run the steps against a peer that says ``pieces`` and then ends; where it ``stays``, it says
    nothing more until it is too late. Only our errors are caught: anything else that comes out
    fails the test.
    """
    outcome: Outcome[T] = Outcome()
    coming, held = iter(pieces), b""
    within: float | None = None
    try:
        request = next(steps)
        while True:
            if isinstance(request, Deliver):
                while piece := _at_once(request.body.read()):
                    outcome.sent.append((outcome.read, piece))
                request = steps.send(b"")
                continue
            if isinstance(request, Write):
                outcome.sent.append((outcome.read, request.data))
                request = steps.send(b"")
                continue
            if isinstance(request, Within):
                within = request.seconds
                request = steps.send(b"")
                continue
            assert request.count >= 0
            while len(held) < request.count and (piece := next(coming, None)) is not None:
                held += piece
            data, held = held[: request.count], held[request.count :]
            outcome.read += len(data)
            short = len(data) < request.count
            if short and stays:
                assert within is not None, "it would wait for ever"
            cut = (TooLate if stays else EndOfStream)(data)
            request = steps.throw(cut) if short else steps.send(data)
    except StopIteration as done:
        outcome.result = done.value
    except BasculeError as exc:
        outcome.error = exc
    outcome.surplus = held + b"".join(coming)
    return outcome


def _at_once(reading: Coroutine[Any, Any, bytes]) -> bytes:
    """What is read by something that has nothing to wait for."""
    try:
        reading.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("a body of a test waits for nothing")


def splits(data: bytes) -> Iterator[list[bytes]]:
    """The data in one piece, in two pieces cut at every position, and byte by byte."""
    for position in range(len(data)):
        yield [data[:position], data[position:]] if position else [data]
    yield [data[index : index + 1] for index in range(len(data))]


def check_every_split[T](make: Callable[[], Steps[T]], answer: bytes) -> Outcome[T]:
    """Play a server's whole answer, surplus behind it, in every split, and break it off everywhere.

    Return the outcome, which every split must share; where it went well, every truncation fails.
    """
    whole = play(make(), [answer + SURPLUS])
    if whole.error is None:
        assert whole.read == len(answer)
        assert whole.surplus == SURPLUS
    for pieces in splits(answer + SURPLUS):
        outcome = play(make(), pieces)
        assert outcome.result == whole.result, pieces
        assert outcome.sent == whole.sent, pieces
        assert outcome.surplus == whole.surplus, pieces
        assert _problem(outcome) == _problem(whole), pieces
    for length in range(whole.read):
        outcome = play(make(), [answer[:length]])
        assert outcome.error is not None, answer[:length]
        assert whole.sent[: len(outcome.sent)] == outcome.sent
    return whole


def _problem[T](outcome: Outcome[T]) -> object:
    return outcome.error and outcome.error.problem
