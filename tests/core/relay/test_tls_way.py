"""The quick way where one side or both are TLS, on both loops: all bytes, all ends, all answers."""

from __future__ import annotations

import asyncio
import gc
import random
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tls import client_context, server_context
from bascule.streams.tls_stream import TlsStream
from bascule.streams.watch import Buffers, watch
from tests.helpers.certificates import Files
from tests.helpers.contract import MEBIBYTE, random_bytes, read_all, soon
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.quick import Rig, digest, feed, pours, told
from tests.helpers.relays import nothing_left_behind

LOOP_FACTORIES = LOOPS

WHERE = ["source", "target", "both"]
"""Which sides are TLS."""

BAD_RECORD = b"\x17\x03\x03\x00\x20" + bytes(32)


class TlsRig(Rig):
    """A rig with TLS at some of its sides: the relay is server of its client, and client of its
    service.
    """

    files: Files
    version = ssl.TLSVersion.TLSv1_3

    async def secure(self, where: str) -> None:
        """Do the handshakes. The system holds little, so that who does not read is soon noticed."""
        for stream in (self.client, self.source, self.target, self.service):
            sock = socket_of(stream).sock
            for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                sock.setsockopt(socket.SOL_SOCKET, option, 32 * 1024)
        server = server_context(self.files.certificate, self.files.key)
        server.maximum_version = self.version
        client = client_context(authority=self.files.authority)
        self.server, self.context = server, client
        far, near = self.client, self.source
        if where != "target":
            self.client, self.source = await self._agreed(far, near)
        near, far = self.target, self.service
        if where != "source":
            self.target, self.service = await self._agreed(near, far)

    async def _agreed(self, asking: Stream, answering: Stream) -> tuple[TlsStream, TlsStream]:
        first = TlsStream(asking, self.context, server_name="localhost")
        second = TlsStream(answering, self.server, server_side=True)
        await soon(asyncio.gather(first.handshake(), second.handshake()))
        return first, second


@pytest.fixture(autouse=True)
def _certificates(files: Files) -> None:
    TlsRig.files = files


@asynccontextmanager
async def secured(where: str, **rules: Any) -> AsyncIterator[TlsRig]:
    """A rig that is agreed and not started; nothing is left of it."""
    rig = TlsRig(**rules)
    try:
        await rig.secure(where)
        yield rig
    finally:
        rig.close()
    watching = watch()
    assert isinstance(watching, Buffers)
    assert watching._lent == 0


@asynccontextmanager
async def carried(where: str, **rules: Any) -> AsyncIterator[TlsRig]:
    """As ``secured``, and begun."""
    async with secured(where, **rules) as rig:
        rig.start()
        yield rig


def socket_of(stream: Stream) -> SocketStream:
    inner = stream.inner if isinstance(stream, TlsStream) else stream
    assert isinstance(inner, SocketStream)
    return inner


async def stalls(rig: Rig, sending: asyncio.Future[None]) -> None:
    """Wait until nothing moves any more, although somebody sends."""
    quiet = 0
    async with asyncio.timeout(20):
        while quiet < 10:
            before = (rig.counters.up, rig.counters.down)
            await asyncio.sleep(0.02)
            quiet = quiet + 1 if before == (rig.counters.up, rig.counters.down) else 0
    assert not sending.done()


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
    async with carried(where) as rig, asyncio.timeout(40):
        got = await asyncio.gather(
            digest(rig.service),
            digest(rig.client),
            feed(rig.client, there),
            feed(rig.service, back),
        )
        assert got[:2] == [told(there), told(back)]
        assert await rig.is_over() is None
        assert (rig.counters.up, rig.counters.down) == (len(there), len(back))


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

    async with carried(where) as rig, asyncio.timeout(40):
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
    async with carried(where) as rig, asyncio.timeout(40):
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
    async with nothing_left_behind(), asyncio.timeout(50):
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
