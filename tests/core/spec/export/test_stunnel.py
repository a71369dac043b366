"""stunnel's words for a relay; what it makes of them is in tests/interop/test_exports.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
)
from bascule.spec.ends import Failover
from bascule.spec.export.exported import LossKind
from bascule.spec.export.stunnel import write_stunnel
from bascule.spec.relays import RelaySpec
from tests.helpers.other_programs import statements

SERVER = ServerTls("/a certificate", "/key", client_authority="/ca", ciphers="A:B")
TARGET = TcpConnect("h", 81, keepalive=False)
OFF = RelaySpec(TcpListen(80, tls=SERVER, keepalive=False), TARGET)
ON = RelaySpec(TcpListen(80), replace(TARGET, tls=ClientTls(authority="/a")))


def service(relay: RelaySpec) -> list[str]:
    return statements(write_stunnel(relay, "Name").text)


def test_tls_off():
    assert service(replace(OFF, half_close_seconds=3.5, idle_seconds=9.0)) == [
        "pid =",
        "[name]",
        "accept = 127.0.0.1:80",
        "connect = h:81",
        "delay = yes",
        "cert = /a certificate",
        "key = /key",
        "sslVersionMin = TLSv1.2",
        "ciphers = A:B",
        "CAfile = /ca",
        "requireCert = yes",
        "verifyChain = yes",
        "TIMEOUTidle = 9",
        "TIMEOUTclose = 4",
        "TIMEOUTconnect = 10",
    ]


@pytest.mark.parametrize(
    ("tls", "lines"),
    [
        (
            ClientTls(authority="/a"),
            ["sni = h", "CAfile = /a", "verifyChain = yes", "checkHost = h"],
        ),
        (ClientTls(verify=False, send_name=False), ["sni ="]),
        (ClientTls(verify=False, certificate="/c", key="/k"), ["sni = h", "cert = /c", "key = /k"]),
        (
            ClientTls(authority="/a", server_name="10.0.0.1"),
            ["sni =", "CAfile = /a", "verifyChain = yes", "checkIP = 10.0.0.1"],
        ),
    ],
)
def test_tls_on(tls: ClientTls, lines: list[str]):
    found = service(replace(ON, target=replace(TARGET, tls=tls)))
    begin = found.index("client = yes") + 2
    assert found[begin : found.index("TIMEOUTidle = 2073600")] == lines


def test_the_way_to_the_target():
    targets = (TARGET, replace(TARGET, host="b"))
    found = service(replace(OFF, target=Failover(targets=targets)))
    assert found[3:6] == ["connect = h:81", "connect = b:81", "failover = prio"]
    assert "connect = /far" in service(replace(OFF, target=UnixConnect("/far")))
    found = service(replace(OFF, target=replace(TARGET, proxy_header="v1", bind="::1")))
    assert {"protocol = proxy", "local = ::1"} <= set(found)
    found = service(replace(OFF, target=replace(TARGET, nodelay=False, keepalive=True)))
    assert found[-2:] == ["socket = r:SO_KEEPALIVE=1", "socket = r:TCP_NODELAY=0"]


def test_through_a_web_proxy_without_its_password():
    hop = ProxyHop("http", "proxy.example", 3128, "me", "reference")
    relay = replace(ON, target=replace(ON.target, via=(hop,)))
    found = write_stunnel(relay, "x")
    assert statements(found.text)[3:8] == [
        "connect = proxy.example:3128",
        "protocol = connect",
        "protocolHost = h:81",
        "protocolUsername = me",
        "protocolPassword = PASSWORD",
    ]
    assert [loss.kind for loss in found.lost] == [LossKind.PASSWORD]
    open_to_all = replace(hop, username="", password="")
    found = write_stunnel(replace(ON, target=replace(ON.target, via=(open_to_all,))), "x")
    assert "protocolUsername" not in found.text
    assert found.lost == ()
    with pytest.raises(SpecError, match="through a proxy"):
        write_stunnel(replace(OFF, target=replace(TARGET, via=(hop,))), "x")


@pytest.mark.parametrize(
    ("relay", "why"),
    [
        (RelaySpec(TcpListen(80), TARGET), "TLS on one side"),
        (replace(OFF, target=ON.target), "TLS on one side"),
        (replace(OFF, target=UnixConnect("far")), "begins with /"),
        (replace(OFF, target=replace(TARGET, proxy_header="v2")), "PROXY"),
        (replace(ON, target=replace(ON.target, proxy_header="v1")), "PROXY"),
        (
            replace(OFF, source=TcpListen(80, tls=replace(SERVER, key=" /key"))),
            "cannot hold the characters",
        ),
    ],
)
def test_refused(relay: RelaySpec, why: str):
    with pytest.raises(SpecError, match=why):
        write_stunnel(relay, "x")
