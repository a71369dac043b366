#!/usr/bin/env python3
"""Runs what is not for POSIX alone of the suite on the Windows Python of a rig, and accounts for it.

usage: suites.py DIR [FILE or FOLDER ...]    without any: all of SUITES, then ends.py, session.py, service.py

A folder is one process. Where a test hangs or breaks its process, it has failed, and another
process goes on behind it. What pytest said is in DIR/logs. It ends with a table, and with 1 where
something failed. It ends all programs of that Windows.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from processes import shut_down

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[2]
PYTHON = "Z:/rig/win/python.exe"

SUITES = (
    *("tests/core/test_*.py", "tests/core/*/", "tests/desktop/"),
    "tests/interop/test_measuring_peers.py",  # the others are about programs of Linux
)
"""Patterns: what is run where nothing is asked for."""

TEST_SECONDS = 600
"""A test that takes longer hangs."""
SILENCE_SECONDS = TEST_SECONDS + 100
"""A process that has told nothing for so long hangs between two tests, and is ended."""
OUTCOMES = ("passed", "failed", "expected", "skipped")


@dataclass
class Account:
    """What became of the tests of one file or folder."""

    name: str
    outcomes: dict[str, str] = field(default_factory=dict)
    """Of each test: one of OUTCOMES, or "began"."""
    reasons: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def read(self, file: Path) -> None:
        """Take what the processes wrote so far; a test that failed once has failed."""
        for line in file.read_text("utf-8").splitlines() if file.exists() else ():
            told = json.loads(line)
            if self.outcomes.get(told["test"]) != "failed":
                self.outcomes[told["test"]] = told["outcome"]
                self.reasons[told["test"]] = told["reason"]

    def counted(self, outcome: str) -> int:
        return sum(each == outcome for each in self.outcomes.values())

    def left_out(self) -> list[str]:
        """Its modules of which no test was even collected: those for POSIX alone."""
        files = sorted((TOP / self.name).rglob("test_*.py")) if (TOP / self.name).is_dir() else []
        seen = {test.partition("::")[0] for test in self.outcomes}
        return [name for file in files if (name := file.relative_to(TOP).as_posix()) not in seen]


class Suites:
    """The suites of one rig."""

    def __init__(self, rig: Path) -> None:
        self._rig = rig
        self._logs = rig / "logs"
        self._logs.mkdir(exist_ok=True)

    def run(self, name: str) -> Account:
        """Run a file or a folder to its end, in as many processes as that takes."""
        account = Account(name)
        file = self._logs / f"{name.replace('/', '-')}.jsonl"
        file.unlink(missing_ok=True)
        began = time.monotonic()
        with file.with_suffix(".log").open("wb") as log:
            while True:
                before = len(account.outcomes)
                code = self._pytest(name, file, log.fileno())
                account.read(file)
                hung = [test for test, each in account.outcomes.items() if each == "began"]
                # All passed, some failed, nothing to run; a time limit ends the process with 1, too.
                if code in (0, 1, 5) and not hung:
                    break
                if len(account.outcomes) == before:  # it broke before any test
                    hung = [name]
                for test in hung:
                    tell(file, test, "failed", "it hung, or broke the process")
                account.read(file)
                shut_down(self._rig)
                if hung == [name]:
                    break
        account.seconds = time.monotonic() - began
        return account

    def _pytest(self, name: str, account: Path, log: int) -> int:
        """One process; its exit status, -1 where it had to be ended."""
        words = ["-m", "pytest", "-v", "-p", "on_wine", "-p", "no:cacheprovider", name]
        words += ["--continue-on-collection-errors"]
        words += [f"--account=Z:/rig/logs/{account.name}", "-o", f"timeout={TEST_SECONDS}"]
        process = subprocess.Popen(
            [HERE / "run.sh", self._rig, PYTHON, *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        size, told = 0, time.monotonic()
        while True:
            try:
                return process.wait(5)
            except subprocess.TimeoutExpired:
                pass
            if account.exists() and account.stat().st_size != size:
                size, told = account.stat().st_size, time.monotonic()
            elif time.monotonic() - told > SILENCE_SECONDS:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return -1


def tell(file: Path, test: str, outcome: str, reason: str) -> None:
    """Add a line to an account, as the tests' process does."""
    with file.open("a", encoding="utf-8") as account:
        print(json.dumps({"test": test, "outcome": outcome, "reason": reason}), file=account)


def row(name: str, counts: list[int], seconds: float) -> str:
    numbers = "".join(f"{count:>10,}" for count in counts)
    return f"{name:<44}{numbers}{seconds // 60:>6.0f}:{seconds % 60:02.0f}"


def table(accounts: list[Account]) -> str:
    """What became of all of them, and why what was not run was not."""
    lines = ["", f"{'':<44}" + "".join(f"{each:>10}" for each in OUTCOMES) + f"{'time':>9}"]
    for each in accounts:
        lines.append(row(each.name, [each.counted(one) for one in OUTCOMES], each.seconds))
    counts = [sum(each.counted(one) for each in accounts) for one in OUTCOMES]
    lines.append(row("all", counts, sum(each.seconds for each in accounts)))
    for title, outcome in (("Expected to fail", "expected"), ("Skipped", "skipped")):
        reasons = Counter(
            account.reasons[test]
            for account in accounts
            for test, each in account.outcomes.items()
            if each == outcome
        )
        lines += ["", f"{title}:", *(f"{count:>6}  {why}" for why, count in reasons.most_common())]
    lines += ["", "Left out by the conftest.py of their folder, for POSIX alone:"]
    lines += [f"        {name}" for account in accounts for name in account.left_out()]
    lines += ["", "Failed:"]
    for account in accounts:
        failed = [test for test, each in account.outcomes.items() if each == "failed"]
        lines += [f"        {test}: {account.reasons[test]}" for test in failed]
    return "\n".join(lines)


def main(rig: Path, asked: list[str]) -> int:
    subprocess.run([HERE / "run.sh", rig], check=True)  # copies the checkout
    suites = Suites(rig)
    found = [path for pattern in SUITES for path in sorted(TOP.glob(pattern))]
    names = asked or [each.relative_to(TOP).as_posix() for each in found]
    names = [name.rstrip("/") for name in names if Path(name).name != "__pycache__"]
    accounts: list[Account] = []
    status = 0
    try:
        for name in names:
            accounts.append(account := suites.run(name))
            counts = [account.counted(each) for each in OUTCOMES]
            print(row(name, counts, account.seconds), flush=True)
        for driver in () if asked else ("ends", "session", "service"):
            status |= subprocess.call([sys.executable, HERE / f"{driver}.py", rig])
    finally:
        shut_down(rig)
    print(table(accounts))
    return status or int(any(account.counted("failed") for account in accounts))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
