"""The wizard opened on a relay that is there, saved or drafted: its fields, and its passwords."""

from __future__ import annotations

import pytest

from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixListen,
)
from bascule.spec.fields import references
from bascule.spec.measuring import Schedule
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.wizard.draft import Draft
from bascule_desktop.wizard.kinds import kind_of
from tests.desktop.wizard.conftest import Open
from tests.desktop.wizard.played import PlayedClient, signalled
from tests.desktop.wizard.steps import page_of, to_test

HOP = ProxyHop("5", "10.0.0.3", 1080, "me", "0" * 32)
KINDS = {
    "forward": RelaySpec(
        TcpListen(1, backlog=7), TcpConnect("a", 2, tls=ClientTls(verify=False)), idle_seconds=9.0
    ),
    "tls": RelaySpec(
        TcpListen(8443, "0.0.0.0", ServerTls("/c", "/k", "f" * 32)),
        TcpConnect("127.0.0.1", 80),
        allow=("10.0.0.0/8",),
    ),
    "proxy": RelaySpec(TcpListen(1), TcpConnect("x.onion", 2, (HOP, ProxyHop(port=9050)))),
    "serial": RelaySpec(TcpListen(2001), SerialPort("COM5", 19200, 7, "even", "2", "rts-cts")),
    "serial-connect": RelaySpec(SerialPort("COM5", dtr="off"), TcpConnect("h", 4001)),
    "check": RelaySpec(Schedule(first_byte=True), TcpConnect("h", 22, (HOP,))),
    "expert": RelaySpec(UnixListen("/run/x"), TcpConnect("h", 1, (HOP,), family="ipv6")),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_editing_opens_on_the_fields_and_changes_nothing_by_itself(
    kind: str, open_wizard: Open, client: PlayedClient
) -> None:
    spec = KINDS[kind]
    assert kind_of(spec) == kind
    profile = Profile("relay-1", "Scale", spec, "Lab", autostart=True)
    dialog = open_wizard(profile)
    assert dialog.windowTitle() == "Edit “Scale”"
    assert dialog.step.text() == "Step 1 of 3"
    assert page_of(dialog).kind == kind
    assert page_of(dialog).spec() == spec
    assert not dialog.changed
    assert dialog.back.isHidden()
    await to_test(dialog)
    assert client.tested == [(spec, {}, "relay-1")]
    dialog.next.click()
    assert not dialog.last.start_now.isChecked()
    await signalled(dialog.accepted, dialog.next.click)
    assert client.saved == [(profile, {})]  # the same reference: the password was not touched


async def test_a_typed_password_travels_apart(open_wizard: Open, client: PlayedClient) -> None:
    dialog = open_wizard(Profile("relay-1", "Tor", KINDS["proxy"]))
    editor = page_of(dialog).editor_at("target.via.0.password")
    assert editor is not None
    editor.input.setFocus()
    editor.input.setProperty("text", "hunter2")
    assert dialog.changed
    await to_test(dialog)
    spec, secrets, _running = client.tested[0]
    assert isinstance(spec.target, TcpConnect)
    reference = spec.target.via[0].password
    assert reference != HOP.password
    assert secrets == {reference: "hunter2"}
    assert "hunter2" not in repr(spec)
    dialog.next.click()
    await signalled(dialog.accepted, dialog.next.click)
    assert client.saved[0][1] == secrets


@pytest.mark.parametrize("kind", KINDS)
async def test_a_draft_opens_on_the_fields_and_becomes_a_new_profile(
    kind: str, open_wizard: Open, client: PlayedClient
) -> None:
    spec = KINDS[kind]
    handed = dict.fromkeys(references(spec), "hunter2")
    draft = Draft(spec, "From the runbook", secrets={**handed, "unused": "other"})
    assert "hunter2" not in repr(draft)
    dialog = open_wizard(draft=draft)
    assert dialog.windowTitle() == "New relay"
    assert dialog.step.text() == "Step 1 of 3"
    assert page_of(dialog).kind == kind
    assert page_of(dialog).spec() == spec
    assert not dialog.changed
    assert dialog.back.isHidden()
    focus = dialog.focusWidget()
    assert focus is not None
    assert page_of(dialog).isAncestorOf(focus), "Enter would press a button"
    assert focus.isVisible()
    await to_test(dialog)
    assert client.tested == [(spec, handed, None)]
    dialog.next.click()
    assert dialog.last.start_now.isChecked()
    await signalled(dialog.accepted, dialog.next.click)
    ((profile, secrets),) = client.saved
    assert (profile.name, profile.relay, secrets) == ("From the runbook", spec, handed)


async def test_a_password_that_was_handed_over_can_be_replaced(
    open_wizard: Open, client: PlayedClient
) -> None:
    (reference,) = references(KINDS["proxy"])
    dialog = open_wizard(draft=Draft(KINDS["proxy"], secrets={reference: "hunter2"}))
    editor = page_of(dialog).editor_at("target.via.0.password")
    assert editor is not None
    assert "pasted" in editor.input.property("placeholderText")
    editor.input.setProperty("text", "another")
    await to_test(dialog)
    assert list(client.tested[0][1].values()) == ["another"]
