"""nginx's words for a relay; what it makes of them is in tests/interop/test_exports.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bascule.errors import SpecError
from bascule.spec.datagrams import UdpConnect, UdpListen
from bascule.spec.endpoints import (
    ClientTls,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Failover
from bascule.spec.export.exported import LossKind
from bascule.spec.export.nginx import write_nginx
from bascule.spec.options import SocketSettings
from bascule.spec.relays import RelaySpec
from tests.helpers.other_programs import statements

TARGET = TcpConnect("10.0.0.1", 81, keepalive=False)
PLAIN = RelaySpec(TcpListen(80, keepalive=False), TARGET)


def stream(relay: RelaySpec) -> list[str]:
    found = statements(write_nginx(relay, "Name").text)
    return found[found.index("stream {") + 1 :]


def server(relay: RelaySpec) -> list[str]:
    found = stream(relay)
    return found[found.index("server {") + 1 : -2]


def test_a_whole_file():
    assert statements(write_nginx(replace(PLAIN, idle_seconds=1.5), "Name").text) == [
        "include /etc/nginx/modules-enabled/*.conf;",
        "events {",
        "worker_connections 4096;",
        "}",
        "stream {",
        "server {",
        "listen 127.0.0.1:80 backlog=128;",
        "proxy_timeout 1500ms;",
        "proxy_half_close on;",
        "proxy_connect_timeout 10000ms;",
        "proxy_pass 10.0.0.1:81;",
        "}",
        "}",
    ]


SOCKET = SocketSettings(receive_buffer_bytes=5, send_buffer_bytes=6, reuse_port=True)


@pytest.mark.parametrize(
    ("source", "listen"),
    [
        (TcpListen(80, "::"), "[::]:80 ipv6only=off backlog=128 so_keepalive=on"),
        (TcpListen(80, "::", family="ipv6"), "[::]:80 ipv6only=on backlog=128 so_keepalive=on"),
        (
            TcpListen(80, keepalive=False, proxy_header=True, socket=SOCKET),
            "127.0.0.1:80 rcvbuf=5 sndbuf=6 reuseport proxy_protocol backlog=128",
        ),
        (UnixListen('/a"\\b', backlog=5), '"unix:/a\\"\\\\b" backlog=5'),
    ],
)
def test_where_it_listens(source: TcpListen | UnixListen, listen: str):
    assert server(replace(PLAIN, source=source))[0] == f"listen {listen};"


def test_limits():
    relay = replace(
        PLAIN,
        allow=("10.0.0.5",),
        max_connections=3,
        connections_per_client=2,
        up_bytes_per_second=7,
        down_bytes_per_second=8,
    )
    assert stream(relay)[:2] == [
        "limit_conn_zone $server_port zone=name-all:10m;",
        "limit_conn_zone $binary_remote_addr zone=name-client:10m;",
    ]
    assert {
        "limit_conn name-all 3;", "limit_conn name-client 2;", "allow 10.0.0.5/32;", "deny all;",
        "proxy_upload_rate 7;", "proxy_download_rate 8;",
    } <= set(server(relay))  # fmt: skip


def test_tls_on_both_sides():
    ours = ServerTls("/c", "/k", client_authority="/ca", minimum_version="1.3", ciphers="A:B")
    theirs = ClientTls(certificate="/mine", key="/my key", server_name="n", ciphers="C")
    relay = RelaySpec(TcpListen(80, tls=ours), replace(TARGET, tls=theirs))
    assert {
        "ssl_certificate /c;", "ssl_certificate_key /k;", "ssl_protocols TLSv1.3;",
        "ssl_ciphers A:B;", "ssl_client_certificate /ca;", "ssl_verify_client on;",
        "proxy_ssl on;", "proxy_ssl_protocols TLSv1.2 TLSv1.3;", "proxy_ssl_name n;",
        "proxy_ssl_server_name on;", "proxy_ssl_verify on;", "proxy_ssl_verify_depth 9;",
        "proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;", "proxy_ssl_ciphers C;",
        "proxy_ssl_certificate /mine;", 'proxy_ssl_certificate_key "/my key";',
    } <= set(server(relay))  # fmt: skip
    assert [loss.kind for loss in write_nginx(relay, "x").lost] == [LossKind.AUTHORITIES]
    trusting = replace(TARGET, tls=ClientTls(verify=False, send_name=False))
    found = server(replace(PLAIN, target=trusting))
    assert "proxy_ssl on;" in found
    assert not any("verify" in line or "server_name" in line for line in found)


def test_the_way_to_the_target():
    target = TcpConnect("10.0.0.1", 1, bind="::1", nodelay=False, proxy_header="v1")
    assert {
        "tcp_nodelay off;", "proxy_socket_keepalive on;", "proxy_protocol on;",
        "proxy_bind [::1];",
    } <= set(server(replace(PLAIN, target=target)))  # fmt: skip
    bound = replace(TARGET, source_port=5)
    assert "proxy_bind 0.0.0.0:5;" in server(replace(PLAIN, target=bound))
    with pytest.raises(SpecError, match="from an address only"):
        write_nginx(replace(PLAIN, target=replace(TARGET, bind="here.example")), "x")
    with pytest.raises(SpecError, match="PROXY"):  # it sends version 1 only
        write_nginx(replace(PLAIN, target=replace(TARGET, proxy_header="v2")), "x")


def test_several_targets_and_their_order():
    targets = tuple(replace(TARGET, port=port) for port in (1, 2, 3))
    two, three = (
        replace(PLAIN, target=Failover(targets=targets[:count], check_seconds=1.5))
        for count in (2, 3)
    )
    assert stream(two)[:4] == [
        "upstream name {",
        "server 10.0.0.1:1 max_fails=1 fail_timeout=2s;",
        "server 10.0.0.1:2 max_fails=1 fail_timeout=2s backup;",
        "}",
    ]
    assert write_nginx(two, "x").lost == ()
    assert [loss.kind for loss in write_nginx(three, "x").lost] == [LossKind.ORDER]


def test_datagrams():
    relay = RelaySpec(
        UdpListen(port=53, peer_idle_seconds=5.0), UdpConnect(host="10.0.0.1", port=53)
    )
    assert server(relay) == [
        "listen 127.0.0.1:53 udp;",
        "proxy_timeout 5000ms;",
        "proxy_pass 10.0.0.1:53;",
    ]
    assert "proxy_timeout 2000ms;" in server(replace(relay, idle_seconds=2.0))


def test_unix_sockets_are_open_to_everybody_and_some_names_are_refused():
    relay = RelaySpec(UnixListen("/a"), UnixConnect("/b"))
    (loss,) = write_nginx(relay, "x").lost
    assert loss.kind is LossKind.PERMISSIONS
    assert "600" in loss.message
    assert server(relay)[-1] == "proxy_pass unix:/b;"
    for path, said in (("/a:b", "a colon"), ("/a b", "a space")):
        with pytest.raises(SpecError, match=said):
            write_nginx(replace(relay, target=UnixConnect(path)), "x")
    with pytest.raises(SpecError, match="cannot hold the characters"):
        write_nginx(replace(relay, source=UnixListen("/$b")), "x")
