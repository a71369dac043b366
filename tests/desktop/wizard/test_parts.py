"""The parts of the pages that do more than hold values: serial ports, proxies, certificates."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import cast

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bascule.errors import ErrorCode, Problem, SpecError
from bascule.events import Stage
from bascule.facts import PortInfo
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme
from bascule_desktop.wizard.certificate import CertificatePart, proposed_names
from bascule_desktop.wizard.dialog import WizardDialog
from bascule_desktop.wizard.hops import HopsPart, presets
from bascule_desktop.wizard.kinds import ProxyPage, SharePage, TlsPage
from bascule_desktop.wizard.pieces import CopyLine
from bascule_desktop.wizard.serial_picker import DeviceEditor, port_text
from tests.desktop.wizard.conftest import Open
from tests.desktop.wizard.played import SCALE, PlayedClient, failed, rounds, signalled

PLUGGED = PortInfo("COM7", "Arduino", "", 0x2341, 0x0043)


def part_of[P: QWidget](dialog: WizardDialog, kind: type[P]) -> P:
    assert dialog.page is not None
    found = dialog.page.findChild(kind)
    assert isinstance(found, kind)
    return found


@pytest.mark.parametrize(
    ("port", "text"),
    [
        (SCALE, "COM5 · USB Serial Port · 0403:6001"),
        (PortInfo("/dev/ttyS0", "n/a"), "/dev/ttyS0"),
        (PortInfo("COM1", "COM1", "ACME"), "COM1"),
    ],
)
def test_a_port_in_a_line(port: PortInfo, text: str) -> None:
    assert port_text(port) == text


async def read_again(dialog: WizardDialog, picker: DeviceEditor) -> None:
    """Have the list of ports read; while it is being read, nobody begins a second time."""
    await rounds(lambda: not dialog.tasks.running(f"ports {id(picker)}"))
    await signalled(picker.listed, picker.refresh)


async def test_a_page_that_goes_while_its_ports_are_read_is_left_alone(
    open_wizard: Open, client: PlayedClient
) -> None:
    dialog = open_wizard(preset="serial")
    context = part_of(dialog, DeviceEditor)._context
    reported: list[Exception] = []
    tasks = Tasks(dialog, reported.append)
    picker = DeviceEditor(replace(context, tasks=tasks))
    reading = f"ports {id(picker)}"
    client.listing, client.ports = asyncio.Event(), (PLUGGED,)
    picker.refresh()
    await asyncio.sleep(0)  # it asks
    assert tasks.running(reading)
    shiboken6.delete(picker)
    client.listing.set()
    await rounds(lambda: not tasks.running(reading))
    assert reported == []


async def test_ports_come_and_go_while_the_page_is_open(
    open_wizard: Open, client: PlayedClient
) -> None:
    dialog = open_wizard(preset="serial")
    picker = part_of(dialog, DeviceEditor)
    await rounds(lambda: picker.ports is not None)
    assert picker.value() == "COM5"  # the only one: nothing to choose
    assert picker.combo.currentText() == "COM5 · USB Serial Port · 0403:6001"
    assert not dialog.changed  # nobody typed it
    client.ports = (SCALE, PLUGGED)
    await read_again(dialog, picker)
    assert [picker.combo.itemData(i) for i in range(picker.combo.count())] == ["COM5", "COM7"]
    picker.combo.setCurrentIndex(1)
    picker.combo.activated.emit(1)
    assert picker.value() == "COM7"
    assert dialog.changed
    client.ports = (SCALE,)
    await read_again(dialog, picker)
    assert picker.value() == "COM7"  # what was chosen stays
    assert "COM7 is not plugged in" in picker.hint.text()


async def test_no_port_is_no_drama(open_wizard: Open, client: PlayedClient, qtbot: QtBot) -> None:
    client.ports = ()
    dialog = open_wizard(preset="serial")
    picker = part_of(dialog, DeviceEditor)
    await rounds(lambda: picker.ports is not None)
    assert "No serial port is plugged in" in picker.hint.text()
    qtbot.keyClicks(cast(QWidget, picker.combo.lineEdit()), "/dev/ttyUSB9")
    assert picker.value() == "/dev/ttyUSB9"
    client.ports = (SCALE,)
    await read_again(dialog, picker)
    assert picker.value() == "/dev/ttyUSB9"
    page = dialog.page
    assert isinstance(page, SharePage)
    assert page.serial.device_name == "ttyUSB9"


async def test_nothing_jumps_under_who_is_typing(
    open_wizard: Open, client: PlayedClient, qtbot: QtBot
) -> None:
    client.ports = ()
    dialog = open_wizard(preset="serial")
    picker = part_of(dialog, DeviceEditor)
    await rounds(lambda: picker.ports is not None)
    line = picker.combo.lineEdit()
    assert line is not None
    dialog.activateWindow()
    picker.setFocus()
    await rounds(line.hasFocus)
    qtbot.keyClicks(line, "COM5")
    line.setCursorPosition(3)
    client.ports = (SCALE, PLUGGED)
    await read_again(dialog, picker)
    qtbot.keyClicks(line, "1")
    assert line.text() == "COM15"


async def test_a_port_that_comes_in_by_itself_gives_way_to_who_types(
    open_wizard: Open, client: PlayedClient, qtbot: QtBot
) -> None:
    client.listing = asyncio.Event()
    dialog = open_wizard(preset="serial")
    picker = part_of(dialog, DeviceEditor)
    line = picker.combo.lineEdit()
    assert line is not None
    dialog.activateWindow()
    picker.setFocus()
    await rounds(line.hasFocus)
    client.listing.set()
    await rounds(lambda: picker.ports is not None)
    assert line.selectedText() == line.text() == port_text(SCALE)
    client.ports = (SCALE, PLUGGED)
    await read_again(dialog, picker)
    assert line.selectedText() == port_text(SCALE)
    qtbot.keyClicks(line, "/dev/ttyUSB9")
    assert line.text() == "/dev/ttyUSB9"


async def test_ports_are_not_asked_for_out_of_sight(open_wizard: Open) -> None:
    dialog = open_wizard(preset="serial")
    picker = part_of(dialog, DeviceEditor)
    assert picker._timer.isActive()
    dialog.back.click()
    assert not picker._timer.isActive()


# proxies --------------------------------------------------------------------------------------


async def test_proxies_are_added_moved_and_removed(open_wizard: Open, qtbot: QtBot) -> None:
    dialog = open_wizard(preset="proxy")
    hops = part_of(dialog, HopsPart)
    menu = hops.add.menu()
    assert [action.text() for action in menu.actions()] == list(presets())
    menu.actions()[1].trigger()
    menu.actions()[2].trigger()

    def ports() -> list[object]:
        return [card.rows["port"].editor.value() for card in hops.cards]

    assert ports() == [1080, 9050, 4447]
    tor, i2p = hops.cards[1:]
    assert not hops.cards[0].up.isEnabled()
    assert not i2p.down.isEnabled()
    tor.up.click()
    assert ports() == [9050, 1080, 4447]
    dialog.activateWindow()
    await rounds(dialog.isActiveWindow)
    i2p.rows["host"].editor.input.setFocus()
    qtbot.keyClick(i2p.rows["host"].editor.input, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert ports() == [9050, 4447, 1080]
    assert i2p.rows["host"].path == "target.via.1.host"
    assert i2p.number.text() == "Proxy 2"
    tor.remove.click()
    assert ports() == [4447, 1080]
    assert not hops.cards[0].up.isEnabled()


async def test_what_a_proxy_says_when_it_is_tried(open_wizard: Open, client: PlayedClient) -> None:
    dialog = open_wizard(preset="proxy")
    hops = part_of(dialog, HopsPart)
    card = hops.cards[0]
    card.try_button.click()
    await rounds(lambda: "It answers" in card.said.text())
    page = dialog.page
    assert isinstance(page, ProxyPage)
    page.target.host.editor.set_value("x.onion")
    page.target.port.editor.set_value(80)
    await rounds(lambda: not dialog.tasks.running("try hop"))
    refused = Problem(ErrorCode.PROXY_FORBIDDEN, "", None, {"proxy": "127.0.0.1:1080"})
    client.stages = [failed(Stage.PROXY, "127.0.0.1:1080", refused)]
    card.try_button.click()
    await rounds(lambda: "is not allowed" in card.said.text())
    assert client.tested[-1][0].target.host == "x.onion"  # type: ignore[union-attr]
    card.rows["port"].editor.set_value("")
    await rounds(lambda: not dialog.tasks.running("try hop"))
    count = len(client.tested)
    card.try_button.click()
    assert len(client.tested) == count
    assert card.rows["port"].problem is not None


async def test_who_learns_the_name_is_said(open_wizard: Open) -> None:
    dialog = open_wizard(preset="proxy")
    page = dialog.page
    assert isinstance(page, ProxyPage)
    assert page.leak.isHidden()
    page.target.host.editor.set_value("x.onion")
    assert page.leak.label.text() == (
        "The last proxy resolves this name; your computer never does."
    )
    page.hops.cards[0].rows["version"].editor.set_value("4")
    assert "your computer looks the name up" in page.leak.label.text()
    page.target.host.editor.set_value("10.0.0.3")
    assert page.leak.isHidden()


# where it leads ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("http://localhost:8080/stock?all=1", "localhost", 8080),
        ("https://intranet.example/", "intranet.example", 443),
        ("HTTP://192.168.1.20", "192.168.1.20", 80),
        ("192.168.1.20:8080", "192.168.1.20", 8080),
        ("http://[fe80::1]:8080/", "[fe80::1]", 8080),
        ("http://ada@scale.example:81", "scale.example", 81),
        ("gopher://scale.example", "scale.example", 7),
        ("scale.example", "scale.example", 7),
        ("fe80::1", "fe80::1", 7),
        ("http://", "http://", 7),
        ("two words:80", "two words:80", 7),
    ],
)
async def test_an_address_as_a_browser_shows_it_fills_host_and_port(
    open_wizard: Open, typed: str, host: str, port: int
) -> None:
    page = open_wizard(preset="tls").page
    assert isinstance(page, TlsPage)
    page.target.port.editor.set_value(7)
    page.target.host.editor.set_value(typed)
    page.target.host.editor.left.emit()
    assert (page.target.host.editor.value(), page.target.port.editor.value()) == (host, port)
    good = host not in ("http://", "two words:80")
    assert (page.target.host.problem is None) is good


# certificates ---------------------------------------------------------------------------------


async def test_a_certificate_is_made_and_explained(open_wizard: Open, client: PlayedClient) -> None:
    dialog = open_wizard(preset="tls")
    page = dialog.page
    assert isinstance(page, TlsPage)
    part = page.certificate
    assert part.names.editor.value() == proposed_names()
    assert "localhost" in proposed_names()
    part.names.editor.set_value("scale, 10.0.0.3")
    part.make_button.click()
    await rounds(lambda: part.panel is not None)
    assert client.requests[0].names == ("scale", "10.0.0.3")
    assert client.requests[0].own_authority
    panel = part.panel
    assert panel is not None
    texts = [line.edit.text() for line in panel.findChildren(CopyLine)]
    assert texts == ["/c/scale.pem", "/c/scale.key", "AB:CD"]
    panel.findChildren(CopyLine)[0].copy.click()
    assert QGuiApplication.clipboard().text() == "/c/scale.pem"
    assert page.data()["source"]["tls"]["certificate"] == "/c/scale.pem"
    assert await part.prepare()
    assert len(client.requests) == 1  # the wish is the same: it is not made again
    part.days.editor.set_value(30)
    assert await part.prepare()
    assert client.requests[-1].days == 30


@pytest.mark.parametrize("field", ["names", "days", None])
async def test_a_wish_that_cannot_be_is_said_where_it_was_written(
    field: str | None, open_wizard: Open, client: PlayedClient
) -> None:
    part = part_of(open_wizard(preset="tls"), CertificatePart)
    client.failure = SpecError("no", code=ErrorCode.VALUE_INVALID, field=field, entry="x")
    assert not await part.prepare()
    row = {"names": part.names, "days": part.days}.get(field or "")
    assert (row.note.text() if row is not None else part.trouble.label.text()) != ""
    assert part.made is None


async def test_an_encrypted_key_asks_for_its_passphrase(
    open_wizard: Open, client: PlayedClient
) -> None:
    dialog = open_wizard(preset="tls")
    part = part_of(dialog, CertificatePart)
    part.choose.setChecked(True)
    assert part.passphrase.field.isHidden()
    client.failure = SpecError("locked", code=ErrorCode.KEY_ENCRYPTED, field="key")
    part.certificate.editor.set_value("/c")
    part.key.editor.set_value("/k")
    part.key.editor.left.emit()
    await rounds(lambda: not part.passphrase.field.isHidden())
    assert part.passphrase.note.text() == "This key is protected: type its passphrase."
    part.passphrase.editor.input.setProperty("text", "secret")
    assert part.passphrase.problem is None
    assert dialog.page is not None
    assert list(dialog.page.secrets().values()) == ["secret"]


async def test_icons_follow_the_theme(open_wizard: Open, theme: Theme) -> None:
    dialog = open_wizard()
    before = dialog.choice.cards["tls"].grab().toImage()
    colours = theme.colours
    theme.changed.emit()
    assert theme.colours == colours
    assert dialog.choice.cards["tls"].grab().toImage() == before
