"""How the ends of networks are said in socat's words."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.datagrams import (
    UdpConnect,
    UdpDatagram,
    UdpListen,
    UdpReceive,
    UnixReceive,
    UnixSendTo,
)
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.options import SocketSettings
from bascule.spec.socat.write_network import NetworkWriter, range_of

WRITER = NetworkWriter({"x": "p,w"})
SOCAT: dict[str, Any] = {"keepalive": False, "connect_timeout_seconds": 120.0}


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (TcpListen(80, "0.0.0.0", keepalive=False), "TCP-LISTEN:80,nodelay"),
        (TcpListen(80), "TCP-LISTEN:80,bind=127.0.0.1,keepalive,nodelay"),
        (TcpListen(80, "::", family="ipv6", nodelay=False),
         "TCP6-LISTEN:80,ipv6-v6only,keepalive,nodelay=0"),
        (TcpListen(80, "::", keepalive=False), "TCP6-LISTEN:80,nodelay"),
        (TcpListen(80, "::1", keepalive=False, proxy_header=True, accept_timeout_seconds=2.0),
         "TCP-LISTEN:80,bind='[::1]',nodelay,proxy-header,accept-timeout=2"),
        (TcpListen(443, "0.0.0.0", ServerTls("c", "k", "x"), keepalive=False, backlog=9),
         "OPENSSL-LISTEN:443,backlog=9,nodelay,cert=c,key=k,keypass='p,w',verify=0"),
        (TcpListen(443, "0.0.0.0", ServerTls("c", "c", client_authority="a"), family="ipv4"),
         "OPENSSL-LISTEN:443,pf=ip4,keepalive,nodelay,cert=c,cafile=a"),
        (TcpConnect("h", 80, **SOCAT), "TCP:h:80,nodelay"),
        (TcpConnect("::1", 80, family="ipv6", bind="::2", source_port=7, low_port=True, **SOCAT),
         "TCP6:[::1]:80,bind='[::2]',sourceport=7,lowport,nodelay"),
        (TcpConnect("h", 443, tls=ClientTls(verify=False, ciphers="HIGH"), **SOCAT),
         "OPENSSL:h:443,nodelay,verify=0,cipherlist=HIGH"),
        (TcpConnect("h", 443, tls=ClientTls(server_name="n", send_name=False,
         minimum_version="1.3"), **SOCAT),
         "OPENSSL:h:443,nodelay,commonname=n,snihost=n,no-sni,min-proto-version=TLS1.3"),
        (TcpConnect("h", 80, via=(ProxyHop("5", "p", 1080, "me", "x"),), **SOCAT),
         "SOCKS5:p:h:80,socksport=1080,socksuser=me,sockspass='p,w',nodelay"),
        (TcpConnect("h", 80, via=(ProxyHop("http", "p", 8080, "me", "x"),), **SOCAT),
         "PROXY:p:h:80,proxyport=8080,proxyauth='me:p,w',nodelay"),
        (TcpConnect("h", 80, via=(ProxyHop("4a", "p"), ProxyHop("5", "q")), tls=ClientTls(),
         **SOCAT), "SOCKS4A:p:h:80,socksport=1080,hop=5:q:1080,nodelay,tls"),
        (TcpConnect("h", 80, via=(ProxyHop("http", "p", 1, "a:b"),), **SOCAT),
         r"TCP:h:80,hop='http:p:1:\'a:b\':\'\'',nodelay"),
        (UnixListen("/x", "660", owner="me:us", remove_after=False),
         "UNIX-LISTEN:/x,mode=660,user=me,group=us,unlink-close=0"),
        (UnixListen("x", abstract=True, tls=ServerTls("c", "c")),
         "ABSTRACT-LISTEN:x,tls,cert=c,verify=0"),
        (UnixConnect("/x:y", bind="/z"), "UNIX-CONNECT:'/x:y',bind=/z"),
        (UnixConnect("/x", ClientTls(server_name="n")),
         "UNIX-CONNECT:/x,tls,commonname=n,snihost=n"),
        (UdpListen(port=5, host="0.0.0.0", family="ipv4", peer_idle_seconds=9, max_peers=8),
         "UDP4-LISTEN:5,peer-idle=9,max-peers=8"),
        (UdpReceive(port=5, groups=("239.1.2.3:eth0", "239.1.2.4", "[ff02::1]:eth0")),
         ("UDP-RECV:5,bind=127.0.0.1,ip-add-membership=239.1.2.3:eth0,"
         "ip-add-membership=239.1.2.4:0.0.0.0,ipv6-join-group='[ff02::1]:eth0'")),
        (UdpConnect(host="h", port=5, socket=SocketSettings(hop_limit=3, reuse_address=False)),
         "UDP-CONNECT:h:5,ttl=3,reuseaddr=0"),
        (UdpDatagram(host="h", port=5, broadcast=True, allow=("10.0.0.0/8", "::1"),
         multicast_loop=False), ("UDP-DATAGRAM:h:5,broadcast,ip-multicast-loop=0,"
         "range=10.0.0.0/8,range='[::1]'")),
        (UnixReceive(path="/x", mode="660"), "UNIX-RECV:/x,mode=660"),
        (TcpConnect("h", 443, tls=ClientTls(), family="ipv4", **SOCAT),
         "OPENSSL:h:443,pf=ip4,nodelay"),
        (TcpConnect("h", 80, via=(ProxyHop("http", "p", 8080),), **SOCAT),
         "PROXY:p:h:80,proxyport=8080,nodelay"),
        (UnixSendTo(path="x", abstract=True, bind="y"), "ABSTRACT-SENDTO:x,bind=y"),
    ],
)  # fmt: skip
def test_an_end_in_words(end: Any, text: str):
    match end.kind:
        case "tcp-listen":
            words = WRITER.tcp_listen(end)
        case "tcp-connect":
            words = WRITER.tcp_connect(end)
        case "unix-listen" | "unix-connect":
            words = WRITER.unix(end)
        case "unix-sendto" | "unix-recv":
            words = WRITER.unix_datagram(end)
        case _:
            words = WRITER.udp(end)
    assert words.text == text


def test_a_password_that_is_not_known():
    end = TcpConnect("h", 80, via=(ProxyHop("5", "p", 1080, "me", "other"),), **SOCAT)
    with pytest.raises(SpecError) as caught:
        WRITER.tcp_connect(end)
    assert caught.value.code is ErrorCode.SECRET_MISSING
    assert caught.value.facts == {"reference": "other"}
    left_out = NetworkWriter(None).tcp_connect(end).text
    assert left_out == "SOCKS5:p:h:80,socksport=1080,socksuser=me,nodelay"


def test_networks():
    assert (range_of("10.0.0.0/8"), range_of("::1/64")) == ("10.0.0.0/8", "[::1/64]")
