"""Whether a peer has left, asked of real sockets; what comes of it is in ``relay/test_notes``."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import sys
from collections.abc import Iterator

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import Address
from bascule.streams.leaving import check_client, has_left, is_watched, watch_client
from bascule.streams.memory import memory_pair
from bascule.streams.socket_stream import SocketStream
from bascule.streams.transport import TransportStream
from bascule.streams.watch import watch
from tests.helpers.descriptors import until
from tests.helpers.sockets import reset


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A client, and the non-blocking socket that we have of it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        ours, _name = server.accept()
    ours.setblocking(False)
    with client, ours:
        yield client, ours


def happened(ours: socket.socket) -> None:
    """Wait until the system knows of it."""
    assert select.select([ours], [], [], 20)[0]


type Pair = tuple[socket.socket, socket.socket]


def test_who_says_nothing_is_there(pair: Pair):
    assert not has_left(pair[1])


def test_who_has_spoken_is_there_and_nothing_is_lost(pair: Pair):
    client, ours = pair
    client.sendall(b"word")
    happened(ours)
    assert not has_left(ours)
    client.shutdown(socket.SHUT_WR)
    assert not has_left(ours)
    assert ours.recv(10) == b"word"


def test_who_goes_without_a_word_has_left(pair: Pair):
    client, ours = pair
    client.close()
    happened(ours)
    assert has_left(ours)


@pytest.mark.parametrize("platform", sorted({"darwin", sys.platform}))
def test_who_resets_has_left(pair: Pair, platform: str, monkeypatch: pytest.MonkeyPatch):
    client, ours = pair
    reset(client)
    happened(ours)
    monkeypatch.setattr(sys, "platform", platform)
    assert has_left(ours)


def test_what_we_have_closed_has_nobody_behind_it(pair: Pair):
    pair[1].close()
    assert has_left(pair[1])


async def test_the_client_of_a_task(pair: Pair):
    client, ours = pair
    check_client("service")  # nobody is watched
    assert not is_watched()
    stream = SocketStream(ours.dup(), Address("c"), watch())
    watch_client(stream)
    assert is_watched()
    check_client("service")
    client.close()
    happened(ours)
    with pytest.raises(StreamError) as caught:
        check_client("service")
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    assert "service" in caught.value.message
    await stream.aclose()


async def test_the_client_of_a_task_over_a_transport(pair: Pair):
    client, ours = pair
    loop = asyncio.get_running_loop()
    _transport, stream = await loop.create_connection(TransportStream, sock=ours.dup())
    watch_client(stream)
    assert is_watched()
    check_client("service")
    client.close()
    await until(stream.has_left)
    with pytest.raises(StreamError) as caught:
        check_client("service")
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    await stream.aclose()


async def test_what_is_no_socket_cannot_be_asked():
    stream, far = memory_pair()
    watch_client(stream)
    far.abort()
    assert not is_watched()
    check_client("service")
    for each in (stream, far):
        with contextlib.suppress(StreamError):
            await each.aclose()
