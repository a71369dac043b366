"""Datagrams handed to the system, one by one and many with one call."""

from __future__ import annotations

import errno
import os
import random
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bascule.streams.datagram_sender import SEGMENTS, Sender
from tests.helpers.datagrams import LONGEST, Peer

cuts = pytest.mark.skipif(not SEGMENTS, reason="Linux alone cuts a piece into datagrams")


class Counting(socket.socket):
    """Counts what is handed over in one call, and may refuse."""

    calls: list[int]
    refusal: OSError | None = None
    refused: tuple[str, ...] = ()

    def _counted(self, name: str, count: int) -> None:
        self.__dict__.setdefault("calls", []).append(count)
        if self.refusal is not None and name in self.refused:
            raise self.refusal

    def send(self, data: Any, flags: int = 0) -> int:
        self._counted("send", 1)
        return super().send(data, flags)

    def sendto(self, *args: Any) -> int:
        self._counted("sendto", 1)
        return super().sendto(*args)

    def sendmsg(self, buffers: Any, *args: Any) -> int:
        self._counted("sendmsg", len(buffers))
        return super().sendmsg(buffers, *args)


@pytest.fixture
def far() -> Iterator[Peer]:
    far = Peer()
    far.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
    with far.sock:
        yield far


@pytest.fixture
def sock(far: Peer) -> Iterator[Counting]:
    with Counting(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect(far.name)
        yield sock


def received(far: Peer, count: int) -> list[bytes]:
    got = [far.sock.recv(70_000) for _ in range(count)]
    far.sock.setblocking(False)
    with pytest.raises(BlockingIOError):
        far.sock.recv(1)
    far.sock.settimeout(20)
    return got


def numbered(count: int, size: int = 64) -> list[bytes]:
    return [index.to_bytes(4).ljust(size, b".") for index in range(count)]


@cuts
def test_many_of_one_size_go_with_one_call(sock: Counting, far: Peer):
    sent = numbered(64)
    assert Sender(sock).send(sent) == 64
    assert sock.calls == [64]
    assert received(far, 64) == sent


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("segments", [False, pytest.param(True, marks=cuts)])
def test_order_and_boundaries_are_kept(named: bool, segments: bool, far: Peer):
    rng = random.Random(7)
    sizes = [rng.choice([0, 1, 64, 64, 64, 1232, 1233, 9000, LONGEST]) for _ in range(100)]
    sent = [rng.randbytes(size) for size in sizes]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        if not named:
            sock.connect(far.name)
        sender = Sender(sock, far.name if named else None, segments=segments)
        for start in range(0, 100, 10):
            assert sender.send(sent[start : start + 10]) == 10
            assert received(far, 10) == sent[start : start + 10]


@cuts
def test_most_in_one_call(sock: Counting, far: Peer):
    sent = numbered(70) + numbered(60, 1232)
    assert Sender(sock).send(sent) == 130
    assert sock.calls == [64, 6, 52, 8]  # 64 segments, 65,000 bytes
    assert received(far, 130) == sent


@pytest.mark.skipif(sys.platform == "win32", reason="Python for Windows has no sendmsg")
def test_the_address_of_ours_is_said_with_each(far: Peer):
    said = [(socket.IPPROTO_IP, socket.IP_PKTINFO, bytes(4) + bytes([127, 0, 0, 8]) + bytes(4))]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sender = Sender(sock, far.name, said)
        assert sender.send([b"one"]) == 1
        assert sender.send([b"two", b"two"]) == 2
        for _ in range(3):
            assert far.sock.recvfrom(100)[1][0] == "127.0.0.8"


@cuts
@pytest.mark.parametrize("number", [errno.EINVAL, errno.EIO])
def test_a_system_that_cannot_cut_is_asked_once(number: int, sock: Counting, far: Peer):
    sock.refusal, sock.refused = OSError(number, os.strerror(number)), ("sendmsg",)
    sender = Sender(sock)
    sent = numbered(3)
    assert sender.send(sent) == 3
    assert sender.send(sent) == 3
    assert sock.calls == [3, 1, 1, 1, 1, 1, 1]
    assert received(far, 6) == sent + sent


def test_a_refusal_is_told(sock: Counting):
    sock.refusal = ConnectionRefusedError(errno.ECONNREFUSED, "no")
    sock.refused = ("sendmsg" if SEGMENTS else "send",)
    with pytest.raises(ConnectionRefusedError):
        Sender(sock).send(numbered(3))
    sock.refused = ("send",)
    with pytest.raises(ConnectionRefusedError):
        Sender(sock).send(numbered(1))


def test_what_the_system_does_not_take_now_is_told(sock: Counting):
    sock.refusal, sock.refused = BlockingIOError(errno.EAGAIN, "later"), ("sendmsg", "send")
    sender = Sender(sock)
    assert sender.send(numbered(3)) == 0
    assert sender.send(numbered(1)) == 0
    sock.refused = ()
    assert sender.send(numbered(3)) == 3


def test_some_are_taken_and_some_are_not():
    ours, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, far:
        ours.setblocking(False)
        sender = Sender(ours, segments=False)
        sent = numbered(5000, 1000)
        taken = sender.send(sent)
        assert 0 < taken < 5000
        assert sender.send(sent[taken:]) == 0
        assert [far.recv(2000) for _ in range(taken)] == sent[:taken]


def test_where_the_line_is_full_and_nobody_tells_more_it_is_counted(sock: Counting, far: Peer):
    sock.refusal, sock.refused = OSError(errno.ENOBUFS, "full"), ("send",)
    sender = Sender(sock, segments=False)
    assert sender.send(numbered(2)) == 2
    assert sender.lost == 2
