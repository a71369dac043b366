"""Owns the service as macOS has it: a daemon of launchd (launchd.plist(5)) that runs as a person.

It starts with the computer and has that person's own profiles. It has been written by the manual
and never been run on a Mac.
"""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path

from bascule.service.entry import Entry

LABEL = "org.bascule.engine"
DAEMONS = Path("/Library/LaunchDaemons")


def entry(command: Sequence[str], user: str, home: Path) -> Entry:
    """The daemon that runs ``command`` as ``user``, whose home is ``home``. All verbs but
    ``status`` need root: ``sudo bascule service …``.
    """
    file, target = DAEMONS / f"{LABEL}.plist", f"system/{LABEL}"
    # What is loaded is not loaded again, and what is not loaded cannot go (launchctl(1)).
    gone = f"! launchctl print {target} >/dev/null || launchctl bootout {target}"
    running = f"launchctl print {target} | grep -q 'state = running'"
    return Entry(
        file=file,
        text=property_list(command, user, home),
        load=(("/bin/sh", "-c", gone), ("launchctl", "bootstrap", "system", str(file))),
        install=(),
        start=("launchctl", "kickstart", target),
        # Signalling one that does not run would fail.
        stop=("/bin/sh", "-c", f"! {running} || launchctl kill SIGTERM {target}"),
        status=("/bin/sh", "-c", running),
        stopped=(1,),
        before_removal=(("/bin/sh", "-c", gone),),
        note=f"It starts with the computer and runs the profiles of {user}; it runs already.",
    )


def property_list(command: Sequence[str], user: str, home: Path) -> str:
    """What launchd reads. One that fails is started again; one that ends in order is not."""
    daemon = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "UserName": user,
        # launchd gives a daemon no home of its own accord.
        "EnvironmentVariables": {"HOME": str(home)},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
    }
    return plistlib.dumps(daemon).decode()
