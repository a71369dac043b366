"""The window with a real store that is fed with real events; the engine is not needed for that."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QWidget

from bascule.places import Places
from bascule.snapshot import Event
from bascule.spec.foreign.read import read_text
from bascule_desktop.actions import Actions
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.settings import Settings
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Scheme, Theme
from bascule_desktop.views.main_window import MainWindow
from bascule_desktop.views.paste_dialog import PasteDialog
from tests.desktop.views.pasting import Open, Read

type Feed = Callable[..., None]


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme()
    made.set_scheme(Scheme.LIGHT)
    made.apply(qapp)
    yield made
    qapp.setStyleSheet("")


@pytest.fixture
def settings(places: Places) -> Settings:
    return Settings(places)


@pytest.fixture
def link(places: Places) -> Iterator[EngineLink]:
    made = EngineLink(places)
    yield made
    shiboken6.delete(made)


@pytest.fixture
def actions(link: EngineLink) -> Actions:
    def report(problem: Exception) -> None:
        raise problem

    return Actions(link, Tasks(link, report), link)


@pytest.fixture
def feed(link: EngineLink) -> Feed:
    """Let the engine tell something: events go the way they go in life."""

    def tell(*events: Event, at: float | None = None) -> None:
        link.changed.emit(link.store.apply(events, time.time() if at is None else at))

    return tell


@pytest.fixture
def window(
    actions: Actions, link: EngineLink, theme: Theme, settings: Settings
) -> Iterator[MainWindow]:
    made = MainWindow(actions, link, theme, settings)
    made.show()
    yield made
    destroy(made)


def destroy(widget: QWidget) -> None:
    if shiboken6.isValid(widget):
        shiboken6.delete(widget)


@pytest.fixture
async def open_paste(theme: Theme) -> AsyncIterator[Open]:
    opened: list[PasteDialog] = []

    def make(read: Read = read_text) -> PasteDialog:
        dialog = PasteDialog(theme, None, read)
        opened.append(dialog)
        dialog.show()
        return dialog

    yield make
    for dialog in opened:
        await dialog.tasks.finish()
        dialog.done(0)
        destroy(dialog)
