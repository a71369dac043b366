"""Every field of every spec, every choice and every kind has a label."""

from __future__ import annotations

import typing

import pytest

from bascule.spec.fields import Spec, fields_of
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.hint_words import hints
from bascule_desktop.labels import (
    choice_label,
    field_hint,
    field_label,
    label_of_reached,
    members,
    path_label,
)


def every_spec() -> list[type[Spec]]:
    """Profile, and all that it can hold."""
    found: list[type[Spec]] = []
    pending: list[type[Spec]] = [Profile]
    while pending:
        spec = pending.pop()
        if spec in found:
            continue
        found.append(spec)
        for hint in typing.get_type_hints(spec).values():
            pending += members(hint)
    return found


def test_all_specs_are_found() -> None:
    found = {spec.__name__ for spec in every_spec()}
    assert {"Profile", "RelaySpec", "TcpListen", "ServerTls", "ProxyHop", "Retry"} <= found
    assert {"UdpListen", "Program", "Failover", "Room"} <= found


@pytest.mark.parametrize("spec", every_spec(), ids=lambda spec: spec.__name__)
def test_every_field_and_choice_has_a_label(spec: type[Spec]) -> None:
    for name, described in fields_of(spec).items():
        assert field_label(spec.__name__, name), name
        for choice in described.choices:
            assert choice_label(name, choice), (name, choice)


def test_a_hint_belongs_to_a_field() -> None:
    known = {f"{spec.__name__}.{name}" for spec in every_spec() for name in fields_of(spec)}
    known |= {name.partition(".")[2] for name in known}
    assert set(hints()) <= known
    assert field_hint("UdpListen", "host") != field_hint("UdpConnect", "host") != ""


@pytest.mark.parametrize(
    ("spec", "name", "path", "label"),
    [
        ("TcpConnect", "host", "source.host", "Host to reach"),
        ("UdpConnect", "port", "source.port", "Port to reach"),
        ("TcpConnect", "host", "target.host", ""),
        ("UdpListen", "host", "source.host", ""),
        ("TcpConnect", "family", "source.family", ""),
    ],
)
def test_a_source_that_is_reached_is_not_called_a_target(
    spec: str, name: str, path: str, label: str
) -> None:
    assert label_of_reached(spec, name, path) == label


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("source.port", "Port to listen on"),
        ("target.port", "Target port"),
        ("target.via.1.password", "Password (proxy 2)"),
        ("target.via.0.host", "Proxy host (proxy 1)"),
        ("target.targets.1.host", "Target host (target 2)"),
        ("source.tls.key", "Key file"),
        ("target.tls.key", "Key of your certificate"),
        ("allow.0", "Who may connect"),
        ("name", "Name"),
        ("relay.target.device", "Serial port"),
        ("nothing.of.this", ""),
        ("", ""),
    ],
)
def test_a_path_leads_to_its_label(path: str, label: str) -> None:
    assert path_label(path) == label


def test_a_relay_is_a_spec_with_labels() -> None:
    assert members(RelaySpec) == [RelaySpec]
    assert members(str) == []
