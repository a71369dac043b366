"""A pytest plug-in for the Windows of the rig: no Qt, no programs of Linux, and wine's own gaps.

What a test misses there is said with a reason and does not count as a failure; everything else
does. A gap of wine is run all the same where it ends: it is shown as passed when it has closed.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode

PATIENCE_SECONDS = 180
"""Each call of Windows is a message to another process, and a busy machine delivers it late."""

OF_POSIX = re.compile(r"'(os|pwd|grp|pty|tty|fcntl|termios|resource|signal|socket|select|time)'")
GAPS = Path(__file__).with_name("gaps.txt")


def pytest_addoption(parser: pytest.Parser) -> None:
    for name in ("qt_api", "qt_log_level_fail"):
        parser.addini(name, "a setting of pytest-qt", default="")


def pytest_configure() -> None:
    """Be patient; by now the helpers may be imported, and the tests are not yet."""
    from tests.helpers import contract

    contract.PATIENCE_SECONDS = PATIENCE_SECONDS


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
    if isinstance(error, pytest.fail.Exception) and "is not installed" in str(error):
        return str(error)
    ours = "core/bascule" in last.as_posix()
    if not ours and isinstance(error, AttributeError | ImportError) and OF_POSIX.search(str(error)):
        return f"wants what only POSIX has: {error}"
    if isinstance(error, BasculeError) and error.code is ErrorCode.NOT_ON_THIS_SYSTEM:
        return f"wants what Bascule says is not on Windows: {error}"
    return ""
