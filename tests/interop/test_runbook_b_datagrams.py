"""The second runbook's datagrams: collected, carried through TCP and back, and questions of DNS."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bascule.spec.datagrams import UdpListen
from bascule.spec.socat.command import parse_command
from tests.helpers.contract import random_bytes
from tests.helpers.datagrams import Peer, peer
from tests.helpers.engines import wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import find, start
from tests.helpers.relaying import Running, logged, relaying
from tests.helpers.runbooks import words_of

# B13 ---------------------------------------------------------------------------------------------

SIZES = (1, 5, 512, 1400, 8000)


@contextmanager
def through_tcp(folder: Path, sink: Peer) -> Iterator[int]:
    """B13, both sides; gives the port of side A."""
    port, between = free_port(), free_port()
    changes = {":6000": f":{port}", "IP_DU_SITE_B:7000": f"127.0.0.1:{between}"}
    entry = words_of("B13", changes)
    leave = words_of("B13b", {":7000": f":{between}", ":6000": f":{sink.port}"})
    with relaying(folder, *leave) as b, relaying(folder, *entry) as a:
        b.heard("listening on")
        a.heard("listening on")
        yield port


def test_b13_each_datagram_leaves_the_tunnel_as_it_entered(tmp_path: Path):
    with peer() as sink, peer() as source, through_tcp(tmp_path, sink) as port:
        for number, size in enumerate(SIZES):
            datagram = random_bytes(size, number)
            source.send(datagram, port)
            received, _ = sink.sock.recvfrom(70_000)
            assert hashlib.sha256(received).digest() == hashlib.sha256(datagram).digest()


def test_b13_datagrams_of_a_burst_stay_apart(tmp_path: Path):
    datagrams = [b"<13>message %d" % number for number in range(30)]
    with peer() as sink, peer() as source, through_tcp(tmp_path, sink) as port:
        for datagram in datagrams:
            source.send(datagram, port)
        received = [sink.sock.recvfrom(70_000)[0] for _ in datagrams]
    assert sorted(received) == sorted(datagrams)  # each by a connection of its own


# B14 ---------------------------------------------------------------------------------------------


@contextmanager
def resolver(folder: Path) -> Iterator[int]:
    """A real DNS server that knows one name, and answers for a reason of its own."""
    port = free_port()
    answers = ["--address=/example.com/192.0.2.77", f"--txt-record=long.example.com,{'x' * 200}"]
    where = [f"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces"]
    alone = ["--no-resolv", "--no-hosts", "--no-daemon", "--conf-file=/dev/null", "--user="]
    alone += [f"--pid-file={folder / 'dnsmasq.pid'}"]
    with start("dnsmasq", *alone, *where, *answers) as server:
        server.wait_for("started")
        yield port


def dig(port: int, *question: str) -> str:
    """What dig is told."""
    command = [find("dig"), "@127.0.0.1", "-p", str(port), "+short", "+tries=1", "+time=40"]
    done = subprocess.run([*command, *question], capture_output=True, text=True, check=True)
    return done.stdout


@contextmanager
def redirected(folder: Path, service: int, *more: str) -> Iterator[tuple[Running, int]]:
    """B14, listening."""
    port = free_port()
    words = words_of("B14", {"LISTEN:5353": f"LISTEN:{port}", "9.9.9.9:53": f"127.0.0.1:{service}"})
    with relaying(folder, *more, *words) as relay:
        logged(folder / "socat_dns.log", "listening on")
        yield relay, port


def test_b14_questions_are_answered_by_the_other_resolver(tmp_path: Path):
    with resolver(tmp_path) as service, redirected(tmp_path, service) as (_, port):
        for _ in range(3):
            assert dig(port, "example.com") == "192.0.2.77\n"
        assert dig(port, "long.example.com", "TXT") == f'"{"x" * 200}"\n'
        logged(tmp_path / "socat_dns.log", "is connected to")


def open_sockets(relay: Running) -> int:
    """How many sockets of the network a relay has: that to the system's log comes and goes."""
    return len(psutil.Process(relay.process.pid).net_connections("inet"))


def test_b14_clients_that_have_their_answer_are_forgotten(tmp_path: Path):
    # socat keeps a process for each client for ever, unless -T says otherwise.
    with resolver(tmp_path) as service, redirected(tmp_path, service, "-T", "1") as (relay, port):
        before = open_sockets(relay)
        for _ in range(5):
            assert dig(port, "example.com") == "192.0.2.77\n"
        wait_until(lambda: open_sockets(relay) == before)
        assert dig(port, "example.com") == "192.0.2.77\n"
        assert relay.process.poll() is None


def test_b14_as_it_is_written_clients_are_forgotten_after_a_minute():
    relay = parse_command(words_of("B14", {})).relay
    assert isinstance(relay.source, UdpListen)
    assert relay.source.peer_idle_seconds == 60
