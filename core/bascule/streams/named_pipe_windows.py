"""Owns the calls of Windows for named pipes: overlapped ones, so that a pipe is read and written at
the same time and each call can be cancelled.

Nothing is here on other systems. Run in wine only so far.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":  # pragma: no cover - that system only
    import _winapi
    import ctypes

    _READ_BYTES = 64 * 1024
    _FIRST_INSTANCE, _REJECT_REMOTE = 0x80000, 0x8
    _BROKEN_PIPE, _PIPE_BUSY, _NO_DATA, _ABORTED = 109, 231, 232, 995

    class WindowsPipe:
        """One place at a pipe (``named_pipe.Pipe``)."""

        def __init__(self, handle: int) -> None:
            self._handle = handle
            self._calls = dict[str, _winapi.Overlapped]()
            self._cancelled = False

        def _result(self, name: str, call: _winapi.Overlapped) -> int:
            """Wait for a call; how many bytes it moved. Raises: OSError."""
            self._calls[name] = call
            if self._cancelled:
                call.cancel()
            _winapi.WaitForSingleObject(call.event, _winapi.INFINITE)
            count, error = call.GetOverlappedResult(True)
            if error == _ABORTED:
                raise ctypes.WinError(error)
            return count

        def connect(self) -> bool:
            try:
                self._result("read", _winapi.ConnectNamedPipe(self._handle, overlapped=True))
            except OSError as exc:
                if exc.winerror == _NO_DATA:
                    return False
                raise
            return True

        def read(self) -> bytes:
            try:
                while True:
                    call, _error = _winapi.ReadFile(self._handle, _READ_BYTES, overlapped=True)
                    count = self._result("read", call)
                    if count:  # else somebody wrote nothing
                        return bytes(call.getbuffer() or b"")[:count]
            except OSError as exc:
                if exc.winerror == _BROKEN_PIPE:
                    return b""
                raise

        def write(self, data: memoryview) -> int:
            call, _error = _winapi.WriteFile(self._handle, bytes(data), overlapped=True)
            return self._result("write", call)

        def cancel(self) -> None:
            self._cancelled = True
            for call in list(self._calls.values()):
                try:
                    call.cancel()
                except OSError:
                    pass  # it has ended

        def close(self) -> None:
            _winapi.CloseHandle(self._handle)

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
