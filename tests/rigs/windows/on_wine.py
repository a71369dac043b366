"""A pytest plug-in for the Windows of the rig: no programs of Linux, wine's own gaps, an account.

What a test misses there is said with a reason and does not count as a failure; everything else
does. A gap of wine is run all the same where it ends: it is shown as passed when it has closed.

``--account FILE`` gets a line of JSON for each test that begins or ends: where a test takes the
whole process with it, the next process knows from there which one it was, and goes on behind it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode

PATIENCE_SECONDS = 180
"""Each call of Windows is a message to another process, and a busy machine delivers it late."""

OF_POSIX = re.compile(r"'(os|pwd|grp|pty|tty|fcntl|termios|resource|syslog|signal|socket|select|time)'")
GAPS = Path(__file__).with_name("gaps.txt")


class Account:
    """What became of each test, written as it happens."""

    def __init__(self, path: Path) -> None:
        before = path.read_text("utf-8").splitlines() if path.exists() else []
        self._known = {json.loads(line)["test"] for line in before}
        self._file = path.open("a", encoding="utf-8")

    def _tell(self, test: str, outcome: str, reason: object = "") -> None:
        told = {"test": test, "outcome": outcome, "reason": str(reason)}
        self._file.write(json.dumps(told) + "\n")
        self._file.flush()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave out what an earlier process has run."""
        known = [item for item in items if item.nodeid in self._known]
        config.hook.pytest_deselected(items=known)
        items[:] = [item for item in items if item.nodeid not in self._known]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and report.nodeid not in self._known:
            self._tell(report.nodeid, "failed", str(report.longrepr).splitlines()[-1])
        elif report.skipped:
            self._tell(report.nodeid, "skipped", reason_of(report))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._tell(nodeid, "began")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)  # not of pytest's own sentences
            words = crash.message if crash else str(report.longrepr)
            self._tell(report.nodeid, "failed", f"{report.when}: {words.partition(chr(10))[0]}")
        elif report.skipped:
            gap = hasattr(report, "wasxfail")
            self._tell(report.nodeid, "expected" if gap else "skipped", reason_of(report))
        elif report.when == "call":
            self._tell(report.nodeid, "passed")


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was not run, or was expected to fail."""
    if hasattr(report, "wasxfail"):
        return str(report.wasxfail).removeprefix("reason: ").removeprefix("[NOTRUN] ")
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    return str(reason).removeprefix("Skipped: ")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--account", type=Path, help="write what becomes of each test to this file")


def pytest_configure(config: pytest.Config) -> None:
    """Be patient; by now the helpers may be imported, and the tests are not yet."""
    from tests.helpers import contract

    contract.PATIENCE_SECONDS = PATIENCE_SECONDS
    if path := config.getoption("--account"):
        config.pluginmanager.register(Account(path))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ``gaps.txt`` names."""
    for test, runs, reason in gaps():
        for item in items:
            if item.nodeid == test or item.nodeid.startswith((f"{test}[", f"{test}::")):
                item.add_marker(pytest.mark.xfail(reason=reason, run=runs, strict=False))


def gaps() -> list[tuple[str, bool, str]]:
    """Which tests wine cannot pass, whether they end, and why."""
    found: list[tuple[str, bool, str]] = []
    reason = ""
    for line in GAPS.read_text("utf-8").splitlines():
        if line.startswith("# "):
            reason = line[2:]
        elif line:
            test, _, hangs = line.partition(" ")
            found.append((test, hangs != "hangs", reason))
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that wants a program of Linux is not for here."""
    report = yield
    missing = call.excinfo is not None and not_there(call.excinfo)
    if missing and report.failed:
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.reportinfo()[1] or 0, f"Skipped: {missing}")
    return report


def not_there(raised: pytest.ExceptionInfo[BaseException]) -> str:
    """What a test wants that no Windows has; empty where that is not why it has failed."""
    error, last = raised.value, Path(raised.traceback[-1].path)
    if isinstance(error, FileNotFoundError) and last.name == "subprocess.py":
        return "wants a program of Linux"
    if isinstance(error, ValueError) and "Unsupported signal" in str(error):
        return "wants Ctrl+C in another process, which takes a console there"
    if isinstance(error, pytest.fail.Exception) and "is not installed" in str(error):
        return str(error)
    ours = "core/bascule" in last.as_posix()
    if not ours and isinstance(error, AttributeError | ImportError) and OF_POSIX.search(str(error)):
        return f"wants what only POSIX has: {error}"
    if isinstance(error, BasculeError) and error.code is ErrorCode.NOT_ON_THIS_SYSTEM:
        return f"wants what Bascule says is not on Windows: {error}"
    return ""
