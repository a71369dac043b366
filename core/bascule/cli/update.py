"""Owns `bascule update`: says whether there is a newer Bascule. It downloads and installs nothing.

Exit codes: 0 it is known; 1 it is not, and why.
"""

from __future__ import annotations

import json

from bascule import __version__
from bascule.cli.loop import run_until_done
from bascule.cli.say import say
from bascule.errors import BasculeError
from bascule.managed import update_address
from bascule.relay.fetch import fetch
from bascule.spec.codec import to_data
from bascule.spec.releases import Release, is_newer, release_from_json

LOOK_SECONDS = 20.0


def update(*, as_json: bool) -> int:
    """Look for a newer Bascule and say what was found; return the exit code.

    ``as_json``: one object, with either ``release`` and ``newer``, or ``problem``, for the window.
    Raises: as ``fetch``, ``update_address`` and ``release_from_json``; not with ``as_json``.
    """
    try:
        release = release_from_json(run_until_done(fetch(update_address(), seconds=LOOK_SECONDS)))
        newer = is_newer(release.version, __version__)
    except BasculeError as exc:
        if not as_json:
            raise
        print(json.dumps({"problem": to_data(exc.problem)}))
        return 1
    if as_json:
        print(json.dumps({"release": to_data(release), "newer": newer}))
    else:
        _say(release, newer)
    return 0


def _say(release: Release, newer: bool) -> None:
    if not newer:
        print(f"This is Bascule {__version__}; there is nothing newer.")
        return
    print(f"Bascule {release.version} of {release.date} is there; this is {__version__}.")
    # Whoever wrote the rest may be anybody: no terminal shall obey it.
    if notes := release.notes_in("en"):
        print()
        say(notes.replace("\r\n", "\n"))
    say(f"\n{release.page}")
    for file in release.files:
        say(f"{file.sha256}  {file.name}")
