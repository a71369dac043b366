"""What is lost: every setting that is unusual, and that nobody has told the other program."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import ProxyHop, SerialPort, TcpConnect, TcpListen, UnixConnect
from bascule.spec.ends import Failover
from bascule.spec.export.exported import LossKind
from bascule.spec.export.lost import (
    losses,
    own_path,
    plain_path,
    settings,
    unusual,
    without_effect,
)
from bascule.spec.options import Retry
from bascule.spec.relays import RelaySpec

PLAIN = RelaySpec(TcpListen(80), TcpConnect("h", 1))
TOLD = settings("", "port", "host port")


def test_settings_are_named_by_their_end():
    assert settings("idle_seconds allow", "port", "host tls.key") == {
        "idle_seconds", "allow", "source.port", "target.host", "target.tls.key",
    }  # fmt: skip


def test_what_is_usual_is_not_lost():
    assert losses(PLAIN, TOLD, "x") == ()
    assert {path for path, _help, _value in unusual(PLAIN)} == {
        "source.port", "target.host", "target.port",
    }  # fmt: skip


def test_each_loss_is_a_sentence_with_its_value_and_the_open_door_comes_first():
    relay = replace(
        PLAIN,
        once=True,
        idle_seconds=2.5,
        allow=("10.0.0.0/8", "::1"),
        source=TcpListen(80, retry=Retry(3)),
    )
    found = losses(relay, TOLD, "prog")
    assert found[0].kind is LossKind.ALLOW
    assert found[0].message.endswith("Let a firewall keep out all but 10.0.0.0/8, ::1.")
    assert [(loss.field, loss.facts["value"]) for loss in found[1:]] == [
        ("source.retry", "yes"),
        ("source.retry.times", "3"),
        ("idle_seconds", "2.5"),
        ("once", "yes"),
    ]
    assert found[-1].message == (
        "prog has no setting for: stop after the first connection has ended (yes)."
    )


def test_targets_that_lose_the_same_lose_it_once():
    targets = tuple(TcpConnect(host, 1, nodelay=False) for host in "ab")
    relay = replace(PLAIN, target=Failover(targets=targets))
    assert [loss.field for loss in losses(relay, TOLD, "x")] == ["target.nodelay"]
    assert plain_path("target.targets.1.via.0.host") == "target.via.host"


def test_without_a_proxy_it_would_be_another_relay():
    hop = ProxyHop("5", "proxy.example", 1080)
    with pytest.raises(SpecError, match="it goes through a proxy") as caught:
        losses(replace(PLAIN, target=TcpConnect("h", 1, via=(hop,))), TOLD, "x")
    assert caught.value.field == "target.via"


def test_what_does_nothing_cannot_be_lost():
    serial = replace(PLAIN, target=SerialPort("/dev/x"))
    for path, plain, with_serial in (
        ("linger_seconds", True, False),
        ("overflow", True, False),
        ("max_connections", False, True),
        ("allow", False, False),
        ("once", False, False),
    ):
        assert (without_effect(PLAIN, path), without_effect(serial, path)) == (plain, with_serial)
    assert losses(replace(PLAIN, linger_seconds=9.0), TOLD, "x") == ()


def test_the_own_end_of_a_unix_socket_is_no_address():
    assert own_path(PLAIN) == frozenset()
    assert own_path(replace(PLAIN, target=UnixConnect("/far"))) == {"target.bind"}
