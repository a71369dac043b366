"""Which of our addresses a datagram was sent to, as the system tells it."""

from __future__ import annotations

import socket
import sys

import pytest

from bascule.streams.datagram_port import PlainReading
from bascule.streams.packet_info import InfoReading, reading
from tests.helpers.datagrams import peer


def bound(host: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    if host == "::":
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.bind((host, 0))
    return sock


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_who_has_one_address_answers_from_it(host: str):
    with bound(host) as sock, peer(host) as far:
        plain = reading(sock)
        assert isinstance(plain, PlainReading)
        far.send(b"hello", sock.getsockname()[1], host)
        data, key = plain.read()
        assert data == b"hello"
        assert key == far.name
        assert plain.answer(key) == (far.name, [])


@pytest.mark.parametrize(
    ("host", "to"),
    [("0.0.0.0", "127.0.0.6"), ("::", "::1"), ("::", "127.0.0.6")],
)
def test_who_has_several_answers_from_that_one(host: str, to: str):
    with bound(host) as sock, peer("::" if ":" in to else "0.0.0.0") as far:
        info = reading(sock)
        assert isinstance(info, InfoReading)
        far.send(b"hello", sock.getsockname()[1], to)
        data, key = info.read()
        assert data == b"hello"
        name, said = info.answer(key)
        assert name is not None
        sock.sendmsg((b"answer",), said, 0, name)
        data, came_from = far.sock.recvfrom(100)
        assert (data, came_from[0]) == (b"answer", to)


def test_from_the_address_of_a_group_nobody_sends():
    with bound("::") as sock:
        group = bytes([0xFF, 2]) + bytes(14)
        there = ("fe80::1", 9, 0, 2)
        assert InfoReading(sock).answer((there, group)) == (there, [])


def test_an_address_of_a_link_keeps_its_link():
    with bound("::") as sock:
        ours = bytes([0xFE, 0x80]) + bytes(14)
        _name, ((_level, _kind, value),) = InfoReading(sock).answer((("fe80::1", 9, 0, 2), ours))
        assert value == ours + (2).to_bytes(4, sys.byteorder)


def test_a_system_that_says_nothing():
    with bound("0.0.0.0") as sock, peer() as far:
        info = InfoReading(sock)  # it was not asked to
        far.send(b"hello", sock.getsockname()[1])
        data, key = info.read()
        assert data == b"hello"
        assert info.answer(key) == (far.name, [])


@pytest.mark.parametrize("platform", ["win32", "other"])
def test_a_system_that_cannot_say(platform: str, monkeypatch: pytest.MonkeyPatch):
    if platform == "win32":
        monkeypatch.setattr(sys, "platform", platform)
    else:
        monkeypatch.delattr(socket, "IP_PKTINFO")
    with bound("0.0.0.0") as sock:
        assert isinstance(reading(sock), PlainReading)
