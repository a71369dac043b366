"""Whatever relay: a text or a sentence. Nothing vanishes or breaks out, and no password leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bascule.errors import ErrorCode, SpecError
from bascule.spec.built_in import Echo, Room
from bascule.spec.datagrams import UdpDatagram, UdpListen, UdpReceive
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.ends import Dual, Failover, FanOut
from bascule.spec.export.exported import Exported, Form
from bascule.spec.export.lost import without_effect
from bascule.spec.export.write import write
from bascule.spec.local import Descriptor, File, NamedPipeListen, Pipe, Program, Pty, Standard
from bascule.spec.relays import RelaySpec
from tests.helpers.exports import RELAYS, SERVER, TARGET, shape, variations, with_text
from tests.helpers.specs import filled_lines, made, names, relays, targets

OTHERS = st.sampled_from(
    [
        Echo(),
        Room(),
        UdpListen(port=53),
        UdpReceive(port=53),
        UdpDatagram(host="10.255.255.255", port=9),
        NamedPipeListen(name="scale"),
        Standard(),
        Descriptor(number=3),
        File(path="/tmp/it's"),
        Pipe(path="/tmp/fifo"),
        Pty(link="/tmp/link"),
        Program(command="echo 'a\nb' $HOME %h"),
        Dual(reading=File(path="/a"), writing=File(path="/b")),
        Failover(targets=(TARGET, Echo())),
        FanOut(targets=(TARGET, TARGET)),
    ]
)
EVERY = relays | made(RelaySpec, source=OTHERS | st.just(TcpListen(80)), target=OTHERS | targets)


def exported(form: Form, relay: RelaySpec, name: str) -> Exported | None:
    """What is written; None where it is refused in words."""
    try:
        return write(form, relay, name=name)
    except SpecError as exc:
        assert exc.code is ErrorCode.NOT_EXPORTABLE
        assert exc.facts["program"] == form.value
        assert exc.facts["rule"]
        assert str(exc.facts["why"]) in exc.message
        return None


@given(st.sampled_from(Form), EVERY, names)
def test_every_relay_becomes_a_text_or_a_sentence(form: Form, relay: RelaySpec, name: str):
    found = exported(form, relay, name)
    if found is None:
        return
    assert found.text.endswith("\n")
    assert found.file_name.isascii()
    assert "/" not in found.file_name
    assert all(loss.message.endswith((".", ")", "'")) or loss.to_do for loss in found.lost)


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("sort", RELAYS)
def test_no_setting_vanishes_in_silence(form: Form, sort: str):
    """A setting that is changed is seen in the text, or said to be lost, or refused."""
    relay = RELAYS[sort]
    usual = exported(form, relay, "relay")
    if usual is None:
        return
    for path, changed in variations(relay):
        if without_effect(changed, path):
            continue
        found = exported(form, changed, "relay")
        assert found != usual, path


def test_every_form_can_write_something():
    found = {form: [exported(form, relay, "r") for relay in RELAYS.values()] for form in Form}
    assert all(any(texts) for texts in found.values())
    assert all(found[Form.SYSTEMD])  # with Bascule itself, nothing is impossible


@given(
    st.sampled_from([form for form in Form if form is not Form.SOCAT]),
    st.sampled_from(list(RELAYS)),
    filled_lines | st.text("a \\\"'#;{}%$,()\r\u2028", min_size=1),
    names,
)
def test_hostile_text_stays_in_its_field(form: Form, sort: str, text: str, name: str):
    """What is said is the same as with a tame text, statement by statement."""
    tame = with_text(RELAYS[sort], "tame")
    try:
        hostile = with_text(RELAYS[sort], text)
    except SpecError:
        assume(False)
    expected, found = exported(form, tame, "relay"), exported(form, hostile, name)
    if expected is not None and found is not None:
        assert shape(form, found.text) == shape(form, expected.text)


@pytest.mark.parametrize("form", Form)
def test_no_password_leaves(form: Form):
    """A reference to one does not leave either: it is of no use elsewhere."""
    hop = ProxyHop("http", "proxy.example", 3128, "me", "reference-1")
    tls = replace(SERVER, key_passphrase="reference-2")
    for relay in (
        RelaySpec(TcpListen(8080), replace(RELAYS["tls on"].target, via=(hop,))),
        RelaySpec(TcpListen(8443, tls=tls), TcpConnect("far.example", 80)),
    ):
        found = exported(form, relay, "relay")
        if found is not None:
            assert "reference" not in found.text
            assert any(loss.to_do for loss in found.lost)
