#!/usr/bin/env python3
"""Drives Bascule's service on a Windows under wine: installed, started, stopped and removed by its service manager.

usage: service.py DIR [WORD ...]     DIR is the rig of make.sh; words choose the cases that contain one

As ``ends.py``, with its tools. Whom the folder keeps out, wine cannot show: it has one user.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import BULK, HERE, PATIENCE_SECONDS, PYTHON, Ends, answer, connected, port_of, run, same, wait_for
from processes import running, shut_down

_SYSTEM = r"HKLM\System\CurrentControlSet\Control"


class Computer:
    """A Windows that stays on: its services end with the last program of a session."""

    def __init__(self, rig: Path) -> None:
        self._rig = rig
        self.home = rig / "chroot/opt/wine/drive_c/ProgramData/Bascule"
        shutil.rmtree(self.home, ignore_errors=True)
        # A service has the system's environment, not that of who installs it; and a busy machine
        # takes longer to start a Python than Windows waits for a service (30 seconds; wine: 10).
        path = ";".join(f"Z:/rig/bascule/{folder}" for folder in ("core", "desktop", ".", "tests/rigs/windows"))
        environment = rf"{_SYSTEM}\Session Manager\Environment"
        self.does("reg", "add", environment, "/v", "PYTHONPATH", "/d", path, "/f")
        wait = ("/v", "ServicesPipeTimeout", "/t", "REG_DWORD", "/d", str(PATIENCE_SECONDS * 1000), "/f")
        self.does("reg", "add", _SYSTEM, *wait)
        # What a run before this one may have left, as nobody removed it.
        left = self._command("reg", "delete", r"HKLM\System\CurrentControlSet\Services\Bascule", "/f")
        subprocess.run(left, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
        self._on: subprocess.Popen[bytes] | None = None
        shut_down(rig)  # with what other programs have left there
        self.restart()

    def _command(self, *words: str) -> list[str]:
        return [str(HERE / "run.sh"), str(self._rig), *words]

    def restart(self) -> None:
        """Off and on again: what the service manager was told is read from the registry."""
        self.off()
        self._on = subprocess.Popen(
            self._command(PYTHON, "-c", "import sys; print('on', flush=True); sys.stdin.read()"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._on.stdout is not None
        assert self._on.stdout.readline().strip() == b"on"

    def off(self) -> None:
        """Let the session end, and wait until nothing of this Windows runs any more."""
        if self._on is not None:
            self._on.communicate(timeout=PATIENCE_SECONDS)
            self._on = None
        wait_for(lambda: not any(running(self._rig)))

    def does(self, *words: str, code: int = 0, given: bytes = b"") -> str:
        """What a program says; it has to end with ``code``."""
        done = subprocess.run(
            self._command(*words), input=given, capture_output=True, timeout=PATIENCE_SECONDS
        )
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return (done.stdout + done.stderr).decode("utf-8")

    def says(self, *words: str, code: int = 0, given: bytes = b"") -> str:
        """The same of Bascule's command line."""
        return self.does(PYTHON, "-P", "-m", "bascule", *words, code=code, given=given)


@contextmanager
def computer(ends: Ends) -> Iterator[Computer]:
    made = Computer(ends.rig)
    try:
        yield made
    finally:
        made.off()


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS).close()
    except ConnectionRefusedError:
        return True
    return False


def life(ends: Ends) -> None:
    """A relay of the service moves bytes, before and after the computer was off, until it is removed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = port_of(free)
    pasted = f"socat TCP-LISTEN:{port},bind=127.0.0.1,fork TCP:127.0.0.1:{ends.echo}"
    with computer(ends) as there:
        assert there.says("service", "status", code=3) == "not installed\n"
        said = there.says("service", "install")
        assert r"NT SERVICE\Bascule" in said and r"C:\ProgramData\Bascule" in said
        assert "STOPPED" in there.does("sc", "query", "Bascule")
        there.says("service", "start")
        assert "RUNNING" in there.does("sc", "query", "Bascule")
        ours = ("--engine", "service")
        there.says(*ours, "import", "-", given=pasted.encode())
        [relay] = json.loads(there.says(*ours, "list", "--json"))
        there.says(*ours, "start", relay["id"])
        same(answer(connected(port), BULK), BULK)
        assert there.says("list", code=3)  # nobody's own engine runs

        [profile] = (there.home / "config" / "profiles").iterdir()
        there.says("service", "stop")
        assert there.says("service", "status", code=3) == "stopped\n"
        assert refused(port)
        left = {path.name for path in (there.home / "run").iterdir()}
        assert left == {"engine.lock"}
        assert "the system asks it to" in (there.home / "state/logs/engine.log").read_text()

        text = profile.read_text(encoding="utf-8")
        profile.write_text(text.replace("\n[", "\nautostart = true\n[", 1), encoding="utf-8")
        there.restart()
        # Nobody has asked for anything since the computer is on.
        wait_for(lambda: not refused(port))
        same(answer(connected(port), BULK), BULK)

        there.says("service", "install")  # again, over one that runs: an upgrade does so
        there.says("service", "remove", "--purge")
        assert there.says("service", "status", code=3) == "not installed\n"
        assert refused(port) and not there.home.exists()


def typed(ends: Ends) -> None:
    """What a person may try without a service, or in place of Windows, is answered in words."""
    with computer(ends) as there:
        for words in (("start",), ("stop",), ("remove",)):
            assert "is not installed" in there.says("service", *words, code=1)
        assert "bascule service start" in there.says("service", "run", code=1)
        assert "engine is not running" in there.says("--engine", "service", "list", code=3)
        assert not there.home.exists()


CASES = (typed, life)

if __name__ == "__main__":
    sys.exit(run(CASES))
