"""Looking at what passes: everything is shown, nothing is copied, nothing is changed."""

from __future__ import annotations

import time

from bascule.streams.base import EMPTY_DATAGRAM, Stream
from bascule.streams.tap import TapStream
from tests.helpers.contract import StreamContract, read_all, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import datagram_pair, tcp_pair

LOOP_FACTORIES = LOOPS


def look_away(_direction: str, _data: bytes, _at: float) -> None:
    pass


class TestOverTcp(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = await tcp_pair()
        return TapStream(ours, look_away), far


class TestOverDatagrams(StreamContract):
    datagrams = True
    resets = False
    tells_closing = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = datagram_pair()
        return TapStream(ours, look_away), far


async def test_what_passes_is_shown_with_direction_and_time():
    seen: list[tuple[str, bytes, float]] = []
    ours, far = datagram_pair()
    tap = TapStream(ours, lambda *what: seen.append(what))
    begun = time.monotonic()
    going, coming = b"going", b"coming"
    await soon(tap.send(going))
    await soon(far.send(coming))
    assert await soon(tap.receive()) is coming
    assert await soon(far.receive()) is going
    await soon(tap.send(b""))
    await soon(tap.send(EMPTY_DATAGRAM))
    await soon(far.send_eof())
    assert await soon(read_all(tap)) == b""
    assert [(direction, data) for direction, data, _at in seen] == [
        ("down", b"going"),
        ("up", b"coming"),
        ("down", b""),
    ]
    assert seen[0][1] is going
    assert seen[1][1] is coming
    times = [begun, *(at for _direction, _data, at in seen), time.monotonic()]
    assert times == sorted(times)


async def test_around_a_target_the_directions_are_the_other_ones():
    seen: list[str] = []
    ours, far = datagram_pair()
    tap = TapStream(
        ours,
        lambda direction, _data, _at: seen.append(direction),
        receiving="down",
        sending="up",
    )
    await soon(tap.send(b"x"))
    await soon(far.send(b"y"))
    await soon(tap.receive())
    assert seen == ["up", "down"]
