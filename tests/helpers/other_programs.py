"""Runs what was exported in the programs it was written for, as a test may: in the foreground, with
files in its own folder. The text itself is never touched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bascule.spec.export.exported import Exported, Form
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.processes import Running, find, start


def save(exported: Exported, folder: Path) -> Path:
    """Write an export under its own name."""
    file = folder / exported.file_name
    file.write_text(exported.text, "utf-8")
    return file


def check(form: Form, file: Path) -> str:
    """Let a program check a file without running it; fails where it complains. Returns what it
    said.
    """
    commands = {
        Form.HAPROXY: ["haproxy", "-c", "-V", "-f", str(file)],
        Form.NGINX: ["nginx", "-e", "stderr", "-t", "-c", str(file), "-g", _quiet(file)],
        Form.SYSTEMD: ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(file)],
        Form.SOCAT: ["sh", "-n", str(file)],
    }
    program, *words = commands[form]
    done = subprocess.run(
        [find(program), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "warning" not in done.stdout.lower(), done.stdout
    return done.stdout


def _quiet(file: Path) -> str:
    # Its workers would be somebody who may not enter the test's folder.
    user = "user root; " if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    return f"{user}daemon off; pid {file.parent}/nginx.pid;"


@contextmanager
def running(
    form: Form, exported: Exported, folder: Path, ready: Callable[[], bool]
) -> Iterator[Running]:
    """Run an export until the block ends."""
    file = save(exported, folder)
    if form is Form.STUNNEL:  # it takes no options beside a file: what is global comes first
        wrapper = folder / "stunnel-in-the-foreground.conf"
        wrapper.write_text(f"foreground = yes\nsyslog = no\ndebug = 5\n{exported.text}", "utf-8")
        file = wrapper
    commands = {
        Form.HAPROXY: ["haproxy", "-db", "-f", str(file)],
        Form.NGINX: ["nginx", "-e", "stderr", "-c", str(file), "-g", _quiet(file)],
        Form.STUNNEL: ["stunnel", str(file)],
        Form.SER2NET: ["ser2net", "-d", "-u", "-c", str(file), "-P", str(folder / "ser2net.pid")],
        Form.SOCAT: ["sh", str(file)],
    }
    with start(*commands[form], ready=ready, cwd=folder) as program:
        yield program


def statements(text: str) -> list[str]:
    """The lines of a configuration without their indent, comments and empty lines."""
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]
