"""Owns the calls of Windows for named pipes: overlapped ones, so that a pipe is read and written at
the same time and each call can be cancelled.

Nothing is here on other systems. Run in wine only so far.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":  # pragma: no cover - that system only
    import _winapi

    _READ_BYTES = 64 * 1024
    _FIRST_INSTANCE, _REJECT_REMOTE = 0x80000, 0x8
    _BROKEN_PIPE, _PIPE_BUSY, _NO_DATA = 109, 231, 232

    class WindowsPipe:
        """One place at a pipe (``named_pipe.Pipe``)."""

        def __init__(self, handle: int) -> None:
            self._handle = handle
            self._reading: _winapi.Overlapped | None = None
            self._writing: _winapi.Overlapped | None = None

        def connect(self) -> bool:
            try:
                self._reading = _winapi.ConnectNamedPipe(self._handle, overlapped=True)
            except OSError as exc:
                if exc.winerror == _NO_DATA:
                    return False
                raise
            _winapi.WaitForSingleObject(self._reading.event, _winapi.INFINITE)
            self._reading.GetOverlappedResult(True)
            return True

        def read(self) -> bytes:
            try:
                while True:
                    call, _error = _winapi.ReadFile(self._handle, _READ_BYTES, overlapped=True)
                    self._reading = call
                    _winapi.WaitForSingleObject(call.event, _winapi.INFINITE)
                    count, _error = call.GetOverlappedResult(True)
                    if count:  # else somebody wrote nothing
                        return bytes(call.getbuffer() or b"")[:count]
            except OSError as exc:
                if exc.winerror == _BROKEN_PIPE:
                    return b""
                raise

        def write(self, data: memoryview) -> int:
            call, _error = _winapi.WriteFile(self._handle, bytes(data), overlapped=True)
            self._writing = call
            _winapi.WaitForSingleObject(call.event, _winapi.INFINITE)
            count, _error = call.GetOverlappedResult(True)
            return count

        def cancel_read(self) -> None:
            _cancel(self._reading)

        def cancel_write(self) -> None:
            _cancel(self._writing)

        def close(self) -> None:
            _winapi.CloseHandle(self._handle)

    def _cancel(call: _winapi.Overlapped | None) -> None:
        if call is not None:
            try:
                call.cancel()
            except OSError:
                pass  # it has ended

    def open_pipe(name: str) -> WindowsPipe:
        """Open a pipe that somebody listens on. Raises: OSError."""
        handle = _winapi.CreateFile(
            name,
            _winapi.GENERIC_READ | _winapi.GENERIC_WRITE,
            0,
            _winapi.NULL,
            _winapi.OPEN_EXISTING,
            _winapi.FILE_FLAG_OVERLAPPED,
            _winapi.NULL,
        )
        return WindowsPipe(handle)

    def create_pipe(name: str, *, first: bool) -> WindowsPipe:
        """Make a place at a pipe of bytes for programs of this computer. Raises: OSError."""
        handle = _winapi.CreateNamedPipe(
            name,
            _winapi.PIPE_ACCESS_DUPLEX
            | _winapi.FILE_FLAG_OVERLAPPED
            | (_FIRST_INSTANCE if first else 0),
            _winapi.PIPE_WAIT | _REJECT_REMOTE,
            _winapi.PIPE_UNLIMITED_INSTANCES,
            _READ_BYTES,
            _READ_BYTES,
            0,
            _winapi.NULL,
        )
        return WindowsPipe(handle)

    def is_busy(exc: OSError) -> bool:
        """Whether all places of a pipe are taken."""
        return exc.winerror == _PIPE_BUSY
