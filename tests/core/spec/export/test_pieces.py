"""The pieces of all writers: what a user typed cannot end its line or its field."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from bascule.errors import SpecError
from bascule.spec.endpoints import ClientTls, ServerTls, TcpConnect, TcpListen, UnixConnect
from bascule.spec.ends import Failover
from bascule.spec.export import pieces
from bascule.spec.export.exported import LossKind
from bascule.spec.relays import RelaySpec
from tests.helpers.specs import hosts, lines

RELAY = RelaySpec(TcpListen(80), TcpConnect("far.example", 1))


def two(first: TcpConnect, second: TcpConnect) -> RelaySpec:
    return replace(RELAY, target=Failover(targets=(first, second)))


@given(lines)
def test_a_comment_stays_a_comment(name: str):
    found = pieces.comment(name, "x", ())
    assert len(found.splitlines()) == 2
    assert all(line.startswith("#") for line in found.splitlines())


@given(hosts)
def test_a_host_is_a_single_plain_word_or_refused(host: str):
    try:
        word = pieces.host("x", host, "source.host")
    except SpecError as exc:
        assert exc.facts["rule"] == "zone"
        assert "%" in host
    else:
        assert set(word) <= set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:"
        )


def test_hosts():
    assert pieces.host("x", "b\u00fccher.example", "h") == "xn--bcher-kva.example"
    assert pieces.host("x", "[::1]", "h") == "::1"
    assert pieces.host_port("::1", 80) == "[::1]:80"
    assert pieces.host_port("h", 80) == "h:80"


@pytest.mark.parametrize("value", ["a\tb", "a\rb", "a\u2028b", " a", "a ", "a$b"])
def test_characters_that_no_quotes_help_are_refused(value: str):
    with pytest.raises(SpecError, match="cannot hold the characters") as caught:
        pieces.checked("x", value, "source.path", never="$")
    assert caught.value.field == "source.path"
    assert str(caught.value.facts["value"]).isprintable()


def test_a_port_has_to_be_chosen():
    assert pieces.listening_port("x", TcpListen(80)) == 80
    with pytest.raises(SpecError, match="the port has to be chosen"):
        pieces.listening_port("x", TcpListen(0))


def test_ends_that_a_program_does_not_have_are_refused():
    pieces.check_ends("x", RELAY, (TcpListen,), (TcpConnect,))
    with pytest.raises(SpecError, match=r"this kind of source \(tcp-listen\)"):
        pieces.check_ends("x", RELAY, (UnixConnect,), (TcpConnect,))
    mixed = replace(RELAY, target=Failover(targets=(RELAY.target, UnixConnect("/far"))))
    with pytest.raises(SpecError, match=r"this kind of target \(unix-connect\)"):
        pieces.check_ends("x", mixed, (TcpListen,), (TcpConnect,))


def test_targets_that_differ_in_more_than_host_and_port_are_refused():
    first = TcpConnect("a", 1, tls=ClientTls(server_name="n"))
    assert pieces.same_targets("x", RELAY) is RELAY.target
    assert pieces.same_targets("x", two(first, replace(first, host="b", port=2))) is first
    unnamed = replace(first, tls=ClientTls())
    for other in (replace(first, tls=None), replace(first, nodelay=False)):
        with pytest.raises(SpecError, match="differ in more"):
            pieces.same_targets("x", two(first, other))
    with pytest.raises(SpecError, match="differ in more"):  # each has a name of its own
        pieces.same_targets("x", two(unnamed, replace(unnamed, host="b")))


def test_names_that_are_looked_up_once_are_said():
    relay = two(TcpConnect("far.example", 1), TcpConnect("10.0.0.1", 1))
    assert [loss.facts["value"] for loss in pieces.looked_up_once("x", relay)] == ["far.example"]
    assert pieces.looked_up_once("x", two(TcpConnect("localhost", 1), TcpConnect("::1", 1))) == ()


def test_passphrases_and_passwords_are_to_be_written_by_hand():
    tls = ServerTls("/c", "/k", key_passphrase="reference")
    (loss,) = pieces.key_losses("x", replace(RELAY, source=TcpListen(1, tls=tls)))
    assert loss.kind is LossKind.PASSPHRASE
    assert "/k" in loss.message
    assert pieces.key_losses("x", RELAY) == ()
    words, (said,) = pieces.placeholders("x", ["one", "two"])
    assert words == {"one": "PASSWORD", "two": "PASSWORD1"}
    assert "PASSWORD, PASSWORD1" in said.message
    assert pieces.placeholders("x", []) == ({}, ())


def test_whom_to_trust():
    assert pieces.authority_of("x", ClientTls(authority="/a")) == ("/a", ())
    file, (loss,) = pieces.authority_of("x", ClientTls())
    assert loss.kind is LossKind.AUTHORITIES
    assert file in loss.message
    assert [loss.kind for loss in pieces.address_loss("x", "::1")] == [LossKind.ADDRESS]
    assert pieces.address_loss("x", "name.example") == ()
    assert pieces.protocols("1.3") == ("TLSv1.3",)
    assert pieces.protocols("1.2") == ("TLSv1.2", "TLSv1.3")


def test_for_ever_is_24_days_and_more_is_said_to_be_cut_short():
    day = 86_400
    assert pieces.idle("x", RELAY) == (24 * day, ())
    assert pieces.idle("x", replace(RELAY, idle_seconds=2.5)) == (2.5, ())
    seconds, (loss,) = pieces.idle("x", replace(RELAY, idle_seconds=25.0 * day))
    assert seconds == 24 * day
    assert loss.field == "idle_seconds"


def test_a_file_has_a_name_that_every_system_takes():
    assert pieces.file_name("Scale \u00e0 la gate/2", "cfg") == "scale-a-la-gate-2.cfg"
    assert pieces.file_name("\u79e4", "cfg") == "relay.cfg"
