"""What the system says to the application is answered, and nobody else's events are looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from bascule_desktop.application import Application

KIND = QEvent.Type.ParentChange
"""Never sent to an application, and nothing to Qt there."""


@pytest.fixture
def heard(qapp: Application) -> Iterator[list[QEvent.Type]]:
    said: list[QEvent.Type] = []

    def answer(event: QEvent) -> bool:
        said.append(event.type())
        return len(said) == 1

    qapp.heed(KIND, answer)
    yield said
    qapp.heed(KIND, None)


def test_an_event_of_the_application_is_answered_or_left_to_qt(
    qapp: Application, heard: list[QEvent.Type]
) -> None:
    assert QCoreApplication.sendEvent(qapp, QEvent(KIND))
    assert not QCoreApplication.sendEvent(qapp, QEvent(KIND)), "Qt knows nothing of it"
    assert heard == [KIND, KIND]
    qapp.heed(KIND, None)
    assert not QCoreApplication.sendEvent(qapp, QEvent(KIND))
    assert heard == [KIND, KIND]


def test_events_of_others_are_none_of_its_business(heard: list[QEvent.Type]) -> None:
    QCoreApplication.sendEvent(QObject(), QEvent(KIND))
    assert heard == []
