"""Whole command lines of socat: those of the runbooks, and what is wrong with others."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.spec.built_in import Echo
from bascule.spec.datagrams import UdpConnect, UdpListen, UdpReceive, UdpReceiveFrom, UdpSendTo
from bascule.spec.endpoints import (
    ClientTls,
    SerialPort,
    ServerTls,
    SocksHop,
    TcpConnect,
    TcpListen,
    UnixConnect,
)
from bascule.spec.ends import Dual
from bascule.spec.local import Descriptor, File, Program, Standard
from bascule.spec.options import Shape
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import Command, RunOptions, parse_command
from bascule.spec.socat.given import VerdictKind


def read(text: str, *, strict: bool = False) -> Command:
    """Read a command as a shell would hand it over."""
    return parse_command(shlex.split(text), strict=strict)


def listen(port: int, host: str = "0.0.0.0", **more: object) -> TcpListen:
    return TcpListen(port, host, keepalive=False, **more)  # pyright: ignore[reportArgumentType]


def to(host: str, port: int, **more: object) -> TcpConnect:
    given: dict[str, object] = {"connect_timeout_seconds": 120.0, "keepalive": False, **more}
    return TcpConnect(host, port, **given)  # pyright: ignore[reportArgumentType]


def relay(source: object, target: object, **more: object) -> RelaySpec:
    given: dict[str, object] = {"half_close_seconds": 0.5, "linger_seconds": 0.5, **more}
    return RelaySpec(source, target, **given)  # pyright: ignore[reportArgumentType]


PRINTF = r'printf "host=%s\ndate=%s\n" "$(hostname)" "$(date -Is)"'

CASES = [
    (
        "TCP-LISTEN:8080,reuseaddr,fork,range=192.168.1.0/24 TCP:backend:80,connect-timeout=5",
        relay(
            listen(8080),
            to("backend", 80, connect_timeout_seconds=5.0),
            allow=("192.168.1.0/24",),
        ),
    ),
    (
        f"-T 15 TCP-LISTEN:9001,reuseaddr,fork SYSTEM:'{PRINTF}'",
        relay(listen(9001), Program(command=PRINTF, interpreter="system"), idle_seconds=15.0),
    ),
    (
        "TCP-LISTEN:15432,bind=127.0.0.1,reuseaddr,fork EXEC:'ssh u@h -W 127.0.0.1:5432'",
        relay(listen(15432, "127.0.0.1"), Program(command="ssh u@h -W 127.0.0.1:5432")),
    ),
    (
        "UDP-RECVFROM:5514,reuseaddr,fork TCP:collector.local:5515,connect-timeout=3",
        relay(
            UdpReceiveFrom(port=5514, host="0.0.0.0"),
            to("collector.local", 5515, connect_timeout_seconds=3.0),
        ),
    ),
    (
        "TCP-LISTEN:6000,reuseaddr,fork,crlf OPEN:events.txt,creat,append",
        relay(
            listen(6000, shape=Shape(line_ending="crlf")),
            File(path="events.txt", create=True, append=True),
        ),
    ),
    (
        "TCP-LISTEN:9090,reuseaddr,fork,max-children=30 TCP:backend.local:9091",
        relay(listen(9090), to("backend.local", 9091), max_connections=30, overflow="queue"),
    ),
    (
        "TCP-LISTEN:8443,bind=127.0.0.1,fork SOCKS5:proxy.corp:target.example:443,socksport=1081",
        relay(
            listen(8443, "127.0.0.1"),
            to("target.example", 443, via=(SocksHop("5", "proxy.corp", 1081),)),
        ),
    ),
    (
        "TCP4-LISTEN:8080,bind=127.0.0.1,fork SOCKS4A:proxy:target.example:80,socksport=1080",
        relay(
            listen(8080, "127.0.0.1", family="ipv4"),
            to("target.example", 80, via=(SocksHop("4a", "proxy", 1080),)),
        ),
    ),
    (
        "TCP6-LISTEN:8080,reuseaddr,fork TCP4:127.0.0.1:8081",
        relay(listen(8080, "::"), to("127.0.0.1", 8081, family="ipv4")),
    ),
    (
        "TCP-LISTEN:7000,bind=127.0.0.1,reuseaddr,fork UNIX-CONNECT:/tmp/mon_service.sock",
        relay(listen(7000, "127.0.0.1"), UnixConnect("/tmp/mon_service.sock")),
    ),
    (
        "OPENSSL-LISTEN:8443,reuseaddr,fork,cert=s.crt,key=s.key,verify=0 TCP:127.0.0.1:80",
        relay(listen(8443, tls=ServerTls("s.crt", "s.key")), to("127.0.0.1", 80)),
    ),
    (
        "TCP4-LISTEN:9443,bind=127.0.0.1,fork OPENSSL:api:443,cert=c,key=k,cafile=a,servername=api",
        relay(
            listen(9443, "127.0.0.1", family="ipv4"),
            to(
                "api",
                443,
                tls=ClientTls(authority="a", server_name="api", certificate="c", key="k"),
            ),
        ),
    ),
    (
        "TCP-LISTEN:2001,reuseaddr,fork FILE:/dev/ttyUSB0,raw,b115200,cs8,parenb=0,cstopb=0,echo=0",
        relay(listen(2001), SerialPort("/dev/ttyUSB0", 115200)),
    ),
    (
        "TCP4-LISTEN:2001,reuseaddr,fork FILE:/dev/ttyUSB0,raw,b9600,cs7,parenb,parodd,crtscts",
        relay(
            listen(2001, family="ipv4"),
            SerialPort("/dev/ttyUSB0", 9600, 7, "odd", "1", "rts-cts"),
        ),
    ),
    (
        "-u TCP4-LISTEN:9000,reuseaddr,fork /dev/null",
        relay(listen(9000, family="ipv4"), File(path="/dev/null"), direction="up"),
    ),
    (
        "-T 2 TCP4:serveur.exemple:443 -",
        relay(to("serveur.exemple", 443, family="ipv4"), Standard(), idle_seconds=2.0, once=True),
    ),
    (
        "-u UDP4-RECV:5514,reuseaddr SYSTEM:'while read -r line; do echo \"$line\"; done >> ./x'",
        relay(
            UdpReceive(port=5514, host="0.0.0.0", family="ipv4"),
            Program(
                command='while read -r line; do echo "$line"; done >> ./x', interpreter="system"
            ),
            direction="up",
            once=True,
        ),
    ),
    (
        "UDP4-LISTEN:5353,reuseaddr,fork UDP4:9.9.9.9:53",
        relay(
            UdpListen(port=5353, host="0.0.0.0", family="ipv4"),
            UdpConnect(host="9.9.9.9", port=53, family="ipv4"),
        ),
    ),
    (
        "-d -d -u TCP4-LISTEN:7000,reuseaddr,fork UDP4-SENDTO:127.0.0.1:6000",
        relay(
            listen(7000, family="ipv4"),
            UdpSendTo(host="127.0.0.1", port=6000, family="ipv4"),
            direction="up",
        ),
    ),
    ("- TCP:localhost:6000", relay(Standard(), to("localhost", 6000), once=True)),
    (
        "STDIN!!OPEN:out.txt,creat PIPE",
        relay(
            Dual(reading=Standard(use="input"), writing=File(path="out.txt", create=True)),
            Echo(),
            once=True,
        ),
    ),
    ("3 PIPE", relay(Descriptor(number=3), Echo(), once=True)),
]


@pytest.mark.parametrize(("text", "spec"), CASES, ids=[text for text, _spec in CASES])
def test_a_command_is_a_relay(text: str, spec: RelaySpec):
    assert read(text).relay == spec


def test_options_of_the_command_itself():
    run = read(
        "-d -d -lf wire.log -ly -v -x -r up.raw -R down.raw -L lock -lp name -lu -lh --statistics"
        " -t 3 -b 512 TCP-L:1 TCP:h:2"
    )
    assert run.run == RunOptions(
        verbosity=2, log_file="wire.log", syslog="daemon", log_name="name", log_microseconds=True,
        log_host=True, dump_text=True, dump_hex=True, record_up="up.raw", record_down="down.raw",
        lock_file="lock", statistics=True,
    )  # fmt: skip
    assert (run.relay.half_close_seconds, run.relay.chunk_bytes) == (3.0, 512)
    assert read("-lmlocal0 -W lock -d0 -6 -s -D -g PIPE PIPE").run == RunOptions(
        verbosity=0, syslog="local0", log_stderr=True, lock_file="lock", lock_wait=True
    )
    assert read("-dddd -U PIPE PIPE").run.verbosity == 4


def test_what_is_taken_differently_is_told():
    kinds = {
        each.token: each.kind
        for each in read("TCP-L:1,tcpwrap OPENSSL:h:2,servername=x,method=tls1.2").verdicts
    }
    assert kinds["TCP-L"] is VerdictKind.AS_MEANT  # the whole network
    assert kinds["tcpwrap"] is VerdictKind.IGNORED
    assert kinds["servername"] is VerdictKind.UNKNOWN
    assert kinds["method"] is VerdictKind.IGNORED


def test_passwords_are_beside_the_relay():
    command = read("TCP-L:1 SOCKS5:p:h:2,socksuser=me,sockspass=secret")
    target = command.relay.target
    assert isinstance(target, TcpConnect)
    assert command.secrets == {target.via[0].password: "secret"}
    proxied = read("TCP-L:1 PROXY:p:h:2,proxyport=3128,proxyauth=me:secret").relay.target
    assert isinstance(proxied, TcpConnect)
    assert (proxied.via[0].version, proxied.via[0].port, proxied.via[0].username) == (
        "http", 3128, "me",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("TCP-LISTEN:80", "two addresses are wanted, there are 1"),
        ("TCP-LSTEN:80 PIPE", "did you mean TCP-LISTEN"),
        ("TCP-LISTEN:80,frok PIPE", "did you mean fork"),
        ("TCP-LISTEN:80,cert=x PIPE", "does not belong to TCP-LISTEN"),
        ("TCP-LISTEN:80,backlog=many PIPE", "wants a whole number"),
        ("TCP-LISTEN:80,range=everybody PIPE", "wants a network"),
        ("TCP:h:1,connect-timeout=soon PIPE", "wants seconds"),
        ("TCP:h PIPE", "wants a host and a port"),
        ("TCP:h:webs PIPE", "neither a port nor a service"),
        ("TCP:h:1,su=nobody PIPE", "cannot do what the option su"),
        ("-u -U PIPE PIPE", "exclude each other"),
        ("-t soon PIPE PIPE", "wants a number"),
        ("-t", "wants a value"),
        ("-vx PIPE PIPE", "there is no option -vx"),
        ("-V", "makes no relay"),
        ("OPENSSL-LISTEN:1 PIPE", "needs cert=FILE"),
        ("FD:x PIPE", "a descriptor is a number"),
        ("EXEC PIPE", "wants a command"),
        ("STDIN STDIN", "both only"),
        ("TCP:h:99999 PIPE", "port"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(text: str, said: str):
    with pytest.raises(SpecError) as caught:
        read(text)
    assert caught.value.code is ErrorCode.VALUE_INVALID
    assert said in caught.value.message
    assert "position" in caught.value.facts


@pytest.mark.parametrize(
    "kind",
    [
        "READLINE", "TUN:10.0.0.1/24", "SCTP:h:1", "DCCP:h:1", "IP-RECV:1", "POSIXMQ:/q",
        "UDPLITE:h:1", "INTERFACE:eth0", "SOCKET-LISTEN:1:2:x", "OPENSSL-DTLS-CLIENT:h:1",
        "SOCKS5-LISTEN:p:h:1", "ACCEPT-FD:3",
    ],
)  # fmt: skip
def test_what_bascule_does_not_do_is_explained(kind: str):
    with pytest.raises(SpecError) as caught:
        read(f"{kind} PIPE")
    assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM
    assert caught.value.facts["why"]


WORDS = st.one_of(
    st.sampled_from(["-d", "-u", "-T", "TCP-LISTEN:1", "PIPE", "EXEC:x", "-", "TCP:a:1,fork"]),
    st.text(max_size=30),
)


@given(st.lists(WORDS, max_size=5), st.booleans())
def test_any_words_raise_nothing_but_ours(words: list[str], strict: bool):
    try:
        parse_command(words, strict=strict)
    except BasculeError:
        pass
