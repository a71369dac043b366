"""What all tests of packages share."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> QApplication:
    """Icons are drawn with Qt: by the application that pytest-qt knows, not by one of their own."""
    return qapp
