"""What all tests of packages share."""

from __future__ import annotations

import os

import pytest
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # nothing is shown


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> QApplication:
    """Icons are drawn with Qt: by the application that pytest-qt knows, not by one of their own."""
    return qapp
