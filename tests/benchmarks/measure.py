"""Owns the relays that run: starting them, their CPU time and their memory.

For Linux only: processor clocks of other processes, ``/proc`` and pseudo-terminals.
"""

from __future__ import annotations

import contextlib
import math
import os
import random
import socket
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from tests.benchmarks.peers import Job, Relay
from tests.benchmarks.tools import LoadError, NotThereError, Talking, Tools, one_line
from tests.helpers.certificates import Files, make_files
from tests.helpers.processes import start

_TCP_LISTEN = "0A"


@dataclass(frozen=True)
class Live:
    """A relay that runs (``pid`` 0: none does), and the load tool at its far end."""

    port: int
    pid: int
    far: Talking

    def cpu_seconds(self) -> float:
        """CPU time of it, its living children and those it has waited for; NaN where none runs.

        Raises: LoadError where it has ended.
        """
        # A child may die between two looks and be counted twice or not at all: look again.
        while self.pid:
            family = _family(self.pid)
            total = sum(map(_cpu_seconds, family)) + _waited_for(self.pid)
            if _family(self.pid) == family:
                return total
        return math.nan

    def memory_kib(self) -> float:
        """Its memory (PSS: a page that several processes share counts once in all) in KiB.

        Raises: LoadError where it has ended.
        """
        return sum(map(_pss_kib, _family(self.pid)))


@contextlib.contextmanager
def on_one_core(live: Live) -> Generator[None]:
    """Keep relay, far end and the load tools that are started now on one core.

    A round trip across cores is mostly the time in which sleeping cores wake up, which changes
    with the machine's mood and not with the relay.
    """
    cores = os.sched_getaffinity(0)
    pids = [0, live.far.process.pid, *(_family(live.pid) if live.pid else ())]
    try:
        for pid in pids:
            os.sched_setaffinity(pid, {max(cores)})
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(pid, cores)


def _family(pid: int) -> list[int]:
    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.Error as exc:
        raise LoadError("it has ended") from exc
    return [pid, *(child.pid for child in children)]


def _waited_for(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error as exc:
        raise LoadError("it has ended") from exc
    return times.children_user + times.children_system


def _cpu_seconds(pid: int) -> float:
    """The processor clock of a process: what /proc/PID/stat gives in 10 ms, in nanoseconds."""
    with contextlib.suppress(OSError):  # it has ended
        return time.clock_gettime(~pid << 3 | 2)  # clock_getcpuclockid(3) as Linux makes it
    return 0.0


def _pss_kib(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1])
    return 0.0


def listens(port: int) -> bool:
    """Whether somebody listens on a TCP port, without connecting: some serve one client only."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[3] == _TCP_LISTEN and int(words[1].rpartition(":")[2], 16) == port:
            return True
    return False


def is_bound(port: int) -> bool:
    """Whether somebody has a UDP port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@dataclass(frozen=True)
class Bench:
    """What every measurement needs: the tools, a folder, certificates."""

    tools: Tools
    folder: Path
    certificates: Files
    said: Callable[[], str]
    """What the programs have said so far, for the reason why one did not start."""

    @contextlib.contextmanager
    def live(
        self, relay: Relay, far: tuple[str, ...], ready: Callable[[int], bool]
    ) -> Generator[Live]:
        """Run a relay with a load tool (``far``: its name and words) at its far end.

        Raises: NotThereError.
        """
        with self.tools.open(*far) as talking:
            target = talking.read_line()
            if relay.command is None:
                yield Live(int(target), 0, talking)
                return
            files = self.certificates
            port = quiet_port()
            job = Job(port, target, self.folder, files.certificate, files.key)
            with contextlib.ExitStack() as stack:
                try:
                    argv = relay.command(job)
                    running = stack.enter_context(
                        start(*argv, ready=lambda: ready(port), env=self.environment)
                    )
                except (pytest.fail.Exception, OSError) as exc:
                    raise NotThereError(_reason(self.said()) or one_line(str(exc), 0)) from exc
                yield Live(port, running.process.pid, talking)

    @property
    def environment(self) -> Mapping[str, str]:
        """Ours shall find nothing of the user's, and compiled modules as where it is installed."""
        return {"BASCULE_HOME": str(self.folder / "home"), "PYTHONDONTWRITEBYTECODE": ""}


@contextlib.contextmanager
def open_bench(said: Callable[[], str]) -> Iterator[Bench]:
    """A bench in a folder of its own, with as many descriptors as the system allows."""
    import resource  # which Windows does not have

    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with TemporaryDirectory(prefix="bascule-bench-") as name:
        folder = Path(name)
        yield Bench(Tools(folder), folder, make_files(folder / "authority"), said)


def quiet_port() -> int:
    """A free port below those that clients get: no client takes it, or connects to itself."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(10_000, lowest)
        if not is_bound(port):
            with socket.socket() as probe, contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port


def _reason(said: str) -> str:
    """The last words of the program that was started last, below the line with its command."""
    _command, _, words = said.rpartition("--- ")[2].partition("\n")
    return one_line(words, -1) if words.strip() else ""
