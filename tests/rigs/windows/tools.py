"""Owns what all that drives Bascule of Windows uses: its relays under wine, servers that answer, clients, and the run of cases.

wine shares the network, so clients and servers are programs of Linux. What passed is compared by SHA-256 with what was sent.
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


# cases -------------------------------------------------------------------------------------------


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
