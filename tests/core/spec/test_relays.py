"""Rules between the two ends: a relay that meets itself, and one that the network may reach."""

from __future__ import annotations

import pytest
from hypothesis import given

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import (
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Source
from bascule.spec.relays import RelaySpec
from tests.helpers.specs import hosts

ELSEWHERE = TcpConnect("db.example", 5432)


@pytest.mark.parametrize(
    ("listen", "connect"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "localhost"),
        ("127.0.0.1", "LOCALHOST."),
        ("127.0.0.1", "0.0.0.0"),
        ("127.0.0.1", "::ffff:127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("::1", "localhost"),
        ("::1", "[::1]"),
        ("::1", "::"),
        ("0.0.0.0", "127.0.0.1"),
        ("0.0.0.0", "127.9.9.9"),
        ("0.0.0.0", "localhost"),
        ("0.0.0.0", "0.0.0.0"),
        ("::", "127.0.0.1"),
        ("::", "::1"),
        ("[::]", "localhost"),
        ("localhost", "localhost"),
        ("localhost", "127.0.0.1"),
        ("localhost.", "::1"),
        ("Host.example", "host.example."),
        ("192.168.1.5", "192.168.1.5"),
        ("fe80::1%eth0", "fe80::1%eth0"),
    ],
)
def test_a_relay_that_connects_to_itself_is_refused(listen: str, connect: str):
    with pytest.raises(SpecError) as caught:
        RelaySpec(TcpListen(80, listen), TcpConnect(connect, 80))
    assert caught.value.code is ErrorCode.RELAY_LOOP
    assert caught.value.field == "target.port"
    RelaySpec(TcpListen(80, listen), TcpConnect(connect, 81))
    RelaySpec(TcpListen(80, listen), TcpConnect(connect, 80, (ProxyHop(),)))


@pytest.mark.parametrize(
    ("listen", "connect"),
    [
        ("127.0.0.1", "127.0.0.2"),
        ("127.0.0.2", "localhost"),
        ("127.0.0.1", "::1"),
        ("0.0.0.0", "::1"),
        ("0.0.0.0", "192.168.1.5"),
        ("::", "192.168.1.5"),
        ("localhost", "127.0.0.2"),
        ("127.0.0.1", "host.example"),
        ("0.0.0.0", "host.example"),
        ("host.example", "127.0.0.1"),
        ("fe80::1%eth0", "fe80::1%eth1"),
    ],
)
def test_the_same_port_elsewhere_may_be_the_target(listen: str, connect: str):
    RelaySpec(TcpListen(80, listen), TcpConnect(connect, 80))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (UnixListen("/run/x"), UnixConnect("/run/x")),
        (SerialPort("COM5"), SerialPort("com5", 115200)),
    ],
)
def test_an_end_joined_to_itself_is_refused(
    source: UnixListen | SerialPort, target: UnixConnect | SerialPort
):
    with pytest.raises(SpecError) as caught:
        RelaySpec(source, target)
    assert (caught.value.code, caught.value.field) == (ErrorCode.RELAY_LOOP, "target")


def test_different_ends_of_one_kind_may_be_joined():
    RelaySpec(UnixListen("/run/x"), UnixConnect("/run/y"))
    RelaySpec(SerialPort("COM5"), SerialPort("COM6"))
    RelaySpec(TcpConnect("h", 1), TcpConnect("h", 1))


@given(hosts, hosts)
def test_any_two_hosts_are_compared(listen: str, connect: str):
    try:
        source, target = TcpListen(80, listen), TcpConnect(connect, 80)
    except SpecError:
        return
    loop: SpecError | None = None
    try:
        RelaySpec(source, target)
    except SpecError as exc:
        loop = exc
    assert listen != connect if loop is None else loop.code is ErrorCode.RELAY_LOOP


@pytest.mark.parametrize(
    ("source", "listens"),
    [
        (TcpListen(1), True),
        (UnixListen("/x"), True),
        (SerialPort("COM5"), False),
        (TcpConnect("h", 1), False),
        (UnixConnect("/x"), False),
    ],
)
def test_whether_the_source_waits(source: Source, listens: bool):
    assert RelaySpec(source, ELSEWHERE).listens is listens


@pytest.mark.parametrize(
    ("host", "exposed"),
    [
        ("127.0.0.1", False),
        ("127.0.0.9", False),
        ("::1", False),
        ("[::1]", False),
        ("localhost", False),
        ("Localhost.", False),
        ("0.0.0.0", True),
        ("::", True),
        ("192.168.1.5", True),
        ("fe80::1%eth0", True),
        ("scales.example", True),
    ],
)
def test_the_network_may_reach_it(host: str, exposed: bool):
    assert RelaySpec(TcpListen(1, host), ELSEWHERE).exposed is exposed


def test_a_rule_about_who_may_connect_ends_the_exposure():
    tls, mutual = ServerTls("c", "k"), ServerTls("c", "k", client_authority="a")
    assert RelaySpec(TcpListen(1, "::", tls), ELSEWHERE).exposed
    assert not RelaySpec(TcpListen(1, "::", mutual), ELSEWHERE).exposed
    assert not RelaySpec(TcpListen(1, "::"), ELSEWHERE, ("10.0.0.0/8",)).exposed
    assert not RelaySpec(UnixListen("/x"), ELSEWHERE).exposed
    assert not RelaySpec(SerialPort("COM5"), ELSEWHERE).exposed


@pytest.mark.parametrize(
    "wrong",
    [
        {"overflow": ""},
        {"overflow": "drop"},
        {"idle_seconds": -1},
        {"idle_seconds": float("nan")},
        {"max_connections": -1},
        {"retry_first_seconds": 0},
        {"retry_first_seconds": 9, "retry_longest_seconds": 8},
        {"allow": ("10.0.0.256",)},
    ],
)
def test_a_wrong_rule_is_named(wrong: dict[str, object]):
    with pytest.raises(SpecError) as caught:
        RelaySpec(TcpListen(1), ELSEWHERE, **wrong)  # pyright: ignore[reportArgumentType]
    assert caught.value.field == next(iter(wrong))
