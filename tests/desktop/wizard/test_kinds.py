"""Each kind of relay against the real engine: fill the page in, test, save, look at the file."""

from __future__ import annotations

import asyncio
import sys
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit

from bascule.places import Places
from bascule.spec.endpoints import TcpListen
from bascule.spec.local import Program
from bascule.spec.relays import RelaySpec
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.theme import Theme
from bascule_desktop.wizard.certificate import CertificatePart
from bascule_desktop.wizard.dialog import WizardDialog
from bascule_desktop.wizard.form import OptionalForm
from bascule_desktop.wizard.hops import HopsPart
from bascule_desktop.wizard.page import RelayPage
from tests.desktop.wizard.conftest import close
from tests.desktop.wizard.played import rounds, signalled
from tests.helpers.certificates import make_files
from tests.helpers.ports import free_port
from tests.helpers.pty import Line
from tests.helpers.socks_server import SocksServer

type Open = Callable[[str], Awaitable[WizardDialog]]


@pytest.fixture
async def open_kind(engine: EngineLink, theme: Theme) -> AsyncIterator[Open]:
    """Opens a kind's page over the real engine, with a port of its own once it listens."""
    opened: list[WizardDialog] = []

    async def open(kind: str) -> WizardDialog:
        dialog = WizardDialog(None, engine, theme, preset=kind)
        opened.append(dialog)
        dialog.show()
        page = page_of(dialog)
        if kind not in ("serial-connect", "expert"):
            await rounds(lambda: isinstance(page.data()["source"]["port"], int))
            fill(dialog, "source.port", free_port())
        return dialog

    yield open
    for dialog in opened:
        await close(dialog)


@pytest.fixture
async def service() -> AsyncIterator[int]:
    """A service on the loopback: its port."""

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


def page_of(dialog: WizardDialog) -> RelayPage:
    assert dialog.page is not None
    return dialog.page


def fill(dialog: WizardDialog, path: str, value: object) -> None:
    editor = page_of(dialog).editor_at(path)
    assert editor is not None, path
    editor.set_value(value)


async def finish(dialog: WizardDialog, places: Places) -> dict[str, Any]:
    """Test, which must go well, and save; the relay as it stands in the profile's file."""
    (worked,) = await signalled(dialog.test.ended, dialog.next.click)
    problem = dialog.test.problem
    assert worked, problem.details.toPlainText() if problem is not None else ""
    dialog.next.click()
    assert dialog.title.text() == "Ready"
    assert dialog.last.sentence.text().startswith("Bascule ")
    await signalled(dialog.accepted, dialog.next.click)
    file = places.profiles / f"{dialog.saved.id}.toml"
    data = tomllib.loads(file.read_text("utf-8"))
    assert data["format"] == 1
    assert data["name"] == dialog.saved.name
    relay: dict[str, Any] = data["relay"]
    return relay


async def test_forward_a_port(open_kind: Open, places: Places, service: int) -> None:
    dialog = await open_kind("forward")
    port = page_of(dialog).data()["source"]["port"]
    fill(dialog, "target.host", "127.0.0.1")
    fill(dialog, "target.port", service)
    assert await finish(dialog, places) == {
        "source": {"kind": "tcp-listen", "port": port},
        "target": {"kind": "tcp-connect", "host": "127.0.0.1", "port": service},
    }


async def test_put_tls_in_front_of_a_service(open_kind: Open, places: Places, service: int) -> None:
    dialog = await open_kind("tls")
    port = page_of(dialog).data()["source"]["port"]
    fill(dialog, "target.host", "127.0.0.1")
    fill(dialog, "target.port", service)
    fill(dialog, "certificate.names", "scale.example, 127.0.0.1")
    relay = await finish(dialog, places)
    certificate = places.certificates / "scale.example.pem"
    key = places.certificates / "scale.example.key"
    assert relay == {
        "source": {
            "kind": "tcp-listen",
            "port": port,
            "tls": {"certificate": str(certificate), "key": str(key)},
        },
        "target": {"kind": "tcp-connect", "host": "127.0.0.1", "port": service},
    }
    assert certificate.is_file()
    if sys.platform != "win32":  # which has no modes
        assert key.stat().st_mode & 0o077 == 0
    part = page_of(dialog).findChild(CertificatePart)
    assert isinstance(part, CertificatePart)
    assert part.panel is not None
    assert part.panel.made.facts.names == ("scale.example", "127.0.0.1")


async def test_names_that_are_none_stay_on_the_page(open_kind: Open, service: int) -> None:
    dialog = await open_kind("tls")
    fill(dialog, "target.host", "127.0.0.1")
    fill(dialog, "target.port", service)
    fill(dialog, "certificate.names", "not/a/name")
    dialog.next.click()
    await rounds(lambda: not dialog.tasks.running("next"))
    row = next(row for row in page_of(dialog).rows() if row.path == "certificate.names")
    assert "“not/a/name”" in row.note.text()
    assert page_of(dialog).isVisible()


async def test_reach_a_host_through_proxies(open_kind: Open, places: Places, service: int) -> None:
    async with SocksServer() as first, SocksServer(users={"me": "hunter2"}) as second:
        dialog = await open_kind("proxy")
        port = page_of(dialog).data()["source"]["port"]
        fill(dialog, "target.host", "127.0.0.1")
        fill(dialog, "target.port", service)
        hops = page_of(dialog).findChild(HopsPart)
        assert isinstance(hops, HopsPart)
        hops.cards[0].fill({"host": "127.0.0.1", "port": first.port})
        card = hops.add_hop({"host": "127.0.0.1", "port": second.port, "username": "me"})
        card.rows["password"].editor.input.setProperty("text", "hunter2")
        card.try_button.click()
        await rounds(lambda: card.said.text().startswith("It works"))
        relay = await finish(dialog, places)
    reference = relay["target"]["via"][1].pop("password")
    assert len(reference) == 32
    assert relay == {
        "source": {"kind": "tcp-listen", "port": port},
        "target": {
            "kind": "tcp-connect",
            "host": "127.0.0.1",
            "port": service,
            "via": [
                {"port": first.port},
                {"port": second.port, "username": "me"},
            ],
        },
    }
    file = places.profiles / f"{dialog.saved.id}.toml"
    assert "hunter2" not in file.read_text("utf-8")


async def test_behind_a_proxy_localhost_is_not_said_to_be_this_computer(open_kind: Open) -> None:
    editor = page_of(await open_kind("proxy")).editor_at("target.host")
    assert editor is not None
    line = editor.input
    assert isinstance(line, QLineEdit)
    assert line.placeholderText() == "server.example or 10.0.0.3, as the last proxy knows it"
    assert line.accessibleDescription() == line.placeholderText()


async def test_share_a_serial_port(open_kind: Open, places: Places) -> None:
    line = Line()
    try:
        dialog = await open_kind("serial")
        port = page_of(dialog).data()["source"]["port"]
        fill(dialog, "target.device", line.device)
        fill(dialog, "target.baud", 19200)
        fill(dialog, "target.flow_control", "xon-xoff")
        assert await finish(dialog, places) == {
            "source": {"kind": "tcp-listen", "port": port},
            "target": {
                "kind": "serial",
                "device": line.device,
                "baud": 19200,
                "flow_control": "xon-xoff",
            },
        }
    finally:
        await line.aclose()


async def test_connect_a_serial_port(open_kind: Open, places: Places, service: int) -> None:
    line = Line()
    try:
        dialog = await open_kind("serial-connect")
        fill(dialog, "source.device", line.device)
        fill(dialog, "target.host", "127.0.0.1")
        fill(dialog, "target.port", service)
        assert await finish(dialog, places) == {
            "source": {"kind": "serial", "device": line.device},
            "target": {"kind": "tcp-connect", "host": "127.0.0.1", "port": service},
        }
    finally:
        await line.aclose()


@pytest.mark.skipif(sys.platform == "win32", reason="Python has no Unix sockets there")
async def test_choose_source_and_target_yourself(
    open_kind: Open, places: Places, service: int
) -> None:
    dialog = await open_kind("expert")
    path = str(places.config / "x.sock")
    places.config.mkdir(parents=True, exist_ok=True)
    page = page_of(dialog)
    combo = page.findChild(QComboBox, "source.kind")
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(combo.findData("unix-listen"))
    fill(dialog, "source.path", path)
    fill(dialog, "target.host", "127.0.0.1")
    fill(dialog, "target.port", service)
    assert await finish(dialog, places) == {
        "source": {"kind": "unix-listen", "path": path},
        "target": {"kind": "tcp-connect", "host": "127.0.0.1", "port": service},
    }


async def test_what_a_program_is_told_is_in_no_proposed_name(open_kind: Open) -> None:
    """A name is part of the file's, and of each line of the log."""
    page = page_of(await open_kind("expert"))
    relay = RelaySpec(TcpListen(7001), Program(command="/usr/bin/my -phunter2"))
    assert page.propose_name(relay) == "127.0.0.1:7001 to my"


async def test_a_taken_port_is_told_by_the_engine(
    open_kind: Open, places: Places, service: int
) -> None:
    dialog = await open_kind("forward")
    fill(dialog, "source.port", service)
    fill(dialog, "target.host", "127.0.0.2")
    fill(dialog, "target.port", service)
    await signalled(dialog.test.ended, dialog.next.click)
    card = dialog.test.problem
    assert card is not None
    assert card.title.text().startswith(f"Port {service} is already used by ")
    assert card.button is not None
    card.button.click()
    offered = page_of(dialog).data()["source"]["port"]
    assert offered != service
    fill(dialog, "target.host", "127.0.0.1")
    assert (await finish(dialog, places))["source"]["port"] == offered


async def test_certificate_files_are_judged_where_they_are_chosen(
    open_kind: Open, places: Places
) -> None:
    dialog = await open_kind("tls")
    part = page_of(dialog).findChild(CertificatePart)
    assert isinstance(part, CertificatePart)
    part.choose.setChecked(True)
    for name in ("mine", "other"):
        (places.config / name).mkdir(parents=True)
    mine = make_files(places.config / "mine")
    other = make_files(places.config / "other")
    part.certificate.editor.set_value(str(mine.certificate))
    part.key.editor.set_value(str(other.key))
    part.key.editor.left.emit()
    await rounds(lambda: part.key.problem is not None)
    assert part.key.note.text() == "This key does not belong to the certificate."
    part.key.editor.set_value(str(mine.key))
    part.key.editor.left.emit()
    await rounds(lambda: not part.said.isHidden())
    assert "valid until" in part.said.label.text()


async def test_tls_to_the_target_is_an_option(open_kind: Open, service: int) -> None:
    dialog = await open_kind("forward")
    form = page_of(dialog).findChild(OptionalForm)
    assert isinstance(form, OptionalForm)
    fill(dialog, "target.host", "127.0.0.1")
    fill(dialog, "target.port", service)
    form.switch.box.setChecked(True)
    await signalled(dialog.test.ended, dialog.next.click)
    card = dialog.test.problem
    assert card is not None
    assert card.title.text() == f"127.0.0.1:{service} does not speak TLS"
