"""The service as a daemon of launchd: what a Mac would read."""

from __future__ import annotations

import plistlib
from pathlib import Path

from bascule.service.launchd import entry


def test_it_runs_as_the_person_and_again_after_a_crash_only():
    made = entry(["/Applications/B & B/bascule", "engine"], "ada", Path("/somewhere/ada"))
    assert made.file == Path("/Library/LaunchDaemons/org.bascule.engine.plist")
    assert plistlib.loads(made.text.encode()) == {
        "Label": "org.bascule.engine",
        "ProgramArguments": ["/Applications/B & B/bascule", "engine"],
        "UserName": "ada",
        "EnvironmentVariables": {"HOME": "/somewhere/ada"},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
    }


def test_every_verb_names_the_same_daemon():
    made = entry(["bascule"], "ada", Path("/somewhere/ada"))
    commands = (made.start, made.stop, made.status, *made.before_removal)
    assert all("system/org.bascule.engine" in " ".join(each) for each in commands)
    assert made.install == (("launchctl", "bootstrap", "system", str(made.file)),)
