"""A relay as a command: a shell and socat read it as it was meant, and what is left out is said."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from hypothesis import given

from bascule.errors import SpecError
from bascule.spec.built_in import Room
from bascule.spec.endpoints import (
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
)
from bascule.spec.ends import Dual, Failover
from bascule.spec.export.exported import LossKind
from bascule.spec.export.socat import say, write_socat
from bascule.spec.local import File, Program
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import parse_command
from tests.helpers.specs import filled_lines

PLAIN = RelaySpec(TcpListen(80), TcpConnect("h", 1))


def read(relay: RelaySpec) -> RelaySpec:
    """What socat makes of the words that a shell makes of the text."""
    words = shlex.split(write_socat(relay, "x").text.replace("\\\n", ""))
    assert words[0] == "socat"
    return parse_command(words[1:], strict=True).relay


def test_a_command_with_an_address_on_each_line():
    assert write_socat(PLAIN, "Name").text == (
        "socat -t 1000000 \\\n"
        "    TCP-LISTEN:80,bind=127.0.0.1,keepalive,nodelay,fork \\\n"
        "    TCP:h:1,connect-timeout=10,keepalive,nodelay\n"
    )
    assert read(PLAIN) == PLAIN
    assert say(PLAIN).lost == ()


@given(filled_lines.filter(str.strip))
def test_any_path_and_any_command_come_back(text: str):
    for target in (UnixConnect(f"/{text}"), Program(command=text, interpreter="system")):
        relay = replace(PLAIN, target=target)
        try:
            found = read(relay)
        except SpecError as exc:
            assert exc.facts["rule"] == "socat"
        else:
            assert found == relay


def test_only_what_must_is_left_out():
    relay = replace(
        PLAIN, connections_per_client=3, idle_seconds=7.0, max_connections=5, allow=("10.0.0.5",)
    )
    left = replace(relay, connections_per_client=0, overflow="queue", allow=("10.0.0.5/32",))
    assert read(relay) == left
    assert [loss.field for loss in say(relay).lost] == ["connections_per_client", "overflow"]
    assert "lets a connection above the limit wait" in say(relay).lost[1].message


def test_of_several_networks_socat_would_let_in_one():
    (loss,) = say(replace(PLAIN, allow=("10.0.0.0/8", "::1"))).lost
    assert loss.kind is LossKind.ALLOW
    assert "::1" in loss.message


def test_settings_deep_within_are_left_out_too():
    target = Dual(reading=TcpConnect("h", 1, low_port=True), writing=File(path="/x"))
    relay = replace(PLAIN, target=target, retry_first_seconds=9.0)
    assert [loss.field for loss in say(relay).lost] == ["retry_first_seconds"]
    assert read(relay).target == target


def test_what_ends_is_to_be_run_again():
    relay = RelaySpec(SerialPort("/dev/x"), TcpConnect("h", 1))
    assert [loss.kind for loss in say(relay).lost] == [LossKind.AGAIN]
    assert read(relay).once


def test_a_serial_target_turns_nobody_away_there():
    serial = replace(PLAIN, target=SerialPort("/dev/x"))
    assert [loss.field for loss in say(serial).lost] == ["overflow"]
    assert say(replace(serial, overflow="queue")).lost == ()
    assert "away" in say(replace(PLAIN, max_connections=0, overflow="queue")).lost[0].message


def test_passwords_are_to_be_written_by_hand():
    hop = ProxyHop("5", "proxy.example", 1080, "me", "reference")
    said = say(replace(PLAIN, target=TcpConnect("h.example", 1, via=(hop,))))
    assert any("sockspass=PASSWORD" in word for word in said.words)
    assert [loss.kind for loss in said.lost] == [LossKind.PASSWORD]


def test_socat_asks_for_the_passphrase_of_a_key_itself():
    tls = ServerTls("/c", "/k", key_passphrase="reference")
    said = say(replace(PLAIN, source=TcpListen(80, tls=tls)))
    assert [loss.kind for loss in said.lost] == [LossKind.PASSPHRASE]
    assert any(",key=/k," in word for word in said.words)


@pytest.mark.parametrize(
    ("relay", "why"),
    [
        (replace(PLAIN, target=Room()), r"kind of end \(room\)"),
        (replace(PLAIN, target=Failover(targets=(PLAIN.target,))), "failover"),
        (replace(PLAIN, target=TcpConnect("h", 1, proxy_header="v1")), "proxy-header"),
    ],
)
def test_refused(relay: RelaySpec, why: str):
    with pytest.raises(SpecError, match=why):
        say(relay)
