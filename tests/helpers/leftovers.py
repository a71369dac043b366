"""Owns noticing what a test of the desktop leaves behind, without looking through all objects."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QEvent
from shiboken6 import delete, isValid

from bascule_desktop.app import Desktop
from bascule_desktop.application import Application


@contextmanager
def no_desktop_left(app: Application) -> Iterator[None]:
    """Fail where a ``Desktop`` that was made within is not taken apart: its window, its tray and
    its timers would go on through every later test. It is taken away all the same.
    """
    made: list[weakref.ref[Desktop]] = []
    make = Desktop.__init__

    def remember(desktop: Desktop, *parts: object, **more: object) -> None:
        made.append(weakref.ref(desktop))
        make(desktop, *parts, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desktop, "__init__", remember)
        yield
    left = [desktop for each in made if (desktop := each()) is not None and isValid(desktop)]
    for desktop in left:
        app.heed(QEvent.Type.Quit, None)
        for part in (getattr(desktop, "window", None), desktop):
            if part is not None and isValid(part):
                delete(part)
    assert len(left) == 0, "the test leaves a Desktop behind: await its take_apart()"
