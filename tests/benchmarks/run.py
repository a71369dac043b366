"""The benchmark: Bascule beside socat and haproxy, interleaved, medians, as ratios of one run.

Run by ``python3 dev.py bench [--rounds N] [--write]``. The relay, its sender and its receiver share
the machine, so CPU seconds of the relay are the figures to trust. No threshold decides anything
here yet. ``--write`` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import io
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.helpers.processes import find, free_port, listening, start

HERE = Path(__file__).parent
REPORT = HERE.parents[1] / "docs" / "benchmarks.md"
GIB = 1024**3


@dataclass(frozen=True)
class Relay:
    """One program under measurement: ``command(listen, target, folder)`` starts it."""

    name: str
    command: Callable[[int, int, Path], list[str]]


def _socat(*options: str) -> Callable[[int, int, Path], list[str]]:
    def command(listen: int, target: int, _folder: Path) -> list[str]:
        source = f"TCP-LISTEN:{listen},bind=127.0.0.1,reuseaddr,fork,backlog=1024"
        return [find("socat"), *options, source, f"TCP:127.0.0.1:{target}"]

    return command


def _haproxy(listen: int, target: int, folder: Path) -> list[str]:
    file = folder / f"haproxy-{listen}.cfg"
    file.write_text(
        "global\n  nbthread 1\n  maxconn 4000\n"
        "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n"
        f"listen relay\n  bind 127.0.0.1:{listen}\n  server target 127.0.0.1:{target}\n"
    )
    return [find("haproxy"), "-q", "-db", "-f", str(file)]


def _bascule(listen: int, target: int, folder: Path) -> list[str]:
    file = folder / f"bascule-{listen}.toml"
    file.write_text(
        f'format = 1\nid = "bench-{listen}"\nname = "bench"\n'
        f'[relay.source]\nkind = "tcp-listen"\nport = {listen}\nbacklog = 1024\n'
        f'[relay.target]\nkind = "tcp-connect"\nhost = "127.0.0.1"\nport = {target}\n'
    )
    return [sys.executable, "-m", "bascule", "run", str(file)]


RELAYS = (
    Relay("socat", _socat()),
    Relay("socat -b 262144", _socat("-b", "262144")),
    Relay("haproxy", _haproxy),
    Relay("bascule", _bascule),
)


@dataclass(frozen=True)
class Measure:
    """One figure: ``take(port, cpu)`` returns values by column name."""

    columns: tuple[str, ...]
    take: Callable[[int, Callable[[], float]], tuple[float, ...]]


def _load(binary: Path) -> Callable[..., list[float]]:
    def run(*words: object) -> list[float]:
        argv = [str(binary), *map(str, words)]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=True)
        return [float(word) for word in done.stdout.split()]

    return run


def _measures(load: Callable[..., list[float]], size: float) -> list[Measure]:
    def bulk(port: int, cpu: Callable[[], float]) -> tuple[float, ...]:
        before = cpu()
        (seconds,) = load("bulk", port, int(size * GIB))
        return ((cpu() - before) / size, size * 1024 / seconds)

    def ping(port: int, _cpu: Callable[[], float]) -> tuple[float, ...]:
        p50, p99 = load("ping", port, 10_000, 64)
        return (p50, p99)

    def rate(clients: int) -> Callable[[int, Callable[[], float]], tuple[float, ...]]:
        def take(port: int, cpu: Callable[[], float]) -> tuple[float, ...]:
            before = cpu()
            per_second, total = load("rate", port, 2, clients)
            return (per_second, (cpu() - before) * 1e6 / max(total, 1))

        return take

    return [
        Measure(("bulk CPU s/GiB", "bulk MiB/s"), bulk),
        Measure(("64 B p50 µs", "64 B p99 µs"), ping),
        Measure(("conn/s, 1 client", "CPU µs/conn, 1"), rate(1)),
        Measure(("conn/s, 16 clients", "CPU µs/conn, 16"), rate(16)),
        Measure(("conn/s, 64 clients", "CPU µs/conn, 64"), rate(64)),
    ]


def _cpu(pid: int) -> Callable[[], float]:
    """CPU seconds of a process, the children it has reaped, and those that still live."""
    process = psutil.Process(pid)

    def used() -> float:
        times = process.cpu_times()
        total = times.user + times.system + times.children_user + times.children_system
        for child in process.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                more = child.cpu_times()
                total += more.user + more.system
        return total

    return used


@contextlib.contextmanager
def _running(relay: Relay, target: int, folder: Path) -> Iterator[tuple[int, Callable[[], float]]]:
    port = free_port()
    home = {**os.environ, "BASCULE_HOME": str(folder / "home")}
    with start(*relay.command(port, target, folder), ready=listening(port), env=home) as running:
        yield port, _cpu(running.process.pid)


def measure(rounds: int, size: float) -> dict[str, dict[str, float]]:
    """Run everything ``rounds`` times, interleaved; return medians by relay and column."""
    seen: dict[str, dict[str, list[float]]] = {relay.name: {} for relay in RELAYS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        binary = folder / "load"
        source = str(HERE / "load.c")
        compiler = shutil.which("cc") or find("gcc")
        subprocess.run([compiler, "-O2", "-pthread", "-o", str(binary), source], check=True)
        server = subprocess.Popen([str(binary), "serve"], stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        try:
            target = int(server.stdout.readline())
            for _ in range(rounds):
                for taken in _measures(_load(binary), size):
                    for relay in RELAYS:
                        with _running(relay, target, folder) as (port, cpu):
                            values = taken.take(port, cpu)
                        for column, value in zip(taken.columns, values, strict=True):
                            seen[relay.name].setdefault(column, []).append(value)
        finally:
            server.kill()
            server.wait()
            server.stdout.close()
    return {
        name: {column: statistics.median(values) for column, values in columns.items()}
        for name, columns in seen.items()
    }


def table(medians: dict[str, dict[str, float]]) -> str:
    """The medians as a Markdown table, each with its ratio to socat."""
    columns = list(next(iter(medians.values())))
    lines = ["| | " + " | ".join(columns) + " |", "|---|" + "--:|" * len(columns)]
    base = medians["socat"]
    for name, values in medians.items():
        cells = [f"{values[c]:.4g} ({values[c] / base[c]:.2f} ×)" for c in columns]  # noqa: RUF001
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    """Measure and print; with ``--write`` also into the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gib", type=float, default=1.0, help="size of a bulk transfer")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    with contextlib.redirect_stdout(io.StringIO()):  # what the peers say is for tests
        medians = measure(options.rounds, options.gib)
    text = table(medians)
    print(text)
    if options.write:
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
        REPORT.write_text(
            "# Benchmarks\n\n"
            f"{today}; {machine}; Python {platform.python_version()}; {options.rounds} interleaved "
            "rounds, medians; in brackets the ratio to `socat` with its defaults. The relay, its "
            "sender and its receiver share the machine over loopback: CPU seconds of the relay are "
            "the figures to trust. `python3 dev.py bench --write` makes this page.\n\n"
            f"{text}\n",
            "utf-8",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
