"""Exported relays in the programs they were written for: each is loaded, and moves the same bytes.

Debian: haproxy, nginx-light, libnginx-mod-stream, stunnel4, ser2net, socat, systemd.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bascule.errors import SpecError
from bascule.spec.datagrams import UdpConnect, UdpListen
from bascule.spec.endpoints import (
    ClientTls,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Failover
from bascule.spec.export.exported import Exported, Form
from bascule.spec.export.write import write
from bascule.spec.relays import RelaySpec
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import PATIENCE_SECONDS, digest, random_bytes
from tests.helpers.exports import RELAYS, variations
from tests.helpers.other_programs import check, running, save, statements
from tests.helpers.ports import free_port, free_udp_port
from tests.helpers.processes import Running, listening

HERE = "127.0.0.1"
SIZE = 3_000_000
HOSTILE = "gate \"2\" '#' ; { } \\ % $HOME \u00e9 \u2028 * `id`"
BALANCERS = [Form.HAPROXY, Form.NGINX]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return make_files(tmp_path_factory.mktemp("certificates"), ["localhost", HERE])


@contextlib.contextmanager
def answering(
    size: int = 0,
    context: ssl.SSLContext | None = None,
    *,
    path: Path | None = None,
    greeting: bytes = b"",
) -> Iterator[int]:
    """A server that answers with the SHA-256 of what it has read, and closes; its port.

    It reads so many bytes, or (0) until the client has finished sending.
    """

    def serve(connection: socket.socket) -> None:
        connection.settimeout(PATIENCE_SECONDS)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(connection)
            if context is not None:
                connection = stack.enter_context(context.wrap_socket(connection, server_side=True))
            connection.sendall(greeting)
            data = bytearray()
            while (not size or len(data) < size) and (chunk := connection.recv(65_536)):
                data += chunk
            if data:
                connection.sendall(hashlib.sha256(data).hexdigest().encode())

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=server.accept()[:1]).start()

    family = socket.AF_INET if path is None else socket.AF_UNIX
    with socket.socket(family) as server:
        server.bind((HERE, 0) if path is None else str(path))
        server.listen()
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1] if path is None else 0
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_SECONDS)


def told(sock: socket.socket, data: bytes, *, finish: bool = False) -> str:
    """Send all and read what is answered; "" where the other side hangs up instead."""
    sock.settimeout(PATIENCE_SECONDS)
    answer = b""
    with contextlib.suppress(ConnectionError):
        sock.sendall(data)
        if finish:
            sock.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: sock.recv(65_536), b""))
    return answer.decode()


def connected(port: int, source: str = HERE) -> socket.socket:
    return socket.create_connection((HERE, port), PATIENCE_SECONDS, (source, 0))


def refused(port: int, source: str = HERE) -> bool:
    """Whether who connects from there is hung up on, without a byte."""
    with contextlib.suppress(ConnectionError), connected(port, source) as sock:
        return sock.recv(1) == b""
    return True


@pytest.mark.parametrize("form", [*BALANCERS, Form.SOCAT])
def test_a_plain_relay_moves_the_same_bytes_and_leaves_the_answer_open(form: Form, tmp_path: Path):
    """The client finishes sending before it hears anything: a half-closed connection goes on."""
    data = random_bytes(SIZE, 1)
    with answering() as far:
        port = free_port()
        spec = RelaySpec(TcpListen(port), TcpConnect(HERE, far), allow=(HERE,))
        exported = write(form, spec, name=HOSTILE)
        assert exported.lost == ()
        check(form, save(exported, tmp_path))
        with running(form, exported, tmp_path, listening(port)), connected(port) as sock:
            assert told(sock, data, finish=True) == digest(data)
            assert refused(port, "127.0.0.2")


@pytest.mark.parametrize("form", [*BALANCERS, Form.STUNNEL])
def test_tls_is_taken_off_for_the_target(form: Form, files: Files, tmp_path: Path):
    both = (
        tmp_path / "gate '2' \"#\" ; { } \\ %h \u00e9.pem"
    )  # haproxy wants them in one file, the others do not mind
    both.write_text(Path(files.certificate).read_text() + Path(files.key).read_text())
    data = random_bytes(SIZE, 2)
    context = ssl.create_default_context(cafile=files.authority)
    with answering(len(data)) as far:
        port = free_port()
        source = TcpListen(port, tls=ServerTls(str(both), str(both), minimum_version="1.3"))
        exported = write(form, RelaySpec(source, TcpConnect(HERE, far)), name=HOSTILE)
        assert exported.lost == ()
        with running(form, exported, tmp_path, listening(port)):
            with (
                connected(port) as plain,
                context.wrap_socket(plain, server_hostname="localhost") as sock,
            ):
                assert sock.version() == "TLSv1.3"
                assert told(sock, data) == digest(data)
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            with connected(port) as plain, pytest.raises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(plain, server_hostname="localhost")


@pytest.mark.parametrize("form", [*BALANCERS, Form.STUNNEL])
@pytest.mark.parametrize("name", ["localhost", "elsewhere.example"])
def test_tls_is_added_and_the_certificate_verified(
    form: Form, name: str, files: Files, tmp_path: Path
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    asked_for: list[str] = []
    context.sni_callback = lambda _sock, asked, _context: asked_for.append(asked)
    data = random_bytes(SIZE, 3)
    with answering(len(data), context) as far:
        port = free_port()
        tls = ClientTls(authority=files.authority, server_name=name)
        exported = write(
            form, RelaySpec(TcpListen(port), TcpConnect(HERE, far, tls=tls)), name=name
        )
        with running(form, exported, tmp_path, listening(port)):
            if name == "localhost":
                with connected(port) as sock:
                    assert told(sock, data) == digest(data)
            else:
                assert refused(port)
    assert set(asked_for) == {name}


@pytest.mark.parametrize("form", [*BALANCERS, Form.STUNNEL])
def test_clients_without_the_right_certificate_stay_out(
    form: Form, files: Files, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
):
    ours = make_files(tmp_path_factory.mktemp("ours"), ["somebody"], client=True)
    both = tmp_path / "both.pem"
    both.write_text(Path(files.certificate).read_text() + Path(files.key).read_text())
    data = random_bytes(10_000, 4)
    with answering(len(data)) as far:
        port = free_port()
        tls = ServerTls(str(both), str(both), client_authority=ours.authority)
        exported = write(
            form, RelaySpec(TcpListen(port, tls=tls), TcpConnect(HERE, far)), name="clients"
        )
        with running(form, exported, tmp_path, listening(port)):
            answers: list[str] = []
            for certificate in (ours, None):
                context = ssl.create_default_context(cafile=files.authority)
                if certificate is not None:
                    context.load_cert_chain(certificate.certificate, certificate.key)
                answer = ""
                with contextlib.suppress(ssl.SSLError), connected(port) as plain:
                    with context.wrap_socket(plain, server_hostname="localhost") as sock:
                        answer = told(sock, data)
                answers.append(answer)
            assert answers == [digest(data), ""]


@pytest.mark.parametrize("form", [*BALANCERS, Form.STUNNEL])
def test_the_second_target_is_taken_where_the_first_is_gone(
    form: Form, files: Files, tmp_path: Path
):
    data = random_bytes(10_000, 5)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    tls = ClientTls(authority=files.authority, server_name="localhost")
    with answering(len(data), context) as far:
        port, gone = free_port(), free_port()
        targets = tuple(TcpConnect(HERE, each, tls=tls) for each in (gone, far))
        spec = RelaySpec(TcpListen(port), Failover(targets=targets))

        def reached() -> bool:
            """Whether it has found out by now that the first one is gone."""
            with connected(port) as sock:
                return told(sock, data) == digest(data)

        with running(form, write(form, spec, name="two"), tmp_path, listening(port)) as program:
            program.wait_until(reached)


@pytest.mark.parametrize("form", BALANCERS)
def test_unix_sockets_on_both_sides(form: Form, tmp_path: Path):
    near, far = tmp_path / "near it's", tmp_path / "far"
    data = random_bytes(SIZE, 6)
    with answering(path=far):
        spec = RelaySpec(UnixListen(str(near)), UnixConnect(str(far)))
        exported = write(form, spec, name="sockets")
        check(form, save(exported, tmp_path))

        def listens() -> bool:
            with socket.socket(socket.AF_UNIX) as probe:
                return probe.connect_ex(str(near)) == 0

        with (
            running(form, exported, tmp_path, listens),
            socket.socket(socket.AF_UNIX) as sock,
        ):
            sock.connect(str(near))
            assert told(sock, data, finish=True) == digest(data)


@pytest.mark.parametrize("form", BALANCERS)
def test_one_connection_too_many_is_refused(form: Form, tmp_path: Path):
    with answering(greeting=b"in") as far:
        port = free_port()
        spec = RelaySpec(TcpListen(port), TcpConnect(HERE, far), max_connections=2)
        with (
            running(form, write(form, spec, name="full"), tmp_path, bound(port)) as program,
            contextlib.ExitStack() as stack,
        ):
            for _ in range(2):
                program.wait_until(lambda: let_in(port, stack))
            assert refused(port)


def let_in(port: int, stack: contextlib.ExitStack) -> bool:
    """Connect, and stay where one is greeted.

    HAProxy counts a connection before it has looked whether there is one (fe_conn), and uncounts
    it: with several threads it may turn away for a moment who would fit.
    """
    with contextlib.suppress(ConnectionError), contextlib.ExitStack() as trying:
        sock = trying.enter_context(connected(port))
        if sock.recv(2) == b"in":
            stack.enter_context(trying.pop_all())
            return True
    return False


@pytest.mark.parametrize("form", BALANCERS)
def test_the_target_is_told_who_has_connected(form: Form, tmp_path: Path):
    with socket.create_server((HERE, 0)) as far:
        far.settimeout(PATIENCE_SECONDS)
        port = free_port()
        target = TcpConnect(HERE, far.getsockname()[1], proxy_header="v1")
        exported = write(form, RelaySpec(TcpListen(port), target), name="header")
        with (
            running(form, exported, tmp_path, bound(port)) as program,
            contextlib.ExitStack() as stack,
        ):
            sock = joined(port, program, stack)
            sock.sendall(b"GET")
            connection = stack.enter_context(far.accept()[0])
            connection.settimeout(PATIENCE_SECONDS)
            header = stack.enter_context(connection.makefile("rb")).readline()
            own = sock.getsockname()[1]
            assert header == f"PROXY TCP4 {HERE} {HERE} {own} {port}\r\n".encode()


def test_datagrams_through_nginx(tmp_path: Path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far:
        far.bind((HERE, 0))
        far.settimeout(PATIENCE_SECONDS)
        port = free_udp_port()
        target = UdpConnect(host=HERE, port=far.getsockname()[1])
        exported = write(Form.NGINX, RelaySpec(UdpListen(port=port), target), name="datagrams")
        check(Form.NGINX, save(exported, tmp_path))
        data = random_bytes(1200, 7)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near:
            near.connect((HERE, port))
            near.settimeout(0.2)

            def answered() -> bool:
                with contextlib.suppress(ConnectionError, TimeoutError):
                    near.send(b"ready?")
                    return bool(far.recvfrom(2000)[0])
                return False

            far.settimeout(0.2)
            with running(Form.NGINX, exported, tmp_path, answered):
                near.settimeout(PATIENCE_SECONDS)
                far.settimeout(PATIENCE_SECONDS)
                near.send(data)
                seen, peer = far.recvfrom(2000)
                while seen == b"ready?":
                    seen, peer = far.recvfrom(2000)
                assert digest(seen) == digest(data)
                far.sendto(seen[::-1], peer)
                assert near.recv(2000) == data[::-1]


@pytest.mark.parametrize(
    ("form", "sort"),
    [
        *(
            (form, sort)
            for form in BALANCERS
            for sort in ("plain", "tls off", "tls on", "two targets")
        ),
        (Form.NGINX, "datagrams"),
    ],
)
def test_every_setting_is_loaded(form: Form, sort: str, files: Files, tmp_path: Path):
    """Each setting that is written, one after the other, is one that the program knows."""
    both = tmp_path / "both.pem"
    both.write_text(Path(files.certificate).read_text() + Path(files.key).read_text())
    seen: set[str] = set()
    for path, changed in variations(RELAYS[sort]):
        if path.endswith((".host", ".family", ".interface", ".owner")):
            continue  # what there is of these, each computer decides
        try:
            text = write(form, changed, name="relay").text
        except SpecError:
            continue
        text = re.sub(r"/(certificate|key|authority|other)\.pem(\.haproxy)?", str(both), text)
        text = text.replace("far.example", "localhost")
        said = "\n".join(statements(text))
        if said not in seen:
            check(form, save(Exported(text, f"{len(seen)}.cfg"), tmp_path))
        seen.add(said)
    assert len(seen) > 3


def bound(port: int) -> Callable[[], bool]:
    """Whether somebody has a port, found out without connecting to it."""

    def taken() -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HERE, port))
            except OSError:
                return True
            return False

    return taken


def joined(port: int, program: Running, stack: contextlib.ExitStack) -> socket.socket:
    """The first connection to a program that has the port, and listens on it in a moment."""
    found: list[socket.socket] = []

    def connects() -> bool:
        with contextlib.suppress(ConnectionRefusedError):
            found.append(stack.enter_context(connected(port)))
        return bool(found)

    program.wait_until(connects)
    found[0].settimeout(PATIENCE_SECONDS)
    return found[0]
