"""The ends of the quick way with TLS: half of it, all of it, resets and silence."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams.tls_stream import TlsStream
from tests.helpers.contract import MEBIBYTE, random_bytes, read_all, soon
from tests.helpers.loops import LOOPS
from tests.helpers.quick import digest, feed, pours, told
from tests.helpers.tls_ways import WHERE, carried, secured, socket_of, stalls

LOOP_FACTORIES = LOOPS
pytestmark = pytest.mark.usefixtures("certified")


# ends -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("way", [0, 1])
async def test_one_way_ends_and_the_other_goes_on(where: str, way: int):
    async with carried(where) as rig:
        asking, answering = rig.ways[way]
        await soon(asking.send(b"question"))
        await soon(asking.send_eof())
        assert await soon(read_all(answering)) == b"question"
        await pours(answering, asking, 300_000)
        assert not rig.over.done()
        await soon(answering.send_eof())
        assert await soon(asking.receive()) == b""
        assert await rig.is_over() is None


@pytest.mark.parametrize("where", WHERE)
async def test_both_ends_in_one_moment(where: str):
    async with secured(where) as rig:
        await rig.client.send_eof()
        await rig.service.send_eof()
        rig.start()
        assert await rig.is_over() is None
        assert await soon(rig.client.receive()) == await soon(rig.service.receive()) == b""


@pytest.mark.parametrize("where", ["source", "both"])
async def test_the_end_is_told_although_the_peer_takes_nothing_yet(where: str):
    """All that was sent comes first; only then is the way over."""
    data = random_bytes(3 * MEBIBYTE)
    async with carried(where) as rig:
        await soon(rig.client.send_eof())
        assert await soon(rig.service.receive()) == b""
        sending = asyncio.ensure_future(feed(rig.service, data))
        await stalls(rig, sending)
        assert await soon(digest(rig.client)) == told(data)
        await soon(sending)
        assert await rig.is_over() is None
        assert isinstance(rig.client, TlsStream)
        assert rig.client.at_end()


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("when", ["quiet", "after a little", "stalled"])
async def test_a_reset_travels_as_a_reset(where: str, way: int, when: str):
    async with carried(where) as rig:
        broken, other = rig.ways[way]
        sending = None
        if when == "after a little":
            await pours(broken, other, 10)
            await pours(other, broken, 10)
        elif when == "stalled":  # who resets takes nothing, and is written to
            sending = asyncio.ensure_future(other.send(bytes(3 * MEBIBYTE)))
            await stalls(rig, sending)
        broken.abort()
        error = await rig.is_over()
        assert error is not None
        assert error.code is ErrorCode.CONNECTION_RESET
        with pytest.raises(StreamError):  # the system tells it once
            await soon(read_all(other) if sending is None else sending)


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("way", [0, 1])
async def test_a_sudden_end_is_no_end(where: str, way: int):
    """An end of TCP within TLS may be an attacker's (RFC 8446 §6.1)."""
    async with carried(where) as rig:
        broken, other = rig.ways[way]
        await pours(other, broken, 10)  # nothing is left unread, for which closing would reset
        await soon(broken.send(b"half of"))
        assert await soon(other.receive()) == b"half of"
        if isinstance(broken, TlsStream):
            socket_of(broken).close()
            error = await rig.is_over()
            assert error is not None
            assert error.code is ErrorCode.TLS_TRUNCATED
            with pytest.raises(StreamError):
                await soon(read_all(other))
        else:
            await soon(broken.aclose())
            assert await soon(other.receive()) == b""


@pytest.mark.parametrize("stalled", [False, True])
async def test_who_takes_nothing_any_more_is_told_to_who_sends(stalled: bool):
    """It has closed, and the system says so to who writes."""
    async with carried("source", kind="unix") as rig:
        sending = None
        if stalled:
            sending = asyncio.ensure_future(rig.client.send(bytes(3 * MEBIBYTE)))
            await stalls(rig, sending)
        await soon(rig.service.aclose())
        if sending is None:
            assert await soon(rig.client.receive()) == b""
            await soon(rig.client.send(b"too late"))
        error = await rig.is_over()
        assert error is not None
        assert error.code in (ErrorCode.CONNECTION_BROKEN, ErrorCode.CONNECTION_RESET)
        if sending is not None:
            await asyncio.wait([sending])
            assert isinstance(sending.exception(), StreamError)


async def test_what_the_system_says_of_the_plain_side_is_heard():
    async with carried("target") as rig:
        rig.client.abort()
        error = await rig.is_over()
        assert error is not None
        assert error.code is ErrorCode.CONNECTION_RESET


async def test_who_merely_leaves_after_our_end_has_ended():
    async with carried("source") as rig:
        await soon(rig.service.send_eof())
        assert await soon(rig.client.receive()) == b""
        socket_of(rig.client).close()
        assert await soon(rig.service.receive()) == b""
        assert await rig.is_over() is None


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("stalled", [False, True])
async def test_when_it_is_stopped_nobody_takes_it_for_the_end_who_lacks_anything(
    where: str, stalled: bool
):
    async with carried(where) as rig:
        sending = None
        if stalled:
            sending = asyncio.ensure_future(rig.service.send(bytes(3 * MEBIBYTE)))
            await stalls(rig, sending)
        rig.path.stop()
        assert await rig.is_over() is None
        if sending is not None:
            await asyncio.wait([sending])
            sending.exception()
        if isinstance(rig.client, TlsStream) and stalled:
            with pytest.raises(StreamError) as caught:
                await soon(read_all(rig.client))
            assert caught.value.code in (ErrorCode.TLS_TRUNCATED, ErrorCode.CONNECTION_RESET)
        else:
            await soon(read_all(rig.client))


@pytest.mark.parametrize("way", [0, 1])
async def test_who_is_quiet_for_too_long_after_the_others_end_is_ended(way: int):
    async with carried("both", half_close_seconds=0.2) as rig:
        asking, answering = rig.ways[way]
        await soon(asking.send_eof())
        assert await soon(answering.receive()) == b""
        assert await rig.is_over() is None
        assert await soon(asking.receive()) == b""
