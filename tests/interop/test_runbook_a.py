"""The first runbook's relays between ports, sockets and files, as a person types them.

Each runs in a process of its own, and a real client sees what the author of the command wanted.
"""

from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.helpers.borrowed import borrowed
from tests.helpers.contract import PATIENCE_SECONDS, digest, random_bytes
from tests.helpers.engines import environment
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening, listening_at
from tests.helpers.relaying import COMMAND, Running, logged, relaying
from tests.helpers.runbooks import words_of
from tests.helpers.sockets import accepted, listener, silent
from tests.helpers.web import REFUSED, Web, curl, nginx

BIG = random_bytes(3_000_000)


@contextmanager
def web_server(folder: Path) -> Iterator[tuple[Web, int]]:
    """A web server that serves ``big``, and its port."""
    port = free_port()
    with nginx(folder, f"listen 127.0.0.1:{port};", listening(port)) as web:
        (web.pages / "big").write_bytes(BIG)
        yield web, port


# A1 ----------------------------------------------------------------------------------------------


def test_a1_only_the_addresses_of_the_list_are_served(tmp_path: Path):
    port = free_port()
    with web_server(tmp_path / "web") as (web, backend):
        changes = {
            ":8080": f":{port}",
            "192.168.1.0/24": "127.1.2.0/24",
            "backend.local:80": f"127.0.0.1:{backend}",
        }
        with relaying(tmp_path, *words_of("A1", changes)) as relay:
            log = tmp_path / "relay_acl.log"
            logged(log, "listening on")
            url = f"http://127.0.0.1:{port}/big"
            for host in ("127.1.2.1", "127.1.2.255"):
                done = curl("--fail", "--interface", host, url)
                assert digest(done.stdout) == digest(BIG)
            for host in ("127.0.0.2", "127.1.1.255", "127.1.3.0"):
                done = curl("--interface", host, url)
                assert done.returncode in REFUSED
                assert not done.stdout
                logged(log, host)
            assert "outside the range" in log.read_text()
            assert len(web.asked(2)) == 2
            assert relay.said == ""  # it is in the file


# A8 ----------------------------------------------------------------------------------------------

LIMIT, CLIENTS = 30, 35


def test_a8_the_31st_waits_and_is_then_served(tmp_path: Path):
    port = free_port()
    with listener() as (backend, behind), ExitStack() as stack:
        changes = {":9090": f":{port}", "backend.local:9091": f"127.0.0.1:{behind}"}
        stack.enter_context(relaying(tmp_path, *words_of("A8", changes)))
        logged(tmp_path / "limits.log", "listening on")
        clients: list[socket.socket] = []
        for number in range(CLIENTS):
            client = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
            clients.append(stack.enter_context(client))
            client.sendall(b"%02d" % number)

        def serve(number: int) -> socket.socket:
            connection = stack.enter_context(accepted(backend))
            assert connection.recv(2) == b"%02d" % number
            return connection

        served = [serve(number) for number in range(LIMIT)]
        for number in range(CLIENTS - LIMIT):
            for client, connection in zip(clients[number:], served[number:], strict=False):
                connection.sendall(b"pong")  # all of them work, and nobody else has come
                assert client.recv(4, socket.MSG_WAITALL) == b"pong"
            backend.settimeout(0)
            with pytest.raises(BlockingIOError):
                backend.accept()
            backend.settimeout(PATIENCE_SECONDS)
            clients[number].close()
            served[number].close()
            served.append(serve(LIMIT + number))


# A10 ---------------------------------------------------------------------------------------------


def test_a10_a_service_of_ipv4_is_reached_by_ipv6(tmp_path: Path):
    port = free_port("::1")
    with web_server(tmp_path / "web") as (web, behind):
        changes = {":8080": f":{port}", ":8081": f":{behind}"}
        with relaying(tmp_path, *words_of("A10", changes)) as relay:
            relay.heard("listening on")
            done = curl("--fail", "-6", f"http://[::1]:{port}/big")
            assert digest(done.stdout) == digest(BIG)
            assert web.asked(1) == ['127.0.0.1 "GET /big HTTP/1.1" 200 name=- client=-']


# A11 ---------------------------------------------------------------------------------------------


@contextmanager
def logging(folder: Path, backend: int, limit: float = 5) -> Iterator[tuple[Running, int, Path]]:
    """A11, listening; its port and its log."""
    port = free_port()
    changes = {
        ":8080": f":{port}",
        "example.com:80": f"127.0.0.1:{backend}",
        "connect-timeout=5": f"connect-timeout={limit}",
    }
    with relaying(folder, *words_of("A11", changes)) as relay:
        log = folder / "socat_relay_8080.log"
        logged(log, "listening on")
        yield relay, port, log


def test_a11_serves_many_at_once_and_tells_each_in_its_log(tmp_path: Path):
    with (
        web_server(tmp_path / "web") as (_, behind),
        logging(tmp_path, behind) as (_, port, log),
    ):
        files = [tmp_path / f"got{number}" for number in range(8)]
        urls = [f"-o{file}\nhttp://localhost:{port}/big" for file in files]
        done = curl("--fail", "--parallel", "--parallel-immediate", *"\n".join(urls).split("\n"))
        assert done.returncode == 0, done.stderr
        assert {digest(file.read_bytes()) for file in files} == {digest(BIG)}
        with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client:
            logged(log, str(client.getsockname()[1]))


def test_a11_a_client_is_watched_and_small_messages_do_not_wait(tmp_path: Path):
    def options(sock: socket.socket) -> tuple[bool, bool]:
        keepalive = sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        return bool(keepalive), bool(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    with listener() as (backend, behind), logging(tmp_path, behind) as (relay, port, _):
        with (
            socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client,
            accepted(backend) as far,
        ):
            with borrowed(relay.process.pid, client.getsockname()) as sock:
                assert options(sock) == (True, True)
            with borrowed(relay.process.pid, far.getsockname()) as sock:
                assert not options(sock)[0]  # nobody asked for it there


def test_a11_a_backend_that_never_answers_is_given_up_and_told(tmp_path: Path):
    with silent("127.0.0.1") as behind, logging(tmp_path, behind, limit=0.3) as (_, port, log):
        assert curl(f"http://127.0.0.1:{port}/").returncode in REFUSED
        logged(log, f"127.0.0.1:{behind} does not answer")


# A16 ---------------------------------------------------------------------------------------------


def test_a16_the_log_shows_what_passes_as_text_and_as_hex(tmp_path: Path):
    port = free_port()
    log = tmp_path / "wire_5000.log"
    with listener() as (backend, behind):
        changes = {"LISTEN:5000": f"LISTEN:{port}", "backend.local:5001": f"127.0.0.1:{behind}"}
        with relaying(tmp_path, *words_of("A16", changes)):
            logged(log, "listening on")
            client = subprocess.Popen(
                [find("socat"), "-t", str(PATIENCE_SECONDS), "-", f"TCP:localhost:{port}"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            assert client.stdin
            client.stdin.write(b"GET / HTTP/1.0\r\n\r\n")
            client.stdin.flush()
            with accepted(backend) as connection:
                assert connection.recv(100) == b"GET / HTTP/1.0\r\n\r\n"
                connection.sendall(b"no\x00\xff\n")
            answer, _ = client.communicate(timeout=PATIENCE_SECONDS)
            assert answer == b"no\x00\xff\n"
    told = log.read_text()
    assert re.search(
        r"^> .* length=18\n 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 30 0d 0a +GET / HTTP/1\.0\.\.\n"
        r" 0d 0a +\.\.\n",
        told,
        re.MULTILINE,
    )
    assert re.search(r"^< .* length=5\n 6e 6f 00 ff 0a +no\.\.\.\n", told, re.MULTILINE)


# A17 ---------------------------------------------------------------------------------------------


@contextmanager
def exposed(folder: Path, path: Path) -> Iterator[int]:
    """A17, listening; its port."""
    port = free_port()
    changes = {":7000": f":{port}", "/tmp/mon_service.sock": path}
    with relaying(folder, *words_of("A17", changes)) as relay:
        relay.heard("listening on")
        yield port


def test_a17_a_web_service_on_a_unix_socket_answers_on_a_port(tmp_path: Path):
    path = tmp_path / "service.sock"
    with (
        nginx(tmp_path / "web", f"listen unix:{path};", listening_at(path)) as web,
        exposed(tmp_path, path) as port,
    ):
        (web.pages / "health").write_bytes(BIG)
        for _ in range(2):
            done = curl("--fail", f"http://127.0.0.1:{port}/health")
            assert digest(done.stdout) == digest(BIG)


def test_a17_who_ends_its_question_gets_the_whole_answer(tmp_path: Path):
    path = tmp_path / "service.sock"
    with socket.socket(socket.AF_UNIX) as service:
        service.bind(str(path))
        service.listen()
        service.settimeout(PATIENCE_SECONDS)
        with exposed(tmp_path, path) as port:
            client = subprocess.Popen(
                [find("nc"), "-N", "127.0.0.1", str(port)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            assert client.stdin
            client.stdin.write(b"STATUS\n")
            client.stdin.close()
            with accepted(service) as connection, connection.makefile("rb") as question:
                assert question.read() == b"STATUS\n"
                connection.sendall(BIG)
            client.stdin = None
            answer, _ = client.communicate(timeout=PATIENCE_SECONDS)
    assert digest(answer) == digest(BIG)


# A20 ---------------------------------------------------------------------------------------------

MIB = 1024 * 1024
COUNT = 64
LINGER = ("-t", str(PATIENCE_SECONDS))
"""Reading /dev/null ends at once; a busy computer may need more than socat's half second then."""


def test_a20_a_sink_takes_all_that_is_sent(tmp_path: Path):
    port = free_port()
    send = [*COMMAND, *LINGER, *words_of("A20b", {"IP_SERVEUR:9000": f"127.0.0.1:{port}"})]
    sink = words_of("A20", {"9000": port})
    with relaying(tmp_path, *LINGER, "--statistics", *sink) as relay:
        relay.heard("listening on")
        for _ in range(2):
            subprocess.run(
                f"set -e; dd if=/dev/zero bs=1M count={COUNT} 2>/dev/null | {shlex.join(send)}",
                shell=True, cwd=tmp_path, env=environment(tmp_path), check=True,
                timeout=PATIENCE_SECONDS,
            )  # fmt: skip
        relay.process.send_signal(signal.SIGTERM)
        assert relay.ends() == 128 + signal.SIGTERM
        assert f"statistics: {2 * COUNT * MIB} bytes up, 0 bytes down" in relay.said
    assert Path("/dev/null").is_char_device()


# Troubleshooting ---------------------------------------------------------------------------------


def test_a21_a_port_is_tried_from_a_script(tmp_path: Path):
    def tried(port: int, limit: float = PATIENCE_SECONDS) -> tuple[str, str]:
        changes = {"localhost:8080": f"127.0.0.1:{port}", "timeout=2": f"timeout={limit}"}
        done = subprocess.run(
            f"{shlex.join([*COMMAND, *words_of('A21', changes)])} && echo OK",
            shell=True, env=environment(tmp_path), capture_output=True, text=True, check=False,
            timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        return done.stdout, done.stderr

    with listener() as (_, port):
        assert tried(port) == ("OK\n", "")
    with silent("127.0.0.1") as port:
        output, told = tried(port, 0.3)
        assert not output
        assert "does not answer" in told
    output, told = tried(port)
    assert not output
    assert "refuses the connection" in told
