"""What several addresses have in common: hosts, ports, sockets, shapes, tries."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.options import Retry, Shape, SocketSettings
from bascule.spec.socat.common import split_port
from tests.core.spec.socat.test_ends import read


@pytest.mark.parametrize(
    ("options", "shape", "retry"),
    [
        ("", None, None),
        ("cr", Shape(line_ending="cr"), None),
        ("crlf", Shape(line_ending="crlf"), None),
        ("shut-none,end-close", Shape(finish="none", end_close=True), None),
        ("shut-none,shut-down", Shape(finish="shutdown"), None),  # the last one holds
        ("shut-close,ignoreeof", Shape(finish="close", ignore_eof=True), None),
        ("shut-null,null-eof", Shape(finish="empty", null_eof=True), None),
        ("readbytes=9,escape=0x1d", Shape(read_bytes=9, escape=29), None),
        ("retry=3,interval=0.5", None, Retry(3, 0.5)),
        ("retry=3", None, Retry(3, 1.0)),
        ("interval=2", None, Retry(0, 2.0)),
        ("forever", None, Retry(-1, 1.0)),
    ],
)
def test_shape_and_retry(options: str, shape: Shape | None, retry: Retry | None):
    end = read(f"TCP:h:1,{options}")
    assert isinstance(end, TcpConnect)
    assert (end.shape, end.retry) == (shape, retry)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("TCP:h:http", "h", 80),
        ("TCP:h:0x50", "h", 80),
        ("TCP:h:HTTPS", "h", 443),
        ("TCP:[::1]:80", "::1", 80),
        ("TCP:'[fe80::1%eth0]':80", "fe80::1%eth0", 80),
        ("TCP:10.0.0.1:80", "10.0.0.1", 80),
    ],
)
def test_where_it_leads(text: str, host: str, port: int):
    end = read(text)
    assert isinstance(end, TcpConnect)
    assert (end.host, end.port) == (host, port)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("TCP:h:webs", '"webs" is not a port or the name of a service'),
        ("TCP:h:htttp", "did you mean http?"),
        ("TCP:h:99999", "it must be from 1 to 65535"),
        ("TCP:h:0", "it must be from 1 to 65535"),
        ("TCP:a b:1", '"a b" is not a host name or an IP address'),
        ("TCP:10.0.0.256:1", "is not a host name"),
        ("TCP::1", '"" is not a host name'),
        ("TCP:h", "TCP has the wrong number of parameters (1): TCP-CONNECT:<host>:<port>"),
        ("TCP", "parameters (0): "),
        ("TCP:::1:80", "write an IPv6 address in brackets: [::1]"),
        ("TCP:h:1,pf=ip5", "it wants ip4 or ip6"),
        ("TCP:h:1,bind=10.0.0.1:x", "is not a port"),
        ("UDP-RECV:1,ip-add-membership=1.2.3.4", "it wants group:interface"),
        ("TCP:h:1,linger=99999", "from 0 to 32767"),
    ],
)
def test_what_cannot_be(text: str, said: str):
    with pytest.raises(SpecError) as caught:
        read(text)
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("options", "bind", "port"),
    [("bind=10.0.0.1:99", "10.0.0.1", 99), ("bind=:99", "", 99), ("bind=::1,sp=http", "::1", 80)],
)
def test_where_it_connects_from(options: str, bind: str, port: int):
    end = read(f"TCP:h:1,{options}")
    assert (end.bind, end.source_port) == (bind, port)


def test_the_ip_version():
    families = {word: read(f"{word}:h:1").family for word in ("TCP4", "TCP6", "TCP")}
    assert families == {"TCP4": "ipv4", "TCP6": "ipv6", "TCP": "any"}
    assert [read(f"TCP:h:1,pf={name}").family for name in ("ip4", "PF_INET6", "unspec")] == [
        "ipv4", "ipv6", "any",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("10.0.0.1:99", ("10.0.0.1", "99")),
        (":99", ("", "99")),
        ("[::1]:99", ("[::1]", "99")),
        ("[::1]", ("[::1]", "")),
        ("::1", ("::1", "")),
        ("host", ("host", "")),
    ],
)
def test_a_host_and_perhaps_a_port(text: str, parts: tuple[str, str]):
    assert split_port(text) == parts


def test_settings_of_the_socket():
    end = read(
        "TCP:h:1,keepidle=9,keepintvl=8,keepcnt=7,linger=3,sndbuf=6,rcvbuf-late=5,ttl=5,tos=4"
    )
    assert isinstance(end, TcpConnect)
    assert end.socket == SocketSettings(9, 8, 7, 3, 6, 5, hop_limit=5, service_type=4)
    assert end.keepalive  # who says how, wants it
    six = read("TCP6:h:1,unicast-hops=9,ipv6-tclass=8,reuseport,if=eth0")
    assert isinstance(six, TcpConnect)
    assert six.socket == SocketSettings(
        hop_limit=9, service_type=8, reuse_port=True, interface="eth0"
    )


@pytest.mark.parametrize(
    ("option", "reused"),
    [("", True), (",reuseaddr", True), (",reuseaddr=1", True), (",reuseaddr=0", False),
     (",reuseaddr=", False)],
)  # fmt: skip
def test_a_port_is_taken_again_at_once_unless_that_is_refused(option: str, reused: bool):
    end = read(f"TCP-LISTEN:1{option}")
    assert isinstance(end, TcpListen)
    assert end.socket == (None if reused else SocketSettings(reuse_address=False))


@pytest.mark.parametrize(
    ("option", "groups"),
    [
        ("ip-add-membership=239.1.2.3:eth0", ("239.1.2.3:eth0",)),
        ("membership=239.1.2.3:0.0.0.0", ("239.1.2.3",)),
        ("membership=239.1.2.3:10.0.0.1:eth0", ("239.1.2.3:eth0",)),
        ("membership=239.1.2.3:10.0.0.1", ("239.1.2.3:10.0.0.1",)),
        ("join-group='[ff02::1]:eth0'", ("[ff02::1]:eth0",)),
        ("membership=239.1.2.3:a,membership=239.1.2.4:b", ("239.1.2.3:a", "239.1.2.4:b")),
    ],
)
def test_groups(option: str, groups: tuple[str, ...]):
    assert getattr(read(f"UDP-RECV:1,{option}"), "groups", None) == groups
