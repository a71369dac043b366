"""Files that Bascule is to open: before somebody listens, and later, as macOS tells them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from bascule_desktop.opened_files import OpenedFiles

ONE, TWO, THREE = Path("/srv/one.bascule"), Path("/srv/two.bascule"), Path("/srv/three.bascule")


@pytest.fixture(autouse=True)
def as_on_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")


def test_what_came_early_is_told_once(qapp: QApplication) -> None:
    opened = OpenedFiles(qapp, [ONE])
    spy = QSignalSpy(opened.opened)
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(str(TWO)))
    assert spy.count() == 0
    opened.listen()
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(str(THREE)))
    assert [spy.at(number) for number in range(spy.count())] == [[[ONE, TWO]], [[THREE]]]


def test_nothing_and_addresses_are_not_told(qapp: QApplication) -> None:
    opened = OpenedFiles(qapp)
    spy = QSignalSpy(opened.opened)
    opened.listen()
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(QUrl("https://example.org/a.bascule")))
    assert spy.count() == 0
