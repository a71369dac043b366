"""The ports of tests: nobody else's, also where several processes ask at the same time."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.ports import free_port, free_udp_port, in_turn, own_block

LOCAL = "127.0.0.1"
TOP = Path(__file__).parents[2]


def test_no_two_processes_have_a_port_in_common():
    program = "from tests.helpers.ports import free_port; print(free_port(), flush=True); input()"
    others = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=TOP,
        )
        for _ in range(2)
    ]
    theirs = [int(other.stdout.readline()) for other in others if other.stdout is not None]
    for other in others:
        other.communicate(b"\n")
    blocks = {(each - 22_000) // 750 for each in (*theirs, free_port())}
    assert len(blocks) == 3


def test_a_block_is_nobody_elses():
    assert not {*own_block()} & {*own_block()}


def test_a_port_comes_again_when_all_others_were_there():
    turn = in_turn(range(5))
    first = [next(turn) for _ in range(5)]
    assert {*first} == {0, 1, 2, 3, 4}
    assert [next(turn) for _ in range(5)] == first


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux says")
def test_the_system_gives_it_to_nobody():
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert free_port() < lowest
    assert free_udp_port("::1") < lowest


def test_what_somebody_has_is_passed_over():
    with socket.create_server((LOCAL, free_port())) as server:
        taken = server.getsockname()[1]
        assert taken not in {free_port() for _ in range(2000)}
