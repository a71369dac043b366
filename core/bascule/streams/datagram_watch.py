"""Owns how one datagram socket is watched: by the loop where it can, else by asking and waiting.

Windows' proactor watches no sockets; there one datagram at a time is awaited, and handed over with
the address it came from.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from bascule.streams.watch import Ready, watch

DATAGRAM_BYTES = 65_536
"""More than the longest datagram that IP carries (65,507 bytes in IPv4, 65,527 in IPv6)."""

_ASK_AGAIN_SECONDS = 0.005
"""When to try to send again where nobody tells when the system takes something."""

type Name = tuple[str, int] | tuple[str, int, int, int] | str | bytes | None
"""What the system calls an address: of IPv4, of IPv6, a path, an abstract name; None: unknown."""

type Arrived = Callable[[bytes, Name], None]
"""Takes one datagram and the address it came from."""

type Troubled = Callable[[OSError], None]
"""Hears what the system says instead of giving a datagram; reading has stopped."""


class DatagramWatch:
    """Watches one socket, which it owns. Where the loop can, ``ready`` is called while there is
    something to read; else ``arrived`` with each datagram, and ``troubled``. ``tells`` says whether
    the system knows when the socket takes something again.
    """

    __slots__ = (
        "_arrived",
        "_asking",
        "_fd",
        "_reading",
        "_ready",
        "_sock",
        "_tells",
        "_timer",
        "_troubled",
        "_waiting",
        "_watched",
    )

    def __init__(
        self,
        sock: socket.socket,
        ready: Ready,
        arrived: Arrived,
        troubled: Troubled,
        *,
        tells: bool = True,
    ) -> None:
        self._sock = sock
        self._fd = sock.fileno()
        self._ready = ready
        self._arrived = arrived
        self._troubled = troubled
        self._tells = tells
        self._reading = False
        self._watched = False
        self._asking: asyncio.Task[None] | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def read(self) -> None:
        """Begin to read, or go on."""
        if self._reading:
            return
        self._reading = True
        if self._asking is None:
            try:
                watch().read(self._fd, self._ready)
                self._watched = True
            except NotImplementedError:
                self._asking = asyncio.get_running_loop().create_task(self._ask())
        elif self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def no_read(self) -> None:
        """Read no further for now."""
        if self._reading:
            self._reading = False
            if self._asking is None:
                watch().no_read(self._fd)

    async def _ask(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if not self._reading:
                self._waiting = loop.create_future()
                await self._waiting
                self._waiting = None
            try:
                data, name = await loop.sock_recvfrom(self._sock, DATAGRAM_BYTES)
            except OSError as exc:
                self._reading = False
                self._troubled(exc)
                await asyncio.sleep(0)  # whoever goes on at once shall not keep the others waiting
            else:
                self._arrived(data, name)

    def write(self, ready: Ready) -> None:
        """Call ``ready`` once, when the system may take something again."""
        fd = self._fd

        def once() -> None:
            self._no_write()
            ready()

        if self._tells:
            try:
                watch().write(fd, once)
                self._watched = True
            except NotImplementedError:
                self._tells = False
        if not self._tells:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(_ASK_AGAIN_SECONDS, once)

    def _no_write(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        else:
            watch().no_write(self._fd)

    def close(self) -> None:
        """Watch no further and close the socket. Calling it again does nothing."""
        if self._fd < 0:
            return
        self._reading = False
        if self._timer is not None:
            self._timer.cancel()
        if self._watched:
            watch().forget(self._fd)
        if self._asking is None:
            self._sock.close()
        else:  # only then may its number be given to another socket
            self._asking.add_done_callback(lambda _task: self._sock.close())
            self._asking.cancel()
        self._fd = -1

    async def closed(self) -> None:
        """Wait, after ``close``, until nothing runs any more."""
        if self._asking is not None:
            await asyncio.wait((self._asking,))
