"""The service as a daemon of launchd: what a Mac would read."""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
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
    assert made.load[-1] == ("launchctl", "bootstrap", "system", str(made.file))


def test_what_is_loaded_is_installed_again_and_what_is_stopped_is_stopped(tmp_path: Path):
    """A launchctl that knows what it loaded and what runs, by files; it refuses as a Mac's."""
    program = tmp_path / "launchctl"
    program.write_text(
        f"""#!/bin/sh
cd {shlex.quote(str(tmp_path))}
case $1 in
bootstrap) [ ! -e loaded ] && touch loaded running ;;
bootout) rm loaded && rm -f running ;;
print) [ -e loaded ] && {{ [ ! -e running ] || echo "	state = running"; }} ;;
kill) rm running ;;
esac
"""
    )
    program.chmod(0o755)
    made = entry(["bascule"], "ada", Path("/somewhere/ada"))

    def does(*commands: tuple[str, ...]) -> bool:
        path = f"{tmp_path}:{os.environ['PATH']}"
        found = [["/usr/bin/env", f"PATH={path}", *command] for command in commands]
        return all(
            subprocess.run(each, check=False, capture_output=True).returncode == 0 for each in found
        )

    for _ in range(2):
        assert does(*made.load)
        assert does(made.status)
    for _ in range(2):
        assert does(made.stop)
        assert not does(made.status)
    for _ in range(2):
        assert does(*made.before_removal)  # also where it is not loaded any more
    assert not (tmp_path / "loaded").exists()
