r"""Owns the service of Windows: what is asked of the Service Control Manager (winsvc.h).

It runs as ``NT SERVICE\Bascule``, an account that Windows makes for it, with a folder of its own.
What happens in the service's own process is in ``host``.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bascule.service import folder, winapi
from bascule.service.definition import (
    DESCRIPTION,
    NAME,
    TITLE,
    State,
    Status,
    program_command,
    typed,
)
from bascule.service.rights import account, folder_rights

PATIENCE_SECONDS = 60.0
"""How long a start or a stop may take before it counts as failed."""

_BETWEEN_LOOKS_SECONDS = 0.1
_STATES = {
    winapi.SERVICE_STOPPED: State.STOPPED,
    winapi.SERVICE_START_PENDING: State.STARTING,
    winapi.SERVICE_STOP_PENDING: State.STOPPING,
    winapi.SERVICE_RUNNING: State.RUNNING,
}
_RESTARTS_MILLISECONDS = (2_000, 10_000, 60_000)
_RESET_SECONDS = 24 * 3600


class WindowsService:
    """The service of this computer. ``home`` is its folder."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def install(self) -> str:
        own = Path.home()
        program = Path(program_command()[0])
        if program.is_relative_to(own):
            raise PermissionError(
                13,
                f"Bascule is installed for you alone ({program.parent}), where the service's "
                "account may not read it: install it for all users, by the MSI",
            )
        with _manager(winapi.SC_MANAGER_CREATE_SERVICE) as manager:
            folder.prepare(self._home, folder_rights(NAME))
            with _closing(_make(manager)) as service:
                _describe(service)
        return (
            f"Bascule's service is installed: it starts with Windows, as {account(NAME)}, with its "
            f"own profiles below {self._home}. Start it now: {typed('service start')}. "
            f"Its relays: {typed('--engine service list')}"
        )

    def start(self) -> None:
        assert sys.platform == "win32"
        with _service(winapi.SERVICE_START | winapi.SERVICE_QUERY_STATUS) as service:
            try:
                winapi.StartService(service, 0, None)
            except OSError as exc:
                if _number(exc) != winapi.ERROR_SERVICE_ALREADY_RUNNING:
                    raise
            status = _settle(service, State.STARTING)
        if status.state is not State.RUNNING:
            raise OSError(
                0, f"the service did not start: {status.why or 'it has ended'}; see {self._log}"
            )

    def stop(self) -> None:
        with _service(winapi.SERVICE_STOP | winapi.SERVICE_QUERY_STATUS) as service:
            _stop(service)

    def remove(self, *, purge: bool) -> str:
        assert sys.platform == "win32"
        access = winapi.SERVICE_STOP | winapi.SERVICE_QUERY_STATUS | winapi.DELETE
        with _service(access) as service:
            _stop(service)
            winapi.DeleteService(service)
        if not purge:
            return f"Bascule's service is removed; its profiles stay in {self._home}"
        shutil.rmtree(self._home)
        return f"Bascule's service is removed, and so are its profiles in {self._home}"

    def status(self) -> Status:
        try:
            with _service(winapi.SERVICE_QUERY_STATUS) as service:
                return _status(service)
        except FileNotFoundError:
            return Status(State.ABSENT)

    def show(self) -> str:
        return (
            f"name     {NAME}\ncommand  {command_line()}\naccount  {account(NAME)}\n"
            f"starts   with Windows\nfolder   {self._home}\nrights   {folder_rights(NAME)}\n"
        )

    @property
    def _log(self) -> Path:
        return self._home / "state" / "logs" / "engine.log"


def command_line() -> str:
    """What the service manager runs; a path with blanks is in quotes."""
    return subprocess.list2cmdline([*program_command(), "service", "run"])


@contextmanager
def _closing(handle: Any) -> Generator[Any]:
    assert sys.platform == "win32"
    try:
        yield handle
    finally:
        winapi.CloseServiceHandle(handle)


@contextmanager
def _manager(access: int) -> Generator[Any]:
    assert sys.platform == "win32"
    try:
        with _closing(winapi.OpenSCManager(None, None, access)) as manager:
            yield manager
    except OSError as exc:
        raise _in_words(exc) from exc


@contextmanager
def _service(access: int) -> Generator[Any]:
    assert sys.platform == "win32"
    with (
        _manager(winapi.SC_MANAGER_CONNECT) as manager,
        _closing(winapi.OpenService(manager, NAME, access)) as service,
    ):
        yield service


def _make(manager: Any) -> Any:
    """The service, made or changed to what it has to be: an older one may lie elsewhere."""
    assert sys.platform == "win32"
    kind = (
        winapi.SERVICE_WIN32_OWN_PROCESS,
        winapi.SERVICE_AUTO_START,
        winapi.SERVICE_ERROR_NORMAL,
    )
    access = winapi.SERVICE_CHANGE_CONFIG | winapi.SERVICE_START
    none = (None, None, None)  # group, tag, dependencies
    whose = (account(NAME), None)  # a virtual account has no password
    line = command_line()
    try:
        return winapi.CreateService(manager, NAME, TITLE, access, *kind, line, *none, *whose)
    except OSError as exc:
        if _number(exc) != winapi.ERROR_SERVICE_EXISTS:
            raise
    service = winapi.OpenService(manager, NAME, access)
    winapi.ChangeServiceConfig(service, *kind, line, *none, *whose, TITLE)
    return service


def _describe(service: Any) -> None:
    """Say what it is for, and that it is started again where it crashes."""
    assert sys.platform == "win32"
    words = winapi.ServiceDescription(DESCRIPTION)
    winapi.ChangeServiceConfig2(service, winapi.SERVICE_CONFIG_DESCRIPTION, ctypes.byref(words))
    actions = (winapi.Action * len(_RESTARTS_MILLISECONDS))(
        *((winapi.SC_ACTION_RESTART, delay) for delay in _RESTARTS_MILLISECONDS)
    )
    failure = winapi.FailureActions(_RESET_SECONDS, None, None, len(actions), actions)
    winapi.ChangeServiceConfig2(
        service, winapi.SERVICE_CONFIG_FAILURE_ACTIONS, ctypes.byref(failure)
    )


def _stop(service: Any) -> None:
    """Ask it to end and wait until it has. Raises: TimeoutError."""
    assert sys.platform == "win32"
    _settle(service, State.STARTING, State.STOPPING)  # meanwhile it takes no order
    try:
        told = winapi.ServiceStatus()
        winapi.ControlService(service, winapi.SERVICE_CONTROL_STOP, ctypes.byref(told))
    except OSError as exc:
        if _number(exc) != winapi.ERROR_SERVICE_NOT_ACTIVE:
            raise
    if _settle(service, State.STOPPING, State.RUNNING).state is not State.STOPPED:
        raise TimeoutError(0, f"the service has not ended within {PATIENCE_SECONDS:.0f} seconds")


def _settle(service: Any, *leaving: State) -> Status:
    """Wait until it has left those states, PATIENCE_SECONDS at most; its status then."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (status := _status(service)).state in leaving and time.monotonic() < deadline:
        time.sleep(_BETWEEN_LOOKS_SECONDS)  # the service manager wakes nobody
    return status


def _status(service: Any) -> Status:
    assert sys.platform == "win32"
    held, needed = winapi.ServiceStatusProcess(), ctypes.c_ulong()
    winapi.QueryServiceStatusEx(
        service, 0, ctypes.byref(held), ctypes.sizeof(held), ctypes.byref(needed)
    )
    code = int(held.dwWin32ExitCode)
    ended = held.dwCurrentState == winapi.SERVICE_STOPPED
    # 1077: it was never started since Windows was.
    why = ctypes.FormatError(code) if ended and code not in (0, 1077) else ""
    return Status(_STATES.get(held.dwCurrentState, State.STOPPING), int(held.dwProcessId), why)


def _number(exc: OSError) -> int:
    assert sys.platform == "win32"
    return exc.winerror or 0


def _in_words(exc: OSError) -> OSError:
    """Windows' errors as sentences of ours, where there is more to say."""
    match _number(exc):
        case winapi.ERROR_ACCESS_DENIED:
            return PermissionError(
                13,
                "only an administrator may do this to the service: open a terminal with "
                "“Run as administrator” and try again",
            )
        case winapi.ERROR_SERVICE_DOES_NOT_EXIST:
            return FileNotFoundError(
                2, f"Bascule's service is not installed: {typed('service install')}"
            )
        case _:
            return exc
