"""Owns ``bascule service``: the verb goes to the service of this system, the answer is shown."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable

from bascule.places import HOME_VARIABLE, portable_folder, service_home
from bascule.service.definition import Service, Status

EXIT_NOT_RUNNING = 3
"""What ``status`` ends with where the service does not run, as ``systemctl status`` does."""


def service(verb: str, *, purge: bool, quiet: bool = False) -> int:
    """Do one verb; ``quiet``: what has gone well is not told, as an installer has no output that
    could be written to. Raises: OSError with a sentence; PermissionError where one may not.
    """
    if verb == "run":
        _be_service()
        return 0
    there = service_here()
    match verb:
        case "install":
            _refuse_portable()
            _tell(there.install(), quiet)
        case "start":
            there.start()
        case "stop":
            there.stop()
        case "remove":
            _tell(there.remove(purge=purge), quiet)
        case "show":
            print(there.show(), end="")
        case _:
            status = there.status()
            print(_words(status))
            return 0 if status.pid or status.state == "running" else EXIT_NOT_RUNNING
    return 0


def _refuse_portable() -> None:
    if portable_folder() is not None:
        raise OSError(
            0,
            "this copy is portable and leaves nothing on the computer, so the system cannot start "
            "it by itself: install Bascule, then try again",
        )


def service_here() -> Service:
    """The service of the system this runs on."""
    if sys.platform == "win32":
        from bascule.service.windows import WindowsService

        return WindowsService(service_home())
    from bascule.service.entry import EntryService, find_entry

    return EntryService(find_entry())


def meet_service() -> None:
    """Let what follows ask the service's engine instead of one's own.

    Raises: PermissionError where one is no administrator. Elsewhere than on Windows the service is
    one's own engine, and there is nothing to do.
    """
    if sys.platform != "win32":
        return
    home = service_home()
    try:
        next(home.iterdir(), None)
    except PermissionError as exc:
        raise PermissionError(
            13,
            "only an administrator may ask the service's engine: open a terminal with “Run as "
            "administrator” and try again",
        ) from exc
    except FileNotFoundError:
        pass  # no engine has ever run there, and the client says that none runs
    os.environ[HOME_VARIABLE] = str(home)


def _be_service() -> None:
    from bascule.service.host import Stop, be_service

    os.environ[HOME_VARIABLE] = str(service_home())

    def engine(entered: Callable[[Stop], None]) -> None:
        # Here, because Windows waits for a service to answer, not for all its modules.
        from bascule.cli.serve import serve

        # It has no person's keyring: passwords lie in its folder, which nobody else reads.
        serve(tcp=True, leave_seconds=math.inf, find_keyring=lambda: None, entered=entered)

    be_service(engine)


def _tell(said: str, quiet: bool) -> None:
    if not quiet:
        print(said)


def _words(status: Status) -> str:
    words = str(status.state)
    if status.pid:
        words += f" (process {status.pid})"
    return f"{words}: {status.why}" if status.why else words
