"""The wizard's window: from the first card to the saved profile, forwards, backwards and out."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from bascule.errors import ControlError, ErrorCode, Problem, SpecError
from bascule.events import Stage, StageResult
from bascule.spec.endpoints import (
    SerialPort,
    TcpListen,
)
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.wizard.dialog import WizardDialog
from bascule_desktop.wizard.draft import Draft
from bascule_desktop.wizard.kinds import ForwardPage
from bascule_desktop.wizard.testing import begun_text, done_text, failed_text
from tests.desktop.wizard.conftest import Open
from tests.desktop.wizard.played import PlayedClient, failed, rounds, signalled
from tests.desktop.wizard.steps import FORWARD, filled, page_of, to_test, type_in


async def test_from_the_first_card_to_the_saved_profile(
    open_wizard: Open, client: PlayedClient, qtbot: QtBot
) -> None:
    dialog = open_wizard()
    assert dialog.title.text() == "What do you want to do?"
    assert dialog.next.isHidden()
    assert dialog.step.text() == "Step 1 of 4"
    qtbot.mouseClick(dialog.choice.cards["forward"], Qt.MouseButton.LeftButton)
    assert dialog.title.text() == "Forward a port"
    await rounds(lambda: page_of(dialog).data()["source"]["port"] == 8080)
    type_in(dialog, "target.host", "server.example")
    type_in(dialog, "target.port", 80)
    await to_test(dialog)
    assert [row.text.text() for row in dialog.test.rows] == [
        "127.0.0.1:8080 is free to listen on",
        "server.example:80 answers",
    ]
    assert dialog.test.rows[0].taken.text() == "1.3\N{NO-BREAK SPACE}ms"
    assert dialog.test.summary.text() == "Everything works."
    dialog.next.click()
    assert "port 8080" in dialog.last.sentence.text()
    assert dialog.last.name.editor.value() == "Forward to server.example:80"
    assert dialog.next.text() == "Save and start"
    dialog.last.autostart.setChecked(True)
    dialog.last.group.editor.set_value("Lab")
    await signalled(dialog.accepted, dialog.next.click)
    assert client.tested == [(FORWARD, {}, None)]
    assert client.saved == [(dialog.saved, {})]
    assert dialog.saved == Profile(
        dialog.saved.id, "Forward to server.example:80", FORWARD, "Lab", autostart=True
    )
    assert dialog.start_now


@pytest.mark.parametrize("every", ["0.0.0.0", "[::]"])
def test_a_port_for_the_whole_network_is_said_without_an_address(every: str) -> None:
    begun = StageResult(Stage.LISTEN, f"{every}:8443", done=False)
    assert begun_text(begun) == "Trying to listen on port 8443…"
    done = replace(begun, done=True)
    assert done_text(done) == "Port 8443 is free, for the whole network"
    failed = replace(done, problem=Problem(ErrorCode.ADDRESS_IN_USE, "taken"))
    assert failed_text(failed) == "Listening on port 8443 does not work"


@pytest.mark.parametrize(("host", "alone"), [("127.0.0.1", True), ("0.0.0.0", False)])
async def test_the_last_page_says_where_others_are_shut_out(
    open_wizard: Open, host: str, alone: bool
) -> None:
    dialog = open_wizard(draft=Draft(RelaySpec(TcpListen(2001, host), SerialPort("COM5"))))
    await to_test(dialog)
    dialog.next.click()
    said = [label.text() for label in dialog.last.findChildren(QLabel) if label.isVisible()]
    assert any("Only this computer can use it." in text for text in said) is alone


async def test_what_was_typed_is_there_again_after_going_back(open_wizard: Open) -> None:
    dialog = await filled(open_wizard)
    await to_test(dialog)
    dialog.next.click()
    dialog.last.name.editor.set_value("My name")
    dialog.back.click()
    assert dialog.title.text() == "Test"
    dialog.back.click()
    assert page_of(dialog).spec() == FORWARD
    dialog.back.click()
    dialog.choose("serial")
    dialog.back.click()
    assert dialog.choice.cards["serial"].hasFocus()
    dialog.choose("forward")
    assert page_of(dialog).spec() == FORWARD
    await to_test_or_last(dialog)
    dialog.next.click()
    assert dialog.last.name.editor.value() == "My name"


async def to_test_or_last(dialog: WizardDialog) -> None:
    """A test that went well is not repeated: it is shown at once."""
    dialog.next.click()
    await rounds(lambda: dialog.title.text() == "Test")
    assert not dialog.test.running


async def test_a_wrong_field_is_said_beside_it_and_keeps_you_there(
    open_wizard: Open, client: PlayedClient
) -> None:
    dialog = await filled(open_wizard)
    type_in(dialog, "target.host", "10.0.0.256")
    type_in(dialog, "target.port", "")
    dialog.next.click()
    await rounds(lambda: not dialog.tasks.running("next"))
    rows = {row.path: row for row in page_of(dialog).rows()}
    assert "10.0.0.3" in rows["target.host"].note.text()
    assert rows["target.port"].note.text() == "Please fill this in."
    assert rows["target.host"].editor.input.property("invalid")
    assert rows["target.host"].editor.input.accessibleDescription() == (
        rows["target.host"].note.text()
    )
    assert rows["target.host"].editor.input.hasFocus()
    type_in(dialog, "target.host", "10.0.0.25")
    assert rows["target.host"].note.isHidden()  # at once, not when it is left
    assert client.tested == []


async def test_a_field_is_checked_when_it_is_left(open_wizard: Open, qtbot: QtBot) -> None:
    dialog = await filled(open_wizard)
    page = page_of(dialog)
    assert isinstance(page, ForwardPage)
    port = page.target.port
    port.editor.set_value("")
    port.editor.input.setFocus()
    qtbot.keyClicks(port.editor.input, "99999")
    assert port.note.isHidden()
    qtbot.keyClick(port.editor.input, Qt.Key.Key_Tab)
    assert port.note.text() == "Use a number from 1 to 65535."


async def test_a_relay_to_itself_is_said_at_the_target(open_wizard: Open) -> None:
    dialog = await filled(open_wizard)
    type_in(dialog, "target.host", "localhost")
    type_in(dialog, "target.port", 8080)
    dialog.next.click()
    await rounds(lambda: not dialog.tasks.running("next"))
    row = next(row for row in page_of(dialog).rows() if row.path == "target.port")
    assert "own source" in row.note.text()


async def test_enter_goes_on_and_escape_closes_what_is_untouched(
    open_wizard: Open, qtbot: QtBot
) -> None:
    dialog = await filled(open_wizard)
    dialog.next.setDefault(True)
    heard = signalled(dialog.test.ended, lambda: None)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    await heard
    assert dialog.title.text() == "Test"
    untouched = open_wizard(preset="forward")
    await rounds(lambda: page_of(untouched).data()["source"]["port"] == 8080)
    qtbot.keyClick(untouched, Qt.Key.Key_Escape)
    assert untouched.result() == QDialog.DialogCode.Rejected
    assert not untouched.isVisible()


@pytest.mark.parametrize("sure", [True, False])
async def test_closing_asks_where_something_would_be_lost(open_wizard: Open, sure: bool) -> None:
    dialog = await filled(open_wizard)
    dialog.cancel.click()
    await rounds(lambda: dialog.findChild(QMessageBox) is not None)
    box = dialog.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert dialog.isVisible()
    words = "Close without saving" if sure else "Cancel"
    next(button for button in box.buttons() if button.text() == words).click()
    await rounds(lambda: not dialog.tasks.running("close"))
    assert dialog.isVisible() is not sure


async def test_a_taken_port_offers_another_and_fills_it_in(
    open_wizard: Open, client: PlayedClient
) -> None:
    dialog = await filled(open_wizard)
    taken = Problem(ErrorCode.ADDRESS_IN_USE, "", "source.port", {"port": 8080, "suggestion": 8081})
    client.stages = [failed(Stage.LISTEN, "127.0.0.1:8080", taken)]
    await to_test(dialog)
    card = dialog.test.problem
    assert card is not None
    assert card.title.text() == "Port 8080 is already in use"
    assert card.details.isHidden() or not card.details.isVisible()
    card.why.click()
    assert card.details.isVisible()
    assert "code: address_in_use" in card.details.toPlainText()
    assert card.button is not None
    assert card.button.text() == "Use 8081 instead"
    card.button.click()
    assert dialog.title.text() == "Forward a port"
    client.stages = client.stages[:0]
    await to_test(dialog)
    assert client.tested[-1][0].source == TcpListen(8081)


async def test_a_test_can_be_cancelled_skipped_and_repeated(
    open_wizard: Open, client: PlayedClient
) -> None:
    dialog = await filled(open_wizard)
    client.gate = asyncio.Event()
    dialog.next.click()
    await rounds(lambda: bool(dialog.test.rows))
    assert dialog.test.rows[0].text.text() == "Trying to listen on 127.0.0.1:8080…"
    assert not dialog.test.cancel.isHidden()
    dialog.test.cancel.click()
    await rounds(lambda: not dialog.test.running)
    assert "cancelled" in dialog.test.summary.text()
    dialog.next.click()
    assert dialog.title.text() == "Ready"
    dialog.back.click()
    client.gate.set()
    dialog.back.click()
    await to_test(dialog)
    await rounds(lambda: not dialog.test.running)
    await signalled(dialog.test.ended, dialog.test.again.click)
    assert len(client.tested) == 3


async def test_a_problem_with_another_end_leads_to_its_field(
    open_wizard: Open, client: PlayedClient
) -> None:
    dialog = await filled(open_wizard)
    unknown = Problem(ErrorCode.HOST_UNKNOWN, "", "target.host", {"subject": "server.example"})
    client.stages = [failed(Stage.RESOLVE, "server.example", unknown)]
    await to_test(dialog)
    card = dialog.test.problem
    assert card is not None
    assert card.button is not None
    card.button.click()
    focus = dialog.focusWidget()
    assert focus is not None
    assert focus.objectName() == "target.host"


async def test_an_engine_that_is_away_is_said_below_the_page(
    open_wizard: Open, client: PlayedClient
) -> None:
    dialog = await filled(open_wizard)
    await to_test(dialog)
    dialog.next.click()
    client.failure = ControlError("lost", code=ErrorCode.ENGINE_LOST)
    dialog.next.click()
    await rounds(lambda: not dialog.tasks.running("save"))
    card = dialog.problem_card
    assert card is not None
    assert "engine" in card.title.text()
    client.failure = None
    assert card.button is not None
    await signalled(dialog.accepted, card.button.click)


async def test_a_problem_of_a_field_from_the_engine_stands_at_the_field(
    open_wizard: Open, client: PlayedClient
) -> None:
    dialog = await filled(open_wizard)
    client.failure = SpecError("no", code=ErrorCode.VALUE_INVALID, field="target.host", rule="host")
    await to_test(dialog)
    assert dialog.test.problem is not None


async def test_a_name_is_needed(open_wizard: Open, client: PlayedClient) -> None:
    dialog = await filled(open_wizard)
    await to_test(dialog)
    dialog.next.click()
    dialog.last.name.editor.set_value("  ")
    dialog.next.click()
    await rounds(lambda: not dialog.tasks.running("save"))
    assert dialog.last.name.note.text() == "Please fill this in."
    assert client.saved == []


def test_a_preset_that_is_none_begins_at_the_cards(open_wizard: Open) -> None:
    assert open_wizard(preset="?").title.text() == "What do you want to do?"
