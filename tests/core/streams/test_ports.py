"""Who holds a port, with real programs that hold it, and which one is free."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from bascule.streams.ports import PortHolder, find_free_port, find_port_holder
from tests.helpers.ports import free_port, free_udp_port
from tests.helpers.processes import listening, start


@pytest.fixture
def ours() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", free_port())) as sock:
        yield sock.getsockname()[1]


def test_another_program_is_named():
    port = free_port()
    argv = ("socat", f"TCP-LISTEN:{port},bind=127.0.0.1,fork", "STDOUT")
    with start(*argv, ready=listening(port)) as running:
        found = find_port_holder(port)
        assert found is not None
        assert found == PortHolder(running.process.pid, "socat", shutil.which("socat") or "")
        assert found.facts["program_path"] == shutil.which("socat")
    assert find_port_holder(port) is None


def test_of_two_holders_the_one_of_the_address_is_named():
    port = free_port()
    argv = ("socat", f"TCP-LISTEN:{port},bind=127.0.0.2,fork", "STDOUT")
    ready = listening(port, "127.0.0.2")
    with start(*argv, ready=ready) as running, socket.create_server(("127.0.0.3", port)):
        theirs = find_port_holder(port, "127.0.0.2")
        own = find_port_holder(port, "127.0.0.3")
    assert theirs is not None
    assert (theirs.pid, theirs.program) == (running.process.pid, "socat")
    assert own is not None
    assert own.pid == os.getpid()


def test_a_connection_from_a_port_does_not_hold_it(ours: int):
    with socket.create_connection(("127.0.0.1", ours)) as client:
        assert find_port_holder(client.getsockname()[1]) is None


@pytest.mark.skipif(sys.platform == "win32", reason="a child takes no sockets over there")
def test_a_child_that_shares_the_socket_is_not_named():
    with socket.create_server(("127.0.0.1", 0)) as server:
        fd = server.fileno()
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=(fd,)) as child:
            holder = find_port_holder(server.getsockname()[1])
            child.communicate()
    assert holder is not None
    assert holder.pid == os.getpid()


@pytest.mark.parametrize("error", [psutil.AccessDenied(), PermissionError()])
def test_a_system_that_does_not_tell(error: Exception, ours: int, monkeypatch: pytest.MonkeyPatch):
    def denied(_kind: str) -> None:
        raise error

    monkeypatch.setattr(psutil, "net_connections", denied)
    assert find_port_holder(ours) is None


def test_a_holder_that_ended_meanwhile(ours: int, monkeypatch: pytest.MonkeyPatch):
    def gone(pid: int) -> None:
        raise psutil.NoSuchProcess(pid)

    monkeypatch.setattr(psutil, "Process", gone)
    assert find_port_holder(ours) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "::", "::1", "[::1]"])
def test_a_taken_port_is_passed_over(host: str):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bare = host.strip("[]")
    with socket.create_server((bare, free_port(bare)), family=family) as taken:
        port = taken.getsockname()[1]
        found = find_free_port(host, port)
        assert found is not None
        assert found > port
        with socket.create_server((bare, found), family=family):
            pass  # it is free indeed


def test_a_port_is_free_again_while_its_connections_fade():
    with socket.create_server(("127.0.0.1", free_port())) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()  # it closes first, so that TIME_WAIT is at our port
    assert find_free_port("127.0.0.1", port) == port


def test_there_is_nothing_above_the_last_port():
    assert find_free_port("127.0.0.1", 65536) is None
    assert find_free_port("203.0.113.1", 65500) is None


def test_a_system_where_a_port_would_be_shared(ours: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "name", "nt")
    found = find_free_port("127.0.0.1", ours)
    monkeypatch.undo()
    assert found is not None
    assert found > ours


def test_udp_ports_are_apart_from_those_of_tcp(ours: int):
    port = free_udp_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))
        holder = find_port_holder(port, "127.0.0.1", udp=True)
        assert holder is not None
        assert holder.pid == os.getpid()
        assert find_port_holder(port) is None
        assert find_port_holder(ours, udp=True) is None
        assert find_free_port("127.0.0.1", port) == port
        found = find_free_port("127.0.0.1", port, udp=True)
        assert found is not None
        assert found > port
