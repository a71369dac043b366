"""Owns the process of the Windows service: what it tells the service manager, and what it hears.

It knows no engine: it is given a function that serves until it is told to stop.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from typing import Any

from bascule.errors import BasculeError
from bascule.service import winapi
from bascule.service.definition import NAME, typed

type Stop = Callable[[], None]
type Serve = Callable[[Callable[[Stop], None]], None]
"""Serves until it is stopped, and hands out how to do that, from any thread, when it is up."""

_HINT_MILLISECONDS = 60_000
"""How long a start and a stop may take before Windows takes the service for hung."""


def be_service(serve: Serve) -> None:
    """Be the service until Windows asks it to stop; called by the service manager's process only.

    Raises: OSError where it was not the service manager that started this.
    """
    assert sys.platform == "win32"
    host = _Host(serve)
    try:
        host.run()
    except OSError as exc:
        if exc.winerror == winapi.ERROR_FAILED_SERVICE_CONTROLLER_CONNECT:
            raise OSError(
                0, f"only Windows itself runs this; to start the service: {typed('service start')}"
            ) from exc
        raise


class _Host:
    """The service's state as Windows sees it. Its lock: Windows calls from a thread of its own, and
    nothing may be told of a service after it was said to have stopped.
    """

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._lock = threading.Lock()
        self._stop: Stop | None = None
        self._handle: Any = None
        self._status = winapi.ServiceStatus(dwServiceType=winapi.SERVICE_WIN32_OWN_PROCESS)

    def run(self) -> None:
        """Hand this thread to the service manager until the service has stopped."""
        assert sys.platform == "win32"
        main = winapi.ServiceMain(self._main)
        table = (winapi.TableEntry * 2)((NAME, main))  # the second, all zero, is the end
        self._handler = winapi.Handler(self._control)  # Windows keeps no reference to it
        winapi.StartServiceCtrlDispatcher(table)

    def _main(self, _count: int, _words: Any) -> None:
        assert sys.platform == "win32"
        self._handle = winapi.RegisterServiceCtrlHandlerEx(NAME, self._handler, None)
        with self._lock:
            self._tell(winapi.SERVICE_START_PENDING)
        code = winapi.ERROR_EXCEPTION_IN_SERVICE
        try:
            self._serve(self._entered)
            code = 0
        except BasculeError:
            code = winapi.ERROR_SERVICE_ALREADY_RUNNING  # another engine has the folder
        except OSError as exc:
            code = exc.winerror or code
        finally:
            with self._lock:
                self._stop = None
                self._tell(winapi.SERVICE_STOPPED, code)

    def _entered(self, stop: Stop) -> None:
        with self._lock:
            self._stop = stop
            self._tell(winapi.SERVICE_RUNNING)  # from now on Windows may ask it to stop

    def _control(self, control: int, _kind: int, _data: Any, _context: Any) -> int:
        if control in (winapi.SERVICE_CONTROL_STOP, winapi.SERVICE_CONTROL_SHUTDOWN):
            with self._lock:
                if self._stop is not None:
                    self._tell(winapi.SERVICE_STOP_PENDING)
                    self._stop()
            return 0
        if control == winapi.SERVICE_CONTROL_INTERROGATE:
            return 0
        return winapi.ERROR_CALL_NOT_IMPLEMENTED

    def _tell(self, state: int, code: int = 0) -> None:
        assert sys.platform == "win32"
        moving = state in (winapi.SERVICE_START_PENDING, winapi.SERVICE_STOP_PENDING)
        accepted = winapi.SERVICE_ACCEPT_STOP | winapi.SERVICE_ACCEPT_SHUTDOWN
        self._status.dwCurrentState = state
        self._status.dwControlsAccepted = accepted if state == winapi.SERVICE_RUNNING else 0
        self._status.dwWin32ExitCode = code
        self._status.dwCheckPoint = 1 if moving else 0
        self._status.dwWaitHint = _HINT_MILLISECONDS if moving else 0
        winapi.SetServiceStatus(self._handle, ctypes.byref(self._status))
