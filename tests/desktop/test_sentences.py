"""A relay in words: every kind of source with every kind of target."""

from __future__ import annotations

import itertools

import pytest

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
from bascule.spec.ends import Source, Target
from bascule_desktop.sentences import (
    Hint,
    client_hint,
    client_hints,
    network_addresses,
    route_line,
    sentence,
)
from tests.desktop.relay_facts import CHAIN, SCALE, spec

TLS_IN = ServerTls("/c.pem", "/k.pem")
NAMED = ClientTls(server_name="inner.example")
SOURCES: list[Source] = [
    TcpListen(2001),
    TcpListen(2001, "0.0.0.0"),
    TcpListen(2001, "192.168.1.20"),
    TcpListen(0),
    TcpListen(8443, tls=TLS_IN),
    TcpListen(8443, "::", tls=TLS_IN),
    TcpListen(8443, "192.168.1.20", tls=TLS_IN),
    UnixListen("/run/a.sock"),
    UnixListen("/run/a.sock", tls=TLS_IN),
    TcpConnect("10.0.0.9", 23),
    TcpConnect("localhost", 23),
    TcpConnect("10.0.0.9", 23, tls=ClientTls()),
    TcpConnect("127.0.0.1", 23, tls=ClientTls()),
    TcpConnect("10.0.0.9", 23, via=(ProxyHop(),)),
    UnixConnect("/run/b.sock"),
    UnixConnect("/run/b.sock", tls=NAMED),
    SerialPort("COM3"),
]
TARGETS: list[Target] = [
    TcpConnect("10.0.0.5", 80),
    TcpConnect("127.0.0.1", 80),
    TcpConnect("10.0.0.5", 443, tls=ClientTls()),
    TcpConnect("127.0.0.1", 443, tls=ClientTls()),
    TcpConnect("db.example", 5432, via=(ProxyHop("5", "10.0.0.3"),)),
    TcpConnect("db.example", 5432, via=(ProxyHop(), ProxyHop("4a", "10.0.0.3")), tls=ClientTls()),
    UnixConnect("/run/c.sock"),
    UnixConnect("/run/c.sock", tls=NAMED),
    SerialPort("COM5"),
]
PAIRS = list(itertools.product(SOURCES, TARGETS))


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_pair_has_a_whole_sentence_and_a_line(source: Source, target: Target) -> None:
    relay = spec(source, target)
    said = sentence(relay)
    assert said.startswith("Bascule ")
    assert said.endswith(".")
    assert "{" not in said
    assert "  " not in said
    assert " and passes everything" in said
    assert " → " in route_line(relay)


def test_all_sentences_differ() -> None:
    said = {sentence(spec(s, t)) for s, t in PAIRS}
    assert len(said) == len(SOURCES) * len(TARGETS)


def test_the_scale() -> None:
    assert sentence(SCALE) == (
        "Bascule listens on port 2001 of this computer and passes everything to the serial port "
        "COM5."
    )
    assert route_line(SCALE) == "127.0.0.1:2001 → COM5 · 9600 8N1"


def test_the_way_back() -> None:
    relay = spec(SerialPort("COM5"), TcpConnect("127.0.0.1", 2001))
    assert route_line(relay) == "COM5 · 9600 8N1 → 127.0.0.1:2001"
    assert "opens the serial port COM5" in sentence(relay)


def test_hops_are_named_in_order() -> None:
    assert sentence(CHAIN).endswith("through the proxies at 10.0.0.3:1080, then 10.9.9.9:1080.")
    assert route_line(CHAIN) == ("127.0.0.1:5432 → 10.0.0.3:1080 → 10.9.9.9:1080 → db.example:5432")


def test_hops_of_a_source_stand_between_it_and_bascule() -> None:
    far = TcpConnect("a.example", 1, via=(ProxyHop("5", "10.0.0.1"), ProxyHop("5", "10.0.0.2")))
    line = route_line(spec(far, SerialPort("COM5")))
    assert line == "a.example:1 → 10.0.0.2:1080 → 10.0.0.1:1080 → COM5 · 9600 8N1"


def test_an_allow_list_is_said() -> None:
    relay = spec(TcpListen(2001, "0.0.0.0"), SerialPort("COM5"), allow=("192.168.1.0/24",))
    assert sentence(relay).endswith("Only 192.168.1.0/24 may connect.")


# what to type -----------------------------------------------------------------------------------


def test_nothing_is_typed_where_nobody_connects() -> None:
    relay = spec(SerialPort("COM5"), TcpConnect("10.0.0.5", 1))
    assert client_hints(relay) == []
    assert client_hint(relay) == Hint("", "")


def test_loopback_is_for_this_computer() -> None:
    assert client_hint(SCALE) == ("From this computer", "127.0.0.1:2001")


def test_the_port_that_was_really_taken_counts() -> None:
    relay = spec(TcpListen(0), SerialPort("COM5"))
    assert client_hints(relay) == []
    assert client_hint(relay, ("127.0.0.1:40001",)).command == "127.0.0.1:40001"


def test_the_network_gets_this_computers_own_address() -> None:
    hints = client_hints(spec(TcpListen(2001, "0.0.0.0"), SerialPort("COM5")))
    own = network_addresses()
    assert [hint.command for hint in hints] == [
        *(f"{address}:2001" for address in own),
        "127.0.0.1:2001",
    ]
    assert "127.0.0.1" not in own


@pytest.mark.parametrize(
    ("source", "target", "typed"),
    [
        (TcpListen(9000), TcpConnect("10.0.0.5", 8080), "http://127.0.0.1:9000"),
        (TcpListen(8443, tls=TLS_IN), TcpConnect("10.0.0.5", 80), "https://127.0.0.1:8443"),
        (TcpListen(9000), TcpConnect("a.example", 443), "https://127.0.0.1:9000"),
        (TcpListen(9000), TcpConnect("a.example", 443, tls=ClientTls()), "http://127.0.0.1:9000"),
        (TcpListen(9000), TcpConnect("10.0.0.5", 5432), "127.0.0.1:9000"),
        (TcpListen(9000, "fd00::1"), TcpConnect("10.0.0.5", 5432), "[fd00::1]:9000"),
        (UnixListen("/run/a.sock"), TcpConnect("10.0.0.5", 80), "/run/a.sock"),
    ],
)
def test_what_a_browser_or_a_program_wants(source: Source, target: Target, typed: str) -> None:
    assert client_hint(spec(source, target)).command == typed
