"""Owns that Bascule's window exists once for each user: a second start raises the first's window.

A lock file, which the system frees when its holder dies, says who is first; a local socket carries
one line each way. Whoever is first in a runtime folder is so for that folder only.

The exchange: ``{"protocol": 1, "verb": "raise", "token": "…"}`` and in answer
``{"protocol": 1, "done": true}``. With files to open the verb is ``open`` and there is a list
``files``; a window of an older version refuses that. ``token`` is what Wayland gives a program that
was just clicked; only with it may another window come to the front. The verb ``leave`` ends the
first: an installer is about to replace its files.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from bascule.control.rendezvous import Rendezvous

PROTOCOL = 1
"""Raise it when the line changes its meaning: windows of different numbers leave each other be."""

_LONGEST_PATH_BYTES = 90  # Qt makes the socket below another name first, a little longer
_LONGEST_LINE_BYTES = 64 * 1024
_PATIENCE_SECONDS = 10.0
"""A first start may still be loading: a virus scanner reads through all of it before."""

_LEAVE_SECONDS = 20.0
_TOKEN_VARIABLE = "XDG_ACTIVATION_TOKEN"


def server_name(folder: Path) -> str:
    """The name of the local socket that belongs to a runtime folder."""
    path = folder / "desktop.sock"
    if sys.platform != "win32" and len(os.fsencode(path)) <= _LONGEST_PATH_BYTES:
        return str(path)
    return "bascule-" + hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:24]


class SingleInstance(QObject):
    """This start of Bascule among others of the same user."""

    raise_wanted = Signal(str)
    """Bascule was started again; carries that start's activation token, or an empty text."""

    open_wanted = Signal(object)
    """Bascule was started again with files to open: a list of ``Path``. Told after the other."""
    leave_wanted = Signal()
    """Who installs another version needs this one to end, without a question."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._name = server_name(folder)
        self._lock = QLockFile(str(folder / "desktop.lock"))
        self._lock.setStaleLockTime(0)  # however old: only the holder's death frees it
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """Be the first, and listen; False where another one is (then ``ask_to_raise``)."""
        Rendezvous(self._folder).prepare()
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)  # what a killed one left; we hold the lock
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._welcome)
        # Where listening fails a second start just opens a second window: no harm to any relay.
        server.listen(self._name)
        self._server = server
        return True

    @property
    def is_first(self) -> bool:
        """Whether this start is the first: others come to it."""
        return self._server is not None

    def ask_to_raise(self, files: Sequence[Path] = ()) -> bool:
        """Ask the first to show its window, and to open files; False where it does not answer in
        time, or cannot, and where it has died: then this one is first in its place (``is_first``).

        Blocks: for the start, before there is a loop.
        """
        verb, more = "raise", dict[str, list[str]]()
        if files:
            verb, more = "open", {"files": [str(file) for file in files]}
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            if socket.waitForConnected(200):
                answer = _ask(socket, deadline, verb=verb, **more)
                if answer is not None:
                    return answer
            if self.claim():
                return False
            time.sleep(0.02)  # it holds the lock and is about to listen
        return False

    def ask_to_leave(self) -> bool:
        """Ask the first to end, and wait until it has; False where there is none, or it does not.

        Blocks. The relays go on: they are the engine's.
        """
        if not self._folder.is_dir() or self._lock.tryLock(0):
            self._lock.unlock()
            return False
        deadline = time.monotonic() + _LEAVE_SECONDS
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(2000) or not _ask(socket, deadline, verb="leave"):
            return False
        left = self._lock.tryLock(int(_LEAVE_SECONDS * 1000))
        self._lock.unlock()
        return left

    def release(self) -> None:
        """Make room for the next start."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _welcome(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()):
            _Visitor(socket, self)


class _Visitor(QObject):
    """One connection of another start; lives as long as its socket."""

    def __init__(self, socket: QLocalSocket, instance: SingleInstance) -> None:
        super().__init__(socket)
        self._socket = socket
        self._instance = instance
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(self._read)
        self._read()

    def _read(self) -> None:
        if not self._socket.canReadLine():
            if self._socket.bytesAvailable() > _LONGEST_LINE_BYTES:
                self._socket.abort()
            return
        said = _parse(bytes(self._socket.readLine(_LONGEST_LINE_BYTES).data()))
        verb, files = said.get("verb"), _files(said.get("files"))
        known = verb in ("raise", "leave") or (verb == "open" and files)
        done = said.get("protocol") == PROTOCOL and known
        self._socket.write(_line(protocol=PROTOCOL, done=bool(done)))
        self._socket.flush()  # the other start waits, and showing the window may take its time
        self._socket.disconnectFromServer()
        if done and verb == "leave":
            self._instance.leave_wanted.emit()
        elif done:
            self._instance.raise_wanted.emit(str(said.get("token", "")))
        if done and verb == "open":
            self._instance.open_wanted.emit(files)


def _ask(socket: QLocalSocket, deadline: float, **words: str | list[str]) -> bool | None:
    """Whether the first does it; None where it does not answer."""
    token = os.environ.get(_TOKEN_VARIABLE, "")
    socket.write(_line(protocol=PROTOCOL, token=token, **words))
    while not socket.canReadLine():
        left = int((deadline - time.monotonic()) * 1000)
        if left <= 0 or not socket.waitForReadyRead(left):
            return None
    return _parse(bytes(socket.readLine(_LONGEST_LINE_BYTES).data())).get("done") is True


def _line(**words: str | int | bool | list[str]) -> bytes:
    return json.dumps(words).encode() + b"\n"


def _files(said: object) -> list[Path]:
    named = cast(list[object], said) if isinstance(said, list) else []
    files = [Path(name) for name in named if isinstance(name, str)]
    return [file for file in files if file.is_absolute()]


def _parse(line: bytes) -> dict[str, object]:
    try:
        said: object = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return cast(dict[str, object], said) if isinstance(said, dict) else {}
