"""Ports for the programs of tests: free ones that stay free until who asked for them takes them.

A port that the system gives out and takes back may be given at once to somebody else: to a test
beside this one, or to any connection that is made meanwhile. And who tries to reach it where nobody
listens yet may even reach himself. So these are below the range of which systems give out ports,
each process of tests has a block of them to itself, and takes each of it in turn.
"""

from __future__ import annotations

import itertools
import random
import socket
from collections.abc import Iterator

_FIRST, _PAST = 22_000, 32_500
"""Linux gives out ports from 32768 on, the others from 49152 on. Where a program's own ports below
these are looked for, tests begin at 20000.
"""
_BLOCK = 750
_LOCAL = "127.0.0.1"


def own_block() -> range:
    """A block of ports that is no other process's while this one lives.

    It is held by its first port, which is bound and never listens. Processes that know nothing of
    each other find different blocks, also those of two runs of the tests. Where none is left, all
    are shared.
    """
    for first in range(_FIRST, _PAST, _BLOCK):
        holder = socket.socket()
        try:
            holder.bind((_LOCAL, first))
        except OSError:
            holder.close()
        else:
            holder.detach()  # it stays bound until this process ends
            return range(first + 1, first + _BLOCK)
    return range(_FIRST, _PAST)


def in_turn(block: range) -> Iterator[int]:
    """The ports of a block for ever: each comes again when all others were there."""
    begin = random.randrange(len(block))  # what the process before left there has time to fade
    return itertools.cycle([*block[begin:], *block[:begin]])


_BLOCK_OF_THIS_PROCESS = own_block()  # at once: no test finds a descriptor that it did not open
_NEXT = in_turn(_BLOCK_OF_THIS_PROCESS)


def _free(host: str, kind: socket.SocketKind) -> int:
    """The next port that nobody has; connections that fade away (TIME_WAIT) count."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in itertools.islice(_NEXT, len(_BLOCK_OF_THIS_PROCESS)):
        with socket.socket(family, kind) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"no port of {_BLOCK_OF_THIS_PROCESS} is free at {host}")


def free_port(host: str = _LOCAL) -> int:
    """A port that nobody listens on, and nobody will but who asked for it."""
    return _free(host, socket.SOCK_STREAM)


def free_udp_port(host: str = _LOCAL) -> int:
    """A port for datagrams that nobody has, and nobody will but who asked for it."""
    return _free(host, socket.SOCK_DGRAM)
