"""TCP, TLS, proxies and UDP in socat's words: what the runbooks do not show."""

from __future__ import annotations

import pytest

from bascule.spec.datagrams import UdpDatagram, UdpListen, UdpReceive, UdpSendTo
from bascule.spec.endpoints import SocksHop, TcpConnect, TcpListen
from bascule.spec.options import SocketSettings
from tests.core.spec.socat.test_ends import read


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
        ("UDP-SENDTO:h:1,bind=[::1]:99", "::1", 99),
        ("UDP-SENDTO:h:1,bind=10.0.0.1", "10.0.0.1", 0),
    ],
)
def test_where_it_connects_from(text: str, bind: str, port: int):
    end = read(text)
    assert isinstance(end, TcpConnect | UdpSendTo)
    assert (end.bind, end.source_port) == (bind, port)


def test_where_it_listens():
    for text, host, family in (
        ("TCP-LISTEN:1", "0.0.0.0", "any"),
        ("TCP6-LISTEN:1", "::", "any"),
        ("TCP6-LISTEN:1,ipv6only", "::", "ipv6"),
        ("TCP-LISTEN:1,bind=[::1]", "::1", "any"),
    ):
        end = read(text)
        assert isinstance(end, TcpListen)
        assert (end.host, end.family) == (host, family)


def test_settings_of_the_socket():
    end = read("TCP:h:1,keepidle=9,keepintvl=8,keepcnt=7,linger=3,sndbuf=6,ttl=5,tos=4,lowport")
    assert isinstance(end, TcpConnect)
    assert end.socket == SocketSettings(9, 8, 7, 3, 6, hop_limit=5, service_type=4)
    assert end.keepalive
    assert end.low_port


def test_tls_in_detail():
    end = read("OPENSSL:h:1,min-proto-version=TLS1.3,cipher=HIGH,no-sni,commonname=n,snihost=s")
    assert isinstance(end, TcpConnect)
    assert end.tls is not None
    assert (end.tls.minimum_version, end.tls.ciphers) == ("1.3", "HIGH")
    assert (end.tls.send_name, end.tls.server_name) == (False, "n")
    asks = read("OPENSSL-LISTEN:1,cert=c,cafile=a")
    assert isinstance(asks, TcpListen)
    assert asks.tls is not None
    assert (asks.tls.key, asks.tls.client_authority) == ("c", "a")


def test_proxies():
    four = read("SOCKS4:[::1]:h:80,socksuser=me")
    assert isinstance(four, TcpConnect)
    assert four.via == (SocksHop("4", "::1", 1080, "me"),)
    five = read("SOCKS5:p:1081:h:80")
    assert isinstance(five, TcpConnect)
    assert five.via == (SocksHop("5", "p", 1081),)


def test_groups():
    listens = read("UDP-LISTEN:1,ip-add-membership=224.0.0.9:eth0,fork")
    assert isinstance(listens, UdpListen)
    assert listens.groups == ("224.0.0.9:eth0",)
    sends = read("UDP-DATAGRAM:239.0.0.1:9,broadcast,range=10.0.0.0/8,ip-multicast-loop=0")
    assert isinstance(sends, UdpDatagram)
    assert (sends.broadcast, sends.allow, sends.multicast_loop) == (True, ("10.0.0.0/8",), False)
    assert isinstance(read("UDP-RECV:1"), UdpReceive)
