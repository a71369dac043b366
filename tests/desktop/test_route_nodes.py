"""The boxes of the picture, which lines are secret, and where a problem belongs."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, Problem
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule_desktop.route_nodes import (
    NodeKind,
    Privacy,
    failed_node,
    is_this_computer,
    join_port,
    route_nodes,
)
from tests.desktop.relay_facts import CHAIN, SCALE, spec


def test_bascule_stands_in_the_middle() -> None:
    nodes = route_nodes(SCALE)
    assert [node.kind for node in nodes] == [NodeKind.SOURCE, NodeKind.BASCULE, NodeKind.TARGET]
    assert (nodes[0].icon, nodes[0].label, nodes[0].detail) == (
        "computer",
        "This computer",
        "port 2001",
    )
    assert (nodes[2].icon, nodes[2].label, nodes[2].detail) == ("serial", "COM5", "9600 8N1")


def test_a_chain_shows_every_hop() -> None:
    labels = [node.label for node in route_nodes(CHAIN)]
    assert labels == ["This computer", "Bascule", "10.0.0.3", "10.9.9.9", "db.example"]


def test_hops_of_the_source_are_nearest_bascule_first() -> None:
    far = TcpConnect("a.example", 1, via=(ProxyHop("5", "10.0.0.1"), ProxyHop("5", "10.0.0.2")))
    nodes = route_nodes(spec(far, SerialPort("COM5")))
    assert [node.label for node in nodes] == [
        "a.example",
        "10.0.0.2",
        "10.0.0.1",
        "Bascule",
        "COM5",
    ]


def test_locks_stand_where_it_is_encrypted() -> None:
    relay = spec(
        TcpListen(8443, "0.0.0.0", tls=ServerTls("/c", "/k")),
        TcpConnect("a.example", 443, via=(ProxyHop(),), tls=ClientTls(verify=False)),
    )
    nodes = route_nodes(relay)
    assert nodes[0].label == "Your network"
    assert [node.privacy for node in nodes[1:]] == [
        Privacy.ENCRYPTED,
        Privacy.UNVERIFIED,
        Privacy.UNVERIFIED,
    ]


def test_sockets_and_onions_have_their_icons() -> None:
    nodes = route_nodes(spec(UnixListen("/a"), UnixConnect("/b")))
    assert {nodes[0].icon, nodes[2].icon} == {"socket-file"}
    onion = TcpConnect("abc.onion", 80, via=(ProxyHop("5", "127.0.0.1", 9050),))
    icons = [node.icon for node in route_nodes(spec(TcpListen(1), onion))]
    assert icons == ["computer", "app", "onion", "onion"]


@pytest.mark.parametrize(
    ("field", "index"),
    [
        ("source.port", 0),
        ("source.tls", 0),
        ("target.via.0.host", 2),
        ("target.via.0", 2),
        ("target.via.1", 3),
        ("target", 4),
        ("target.tls.authority", 4),
        (None, 4),
    ],
)
def test_a_problem_belongs_to_a_node(field: str | None, index: int) -> None:
    assert failed_node(route_nodes(CHAIN), Problem(ErrorCode.TIMED_OUT, "", field)) == index


def test_addresses() -> None:
    assert join_port("::1", 80) == "[::1]:80"
    assert join_port("[::1]", 80) == "[::1]:80"
    assert is_this_computer("LOCALHOST.")
    assert is_this_computer("127.0.0.5")
    assert not is_this_computer("10.0.0.1")
