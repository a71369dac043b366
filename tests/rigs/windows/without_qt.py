"""A pytest plug-in for a Python without Qt: knows the settings of pytest-qt, and does nothing."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    for name in ("qt_api", "qt_log_level_fail"):
        parser.addini(name, "a setting of pytest-qt", default="")
