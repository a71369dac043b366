"""TCP, TLS, proxies and Unix stream sockets in socat's words."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.socat.ends import read_end
from bascule.spec.socat.given import Context
from tests.core.spec.socat.test_ends import read, read_whole, verdicts


@pytest.mark.parametrize(
    ("text", "bind", "port"),
    [
        ("TCP:h:1,bind=10.0.0.1", "10.0.0.1", 0),
        ("TCP:h:1,bind=10.0.0.1:99", "10.0.0.1", 99),
        ("TCP:h:1,bind=:99", "", 99),
        ("TCP:h:1,bind=[::1]:99", "::1", 99),
        ("TCP:h:1,bind=[::1]", "::1", 0),
        ("TCP:h:1,bind=10.0.0.1,sp=7", "10.0.0.1", 7),
        ("TCP:h:1,bind=host.example", "host.example", 0),
        ("OPENSSL:h:1,bind=10.0.0.1,verify=0", "10.0.0.1", 0),
    ],
)
def test_where_it_connects_from(text: str, bind: str, port: int):
    end = read(text)
    assert (end.bind, end.source_port) == (bind, port)


@pytest.mark.parametrize(
    ("text", "host", "family"),
    [
        ("TCP-LISTEN:1", "0.0.0.0", "any"),
        ("TCP4-LISTEN:1", "0.0.0.0", "ipv4"),
        ("TCP6-LISTEN:1", "::", "any"),
        ("TCP6-LISTEN:1,ipv6only", "::", "ipv6"),
        ("TCP-LISTEN:1,bind=[::1]", "::1", "any"),
        ("TCP-LISTEN:1,bind=", "0.0.0.0", "any"),
        ("TCP4-LISTEN:1,bind=127.0.0.1", "127.0.0.1", "ipv4"),
        ("OPENSSL-LISTEN:1,cert=c,verify=0,pf=ip6", "::", "any"),
    ],
)
def test_where_it_listens(text: str, host: str, family: str):
    end = read(text)
    assert (end.host, end.family) == (host, family)


def test_where_it_listens_if_ipv6_is_preferred():
    context = Context(strict=False, any_group=False, system="linux", prefer="6")
    for text, host in (("TCP-LISTEN:1", "::"), ("TCP4-LISTEN:1", "0.0.0.0")):
        assert getattr(read_end(text, context).end, "host", "") == host


def test_socks_5_has_its_own_port_as_an_option_too():
    assert read("SOCKS5:p:h:1,socksport=7").via[0].port == 7


def test_who_listens_to_the_whole_network_is_told():
    assert "on the whole network" in verdicts("TCP-LISTEN:1")["TCP-LISTEN"][1]
    assert "TCP-LISTEN" not in verdicts("TCP-LISTEN:1,bind=127.0.0.1")


LISTEN: dict[str, Any] = {"host": "0.0.0.0", "keepalive": False}
CONNECT: dict[str, Any] = {"connect_timeout_seconds": 120.0, "keepalive": False}


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (
            "TCP-LISTEN:80,backlog=9,keepalive,nodelay=0,accept-timeout=3,proxy-header",
            TcpListen(
                80, "0.0.0.0", backlog=9, nodelay=False, accept_timeout_seconds=3.0,
                proxy_header=True,
            ),
        ),
        (
            "TCP:h:80,connect-timeout=5,lowport,proxy-header=v2",
            TcpConnect(
                "h", 80, connect_timeout_seconds=5.0, low_port=True, proxy_header="v2",
                keepalive=False,
            ),
        ),
        ("TCP-LISTEN:80,tls,cert=c,verify=0", TcpListen(80, tls=ServerTls("c", "c"), **LISTEN)),
        ("TCP:h:80,tls", TcpConnect("h", 80, tls=ClientTls(), **CONNECT)),
        (
            "OPENSSL-LISTEN:443,cert=c,key=k,cafile=a,cipher=HIGH,min-proto-version=TLS1.3",
            TcpListen(
                443,
                tls=ServerTls(
                    "c", "k", client_authority="a", ciphers="HIGH", minimum_version="1.3"
                ),
                **LISTEN,
            ),
        ),
        (
            "OPENSSL:h:443,cert=c,key=k,cafile=a,no-sni,commonname=n,cipher=HIGH",
            TcpConnect(
                "h",
                443,
                tls=ClientTls(
                    authority="a", server_name="n", certificate="c", key="k", ciphers="HIGH",
                    send_name=False,
                ),
                **CONNECT,
            ),
        ),
        ("OPENSSL:h:443,verify=0", TcpConnect("h", 443, tls=ClientTls(verify=False), **CONNECT)),
        (
            "SOCKS4:[::1]:h:80,socksuser=me",
            TcpConnect("h", 80, via=(ProxyHop("4", "::1", 1080, "me"),), **CONNECT),
        ),
        (
            "SOCKS4A:p:h:80,socksport=1081",
            TcpConnect("h", 80, via=(ProxyHop("4a", "p", 1081),), **CONNECT),
        ),
        (
            "SOCKS5:p:1081:h:80,socksuser=me,sockspass=x",
            TcpConnect("h", 80, via=(ProxyHop("5", "p", 1081, "me", "socat-1"),), **CONNECT),
        ),
        (
            "PROXY:p:h:443,proxyport=3128,proxyauth=me:x:y,resolve",
            TcpConnect("h", 443, via=(ProxyHop("http", "p", 3128, "me", "socat-1"),), **CONNECT),
        ),
        (
            "TCP:h:80,hop=5:p:1080:me:x,hop=http:'[::1]':8080",
            TcpConnect(
                "h",
                80,
                via=(ProxyHop("5", "p", 1080, "me", "socat-1"), ProxyHop("http", "::1", 8080)),
                **CONNECT,
            ),
        ),
        (
            "UNIX-LISTEN:/x,fork,mode=0660,user=u,group=g,unlink-early,unlink-close=0,backlog=7",
            UnixListen("/x", "0660", owner="u:g", remove_after=False, backlog=7),
        ),
        ("UNIX-LISTEN:x,cd=/tmp,umask=007", UnixListen("/tmp/x", "770")),
        ("ABSTRACT-LISTEN:x", UnixListen("x", abstract=True)),
        ("ABSTRACT-CONNECT:x,bind=y", UnixConnect("x", abstract=True, bind="y")),
        ("UNIX-CLIENT:/a:b,connect-timeout=2", UnixConnect("/a:b", connect_timeout_seconds=2.0)),
        (
            "UNIX-CONNECT:/x,tls,commonname=n",
            UnixConnect("/x", tls=ClientTls(server_name="n")),
        ),
    ],
)  # fmt: skip
def test_an_address_is_an_end(text: str, end: object):
    assert read(text) == end


@pytest.mark.parametrize(
    ("option", "version", "kind"),
    [
        ("TLS1.3", "1.3", "native"),
        ("TLSv1.2", "1.2", "native"),
        ("1.2", "1.2", "native"),
        ("TLS1", "1.2", "ignored"),
        ("SSL3", "1.2", "ignored"),
    ],
)
def test_old_versions_of_tls_are_not_used(option: str, version: str, kind: str):
    word = f"OPENSSL:h:1,min-version={option}"
    assert read(word).tls.minimum_version == version
    assert verdicts(word)[f"min-version={option}"][0] == kind


def test_one_name_is_asked_for_and_verified():
    both = verdicts("OPENSSL:h:1,commonname=n,snihost=s")
    assert both["snihost=s"][0] == "ignored"
    assert read("OPENSSL:h:1,commonname=n,snihost=s").tls.server_name == "n"
    assert read("OPENSSL:h:1,snihost=s").tls.server_name == "s"
    assert verdicts("OPENSSL:h:1,snihost=s")["snihost=s"][0] == "emulated"
    assert verdicts("OPENSSL:h:1,commonname=")["commonname="][0] == "ignored"
    assert verdicts("OPENSSL:h:1,servername=h")["servername=h"][0] == "unknown in 1.8"


def test_what_protects_nobody_is_told():
    (verdict,) = (
        each for each in read_whole("OPENSSL:h:1,verify=0").finish() if each.token == "verify=0"
    )
    assert verdict.matters
    assert "Nobody checks" in verdict.text


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("OPENSSL-LISTEN:1", ErrorCode.VALUE_MISSING, "cert=FILE is missing"),
        ("OPENSSL-LISTEN:1,cert=c", ErrorCode.VALUE_MISSING, "cafile=FILE is missing"),
        ("OPENSSL-LISTEN:1,cert=c,cafile=a,cn=x", ErrorCode.VALUE_INVALID, "by any name"),
        ("OPENSSL:h:1,min-version=x", ErrorCode.VALUE_INVALID, "it wants TLS1.2 or TLS1.3"),
        ("OPENSSL:h:1,capath=x", ErrorCode.NOT_ON_THIS_SYSTEM, "cafile="),
        ("TCP-LISTEN:1,bind=a:2", ErrorCode.VALUE_INVALID, "the port is said already"),
        ("TCP:h:1,connect-timeout=0", ErrorCode.VALUE_INVALID, "seconds from 0.1 to 3600"),
        ("TCP:h:1,hop=5:p", ErrorCode.VALUE_INVALID, "hop wants version:host:port"),
        ("TCP:h:1,hop=6:p:1", ErrorCode.VALUE_INVALID, "must be one of 4, 4a, 5, http"),
        ("PROXY:p:h:1,proxyauth=:x", ErrorCode.VALUE_INVALID, "it wants user:password"),
        ("SOCKS4:p:[::1]:1", ErrorCode.VALUE_INVALID, "use SOCKS 5"),
        ("UNIX-CONNECT:/x,tls", ErrorCode.VALUE_MISSING, "server_name is missing"),
        ("TCP:h:1,tcpwrap", ErrorCode.VALUE_INVALID, "is not for TCP-CONNECT"),
        ("TCP-LISTEN:1,tcpwrap", ErrorCode.NOT_ON_THIS_SYSTEM, "use range="),
    ],
)
def test_what_cannot_be(text: str, code: ErrorCode, said: str):
    with pytest.raises(SpecError) as caught:
        read_whole(text).finish()
    assert said in caught.value.message
    assert caught.value.code is code


def test_what_is_left_out_with_a_word():
    assert verdicts("SOCKS4:p:h:1,sockspass=x")["sockspass=…"][0] == "ignored"
    assert verdicts("SOCKS5:p:1:h:1,socksport=2")["socksport=2"][0] == "ignored"
    assert verdicts("PROXY:p:h:1,resolve=0")["resolve=0"][0] == "ignored"
    assert verdicts("OPENSSL-LISTEN:1,cert=c,verify=0,cafile=a")["cafile=a"][0] == "ignored"
    assert verdicts("UNIX-LISTEN:/x,unlink-early")["unlink-early"][0] == "emulated"
    assert verdicts("UNIX-CLIENT:/x")["UNIX-CLIENT"][0] == "emulated"


@pytest.mark.parametrize(
    ("text", "system", "said"),
    [
        ("UNIX-LISTEN:/x", "windows", "Python on Windows has no Unix sockets"),
        ("ABSTRACT-CONNECT:x", "windows", "Python on Windows has no Unix sockets"),
        ("ABSTRACT-CONNECT:x", "macos", "Only Linux has abstract names"),
        ("TCP:h:1,if=eth0", "macos", "macOS binds no socket to an interface"),
        ("TCP-LISTEN:1,reuseport", "windows", "Windows shares no ports"),
    ],
)
def test_what_a_system_does_not_have(text: str, system: str, said: str):
    def found(where: str) -> list[str]:
        kinds = verdicts(text, system=where).values()
        return [text for kind, text in kinds if kind == "not on this system"]

    assert found("linux") == []
    (sentence,) = found(system)
    assert said in sentence
