"""What is set on a socket, as the system tells it, and what systems do not know."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bascule.streams.socket_options import SocketOptions
from tests.helpers.loops import LOOPS
from tests.helpers.socket_options import (
    ALL,
    CONNECTED,
    FOUR,
    IP6,
    KEPT_ALIVE,
    SIX,
    SOL,
    TCP,
    holds,
    lingers,
)

LOOP_FACTORIES = LOOPS


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6])
def sock(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    with socket.socket(request.param) as made:
        yield made


def test_everything_is_set_before_connecting_except_what_keeps_alive(sock: socket.socket):
    ALL.before_connecting(sock)
    assert holds(sock, CONNECTED | (SIX if sock.family == socket.AF_INET6 else FOUR))
    assert lingers(sock) == (1, 5)
    assert sock.getsockopt(SOL, socket.SO_BINDTODEVICE, 16).rstrip(b"\0") == b"lo"
    assert holds(sock, {(SOL, socket.SO_KEEPALIVE): 0, (SOL, socket.SO_REUSEADDR): 0})
    ALL.keep_alive(sock)
    assert holds(sock, KEPT_ALIVE)


def test_a_listening_socket_has_all_of_it(sock: socket.socket):
    ALL.before_listening(sock)
    assert holds(sock, CONNECTED | KEPT_ALIVE | {(SOL, socket.SO_REUSEADDR): 1})


def test_a_socket_of_ipv6_may_carry_ipv4_as_well():
    with socket.socket(socket.AF_INET6) as sock:
        ALL.before_listening(sock)
        assert holds(sock, FOUR | SIX)


def test_the_usual_leaves_all_else_as_it_is(sock: socket.socket):
    with socket.socket(sock.family) as untouched:
        SocketOptions().before_connecting(sock)
        assert holds(sock, {(TCP, socket.TCP_NODELAY): 1})
        assert lingers(sock) == (0, 0)
        for option in (*CONNECTED, *FOUR, *SIX):
            if option[1] != socket.TCP_NODELAY and (option[0] != IP6 or sock.family != 2):
                assert sock.getsockopt(*option) == untouched.getsockopt(*option)


def test_one_unusual_one_leaves_the_others_as_they_are(sock: socket.socket):
    with socket.socket(sock.family) as untouched:
        SocketOptions(nodelay=False).before_listening(sock)
        for option in CONNECTED:
            assert sock.getsockopt(*option) == untouched.getsockopt(*option)
        assert lingers(sock) == (0, 0)


def test_a_port_that_must_not_be_taken_again(sock: socket.socket):
    options = SocketOptions(reuse_address=False)
    options.before_listening(sock)
    options.before_connecting(sock, bound=True)
    assert holds(sock, {(SOL, socket.SO_REUSEADDR): 0})


def test_a_port_of_our_choice_may_be_taken_again(
    sock: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", "win32")  # where that would mean to share it
    SocketOptions().before_connecting(sock, bound=True)
    monkeypatch.undo()
    assert holds(sock, {(SOL, socket.SO_REUSEADDR): 0})
    SocketOptions().before_connecting(sock, bound=True)
    assert holds(sock, {(SOL, socket.SO_REUSEADDR): 1})


def test_keeping_alive_has_defaults_and_may_be_off(sock: socket.socket):
    SocketOptions(keepalive=False).keep_alive(sock)
    assert holds(sock, {(SOL, socket.SO_KEEPALIVE): 0})
    SocketOptions().keep_alive(sock)
    assert holds(sock, dict(zip(KEPT_ALIVE, [1, 60, 10, 6], strict=True)))


def test_a_system_that_cannot_say_how_often_to_ask(
    sock: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT"):
        monkeypatch.delattr(socket, name)
    ALL.keep_alive(sock)
    assert holds(sock, {(SOL, socket.SO_KEEPALIVE): 1})


def test_a_system_that_calls_the_idle_time_otherwise(
    sock: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    idle = socket.TCP_KEEPIDLE
    monkeypatch.delattr(socket, "TCP_KEEPIDLE")
    monkeypatch.setattr(socket, "TCP_KEEPALIVE", idle, raising=False)
    ALL.keep_alive(sock)
    assert holds(sock, {(TCP, idle): 7})


def test_a_system_that_knows_less(sock: socket.socket, monkeypatch: pytest.MonkeyPatch):
    for name in ("SO_REUSEPORT", "SO_BINDTODEVICE", "IPV6_TCLASS"):
        monkeypatch.delattr(socket, name)
    ALL.set_on(sock)
    monkeypatch.undo()
    assert holds(sock, {(SOL, socket.SO_REUSEPORT): 0, (SOL, socket.SO_SNDBUF): 80_000})
    assert sock.getsockopt(SOL, socket.SO_BINDTODEVICE, 16) == b""


def test_a_system_that_refuses_what_is_only_for_the_better():
    with socket.socket(socket.AF_UNIX) as unix:  # which knows nothing of TCP
        SocketOptions().before_listening(unix)
        assert holds(unix, {(SOL, socket.SO_KEEPALIVE): 1})
        with pytest.raises(OSError, match="not supported"):
            SocketOptions(hop_limit=9).set_on(unix)


def test_only_who_is_to_linger_needs_something_at_closing():
    assert SocketOptions().on_closing is None
    assert SocketOptions(close_linger_seconds=0).on_closing is None
    assert SocketOptions(close_linger_seconds=1).on_closing is not None


def test_a_system_that_gives_nothing_up(sock: socket.socket, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(socket, "TCP_USER_TIMEOUT")
    ALL.set_on(sock)
    close_behind = ALL.on_closing
    assert close_behind is not None
    close_behind(sock)
    monkeypatch.undo()
    assert lingers(sock) == (0, 5)
    assert holds(sock, {(TCP, socket.TCP_USER_TIMEOUT): 0})
    close_behind(sock)
    assert holds(sock, {(TCP, socket.TCP_USER_TIMEOUT): 5000})


class Asked(socket.socket):
    """Notes what is asked of it: Linux refuses the form that Windows wants."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, ...]] = []

    def setsockopt(self, *option: Any) -> None:
        self.asked.append(option)


def test_on_windows_the_struct_has_shorts_and_nothing_lingers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with Asked() as sock:
        SocketOptions(close_linger_seconds=5).set_on(sock)  # there close() would fail
        assert not any(option == socket.SO_LINGER for _level, option, _value in sock.asked)
        SocketOptions(close_linger_seconds=0).set_on(sock)
        assert (SOL, socket.SO_LINGER, struct.pack("hh", 1, 0)) in sock.asked
