"""Owns going through the wizard as a person does: its fields, and its steps."""

from __future__ import annotations

from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule_desktop.wizard.dialog import WizardDialog
from bascule_desktop.wizard.page import RelayPage
from tests.desktop.wizard.conftest import Open
from tests.desktop.wizard.played import rounds, signalled

FORWARD = RelaySpec(TcpListen(8080), TcpConnect("server.example", 80))


def page_of(dialog: WizardDialog) -> RelayPage:
    assert dialog.page is not None
    return dialog.page


def type_in(dialog: WizardDialog, path: str, value: object) -> None:
    editor = page_of(dialog).editor_at(path)
    assert editor is not None
    editor.set_value(value)


async def to_test(dialog: WizardDialog) -> None:
    await signalled(dialog.test.ended, dialog.next.click)


async def filled(open_wizard: Open) -> WizardDialog:
    dialog = open_wizard(preset="forward")
    await rounds(lambda: page_of(dialog).data()["source"]["port"] == 8080)
    type_in(dialog, "target.host", "server.example")
    type_in(dialog, "target.port", 80)
    dialog.activateWindow()
    await rounds(dialog.isActiveWindow)
    return dialog
