"""A stand-in for the named pipes of Windows that is made of sockets and behaves alike: blocking
calls that can be cancelled, places that are taken one by one.
"""

from __future__ import annotations

import os
import select
import socket


class Place:
    """One place at a pipe of the stand-in."""

    def __init__(self, system: StandIn, listening: socket.socket | None) -> None:
        self._system = system
        self._listening = listening
        self._socket: socket.socket | None = None
        self._cancel = socket.socketpair()
        self.closed = False

    def reach(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(address)

    def connect(self) -> bool:
        assert self._listening is not None
        self._wait(self._listening)
        self._socket, _ = self._listening.accept()
        return not self._system.leaves_at_once

    def _wait(self, sock: socket.socket, *, write: bool = False) -> None:
        cancelled = self._cancel[0]
        reading = [cancelled] if write else [sock, cancelled]
        ready, _, _ = select.select(reading, [sock] if write else [], [])
        if cancelled in ready:
            raise OSError(995, "the call was cancelled")

    def read(self) -> bytes:
        assert self._socket is not None
        self._wait(self._socket)
        return self._socket.recv(65_536)

    def write(self, data: memoryview) -> int:
        assert self._socket is not None
        self._wait(self._socket, write=True)
        return self._socket.send(data, socket.MSG_DONTWAIT)

    def cancel(self) -> None:
        self._cancel[1].send(b"x")

    def close(self) -> None:
        assert not self.closed
        self.closed = True
        for sock in (*self._cancel, self._socket):
            if sock is not None:
                sock.close()


class StandIn:
    """A system with named pipes, made of abstract Unix sockets."""

    def __init__(self) -> None:
        self._listening = dict[str, socket.socket]()
        self.busy = 0
        self.leaves_at_once = False
        self.places = list[Place]()
        self.broken: OSError | None = None

    def address(self, name: str) -> str:
        return f"\0bascule {os.getpid()} {id(self)} {name}"

    def open_pipe(self, name: str) -> Place:
        if self.busy:
            self.busy -= 1
            raise OSError(231, "all pipe instances are busy")
        if name not in self._listening:
            raise FileNotFoundError(2, "No such file or directory")
        place = Place(self, None)
        self.places.append(place)
        place.reach(self.address(name))
        return place

    def create_pipe(self, name: str, *, first: bool) -> Place:
        if self.broken is not None:
            raise self.broken
        if first:
            if name in self._listening:
                raise PermissionError(13, "Access is denied")
            sock = self._listening[name] = socket.socket(socket.AF_UNIX)
            sock.bind(self.address(name))
            sock.listen(100)
        place = Place(self, self._listening[name])
        self.places.append(place)
        return place

    def is_busy(self, exc: OSError) -> bool:
        return exc.errno == 231

    def close(self) -> None:
        for sock in self._listening.values():
            sock.close()
        self._listening.clear()
