"""Exported relays in the programs they were written for: each is loaded, and moves the same bytes.

Debian: haproxy, nginx-light, libnginx-mod-stream, stunnel4, ser2net, socat, systemd.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.spec.endpoints import (
    ClientTls,
    ServerTls,
    TcpConnect,
    TcpListen,
)
from bascule.spec.export.exported import Form
from bascule.spec.export.write import write
from bascule.spec.relays import RelaySpec
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.other_programs import check, running, save
from tests.helpers.processes import free_port, listening

HERE = "127.0.0.1"
SIZE = 3_000_000
HOSTILE = "gate \"2\" '#' ; { } \\ % $HOME é \u2028 * `id`"
TCP = [Form.HAPROXY, Form.NGINX, Form.SOCAT]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return make_files(tmp_path_factory.mktemp("certificates"), ["localhost", HERE])


@contextlib.contextmanager
def answering(context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A server that reads to the end of each client and then answers with its SHA-256; its port,
    and what it has read.
    """
    heard: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        connection.settimeout(PATIENCE_SECONDS)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(connection)
            if context is not None:
                connection = stack.enter_context(context.wrap_socket(connection, server_side=True))
            data = b"".join(iter(lambda: connection.recv(65_536), b""))
            if data:
                heard.append(data)
                connection.sendall(hashlib.sha256(data).hexdigest().encode())

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=server.accept()[:1]).start()

    with socket.create_server((HERE, 0)) as server:
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1], heard
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_SECONDS)


def asked(sock: socket.socket, data: bytes) -> str:
    """Send all, finish, and read what is answered."""
    sock.settimeout(PATIENCE_SECONDS)
    sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)
    return b"".join(iter(lambda: sock.recv(65_536), b"")).decode()


@pytest.mark.parametrize("form", TCP)
def test_a_plain_relay_moves_the_same_bytes_and_leaves_the_answer_open(form: Form, tmp_path: Path):
    """The client finishes sending before it hears anything: a half-closed connection goes on."""
    with answering() as (far, _heard):
        port = free_port()
        spec = RelaySpec(
            TcpListen(port, HERE), TcpConnect("localhost", far, family="any"), allow=(HERE,)
        )
        spec = replace(spec, target=TcpConnect(HERE, far))
        exported = write(form, spec, name=HOSTILE)
        check(form, save(exported, tmp_path))
        assert [loss for loss in exported.lost if not loss.to_do] == []
        data = random_bytes(SIZE, 1)
        with (
            running(form, exported, tmp_path, listening(port)),
            socket.create_connection((HERE, port), PATIENCE_SECONDS) as sock,
        ):
            assert asked(sock, data) == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("form", [Form.HAPROXY, Form.NGINX, Form.STUNNEL])
def test_tls_is_taken_off_for_the_target(form: Form, files: Files, tmp_path: Path):
    both = tmp_path / "both ends.pem"  # haproxy wants them in one file, the others do not mind
    both.write_text(Path(files.certificate).read_text() + Path(files.key).read_text())
    tls = ServerTls(str(both), str(both))
    data = random_bytes(SIZE, 2)
    context = ssl.create_default_context(cafile=files.authority)
    with answering_at_length(len(data)) as far:
        port = free_port()
        exported = write(
            form, RelaySpec(TcpListen(port, tls=tls), TcpConnect(HERE, far)), name=HOSTILE
        )
        with (
            running(form, exported, tmp_path, listening(port)),
            socket.create_connection((HERE, port), PATIENCE_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as sock,
        ):
            assert told(sock, data) == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("form", [Form.HAPROXY, Form.NGINX, Form.STUNNEL])
def test_tls_is_added_and_the_certificate_verified(form: Form, files: Files, tmp_path: Path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    data = random_bytes(SIZE, 3)
    asked_for: list[str] = []
    context.sni_callback = lambda _sock, name, _context: asked_for.append(name)
    with answering_at_length(len(data), context) as far:
        for name, verified in (("localhost", True), ("elsewhere.example", False)):
            port = free_port()
            tls = ClientTls(authority=files.authority, server_name=name)
            spec = RelaySpec(TcpListen(port), TcpConnect(HERE, far, tls=tls))
            folder = tmp_path / name
            folder.mkdir()
            with (
                running(form, write(form, spec, name=name), folder, listening(port)),
                socket.create_connection((HERE, port), PATIENCE_SECONDS) as sock,
            ):
                answer = told(sock, data)
            assert answer == (hashlib.sha256(data).hexdigest() if verified else "")
            assert asked_for[-1] == name


@contextlib.contextmanager
def answering_at_length(size: int, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that answers with the SHA-256 of the first ``size`` bytes, and closes; its port."""

    def serve(connection: socket.socket) -> None:
        connection.settimeout(PATIENCE_SECONDS)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(connection)
            if context is not None:
                connection = stack.enter_context(context.wrap_socket(connection, server_side=True))
            data = bytearray()
            while len(data) < size and (chunk := connection.recv(65_536)):
                data += chunk
            if data:
                connection.sendall(hashlib.sha256(data).hexdigest().encode())

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=server.accept()[:1]).start()

    with socket.create_server((HERE, 0)) as server:
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_SECONDS)


def told(sock: socket.socket, data: bytes) -> str:
    """Send all and read what is answered; "" where the other side refuses."""
    sock.settimeout(PATIENCE_SECONDS)
    answer = b""
    with contextlib.suppress(ConnectionError):
        sock.sendall(data)
        answer = b"".join(iter(lambda: sock.recv(65_536), b""))
    return answer.decode()
