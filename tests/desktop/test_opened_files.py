"""Files that Bascule is to open: before somebody listens, and later, as macOS tells them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtTest import QSignalSpy

from bascule_desktop.application import Application
from bascule_desktop.opened_files import OpenedFiles

ONE, TWO, THREE = Path("/srv/one.bascule"), Path("/srv/two.bascule"), Path("/srv/three.bascule")


def test_what_came_early_is_told_once(qapp: Application) -> None:
    opened = OpenedFiles(qapp, [ONE])
    spy = QSignalSpy(opened.opened)
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(str(TWO)))
    assert spy.count() == 0
    opened.listen()
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(str(THREE)))
    assert [spy.at(number) for number in range(spy.count())] == [[[ONE, TWO]], [[THREE]]]


def test_nothing_and_addresses_are_not_told(qapp: Application) -> None:
    opened = OpenedFiles(qapp)
    spy = QSignalSpy(opened.opened)
    opened.listen()
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(QUrl("https://example.org/a.bascule")))
    assert spy.count() == 0
