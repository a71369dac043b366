"""The second runbook's relays between TCP ports, files and Unix sockets, as a person types them.

Each runs in a process of its own, and a real client sees what the author of the command wanted.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import signal
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.engines import environment, wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening, listening_at, start
from tests.helpers.relaying import COMMAND, Running, logged, relaying
from tests.helpers.runbooks import words_of
from tests.helpers.sockets import silent
from tests.helpers.web import REFUSED, Web, curl, nginx

BIG = 3_000_000


@contextmanager
def web_server(folder: Path, address: str, port: int) -> Iterator[Web]:
    """A web server that serves ``big``, and waits until it does."""
    with nginx(folder, f"listen {address}:{port};", listening(port, address)) as web:
        (web.pages / "big").write_bytes(random_bytes(BIG))
        yield web


def got(url: str, *words: str) -> str:
    """The SHA-256 of what curl gets."""
    done = curl("--fail", *words, url)
    assert done.returncode == 0, done.stderr
    return hashlib.sha256(done.stdout).hexdigest()


WANTED = hashlib.sha256(random_bytes(BIG)).hexdigest()


# B1 ----------------------------------------------------------------------------------------------


@contextmanager
def guarded(folder: Path, backend: int, limit: float = 5) -> Iterator[tuple[Running, int]]:
    """B1, listening."""
    port = free_port()
    changes = {
        ":8080": f":{port}",
        "example.com:80": f"127.0.0.1:{backend}",
        "connect-timeout=5": f"connect-timeout={limit}",
    }
    with relaying(folder, *words_of("B1", changes)) as relay:
        logged(folder / "socat_relay_8080.log", "listening on")
        yield relay, port


def test_b1_serves_this_computer_and_refuses_everybody_else(tmp_path: Path):
    far = free_port()
    with (
        web_server(tmp_path / "web", "127.0.0.1", far) as web,
        guarded(tmp_path, far) as (relay, port),
    ):
        url = f"http://127.0.0.1:{port}/big"
        assert got(url) == WANTED
        refused = curl("--interface", "127.0.0.2", url)
        assert refused.returncode in REFUSED
        assert not refused.stdout
        assert got(url) == WANTED
        logged(tmp_path / "socat_relay_8080.log", "127.0.0.2")
        assert web.asked(2) == ['127.0.0.1 "GET /big HTTP/1.1" 200 name=- client=-'] * 2
        assert relay.said == ""  # it is in the file


def test_b1_keeps_a_silent_client_under_watch(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as backend:
        with guarded(tmp_path, backend.getsockname()[1]) as (_, port):
            with socket.create_connection(("127.0.0.1", port)) as client:
                ends = f"{port:04X}", f"{client.getsockname()[1]:04X}"
                wait_until(lambda: timer_of(*ends) == KEEPALIVE_TIMER)


KEEPALIVE_TIMER = "02"


def timer_of(local: str, remote: str) -> str:
    """Which timer runs for a connection, as Linux tells it (proc_net_tcp.txt)."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{local}") and fields[2].endswith(f":{remote}"):
            return fields[5].partition(":")[0]
    return ""


def test_b1_gives_up_a_backend_that_never_answers(tmp_path: Path):
    with silent("127.0.0.1") as backend, guarded(tmp_path, backend, limit=0.3) as (_, port):
        assert curl(f"http://127.0.0.1:{port}/").returncode in REFUSED
        logged(tmp_path / "socat_relay_8080.log", f"127.0.0.1:{backend} does not answer")


# B3 ----------------------------------------------------------------------------------------------


def in_shell(name: str, changes: dict[str, object]) -> str:
    """A command as a shell reads it, for pipelines. One end may have nothing to say from the
    beginning, and a busy computer may need more than socat's half second for the other.
    """
    return shlex.join([*COMMAND, "-t", "60", *words_of(name, changes)])


def test_b3_a_folder_arrives_whole_and_both_sides_know_its_sum(tmp_path: Path):
    port = free_port()
    folder = tmp_path / "mon_dossier"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "data").write_bytes(random_bytes(BIG))
    (folder / "tool").write_text("#!/bin/sh\n")
    (folder / "tool").chmod(0o750)
    (folder / "link").symlink_to("sub/data")
    receive = in_shell("B3", {"8888": port})
    send = in_shell("B3b", {"IP_RECEPTEUR:8888": f"127.0.0.1:{port}"})
    said = tmp_path / "said"
    receiver = subprocess.Popen(
        f"{receive} 2>{said} | tee archive.tgz | sha256sum > archive.tgz.sha256",
        shell=True, cwd=tmp_path, stdin=subprocess.DEVNULL, env=environment(tmp_path),
    )  # fmt: skip
    logged(said, "listening on")
    subprocess.run(
        f"tar -czf - mon_dossier/ | {send} | cat",
        shell=True, cwd=tmp_path, env=environment(tmp_path), check=True,
    )  # fmt: skip
    assert receiver.wait(PATIENCE_SECONDS) == 0
    archive = tmp_path / "archive.tgz"
    told = (tmp_path / "archive.tgz.sha256").read_text().split()[0]
    assert told == hashlib.sha256(archive.read_bytes()).hexdigest()
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "restored", filter="fully_trusted")
    restored = tmp_path / "restored" / "mon_dossier"
    assert (restored / "sub" / "data").read_bytes() == random_bytes(BIG)
    assert (restored / "tool").stat().st_mode & 0o777 == 0o750
    assert (restored / "link").readlink() == Path("sub/data")


# B6 ----------------------------------------------------------------------------------------------


def test_b6_what_passes_is_in_the_log_file_as_text_and_as_hex(tmp_path: Path):
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as backend:
        changes = {
            "TCP4-LISTEN:5000": f"TCP4-LISTEN:{port}",
            "serveur_backend:5001": f"127.0.0.1:{backend.getsockname()[1]}",
        }
        log = tmp_path / "wire_5000.log"
        with relaying(tmp_path, *words_of("B6", changes)):
            logged(log, "listening on")
            with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client:
                server, _ = backend.accept()
                with server:
                    server.settimeout(PATIENCE_SECONDS)
                    client.sendall(b"HELO \x00\xff\r\n")
                    assert server.recv(100) == b"HELO \x00\xff\r\n"
                    server.sendall(b"250 ok\n")
                    assert client.recv(100) == b"250 ok\n"
    told = log.read_text()
    assert re.search(
        r"^> .* length=9\n 48 45 4c 4f 20 00 ff 0d 0a +HELO \.{4}\n", told, re.MULTILINE
    )
    assert re.search(r"^< .* length=7\n 32 35 30 20 6f 6b 0a +250 ok\.\n", told, re.MULTILINE)


# B7 ----------------------------------------------------------------------------------------------


@contextmanager
def on_a_port(folder: Path, *more: str) -> Iterator[tuple[int, Path]]:
    """B7, listening; gives the port, and the path of the Unix socket."""
    port = free_port()
    path = folder / ".s.PGSQL.5432"
    changes = {":15432": f":{port}", "/var/run/postgresql/.s.PGSQL.5432": path}
    with relaying(folder, *more, *words_of("B7", changes)) as relay:
        relay.heard("listening on")
        yield port, path


def test_b7_what_listens_on_a_unix_socket_answers_on_a_port(tmp_path: Path):
    with on_a_port(tmp_path) as (port, path):
        with nginx(tmp_path / "web", f"listen unix:{path};", listening_at(path)) as web:
            (web.pages / "big").write_bytes(random_bytes(BIG))
            assert got(f"http://127.0.0.1:{port}/big") == WANTED
            assert got(f"http://127.0.0.1:{port}/big") == WANTED


def test_b7_a_client_that_has_finished_gets_its_whole_answer(tmp_path: Path):
    sums = ("socat", "-t", "60")
    with on_a_port(tmp_path, "-t", "60") as (port, path):  # however busy this computer is
        with start(*sums, f"UNIX-LISTEN:{path}", "EXEC:sha256sum", ready=listening_at(path)):
            done = subprocess.run(
                [find("nc"), "-N", "127.0.0.1", str(port)], input=random_bytes(BIG),
                capture_output=True, timeout=PATIENCE_SECONDS, check=True,
            )  # fmt: skip
    assert done.stdout.decode() == f"{WANTED}  -\n"


# B15 ---------------------------------------------------------------------------------------------

MIB = 1024 * 1024
COUNT = 64


def test_b15_a_black_hole_takes_all_that_is_sent(tmp_path: Path):
    port = free_port()
    swallow = words_of("B15", {"9000": port})
    send = in_shell("B15b", {"IP_SERVEUR:9000": f"127.0.0.1:{port}"})
    with relaying(tmp_path, "--statistics", *swallow) as relay:
        relay.heard("listening on")
        for _ in range(2):
            subprocess.run(
                f"set -e; dd if=/dev/zero bs=1M count={COUNT} 2>/dev/null | {send}",
                shell=True, cwd=tmp_path, env=environment(tmp_path), check=True,
                timeout=PATIENCE_SECONDS, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        relay.process.send_signal(signal.SIGTERM)
        assert relay.ends() == 128 + signal.SIGTERM
        assert f"statistics: {2 * COUNT * MIB} bytes up, 0 bytes down" in relay.said
    assert Path("/dev/null").is_char_device()


# B16 ---------------------------------------------------------------------------------------------


def probe(port: int, limit: float) -> list[str]:
    changes = {"serveur.exemple.local:443": f"127.0.0.1:{port}", "-T 2": f"-T {limit}"}
    return words_of("B16", changes)


def test_b16_a_service_that_hangs_is_told_from_one_that_answers(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        words = probe(hanging.getsockname()[1], 0.5)
        with relaying(tmp_path, *words, stdin=subprocess.PIPE) as relay:  # kept open
            relay.heard("is connected to")
            assert relay.ends() == 0
            assert "nothing moved for 0.5 seconds" in relay.said


def test_b16_an_answer_is_printed(tmp_path: Path):
    port = free_port()
    with web_server(tmp_path / "web", "127.0.0.1", port):
        done = subprocess.run(
            [*COMMAND, *probe(port, 20)], input=b"HEAD /big HTTP/1.0\r\n\r\n",
            capture_output=True, env=environment(tmp_path), timeout=PATIENCE_SECONDS, check=True,
        )  # fmt: skip
    assert done.stdout.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"Content-Length: {BIG}\r\n".encode() in done.stdout


def test_b16_a_service_that_refuses_is_told(tmp_path: Path):
    port = free_port()
    with relaying(tmp_path, *probe(port, 20)) as relay:
        assert relay.ends() == 1
        assert f"127.0.0.1:{port} refuses the connection" in relay.said


# B19 ---------------------------------------------------------------------------------------------


def test_b19_two_relays_in_a_row_show_a_local_service(tmp_path: Path):
    service, middle, public = (free_port() for _ in range(3))
    inner = words_of("B19b", {":9090": f":{middle}", ":3000": f":{service}"})
    outer = words_of(
        "B19c", {":8080": f":{public}", "IP_MACHINE_LOCALE:9090": f"127.0.0.1:{middle}"}
    )
    with (
        web_server(tmp_path / "web", "127.0.0.1", service),
        relaying(tmp_path, *inner) as near,
        relaying(tmp_path, *outer) as far,
    ):
        near.heard("listening on")
        far.heard("listening on")
        assert got(f"http://127.0.0.1:{public}/big") == WANTED
        assert got(f"http://127.0.0.1:{public}/big") == WANTED
