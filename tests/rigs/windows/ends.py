#!/usr/bin/env python3
"""Drives ``bascule relay`` of a Windows Python under wine, one kind of end after the other.

usage: ends.py DIR [WORD ...]     DIR is the rig of make.sh; words choose the cases that contain one

Clients and servers are programs of Linux: wine shares the network. What passed is compared by
SHA-256 with what was sent. Ends with 1 where a case failed.
"""

from __future__ import annotations

import os
import socket
import ssl
import sys
from collections.abc import Callable

from tools import BULK, Ends, PATIENCE_SECONDS, PATIENT, PYTHON, UPPER, answer, connected, datagrams, echoed, port_of, run, same, wait_for

DATAGRAMS = [b"one", b"", b"x" * 1472, os.urandom(60_000), b"last"]


def tcp(ends: Ends) -> None:
    relay = ends.relay("TCP-LISTEN:0,fork,reuseaddr", f"TCP:127.0.0.1:{ends.echo}")
    port = relay.port()
    peers = [connected(port) for _ in range(20)]
    for number, peer in enumerate(peers):  # all are there at once, and none gets another's
        assert answer(peer, b"%d" % number) == b"%d" % number
    same(answer(connected(port), BULK), BULK)


def tcp_once(ends: Ends) -> None:
    relay = ends.relay("TCP4-LISTEN:0", f"TCP4:localhost:{ends.echo}")
    same(answer(connected(relay.port()), BULK), BULK)
    assert relay.result() == (0, b"")


def tcp6(ends: Ends) -> None:
    relay = ends.relay("TCP6-LISTEN:0", f"TCP6:[::1]:{ends.echo6}")
    same(answer(connected(relay.port(), "::1"), BULK), BULK)
    assert relay.result() == (0, b"")


def tcp_refused(ends: Ends) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = port_of(server)
    relay = ends.relay("TCP-LISTEN:0", f"TCP:127.0.0.1:{port}")
    try:
        assert connected(relay.port()).recv(1) == b""
    except ConnectionResetError:
        pass
    assert relay.result()[0] == 1
    assert "refuses" in relay.said


def tcp_range(ends: Ends) -> None:
    relay = ends.relay("TCP-LISTEN:0,fork,range=10.0.0.0/8", f"TCP:127.0.0.1:{ends.echo}")
    try:
        assert connected(relay.port()).recv(1) == b""
    except ConnectionResetError:
        pass


def tcp_taken(ends: Ends) -> None:
    relay = ends.relay(f"TCP-LISTEN:{ends.echo},bind=127.0.0.1", "STDIO")
    assert relay.result()[0] == 1
    assert str(ends.echo) in relay.said


def tls_listen(ends: Ends) -> None:
    words = f"cert={ends.windows('pem')},key={ends.windows('key')},verify=0"
    relay = ends.relay(f"OPENSSL-LISTEN:0,{words},fork", f"TCP:127.0.0.1:{ends.echo}")
    context = ssl.create_default_context(cafile=ends.tls.authority)
    for _ in range(3):
        peer = context.wrap_socket(connected(relay.port()), server_hostname="localhost")
        same(echoed(peer, BULK), BULK)


def tls_connect(ends: Ends) -> None:
    target = f"OPENSSL:127.0.0.1:{ends.echo_tls},cafile={ends.windows('ca')},commonname=localhost"
    relay = ends.relay("TCP-LISTEN:0", target)
    same(answer(connected(relay.port()), BULK), BULK)
    assert relay.result() == (0, b"")


def tls_untrusted(ends: Ends) -> None:
    relay = ends.relay("-u", "STDIN", f"OPENSSL:127.0.0.1:{ends.echo_tls}", given=b"secret")
    assert relay.result()[0] == 1
    assert "certificate" in relay.said.lower()


def udp_listen(ends: Ends) -> None:
    with datagrams() as service, datagrams() as client:
        relay = ends.relay("UDP4-LISTEN:0,fork", f"UDP4:127.0.0.1:{port_of(service)}")
        client.connect(("127.0.0.1", relay.port()))
        for data in DATAGRAMS:
            client.send(data)
            got, sender = service.recvfrom(65536)
            same(got, data)
            service.sendto(got[::-1], sender)
            same(client.recv(65536), data[::-1])


def udp_many(ends: Ends) -> None:
    with datagrams() as service:
        relay = ends.relay("UDP4-LISTEN:0,fork", f"UDP4:127.0.0.1:{port_of(service)}")
        port = relay.port()
        for number in range(10):
            with datagrams() as client:
                client.sendto(b"%d" % number, ("127.0.0.1", port))
                data, sender = service.recvfrom(100)
                service.sendto(data * 2, sender)
                assert client.recvfrom(100) == (b"%d" % number * 2, ("127.0.0.1", port))


def udp_recv(ends: Ends) -> None:
    with datagrams() as free:
        port = port_of(free)
    relay = ends.relay("-u", f"UDP4-RECV:{port}", f"CREATE:{ends.windows('received')}")
    relay.hears("is connected to")
    with datagrams() as client:
        for data in DATAGRAMS:
            client.sendto(data, ("127.0.0.1", port))
        wait_for(lambda: (ends.folder / "received").read_bytes() == b"".join(DATAGRAMS))


def udp_recvfrom(ends: Ends) -> None:
    relay = ends.relay(*PATIENT, "UDP4-RECVFROM:0,fork", f"EXEC:{PYTHON} {ends.windows('upper.py')}")
    with datagrams() as client:
        client.sendto(b"question", ("127.0.0.1", relay.port()))
        assert client.recv(100) == b"QUESTION"


def udp_sendto(ends: Ends) -> None:
    with datagrams() as service:
        relay = ends.relay("STDIO", f"UDP4-SENDTO:127.0.0.1:{port_of(service)}", given=b"hello")
        code, _ = relay.result()
        assert service.recv(100) == b"hello"
        assert code == 0


def udp6(ends: Ends) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as service:
        service.bind(("::1", 0))
        service.settimeout(PATIENCE_SECONDS)
        relay = ends.relay("-u", "STDIN", f"UDP6:[::1]:{port_of(service)}", given=b"six")
        assert relay.result()[0] == 0
        assert service.recv(100) == b"six"


def file_read(ends: Ends) -> None:
    (ends.folder / "read").write_bytes(BULK)
    relay = ends.relay("-u", f"OPEN:{ends.windows('read')},rdonly", "STDOUT")
    code, got = relay.result()
    same(got, BULK)
    assert code == 0


def file_create(ends: Ends) -> None:
    target = ends.folder / "created"
    target.write_bytes(b"what was there before")
    relay = ends.relay("-u", "STDIN", f"CREATE:{ends.windows('created')}", given=BULK)
    assert relay.result()[0] == 0
    same(target.read_bytes(), BULK)


def file_append(ends: Ends) -> None:
    target = ends.folder / "appended"
    for _ in range(2):
        words = f"OPEN:{ends.windows('appended')},creat,append"
        assert ends.relay("-u", "STDIN", words, given=b"line\n").result()[0] == 0
    assert target.read_bytes() == b"line\nline\n"


def file_gopen(ends: Ends) -> None:
    target = ends.folder / "gopened"
    target.write_bytes(b"first\r\n\x1a")  # what a text file of Windows would change or end at
    relay = ends.relay("-u", f"GOPEN:{ends.windows('gopened')}", "STDOUT")
    assert relay.result() == (0, b"first\r\n\x1a")


def file_excl(ends: Ends) -> None:
    (ends.folder / "there").write_bytes(b"kept")
    words = f"OPEN:{ends.windows('there')},creat,excl,wronly"
    relay = ends.relay("-u", "STDIN", words, given=b"lost")
    assert relay.result()[0] == 1
    assert (ends.folder / "there").read_bytes() == b"kept"
    assert "there" in relay.said


def file_missing(ends: Ends) -> None:
    relay = ends.relay("-u", f"OPEN:{ends.windows('missing')},rdonly", "STDOUT")
    assert relay.result()[0] == 1
    assert "missing" in relay.said


def exec_(ends: Ends) -> None:
    relay = ends.relay(*PATIENT, "TCP-LISTEN:0,fork", f"EXEC:{PYTHON} {ends.windows('upper.py')}")
    data = b"abc" * 500_000
    for _ in range(2):
        same(answer(connected(relay.port()), data), data.upper())


def exec_quoted(ends: Ends) -> None:
    relay = ends.relay(*PATIENT, "TCP-LISTEN:0", f'EXEC:"{PYTHON}" -c "{UPPER}"')
    assert answer(connected(relay.port()), b"quoted") == b"QUOTED"


def exec_missing(ends: Ends) -> None:
    relay = ends.relay("STDIO", "EXEC:no-such-program.exe")
    assert relay.result()[0] == 1
    assert "no-such-program.exe" in relay.said


def exec_fails(ends: Ends) -> None:
    relay = ends.relay("STDIO", f'EXEC:{PYTHON} -c "import sys; sys.exit(7)"')
    relay.result()
    assert "7" in relay.said.partition("is connected to")[2]


def exec_ends(ends: Ends) -> None:
    """A program that goes on for ever ends with its client."""
    relay = ends.relay(
        "TCP-LISTEN:0", f'EXEC:{PYTHON} -c "import time; print(1, flush=True); time.sleep(999)"'
    )
    with connected(relay.port()) as client:
        assert client.recv(10) == b"1\r\n"
    assert relay.result()[0] in (0, 1)


def system(ends: Ends) -> None:
    relay = ends.relay("TCP-LISTEN:0", 'SYSTEM:echo from %SOCAT_PEERADDR% & echo "two words"')
    with connected(relay.port()) as client:
        got = client.makefile("rb").read()
    assert got == b'from 127.0.0.1 \r\n"two words"\r\n', got
    assert relay.result()[0] == 0


def shell(ends: Ends) -> None:
    relay = ends.relay("-u", "SHELL:cd /d C:\\\\windows && cd", "STDOUT")
    assert relay.result() == (0, b"C:\\windows\r\n"), relay.said


def stdio(ends: Ends) -> None:
    relay = ends.relay("STDIO", f"TCP:127.0.0.1:{ends.echo}", given=BULK)
    code, got = relay.result()
    same(got, BULK)
    assert code == 0


def named_pipe(ends: Ends) -> None:
    name = f"bascule-{os.getpid()}"
    inner = ends.relay(f"NAMED-PIPE-LISTEN:{name},fork", f"TCP:127.0.0.1:{ends.echo}")
    inner.hears("listening on")
    outer = ends.relay("TCP-LISTEN:0,fork", f"NAMED-PIPE:{name}")
    for _ in range(2):
        same(echoed(connected(outer.port()), BULK), BULK)


def not_here(ends: Ends) -> None:
    for words in ("PTY", "UNIX-LISTEN:x", "ABSTRACT-CONNECT:x"):
        relay = ends.relay(words, "STDIO")
        assert relay.result()[0] == 1, words
        assert "Windows" in relay.said, relay.said


CASES: tuple[Callable[[Ends], None], ...] = (
    tcp, tcp_once, tcp6, tcp_refused, tcp_range, tcp_taken,
    tls_listen, tls_connect, tls_untrusted,
    udp_listen, udp_many, udp_recv, udp_recvfrom, udp_sendto, udp6,
    file_read, file_create, file_append, file_gopen, file_excl, file_missing,
    exec_, exec_quoted, exec_missing, exec_fails, exec_ends, system, shell,
    stdio, named_pipe, not_here,
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(run(CASES))
