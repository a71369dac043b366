"""Commands of netcat as relays."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.built_in import Room
from bascule.spec.datagrams import UdpConnect, UdpListen, UnixReceive, UnixSendTo
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.foreign.found import Found
from bascule.spec.foreign.netcat import read_netcat
from bascule.spec.foreign.shell import read_calls
from bascule.spec.foreign.words import whole
from bascule.spec.local import File, Program, Standard
from bascule.spec.relays import RelaySpec


def found(text: str) -> Found:
    (call,) = read_calls(whole(text), "posix")
    (made,) = read_netcat(call, "linux")
    return made


def relay(text: str) -> RelaySpec:
    spec = found(text).relay
    assert spec is not None
    return spec


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("nc -l 8080", "0.0.0.0", 8080),
        ("nc -l -p 8080", "0.0.0.0", 8080),
        ("nc -lp 8080 127.0.0.1", "127.0.0.1", 8080),
        ("ncat -l 127.0.0.1 8080", "127.0.0.1", 8080),
        ("netcat -l -s 10.0.0.1 http", "10.0.0.1", 80),
        ("nc -6 -l 8080", "::", 8080),
    ],
)
def test_listening(text: str, host: str, port: int) -> None:
    spec = relay(text)
    assert isinstance(spec.source, TcpListen)
    assert (spec.source.host, spec.source.port) == (host, port)
    assert isinstance(spec.target, Standard)
    assert spec.once


def test_listening_for_many() -> None:
    spec = relay("ncat -lk 80 -m 5 --allow 10.0.0.0/8,::1 -i 2m --sh-exec 'cat; date'")
    assert (spec.once, spec.max_connections, spec.idle_seconds) == (False, 5, 120)
    assert spec.allow == ("10.0.0.0/8", "::1")
    assert isinstance(spec.target, Program)
    assert (spec.target.command, spec.target.interpreter) == ("cat; date", "system")
    assert relay("while true; do nc -l 80; done").max_connections == 1


def test_connecting() -> None:
    spec = relay("nc -4 -w 3 -s 10.0.0.2 -p 99 -q 2 web 443")
    assert isinstance(spec.target, TcpConnect)
    assert (spec.target.host, spec.target.port, spec.target.family) == ("web", 443, "ipv4")
    assert (spec.target.bind, spec.target.source_port) == ("10.0.0.2", 99)
    assert (spec.target.connect_timeout_seconds, spec.half_close_seconds) == (3, 2)
    target = relay("ncat web").target
    assert isinstance(target, TcpConnect)
    assert target.port == 31337


def test_other_transports() -> None:
    assert isinstance(relay("nc -u web 53").target, UdpConnect)
    assert isinstance(relay("nc -ul 53").source, UdpListen)
    assert isinstance(relay("nc -U /tmp/s").target, UnixConnect)
    assert isinstance(relay("nc -lU /tmp/s").source, UnixListen)
    assert isinstance(relay("nc -uU /tmp/s").target, UnixSendTo)
    assert isinstance(relay("nc -luU /tmp/s").source, UnixReceive)


def test_tls() -> None:
    target = relay("ncat --ssl web 443").target
    assert isinstance(target, TcpConnect)
    assert target.tls == ClientTls(verify=False)
    target = relay("ncat --ssl-verify --ssl-trustfile ca --ssl-servername n web 443").target
    assert isinstance(target, TcpConnect)
    assert target.tls == ClientTls(authority="ca", server_name="n")
    source = relay("ncat -l --ssl --ssl-cert c --ssl-key k 443").source
    assert isinstance(source, TcpListen)
    assert source.tls == ServerTls(certificate="c", key="k")


def test_a_certificate_that_is_not_verified_is_a_warning() -> None:
    assert any(each.matters for each in found("ncat --ssl web 443").verdicts)


@pytest.mark.parametrize(
    ("text", "hop"),
    [
        ("nc -x p:1 web 80", ProxyHop(version="5", host="p", port=1)),
        ("nc -X 4 -x p web 80", ProxyHop(version="4", host="p", port=1080)),
        ("nc -X connect -x p:8 web 80", ProxyHop(version="http", host="p", port=8)),
        ("ncat --proxy p web 80", ProxyHop(version="http", host="p", port=3128)),
        ("ncat --proxy p:1 --proxy-type socks4 web 80", ProxyHop(version="4", host="p", port=1)),
    ],
)
def test_proxies(text: str, hop: ProxyHop) -> None:
    target = relay(text).target
    assert isinstance(target, TcpConnect)
    assert target.via == (hop,)


def test_a_password_stands_apart() -> None:
    made = found("ncat --proxy p:1 --proxy-auth me:hunter2 web 80")
    assert dict(made.secrets) == {"proxy-1": "hunter2"}
    assert "hunter2" not in repr(made)
    assert isinstance(made.relay and made.relay.target, TcpConnect)


def test_directions_rooms_and_lines() -> None:
    assert relay("ncat --recv-only web 80").direction == "down"
    assert relay("ncat -l --recv-only 80").direction == "up"
    assert relay("ncat --send-only web 80").direction == "up"
    assert relay("ncat -l --chat 80").target == Room(include_self=False)
    assert relay("ncat -l --broker 80").target == Room(announce=False, include_self=False)
    shape = relay("nc -C web 80").target.shape
    assert shape is not None and shape.line_ending == "crlf"


def test_pipes_and_files() -> None:
    spec = relay("nc -l 80 > out")
    assert isinstance(spec.target, File)
    assert spec.direction == "up"
    assert found("tar c . | nc web 80").runs == ("tar c .",)


@pytest.mark.parametrize(
    ("text", "token", "code"),
    [
        ("nc -z web 80", "z", ErrorCode.NOT_ON_THIS_SYSTEM),
        ("nc -l", "nc", ErrorCode.VALUE_MISSING),
        ("nc", "nc", ErrorCode.VALUE_MISSING),
        ("nc web", "nc", ErrorCode.VALUE_MISSING),
        ("nc -U", "nc", ErrorCode.VALUE_MISSING),
        ("nc web 80 90", "90", ErrorCode.VALUE_INVALID),
        ("nc web 70000", "70000", ErrorCode.VALUE_INVALID),
        ("nc -K web 80", "K", ErrorCode.VALUE_INVALID),
        ("ncat -q 1 web 80", "q", ErrorCode.VALUE_INVALID),
        ("nc -X 9 -x p web 80", "9", ErrorCode.VALUE_INVALID),
        ("ncat -l --ssl 80", "--ssl", ErrorCode.VALUE_MISSING),
        ("ncat -lk -m x 80", "x", ErrorCode.VALUE_INVALID),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(text: str, token: str, code: ErrorCode) -> None:
    with pytest.raises(SpecError) as caught:
        found(text)
    assert caught.value.code is code
    assert text.startswith(token, int(caught.value.facts["position"]))
