"""Long chunks in pieces, datagrams whole."""

from __future__ import annotations

from bascule.streams.memory import memory_pair
from bascule.streams.pieces import PieceStream
from tests.helpers.contract import soon
from tests.helpers.pairs import datagram_pair


async def test_a_long_chunk_comes_in_pieces():
    ours, far = memory_pair()
    stream = PieceStream(ours, 4)
    await soon(far.send(b"0123456789"))
    await soon(far.send_eof())
    pieces = [await soon(stream.receive()) for _ in range(4)]
    assert pieces == [b"0123", b"4567", b"89", b""]
    await soon(stream.send(b"0123456789"))
    assert await soon(far.receive()) == b"0123456789"


async def test_a_datagram_stays_whole():
    ours, far = datagram_pair()
    stream = PieceStream(ours, 4)
    await soon(far.send(b"0123456789"))
    assert await soon(stream.receive()) == b"0123456789"
    for each in (stream, far):
        each.abort()
        await soon(each.aclose())
