"""The quick way where one side or both are TLS, on both loops: all bytes, all ends, all answers."""

from __future__ import annotations

import asyncio
import gc
import random
import ssl
from typing import Any

import pytest

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.relay.fastpath import between
from bascule.relay.pump import Counters, Rules
from bascule.relay.tls_way import _ANSWER_BYTES, TlsWay
from bascule.streams.base import Stream
from bascule.streams.limit import RateLimit
from bascule.streams.memory import memory_pair
from bascule.streams.poll_loop import PollWatch
from bascule.streams.tls_stream import TlsStream
from bascule.streams.watch import watch
from tests.helpers.contract import MEBIBYTE, PATIENCE_SECONDS, random_bytes, read_all, soon
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.quick import carries_both_ways, digest, feed, pours, told
from tests.helpers.relays import nothing_left_behind
from tests.helpers.tls_ways import WHERE, TlsRig, carried, secured, socket_of, stalls

LOOP_FACTORIES = LOOPS
pytestmark = pytest.mark.usefixtures("certified")

BAD_RECORD = b"\x17\x03\x03\x00\x20" + bytes(32)


# bytes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", WHERE)
async def test_who_looks_sees_what_is_read_from_then_on_in_clear(where: str):
    async with carried(where) as rig:
        seen: list[tuple[str, bytes]] = []
        for index, looks in enumerate((False, True, False)):
            rig.counters.observe = (lambda *what: seen.append(what)) if looks else None
            await soon(rig.client.send(b"ask %d" % index))
            assert await soon(rig.service.receive()) == b"ask %d" % index
            await soon(rig.service.send(b"answer %d" % index))
            assert await soon(rig.client.receive()) == b"answer %d" % index
        assert seen == [("up", b"ask 1"), ("down", b"answer 1")]


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_much_both_ways_at_once_arrives_as_it_was_sent(
    where: str, version: ssl.TLSVersion, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(TlsRig, "version", version)
    there, back = random_bytes(7 * MEBIBYTE, 1), random_bytes(5 * MEBIBYTE, 2)
    async with carried(where) as rig:
        await carries_both_ways(rig, there, back)


@pytest.mark.parametrize("where", WHERE)
async def test_any_sizes_in_any_rhythm_arrive_as_they_were_sent(where: str):
    async def send(stream: Stream, chooser: random.Random) -> bytes:
        sent = b""
        for _ in range(60):
            data = chooser.randbytes(chooser.choice([0, 1, 100, 5000, 16_384, 16_385, 200_000]))
            await stream.send(data)
            sent += data
            for _ in range(chooser.randint(0, 3)):
                await asyncio.sleep(0)
        await stream.send_eof()
        return sent

    async with carried(where) as rig, asyncio.timeout(PATIENCE_SECONDS):
        sent, got, back, answer = await asyncio.gather(
            send(rig.client, random.Random(1)),
            digest(rig.service),
            send(rig.service, random.Random(2)),
            digest(rig.client),
        )
        assert (got, answer) == (told(sent), told(back))


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("way", [0, 1])
async def test_a_stalled_reader_holds_the_sender_back_and_loses_nothing(where: str, way: int):
    data = random_bytes(3 * MEBIBYTE)
    async with carried(where) as rig, asyncio.timeout(PATIENCE_SECONDS):
        sender, reader = rig.ways[way]
        sending = asyncio.ensure_future(feed(sender, data))
        await stalls(rig, sending)
        await pours(reader, sender, 100_000)  # the other way is not held up
        assert await digest(reader) == told(data)
        await sending
        assert (rig.counters.up, rig.counters.down)[way] == len(data)


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("size", [5, 300_000])
async def test_what_came_with_the_handshake_goes_first(where: str, size: int):
    """A client need not wait for anything before it sends; nor a server of TLS 1.3."""
    early, later = random_bytes(size, 3), random_bytes(1000, 4)
    async with secured(where) as rig:
        for near, far in ((rig.source, rig.client), (rig.target, rig.service)):
            if isinstance(near, TlsStream):
                near._held = [early[:2], early[2:]]
            else:
                await far.send(early[:1000])
        rig.start()
        for sender, reader, near in (
            (rig.client, rig.service, rig.source),
            (rig.service, rig.client, rig.target),
        ):
            first = early if isinstance(near, TlsStream) else early[:1000]
            await soon(feed(sender, later))
            assert await soon(digest(reader)) == told(first + later)
            counted = rig.counters.up if near is rig.source else rig.counters.down
            assert counted == len(first + later)
        assert await rig.is_over() is None


async def test_what_came_with_the_handshake_counts_towards_the_limit():
    early, data = random_bytes(1000, 3), random_bytes(MEBIBYTE, 4)
    begun = asyncio.get_running_loop().time()
    async with secured("source", up_limit=RateLimit(2 * MEBIBYTE)) as rig:
        assert isinstance(rig.source, TlsStream)
        rig.source._held = [early]
        rig.start()
        sending = asyncio.ensure_future(feed(rig.client, data))
        assert await soon(digest(rig.service)) == told(early + data)
        await soon(sending)
    assert asyncio.get_running_loop().time() - begun >= 0.3  # as in the next one


async def test_what_came_with_the_handshake_finds_the_target_gone():
    async with secured("source") as rig:
        assert isinstance(rig.source, TlsStream)
        rig.source._held = [b"early"]
        rig.service.abort()
        rig.start()
        error = await rig.is_over()
        assert error is not None and error.code is ErrorCode.CONNECTION_RESET
        with pytest.raises(StreamError):
            await soon(rig.client.receive())


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("where", WHERE)
async def test_a_limited_way_is_no_faster_and_loses_nothing(where: str, way: int):
    rate = 2 * MEBIBYTE
    limit = {("up_limit", "down_limit")[way]: RateLimit(rate)}
    data = random_bytes(MEBIBYTE)
    begun = asyncio.get_running_loop().time()
    async with carried(where, **limit) as rig:
        sender, reader = rig.ways[way]
        sending = asyncio.ensure_future(feed(sender, data))
        assert await soon(digest(reader)) == told(data)
        await soon(sending)
    # At once: the bucket of a tenth of a second, a piece on credit.
    assert asyncio.get_running_loop().time() - begun >= 0.3


class Patient(RateLimit):
    """Lets one piece pass, and nothing more while anybody is looking."""

    def spend(self, count: int) -> float:
        return 3600.0


async def test_an_end_that_comes_while_it_rests_is_passed_on_at_once():
    async with carried("source", up_limit=Patient(10 * MEBIBYTE)) as rig:
        assert isinstance(rig.client, TlsStream)
        rig.client.encrypt(memoryview(b"last words"))
        rig.client.notify_end()
        socket_of(rig.client).send_some(rig.client.unsaid.read())
        assert await soon(read_all(rig.service)) == b"last words"
        await soon(rig.service.send_eof())
        assert await rig.is_over() is None


# what TLS itself has to say ---------------------------------------------------------------------


async def test_a_broken_record_is_told_to_the_peer_and_ends_it():
    async with carried("source") as rig:
        await soon(rig.client.send(b"good"))
        assert await soon(rig.service.receive()) == b"good"
        socket_of(rig.client).send_some(BAD_RECORD)
        error = await rig.is_over()
        assert error is not None
        assert error.code is ErrorCode.TLS_FAILED
        with pytest.raises(StreamError):
            await soon(read_all(rig.service))


@pytest.mark.parametrize("where", ["source", "both"])
async def test_an_answer_waits_behind_what_is_kept_and_holds_reading_up(where: str):
    """A peer that makes TLS talk and never listens is not read; then it is, and all arrives."""
    async with carried(where) as rig:
        up, down = rig.path._up, rig.path._down
        assert isinstance(up, TlsWay)
        sent = random_bytes(3 * MEBIBYTE)
        sending = asyncio.ensure_future(rig.service.send(sent))
        await stalls(rig, sending)
        assert down._held is not None
        assert isinstance(rig.source, TlsStream)
        rig.source.unsaid.write(bytes(_ANSWER_BYTES + 1))  # as if that many answers had piled up
        await soon(rig.client.send(b"unread"))
        await soon(until(lambda: up._mute))
        assert rig.counters.up == 0
        rig.path.stop()
        sending.cancel()
        await asyncio.wait([sending])


async def test_what_was_not_read_for_an_answer_is_read_when_it_is_said():
    async with carried("source") as rig:
        up, down = rig.path._up, rig.path._down
        assert isinstance(up, TlsWay)
        assert isinstance(down, TlsWay)
        data = random_bytes(3 * MEBIBYTE)
        sending = asyncio.ensure_future(feed(rig.service, data))
        await stalls(rig, sending)
        up._mute = True
        up._watch.no_read(up._read_fd)
        await soon(rig.client.send(b"later"))
        assert await soon(digest(rig.client)) == told(data)
        await soon(sending)
        assert await soon(rig.service.receive()) == b"later"
        assert not up._mute


async def test_an_answer_nobody_waits_for_is_said_at_once():
    async with carried("source") as rig:
        assert isinstance(rig.source, TlsStream)
        assert isinstance(rig.client, TlsStream)
        rig.source.encrypt(memoryview(b"as an answer"))
        await soon(rig.client.send(b"makes TLS look"))
        assert await soon(rig.client.receive()) == b"as an answer"
        assert await soon(rig.service.receive()) == b"makes TLS look"
        assert (rig.counters.up, rig.counters.down) == (14, 0)


@pytest.mark.parametrize("call", ["write", "unwrap"])
async def test_what_openssl_refuses_to_write_ends_it(call: str):
    async with carried("source") as rig:
        assert isinstance(rig.source, TlsStream)

        class Refusing:
            """An object of TLS that is of no use any more."""

            def __getattr__(self, name: str) -> Any:
                error = ssl.SSLError(ssl.SSL_ERROR_SSL, "[SSL] internal error")
                error.reason = "INTERNAL_ERROR"
                raise error

        rig.source._object = Refusing()  # pyright: ignore[reportAttributeAccessIssue]
        if call == "write":
            await soon(rig.service.send(b"x"))
        else:
            await soon(rig.service.send_eof())
        error = await rig.is_over()
        assert error is not None
        assert error.code is ErrorCode.TLS_FAILED


async def test_called_without_need_it_does_nothing():
    async with carried("both") as rig:
        up, down = rig.path._up, rig.path._down
        up._copy()
        down._copy()
        await pours(rig.client, rig.service, 10)
        await soon(rig.client.send_eof())
        assert await soon(rig.service.receive()) == b""
        assert up.over
        up._copy()
        await pours(rig.service, rig.client, 10)


# what it does not take --------------------------------------------------------------------------


async def test_tls_over_anything_but_a_socket_is_left_to_the_others():
    def never(_error: BasculeError | None) -> None:
        pytest.fail("it has begun")

    async with secured("source") as rig:
        inner, _other = memory_pair()
        over_memory = TlsStream(inner, rig.context, server_name="localhost")
        memory, _other = memory_pair()
        for source, target in (
            (over_memory, rig.target),
            (rig.source, memory),
            (rig.source, over_memory),
        ):
            assert between(source, target, Counters(), Rules(), never) is None
        await soon(rig.source.send_eof())  # it has begun to end
        assert between(rig.source, rig.target, Counters(), Rules(), never) is None


# what is left behind ----------------------------------------------------------------------------


async def cycle(index: int) -> None:
    async with carried(WHERE[index % 3], half_close_seconds=60 if index % 2 else 0) as rig:
        await rig.client.send(b"question")
        assert await rig.service.receive() == b"question"
        if index % 4 == 0:
            rig.client.abort()
        elif index % 4 == 1:
            rig.path.stop()
        else:
            await rig.client.send_eof()
            assert await rig.service.receive() == b""
            await rig.service.send(b"answer")
            assert await rig.client.receive() == b"answer"
            await rig.service.send_eof()
        await rig.is_over()


async def test_again_and_again_leaves_nothing_behind():
    for index in range(24):
        await cycle(index)
    async with nothing_left_behind(), asyncio.timeout(PATIENCE_SECONDS):
        for index in range(60):
            await cycle(index)
        gc.collect()
    watching = watch()
    if isinstance(watching, PollWatch):
        assert (watching._readers, watching._writers) == ({}, {})


async def test_closed_without_waiting_the_peer_knows_that_it_is_the_end():
    async with secured("source") as rig:
        assert isinstance(rig.source, TlsStream)
        rig.source.close()
        rig.source.close()
        assert await soon(read_all(rig.client)) == b""
        assert isinstance(rig.client, TlsStream)
        assert rig.client.at_end()
