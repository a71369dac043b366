"""What the tests of the wizard share: looks, a played engine, a real one, closing dialogs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import cast

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from bascule.places import Places
from bascule.spec.profiles import Profile
from bascule_desktop.engine_link import EngineLink, LinkState
from bascule_desktop.launcher import Launcher
from bascule_desktop.theme import Theme
from bascule_desktop.wizard.dialog import WizardDialog
from bascule_desktop.wizard.draft import Draft
from tests.desktop.wizard.played import PATIENCE_SECONDS, PlayedClient, PlayedLink

type Open = Callable[..., WizardDialog]


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    made = Theme(qapp)
    made.apply(qapp)
    return made


@pytest.fixture
def link() -> PlayedLink:
    return PlayedLink()


@pytest.fixture
def client(link: PlayedLink) -> PlayedClient:
    return link.client


@pytest.fixture
async def open_wizard(link: PlayedLink, theme: Theme) -> AsyncIterator[Open]:
    """Opens a wizard over the played engine; it is closed after the test."""
    opened: list[WizardDialog] = []

    def open(
        profile: Profile | None = None, preset: str | None = None, draft: Draft | None = None
    ) -> WizardDialog:
        dialog = WizardDialog(None, cast(EngineLink, link), theme, profile, preset, draft)
        opened.append(dialog)
        dialog.show()
        return dialog

    yield open
    for dialog in opened:
        await close(dialog)


async def close(dialog: WizardDialog) -> None:
    """Close a wizard without a question, once its tasks have ended, and free it."""
    await dialog.tasks.finish()
    dialog.done(0)
    shiboken6.delete(dialog)


@pytest.fixture
async def engine(places: Places, launcher: Launcher) -> AsyncIterator[EngineLink]:
    """A real engine with folders of its own."""
    link = EngineLink(places, launcher=launcher)
    connected = asyncio.Event()

    def changed(state: LinkState) -> None:
        if state is LinkState.CONNECTED:
            connected.set()

    link.state_changed.connect(changed)
    running = asyncio.ensure_future(link.run())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await connected.wait()
        yield link
        await link.leave(stop_engine=True)
    finally:
        running.cancel()
        await asyncio.wait([running])
