#!/usr/bin/env python3
"""Drives ``bascule relay`` of a Windows Python under wine, one kind of end after the other.

usage: ends.py DIR [WORD ...]     DIR is the rig of make.sh; words choose the cases that contain one

Clients and servers are programs of Linux: wine shares the network. What passed is compared by
SHA-256 with what was sent. Ends with 1 where a case failed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2] / "core"), str(HERE.parents[2])]

from tests.helpers.certificates import Files, make_files  # noqa: E402

PATIENCE_SECONDS = 180
PATIENT = ("-t", str(PATIENCE_SECONDS))
"""A program is to be waited for, whose start takes longer than half a second."""

BULK = os.urandom(4 << 20)
PYTHON = "Z:/rig/win/python.exe"
UPPER = "import sys; sys.stdout.write(sys.stdin.read().upper())"
LISTENS = re.compile(r"listening on .*?(\d+)\s*$", re.MULTILINE)


class Relay:
    """``bascule relay`` under wine; what it says is read as it says it."""

    def __init__(self, rig: Path, *words: str, given: bytes | None = None, program: str = "") -> None:
        start = [program] if program else [PYTHON, "-m", "bascule"]
        command = [HERE / "run.sh", rig, *start, "relay", "-d", "-d", *words]
        self._said = b""
        self._more = threading.Condition()
        self._given = given
        self.process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        while data := os.read(self.process.stderr.fileno(), 65536):
            with self._more:
                self._said += data
                self._more.notify_all()
        self.process.wait()  # whoever waits for more words shall see that there are none to come
        with self._more:
            self._more.notify_all()

    @property
    def said(self) -> str:
        return self._said.decode(errors="replace")

    def hears(self, words: str) -> None:
        """Wait until it has said those words."""
        with self._more:
            found = self._more.wait_for(lambda: words in self.said or self._over(), PATIENCE_SECONDS)
        assert found and words in self.said, f"it never said {words!r}"

    def _over(self) -> bool:
        return self.process.poll() is not None

    def port(self) -> int:
        """Where it listens, as soon as it does."""
        self.hears("listening on")
        found = LISTENS.search(self.said)
        assert found, "it does not say at which port it listens"
        return int(found[1])

    def result(self) -> tuple[int, bytes]:
        """Its exit code and what it wrote to standard output, when it has ended by itself."""
        output, _ = self.process.stdout, self.process.stderr
        assert output is not None
        if self._given is not None:
            assert self.process.stdin is not None
            self.process.stdin.write(self._given)
            self.process.stdin.close()
        written = output.read()
        return self.process.wait(PATIENCE_SECONDS), written

    def end(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)


class Ends:
    """What the cases share: the rig, its folder of files, servers that answer."""

    def __init__(self, rig: Path) -> None:
        self.rig = rig
        self.folder = rig / "ends"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        (self.folder / "upper.py").write_text(UPPER)
        with tempfile.TemporaryDirectory() as folder:
            made = make_files(Path(folder))
            for name, path in (("pem", made.certificate), ("key", made.key), ("ca", made.authority)):
                shutil.copy(path, self.folder / name)
        self.tls = Files(*(str(self.folder / name) for name in ("pem", "key", "ca")))
        self.echo = self._echo(socket.create_server(("127.0.0.1", 0)))
        self.echo6 = self._echo(socket.create_server(("::1", 0), family=socket.AF_INET6))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.tls.certificate, self.tls.key)
        self.echo_tls = self._echo(socket.create_server(("127.0.0.1", 0)), context)
        self.relays: list[Relay] = []

    def relay(self, *words: str, given: bytes | None = None) -> Relay:
        self.relays.append(Relay(self.rig, *words, given=given))
        return self.relays[-1]

    def windows(self, name: str) -> str:
        """A file of the shared folder, as Windows names it (colons mean something to socat)."""
        return f"Z:/rig/ends/{name}"

    @staticmethod
    def _echo(server: socket.socket, context: ssl.SSLContext | None = None) -> int:
        def serve(plain: socket.socket) -> None:
            with contextlib.suppress(OSError):  # the cases say what should have arrived
                if context is not None:
                    plain = context.wrap_socket(plain, server_side=True)
                with plain as peer:
                    while data := peer.recv(65536):
                        peer.sendall(data)
                    if isinstance(peer, ssl.SSLSocket):
                        peer.unwrap()

        def accept() -> None:
            while True:
                peer, _address = server.accept()
                threading.Thread(target=serve, args=(peer,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return server.getsockname()[1]


# clients -----------------------------------------------------------------------------------------


def connected(port: int, host: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection((host, port), PATIENCE_SECONDS)


def answer(peer: socket.socket, data: bytes) -> bytes:
    """Send everything and finish; what comes back until the end."""

    def send() -> None:
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    with peer, peer.makefile("rb") as received:
        got = received.read()
        sender.join(PATIENCE_SECONDS)
    return got


def echoed(peer: socket.socket, data: bytes) -> bytes:
    """What comes back of what is sent piece by piece: neither TLS nor a pipe can half-close."""
    with peer, peer.makefile("rb") as received:
        pieces = (data[at : at + 65536] for at in range(0, len(data), 65536))
        return b"".join(_exchange(peer, received, piece) for piece in pieces)


def _exchange(peer: socket.socket, received: IO[bytes], piece: bytes) -> bytes:
    peer.sendall(piece)
    return received.read(len(piece))


def same(got: bytes, sent: bytes) -> None:
    assert hashlib.sha256(got).digest() == hashlib.sha256(sent).digest(), (len(got), len(sent))


@contextmanager
def datagrams() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(PATIENCE_SECONDS)
        yield sock


def port_of(sock: socket.socket) -> int:
    return sock.getsockname()[1]


DATAGRAMS = [b"one", b"", b"x" * 1472, os.urandom(60_000), b"last"]

# cases -------------------------------------------------------------------------------------------


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


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.02)


def run(cases: Sequence[Callable[[Ends], None]]) -> int:
    """Run the cases that the command line chooses; return the exit code."""
    ends = Ends(Path(sys.argv[1]).resolve())
    words = sys.argv[2:]
    failed = 0
    for case in cases:
        name = case.__name__.strip("_")
        if words and not any(word in name for word in words):
            continue
        began = time.monotonic()
        try:
            case(ends)
            verdict = "passed"
        except Exception:  # noqa: BLE001 - one case must not keep the others from running
            failed += 1
            said = "\n".join(f"--- it said:\n{relay.said}" for relay in ends.relays)
            verdict = f"FAILED\n{traceback.format_exc()}{said}"
        finally:
            for relay in ends.relays:
                relay.end()
            ends.relays.clear()
        print(f"{name:14} {time.monotonic() - began:5.1f} s  {verdict}", flush=True)
    print(f"{failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(run(CASES))
