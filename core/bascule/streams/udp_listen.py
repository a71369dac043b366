"""Owns UDP from the side that waits: a stream for each peer, or for each single datagram."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import socket
import time
from collections.abc import Callable

from bascule.streams.base import Address, Listener, Stream, address_of
from bascule.streams.datagram_port import DatagramPort, PortStream
from bascule.streams.packet_info import reading
from bascule.streams.socket_options import SocketOptions
from bascule.streams.udp_socket import bound_sockets

_SLACK = 64
"""So many entries of who is gone may be kept, and twice as many as are there."""


class Peers:
    """Who is there, and who has been silent for longest. A peer that is silent for
    ``idle_seconds`` ends; where there are ``most`` and one more comes, the longest silent does.
    """

    def __init__(self, idle_seconds: float, most: int) -> None:
        self._idle_seconds = idle_seconds
        self._most = most
        self._there: set[PortStream] = set()
        # Since when each is silent, as far as it was known when it was put here.
        self._silence: list[tuple[float, int, PortStream]] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._there)

    def add(self, peer: PortStream) -> None:
        """Count one more peer."""
        if len(self._there) >= self._most:
            self._longest_silent().end()
        self._there.add(peer)
        self._note(peer)
        if self._timer is None:
            self._wake_in(self._idle_seconds)

    def remove(self, peer: PortStream) -> None:
        """Forget a peer. Calling it again does nothing."""
        self._there.discard(peer)
        if len(self._silence) > _SLACK + 2 * len(self._there):
            self._silence = [entry for entry in self._silence if entry[2] in self._there]
            heapq.heapify(self._silence)
        if not self._there and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _note(self, peer: PortStream) -> None:
        heapq.heappush(self._silence, (peer.seen, next(self._numbers), peer))

    def _longest_silent(self) -> PortStream:
        """To be called where there is one."""
        while True:
            since, _number, peer = self._silence[0]
            if peer in self._there and peer.seen == since:
                return peer
            heapq.heappop(self._silence)
            if peer in self._there:
                self._note(peer)

    def _look(self) -> None:
        self._timer = None
        now = time.monotonic()
        while self._there:
            peer = self._longest_silent()
            left = peer.seen + self._idle_seconds - now
            if left > 0:
                self._wake_in(left)
                return
            peer.end()

    def _wake_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)


class _UdpPortListener(Listener):
    """Listens on one port of one address (of every address a name stands for)."""

    single = False

    def __init__(
        self,
        host: str,
        port: int,
        *,
        family: socket.AddressFamily = socket.AF_UNSPEC,
        groups: tuple[str, ...] = (),
        options: SocketOptions | None = None,
        field: str = "source",
    ) -> None:
        self._host = host
        self._port = port
        self._family = family
        self._groups = groups
        self._options = options
        self._field = field
        self._ports: list[DatagramPort] = []

    @property
    def dropped(self) -> int:
        """Datagrams that the system dropped because they came faster than they were read."""
        return sum(port.dropped for port in self._ports)

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        sockets = await bound_sockets(
            self._host,
            self._port,
            family=self._family,
            groups=self._groups,
            options=self._options,
            field=self._field,
        )
        bound = tuple(address_of(sock.getsockname()) for sock in sockets)
        self._ports = [
            DatagramPort(
                sock,
                self._arriving(on_arrival),
                reading(sock),
                address_of,
                single=self.single,
            )
            for sock in sockets
        ]
        return bound

    def _arriving(self, on_arrival: Callable[[Stream], None]) -> Callable[[PortStream], None]:
        return on_arrival

    async def aclose(self) -> None:
        for port in self._ports:
            port.close()
            await port.closed()


class UdpReceiveFromListener(_UdpPortListener):
    """Each datagram is a stream of its own, which ends after it; what is sent goes to its sender.

    ``field`` is the path of the spec, for errors.
    """

    single = True


class UdpListener(_UdpPortListener):
    """Each peer (address and port) is a stream of its own.

    It ends, in order, when for ``peer_idle_seconds`` no datagram came or went; where there are
    ``max_peers`` and one more comes, the longest silent does. ``field`` as above.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        peer_idle_seconds: float = 60.0,
        max_peers: int = 1024,
        family: socket.AddressFamily = socket.AF_UNSPEC,
        groups: tuple[str, ...] = (),
        options: SocketOptions | None = None,
        field: str = "source",
    ) -> None:
        super().__init__(host, port, family=family, groups=groups, options=options, field=field)
        self._peers = Peers(peer_idle_seconds, max_peers)

    def _arriving(self, on_arrival: Callable[[Stream], None]) -> Callable[[PortStream], None]:
        def arrived(stream: PortStream) -> None:
            stream.on_forgotten = self._peers.remove
            self._peers.add(stream)
            on_arrival(stream)

        return arrived
