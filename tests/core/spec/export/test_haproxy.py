"""haproxy's words for a relay; what it makes of them is in tests/interop/test_exports.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import ClientTls, ProxyHop, ServerTls, TcpConnect, TcpListen, UnixListen
from bascule.spec.ends import Failover
from bascule.spec.export.exported import LossKind
from bascule.spec.export.haproxy import write_haproxy
from bascule.spec.options import SocketSettings
from bascule.spec.relays import RelaySpec
from tests.helpers.other_programs import statements

SERVER = ServerTls("/it's.pem", "/it's.pem", client_authority="/ca", ciphers="A:B")
TARGET = TcpConnect("10.0.0.1", 81, keepalive=False)
PLAIN = RelaySpec(TcpListen(80, keepalive=False), TARGET)


def section(relay: RelaySpec) -> list[str]:
    found = statements(write_haproxy(relay, "Name").text)
    return found[found.index("listen name") + 1 :]


def test_a_whole_file():
    relay = replace(PLAIN, idle_seconds=1.5, half_close_seconds=3.0)
    assert statements(write_haproxy(relay, "Name").text) == [
        "defaults",
        "mode tcp",
        "timeout connect 10000ms",
        "timeout client 1500ms",
        "timeout server 1500ms",
        "timeout client-fin 3000ms",
        "timeout server-fin 3000ms",
        "listen name",
        "bind 127.0.0.1:80 backlog 128",
        "server target1 10.0.0.1:81",
    ]


@pytest.mark.parametrize(
    ("source", "bind"),
    [
        (TcpListen(80, "::"), "'[::]:80' v4v6 backlog 128"),
        (TcpListen(80, "::", family="ipv6"), "'ipv6@[::]:80' v6only backlog 128"),
        (
            TcpListen(80, socket=SocketSettings(interface="eth 0")),
            "127.0.0.1:80 interface 'eth 0' backlog 128",
        ),
        (
            UnixListen("/a b", mode="660", owner="me:us"),
            "'unix@/a b' mode 660 user me group us backlog 128",
        ),
        (UnixListen("/a"), "unix@/a mode 600 backlog 128"),
        (
            TcpListen(80, tls=SERVER),
            (
                "127.0.0.1:80 backlog 128 ssl crt '/it'\"'\"'s.pem' ssl-min-ver TLSv1.2 "
                "ciphers A:B verify required ca-file /ca"
            ),
        ),
    ],
)
def test_where_it_listens(source: TcpListen | UnixListen, bind: str):
    assert section(replace(PLAIN, source=source))[0] == f"bind {bind}"


def test_who_may_connect():
    relay = replace(
        PLAIN,
        source=TcpListen(80, proxy_header=True, keepalive=False),
        allow=("10.0.0.5", "::/0"),
        max_connections=3,
        connections_per_client=2,
    )
    rule = "tcp-request connection"
    assert section(relay)[1:-1] == [
        f"{rule} reject unless {{ src 10.0.0.5/32 ::/0 }}",
        f"{rule} reject if {{ fe_conn gt 3 }}",
        f"{rule} expect-proxy layer4",
        "stick-table type ipv6 size 100k expire 1h store conn_cur",
        f"{rule} track-sc0 src",
        f"{rule} reject if {{ sc0_conn_cur gt 2 }}",
    ]
    assert section(replace(PLAIN, max_connections=3, overflow="queue"))[1] == "maxconn 3"


def test_silent_peers_are_asked():
    settings = SocketSettings(keepalive_idle_seconds=9, keepalive_probes=2)
    found = section(replace(PLAIN, source=TcpListen(80, socket=settings)))
    assert found[1:4] == ["option clitcpka", "clitcpka-idle 9", "clitcpka-cnt 2"]


@pytest.mark.parametrize(
    ("target", "server"),
    [
        (TcpConnect("h", 1, family="ipv6", proxy_header="v1"), "ipv6@h:1 send-proxy"),
        (TcpConnect("h", 1, proxy_header="v2"), "h:1 send-proxy-v2"),
        (TcpConnect("h", 1, bind="::1"), "h:1 source '[::1]:0'"),
        (TcpConnect("h", 1, source_port=5), "h:1 source 0.0.0.0:5"),
        (TcpConnect("h", 1, via=(ProxyHop("4", "p", 1080),)), "h:1 socks4 p:1080"),
        (
            TcpConnect("h", 1, tls=ClientTls(authority="/a")),
            "h:1 ssl ssl-min-ver TLSv1.2 verify required ca-file /a verifyhost h sni str(h)",
        ),
        (
            TcpConnect("h", 1, tls=ClientTls(verify=False, send_name=False)),
            "h:1 ssl ssl-min-ver TLSv1.2 verify none",
        ),
        (
            TcpConnect("h", 1, tls=ClientTls(verify=False, certificate="/c", key="/c.key")),
            "h:1 ssl ssl-min-ver TLSv1.2 verify none sni str(h) crt /c",
        ),
    ],
)
def test_where_it_leads(target: TcpConnect, server: str):
    assert section(replace(PLAIN, target=target))[-1] == f"server target1 {server}"


def test_the_order_of_targets():
    targets = (TARGET, replace(TARGET, port=82))
    found = section(replace(PLAIN, target=Failover(targets=targets, check_seconds=2.0)))
    assert found[-2:] == [
        "server target1 10.0.0.1:81 check inter 2000ms",
        "server target2 10.0.0.1:82 check inter 2000ms backup",
    ]


def test_certificate_and_key_in_two_files_are_to_be_joined():
    tls = ServerTls("/my certificate.pem", "/key")
    found = write_haproxy(replace(PLAIN, source=TcpListen(80, tls=tls)), "x")
    (loss,) = found.lost
    assert loss.kind is LossKind.ONE_FILE
    command = "cat '/my certificate.pem' /key > '/my certificate.pem.haproxy'"
    assert loss.facts["value"] == command
    assert "crt '/my certificate.pem.haproxy'" in found.text


@pytest.mark.parametrize(
    "via",
    [
        (ProxyHop("5", "p", 1),),
        (ProxyHop("4", "p", 1, "me"),),
        (ProxyHop("4", "p", 1), ProxyHop("4", "q", 1)),
    ],
)
def test_other_proxies_are_refused(via: tuple[ProxyHop, ...]):
    with pytest.raises(SpecError, match="a single SOCKS 4 proxy"):
        write_haproxy(replace(PLAIN, target=TcpConnect("h.example", 1, via=via)), "x")
