"""A screen of its own for the real window: X server, window manager, tray, accessibility bus.

The rig in ``tests/rigs/gui`` does the work; its tools run under Debian's Python, which has pyatspi.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.contract import PATIENCE_SECONDS

RIG = Path(__file__).resolve().parents[1] / "rigs" / "gui"
OUTPUT = Path(__file__).resolve().parents[1] / "output"
_SYSTEM_PYTHON = "/usr/bin/python3"


def eventually[T](look: Callable[[], T | None], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Look until there is something true to see; fail with ``what`` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen in {seconds:g} s: {what}")
        time.sleep(0.05)  # looking at another process: it cannot wake us


class Screen:
    """A running screen. Widgets are found by role and accessible name, as a screen reader does."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)

    def _tool(self, name: str, *words: str) -> str:
        argv = [_SYSTEM_PYTHON, str(RIG / name), "--timeout", f"{PATIENCE_SECONDS:g}", *words]
        done = subprocess.run(
            argv,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=1.5 * PATIENCE_SECONDS,  # it says itself what it has waited for in vain
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{name} {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout.rstrip("\n")

    def press(self, role: str, name: str) -> None:
        """Do a widget's own action, as the space bar would, as soon as it can be used."""
        self._tool("widgets.py", "press", role, name)

    def refuses(self, role: str, name: str) -> None:
        """Wait until a widget is there and cannot be used."""
        self._tool("widgets.py", "refuses", role, name)

    def click(self, role: str, name: str) -> None:
        """Click in the middle of a widget."""
        self._tool("widgets.py", "click", role, name)

    def type(self, role: str, name: str, text: str) -> None:
        """Replace a field's text by real key strokes."""
        self._tool("widgets.py", "type", role, name, text)

    def select(self, role: str, name: str, item: str) -> None:
        """Choose an item of a combo box, list or table."""
        self._tool("widgets.py", "select", role, name, item)

    def text(self, role: str, name: str) -> str:
        """What a widget shows."""
        return self._tool("widgets.py", "text", role, name)

    def expect(self, role: str, name: str, text: str) -> None:
        """Wait until a widget shows exactly this."""
        self._tool("widgets.py", "expect", role, name, text)

    def dump(self) -> str:
        """Everything that a screen reader could tell now."""
        return self._tool("widgets.py", "dump")

    def expect_shown(self, text: str) -> None:
        """Wait until something on the screen says this, as its line of the dump has it."""
        try:
            self._tool("widgets.py", "shows", text)
        except AssertionError as exc:
            visible = [line for line in self.dump().splitlines() if " hidden" not in line]
            raise AssertionError(f"{exc}; it shows\n" + "\n".join(visible)) from None

    def keys(self, *names: str) -> None:
        """Press keys, such as ``ctrl+n``."""
        subprocess.run(
            ["xdotool", "key", "--delay", "20", *names], env=self.environment, check=True
        )

    def tray(self, *words: str) -> str:
        """Use the tray icon: ``info``, ``left``, ``menu TEXT``."""
        return self._tool("tray.py", *words)

    def shot(self, name: str) -> Path:
        """Keep a picture of the screen in the test output."""
        OUTPUT.mkdir(parents=True, exist_ok=True)
        path = OUTPUT / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
        return path

    def shot_of_window(self, path: Path, title: str) -> None:
        """Keep a picture of one window, as it is on the screen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._tool("widgets.py", "shot", str(path), "frame", title)

    @contextmanager
    def run(self, *argv: str, env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
        """Run a program on this screen until the block ends; its output goes to the test's."""
        process = subprocess.Popen(argv, env={**self.environment, **env}, stdin=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def screen(folder: Path, *, tray: str = "sni", size: str = "1280x800") -> Iterator[Screen]:
    """Open a screen; ``tray`` is ``sni``, ``xembed`` or ``none``. ``folder`` takes its notes."""
    notes = folder / f"screen-{os.getpid()}-{time.monotonic_ns()}"
    keep = 'env -0 > "$1.new" && mv "$1.new" "$1" && exec sleep infinity'
    argv = [str(RIG / "screen.sh"), "--tray", tray, "--size", size, "bash", "-c", keep, "_"]
    inherited = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "QT_API")}
    process = subprocess.Popen([*argv, str(notes)], env=inherited, stdin=subprocess.DEVNULL)
    try:
        eventually(lambda: notes.exists() or process.poll() is not None, "a screen")
        if process.poll() is not None:
            raise AssertionError("the screen did not start; see its words above")
        pairs = notes.read_bytes().split(b"\0")
        environment = dict(os.fsdecode(pair).split("=", 1) for pair in pairs if pair)
        yield Screen(environment)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def desktop_command() -> list[str]:
    """How to start the application of this checkout."""
    return [sys.executable, "-m", "bascule_desktop"]
