"""How long the built program takes until its window is on the screen and its engine is connected.

Figures, which decide nothing. Seconds since the process was started: the median of some starts,
each with a home and an engine of its own, after one that only fills the caches. The processor's
seconds are the window's alone: where other things run meanwhile, they are the figure to trust.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

from bascule.control.rendezvous import Rendezvous
from bascule.places import HOME_VARIABLE
from installer.facts import PROGRAM
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import wait_until
from tests.helpers.screen import Screen

_STARTS = 5
_TICKS = os.sysconf("SC_CLK_TCK")
_BETWEEN_LOOKS_SECONDS = 0.005
_CONNECTED = "03"
"""SS_CONNECTED, as /proc/net/unix has it."""


@dataclass(frozen=True)
class Start:
    """Seconds since the process was started; ``processor`` is what it had used when connected."""

    mapped: float
    connected: float
    processor: float


def start(shown: Screen, home: Path) -> Start:
    """Start the window once, and end it and its engine."""
    environment = {**shown.environment, HOME_VARIABLE: str(home)}
    for name in ("QT_ACCESSIBILITY", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON"):
        environment.pop(name, None)  # nobody's screen reader listens
    rendezvous = Rendezvous(home / "run")
    # What the window manager has on the screen: told at once, and again when that changes.
    watching = ["xprop", "-root", "-spy", "_NET_CLIENT_LIST"]
    with subprocess.Popen(watching, env=environment, stdout=subprocess.PIPE) as watcher:
        assert watcher.stdout is not None
        next(line for line in watcher.stdout if b"0x" not in line)  # nothing, or nothing any more
        begun = time.perf_counter()
        window = subprocess.Popen(
            [PROGRAM / "bascule-desktop"], env=environment, stdin=subprocess.DEVNULL
        )
        try:
            next(line for line in watcher.stdout if b"0x" in line)
            mapped = time.perf_counter() - begun
            _until(lambda: _is_connected(rendezvous))
            connected = time.perf_counter() - begun
            processor = _processor_seconds(window.pid)
        finally:
            watcher.kill()
            window.terminate()
            window.wait(PATIENCE_SECONDS)
            command = [PROGRAM / "bascule", "engine", "--stop"]
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    wait_until(lambda: rendezvous.vacant)
    return Start(mapped, connected, processor)


def _until(holds: Callable[[], bool]) -> None:
    """As ``wait_until``, but looking so often that it does not show in a figure."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(_BETWEEN_LOOKS_SECONDS)


def _is_connected(rendezvous: Rendezvous) -> bool:
    """Whether somebody is connected to the engine's socket (proc_net(5))."""
    lines = Path("/proc/net/unix").read_text("utf-8").splitlines()
    words = [line.split() for line in lines if line.endswith(f" {rendezvous.socket_path}")]
    return any(each[5] == _CONNECTED for each in words)


def _processor_seconds(process: int) -> float:
    """What a process has used of the processor so far (proc_pid_stat(5))."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def test_the_window_comes_and_its_engine_with_it(
    shown: Screen, tmp_path: Path, figures: list[str]
) -> None:
    starts = [start(shown, tmp_path / str(number)) for number in range(_STARTS + 1)][1:]
    mapped, connected, processor = map(statistics.median, zip(*map(astuple, starts), strict=True))
    load = os.getloadavg()[0]
    figures.append(
        f"start: window on the screen after {mapped:.2f} s, engine connected after "
        f"{connected:.2f} s; the window's process used {processor:.2f} s of the processor "
        f"(median of {_STARTS}; load average {load:.1f}, {os.cpu_count()} processors)"
    )
