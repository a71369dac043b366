"""Owns the measure of start-up: from the start of a program until it can be connected to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from tests.benchmarks.goals import Bound, Goal, Outcome
from tests.benchmarks.measure import Bench, quiet_port
from tests.benchmarks.peers import BASCULE, SOCAT, Job, Relay
from tests.benchmarks.tools import NotThereError

NAME = "start"
TITLE = "Start-up"
COLUMN = "ms until it listens"
BASE = "python -c 'import asyncio, ssl'"
BASE_COMMAND = [sys.executable, "-c", "import asyncio, ssl"]
PATIENCE_SECONDS = 20.0
_BETWEEN_TRIES_SECONDS = 0.001


def _relay(job: Job) -> list[str]:
    ends = (f"TCP-LISTEN:{job.port},bind=127.0.0.1,fork", f"TCP:127.0.0.1:{job.target}")
    return [sys.executable, "-m", "bascule", "relay", *ends]


RUN = Relay("bascule run", BASCULE.command)
RELAY = Relay("bascule relay", _relay)
GOALS = (
    Goal(COLUMN, Bound(2.0, BASE), relay=RELAY.name),
    Goal(COLUMN, Bound(2.0, BASE), relay=RUN.name),
)


NOTE = "The first line runs to its end; the others until a connection succeeds."


def measure_start_up(bench: Bench, rounds: int, say: Callable[[str], None]) -> Outcome:
    """Start each program so often, in turns; the first round only fills the caches."""
    outcome = Outcome(TITLE, (COLUMN,), GOALS, NOTE)
    environment = {**os.environ, **bench.environment}
    say(f"{NAME}: {rounds} rounds")
    for number in range(rounds + 1):
        begun = time.perf_counter()
        subprocess.run(BASE_COMMAND, env=environment, check=True)
        taken = {BASE: time.perf_counter() - begun}
        for relay in (SOCAT, RUN, RELAY):
            if relay.name in outcome.remarks or relay.command is None:
                continue
            job = Job(quiet_port(), "1", bench.folder)
            try:
                taken[relay.name] = seconds_until_listening(
                    relay.command(job), job.port, environment
                )
            except NotThereError as exc:
                outcome.remarks[relay.name] = f"does not start: {exc}"
        if number > 0:
            seen = {name: {COLUMN: seconds * 1000} for name, seconds in taken.items()}
            outcome.rounds.append(seen)
    return outcome


def seconds_until_listening(argv: list[str], port: int, environment: Mapping[str, str]) -> float:
    """Start a program, wait until a connection succeeds, and end it.

    Raises: NotThereError where it ends before, or takes too long.
    """
    begun = time.perf_counter()
    with subprocess.Popen(
        argv,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        return time.perf_counter() - begun
                waited = time.perf_counter() - begun
                if process.poll() is not None or waited > PATIENCE_SECONDS:
                    process.kill()
                    assert process.stderr is not None
                    words = process.stderr.read().strip().splitlines()
                    raise NotThereError(words[-1][:200] if words else "it says nothing")
                time.sleep(_BETWEEN_TRIES_SECONDS)
        finally:
            process.kill()
