"""Owns what the system says to the application as a whole, and hands it to whoever answers.

An event filter of the application would hear the events of every object, each by a call of Python;
here only those are heard that are for the application itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import override

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

type Answer = Callable[[QEvent], bool]
"""Deals with an event; False where Qt is to do with it what it usually does."""


class Application(QApplication):
    """Qt's application, of which there is one."""

    def __init__(self, words: list[str]) -> None:
        self._answers: dict[QEvent.Type, Answer] = {}
        super().__init__(words)

    def heed(self, kind: QEvent.Type, answer: Answer | None) -> None:
        """Let ``answer`` deal with what the system says by events of this kind; None: nobody."""
        if answer is None:
            self._answers.pop(kind, None)
        else:
            self._answers[kind] = answer

    @override
    def event(self, event: QEvent, /) -> bool:
        answer = self._answers.get(event.type())
        if answer is not None and answer(event):
            return True
        return super().event(event)
