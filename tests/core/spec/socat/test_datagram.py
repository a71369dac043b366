"""UDP and Unix datagram sockets in socat's words."""

from __future__ import annotations

import pytest

from bascule.spec.datagrams import (
    UdpConnect,
    UdpDatagram,
    UdpListen,
    UdpReceive,
    UdpReceiveFrom,
    UdpSendTo,
    UnixReceive,
    UnixReceiveFrom,
    UnixSendTo,
)
from bascule.spec.options import SocketSettings
from tests.core.spec.socat.test_ends import read, verdicts


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("UDP-LISTEN:1,fork", UdpListen(port=1, host="0.0.0.0")),
        (
            "UDP4-LISTEN:1,bind=127.0.0.1,peer-idle=9,max-peers=8,rcvbuf=7",
            UdpListen(
                port=1, host="127.0.0.1", family="ipv4", peer_idle_seconds=9.0, max_peers=8,
                socket=SocketSettings(receive_buffer_bytes=7),
            ),
        ),
        ("UDP6-RECV:1", UdpReceive(port=1, host="::", family="any")),
        ("UDP-RECVFROM:1,fork", UdpReceiveFrom(port=1, host="0.0.0.0")),
        ("UDP:[::1]:1", UdpConnect(host="::1", port=1)),
        (
            "UDP-SENDTO:h:1,bind=[::1]:99",
            UdpSendTo(host="h", port=1, bind="::1", source_port=99),
        ),
        (
            "UDP-DATAGRAM:239.0.0.1:9,broadcast,range=10.0.0.0/8,sp=9,membership=239.0.0.1:eth0",
            UdpDatagram(
                host="239.0.0.1", port=9, broadcast=True, allow=("10.0.0.0/8",), source_port=9,
                groups=("239.0.0.1:eth0",),
            ),
        ),
        (
            "UDP4-DATAGRAM:239.0.0.1:9,mcloop=0,multicast-if=eth0,multicast-ttl=5",
            UdpDatagram(
                host="239.0.0.1", port=9, family="ipv4", multicast_loop=False,
                multicast_interface="eth0", multicast_hop_limit=5,
            ),
        ),
        ("UDP6-DATAGRAM:[ff02::1]:9,mcloop6=0", UdpDatagram(
            host="ff02::1", port=9, family="ipv6", multicast_loop=False
        )),
        ("UNIX-SENDTO:/x,bind=/y", UnixSendTo(path="/x", bind="/y")),
        ("UNIX-RECV:/x,mode=660", UnixReceive(path="/x", mode="660")),
        ("UNIX-RECVFROM:/x,fork", UnixReceiveFrom(path="/x")),
        ("ABSTRACT-SENDTO:x", UnixSendTo(path="x", abstract=True)),
        ("ABSTRACT-RECV:x", UnixReceive(path="x", abstract=True)),
        ("ABSTRACT-RECVFROM:x,umask=77", UnixReceiveFrom(path="x", mode="700", abstract=True)),
    ],
)  # fmt: skip
def test_an_address_is_an_end(text: str, end: object):
    assert read(text) == end


def test_what_means_nothing_to_datagrams_is_left_out_with_a_word():
    assert verdicts("UDP:h:1,lowport")["lowport"][0] == "ignored"
    assert verdicts("UDP:h:1,connect-timeout=5")["connect-timeout=5"][0] == "ignored"
    assert verdicts("UNIX-RECV:/x,unlink-early")["unlink-early"][0] == "emulated"
