"""The second runbook's relays to programs: what its author wrote between quotes does what it says.

Where the command has to be escaped for socat 1.8, both ways of writing it do the same.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from tests.helpers.contract import PATIENCE_SECONDS, digest, random_bytes
from tests.helpers.engines import environment, wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening, start
from tests.helpers.relaying import COMMAND, Running, hear, relaying
from tests.helpers.runbooks import words_of
from tests.helpers.sshd import SshServer, sshd
from tests.helpers.web import REFUSED, curl, nginx

BIG = random_bytes(3_000_000)
BOTH = pytest.mark.parametrize("form", ["naive", "escaped"])


def children(relay: Running) -> list[psutil.Process]:
    """The processes that a relay has started and that have not ended."""
    return psutil.Process(relay.process.pid).children()


# B4 ----------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshServer]:
    with sshd(tmp_path / "ssh") as running:
        monkeypatch.setenv("PATH", running.path)
        yield running


@contextmanager
def over_ssh(folder: Path, form: str, user: str, service: int) -> Iterator[tuple[Running, int]]:
    """B4, listening."""
    port = free_port()
    colon = "\\:" if form == "escaped" else ":"
    changes = {
        ":15432": f":{port}",
        "user@": f"{user}@",
        f"{colon}5432": f"{colon}{service}",
    }
    with relaying(folder, *words_of("B4", changes, form)) as relay:
        relay.heard("listening on")
        yield relay, port


@BOTH
def test_b4_a_service_behind_ssh_serves_several_at_a_time(
    form: str, tmp_path: Path, server: SshServer
):
    service = free_port()
    there = listening(service)
    with (
        nginx(tmp_path / "web", f"listen 127.0.0.1:{service};", there) as web,
        over_ssh(tmp_path, form, server.user, service) as (relay, port),
    ):
        (web.pages / "big").write_bytes(BIG)
        url = f"http://127.0.0.1:{port}/big"
        # two connections, each with an ssh of its own
        with socket.create_connection(("127.0.0.1", port)) as waiting:
            done = curl("--fail", url)
            assert digest(done.stdout) == digest(BIG)
            waiting.settimeout(PATIENCE_SECONDS)
            waiting.sendall(b"HEAD /big HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert waiting.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
            assert children(relay)
        wait_until(lambda: not children(relay))


def test_b4_what_ssh_says_of_a_service_that_is_not_there_is_heard(
    tmp_path: Path, server: SshServer
):
    with over_ssh(tmp_path, "naive", server.user, free_port()) as (relay, port):
        done = curl(f"http://127.0.0.1:{port}/")
        assert done.returncode in REFUSED
        relay.heard("Connection refused")


# B5 ----------------------------------------------------------------------------------------------


@BOTH
def test_b5_each_message_is_kept_with_its_time(form: str, tmp_path: Path):
    port = free_port()
    collect = words_of("B5", {"5514": port}, form)
    send = words_of("B5b", {"5514": port})
    log = tmp_path / "udp_events.log"
    log.write_text("what was there\n")
    with relaying(tmp_path, *collect) as relay:
        relay.heard("is connected to")
        for at, command in enumerate(([*COMMAND, *send], [find("socat"), *send], COMMAND + send)):
            subprocess.run(
                command, input=f'"test"  event {at}\\n\n'.encode(),
                env=environment(tmp_path), timeout=PATIENCE_SECONDS, check=True,
            )  # fmt: skip
            wait_until(lambda lines=at + 2: log.read_text().count("\n") == lines)
    kept, *lines = log.read_text().splitlines()
    assert kept == "what was there"
    for at, line in enumerate(lines):
        stamp, _, message = line.partition(" ")
        assert datetime.fromisoformat(stamp).tzinfo is not None
        assert message == f'"test"  event {at}\\n'


# B11 ---------------------------------------------------------------------------------------------


def test_b11_each_call_is_answered_anew_in_json(tmp_path: Path):
    port = free_port()
    with relaying(tmp_path, *words_of("B11", {":9100": f":{port}"})) as relay:
        relay.heard("listening on")
        for _ in range(2):
            before = datetime.now().astimezone().replace(microsecond=0)
            done = curl("--fail", "--include", f"http://127.0.0.1:{port}/")
            head, _, body = done.stdout.partition(b"\r\n\r\n")
            assert head.split(b"\r\n") == [b"HTTP/1.1 200 OK", b"Content-Type: application/json"]
            told = json.loads(body)
            assert told["host"] == socket.gethostname()
            assert before <= datetime.fromisoformat(told["time"]) <= datetime.now().astimezone()


# B12 ---------------------------------------------------------------------------------------------

STATE = re.compile(
    r"host=(?P<host>.+)\ndate=(?P<date>.+)\nuptime=.* up .*\nload=\d+\.\d\d, \d+\.\d\d, \d+\.\d\d\n"
)


@contextmanager
def state_service(folder: Path, form: str, limit: float = 15) -> Iterator[tuple[Running, int]]:
    """B12, listening."""
    port = free_port()
    changes = {":9001": f":{port}", "-T 15": f"-T {limit:g}"}
    with relaying(folder, *words_of("B12", changes, form)) as relay:
        relay.heard("listening on")
        yield relay, port


@BOTH
def test_b12_the_state_of_the_machine_is_told_and_the_client_let_go(form: str, tmp_path: Path):
    with state_service(tmp_path, form) as (_, port):
        nc = subprocess.run(
            [find("nc"), "127.0.0.1", str(port)], stdin=subprocess.DEVNULL,
            capture_output=True, timeout=PATIENCE_SECONDS, check=True,
        )  # fmt: skip
        client = words_of("B12b", {"9001": port})
        with relaying(tmp_path, *client, stdin=subprocess.PIPE) as ours:  # it says nothing
            assert ours.ends() == 0
            answer, _ = ours.process.communicate()
        for text in (nc.stdout.decode(), hear(port).decode(), answer.decode()):
            told = STATE.fullmatch(text)
            assert told, text
            assert told["host"] == socket.gethostname()
            datetime.fromisoformat(told["date"])


def test_b12_a_client_is_let_go_where_the_machine_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    hanging = tmp_path / "bin" / "hostname"
    hanging.parent.mkdir()
    os.mkfifo(tmp_path / "never")
    hanging.write_text(f"#!/bin/sh\nread answer < {tmp_path}/never\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("PATH", f"{hanging.parent}:{os.environ['PATH']}")
    with state_service(tmp_path, "naive", limit=0.5) as (relay, port):
        with os.fdopen(os.open(tmp_path / "never", os.O_RDWR)):  # the reader hangs till we end
            assert hear(port) == b""
            relay.heard("nothing moved for 0.5 seconds")
            wait_until(lambda: not children(relay))


# B17 ---------------------------------------------------------------------------------------------


@BOTH
def test_b17_one_file_is_served_once(form: str, tmp_path: Path):
    port = free_port()
    name = "mon_fichier.tar.gz"
    (tmp_path / name).write_bytes(BIG)
    words = words_of("B17", {":8000": f":{port}", "1234": len(BIG)}, form)
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    with relaying(tmp_path, *words) as relay:
        relay.heard("listening on")
        url = f"http://127.0.0.1:{port}/"
        options = ("-D", "-", "--remote-name", "--remote-header-name", "--output-dir")
        done = curl("--fail", *options, str(fetched), url)
        assert done.returncode == 0, done.stderr
        assert done.stdout.decode().split("\r\n") == [
            "HTTP/1.1 200 OK",
            f'Content-Disposition: attachment; filename="{name}"',
            f"Content-Length: {len(BIG)}",
            "Content-Type: application/octet-stream",
            "",
            "",
        ]
        assert relay.ends() == 0
        assert curl(url).returncode == 7  # nobody is there any more
    assert digest((fetched / name).read_bytes()) == digest(BIG)


# B18 ---------------------------------------------------------------------------------------------


def line_of(name: str, port: int, form: str = "naive") -> list[str]:
    colon = "\\:" if form == "escaped" else ":"
    changes = {f"logserver.exemple.local{colon}5000": f"127.0.0.1{colon}{port}"}
    return words_of(name, changes, form)


@contextmanager
def log_server(folder: Path) -> Iterator[tuple[int, Path]]:
    """A real server that keeps what it is sent."""
    port = free_port()
    kept = folder / "kept"
    address = f"TCP4-LISTEN:{port},bind=127.0.0.1"
    with start("socat", "-d", "-d", "-u", address, f"CREATE:{kept}") as server:
        server.wait_for("listening on")
        yield port, kept
        server.process.wait(PATIENCE_SECONDS)


@BOTH
def test_b18_a_flow_reaches_the_file_and_the_server(form: str, tmp_path: Path):
    with log_server(tmp_path) as (port, kept):
        subprocess.run(
            [*COMMAND, *line_of("B18", port, form)], input=BIG, cwd=tmp_path,
            env=environment(tmp_path), timeout=PATIENCE_SECONDS, check=True,
        )  # fmt: skip
    assert digest((tmp_path / "local.log").read_bytes()) == digest(BIG)
    assert digest(kept.read_bytes()) == digest(BIG)


def test_b18_a_slow_server_gets_the_whole_flow(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        words = line_of("B18", listener.getsockname()[1])
        reading, writing = os.pipe()
        with relaying(tmp_path, *words, stdin=reading) as relay:
            os.close(reading)
            server, _ = listener.accept()
            with server:
                with os.fdopen(writing, "wb") as flow:
                    flow.write(BIG[:50_000])  # less than what fits between
                assert relay.ends() == 0
                # the relay has gone before anybody has read
                server.settimeout(PATIENCE_SECONDS)
                kept = b"".join(iter(lambda: server.recv(65_536), b""))
    assert digest(kept) == digest(BIG[:50_000])


def test_b18_a_flow_is_seen_on_the_console_and_sent(tmp_path: Path):
    lines = b"".join(b"event %d\n" % number for number in range(1000))
    with log_server(tmp_path) as (port, kept):
        done = subprocess.run(
            [*COMMAND, *line_of("B18b", port)], input=lines, capture_output=True,
            env=environment(tmp_path), timeout=PATIENCE_SECONDS, check=True,
        )  # fmt: skip
    assert kept.read_bytes() == lines
    assert lines in done.stderr


# B19 ---------------------------------------------------------------------------------------------


def test_b19_a_reverse_tunnel_shows_a_service_behind_a_firewall(tmp_path: Path, server: SshServer):
    service, middle, public = (free_port() for _ in range(3))
    words = words_of("B19", {":8080": f":{public}", ":9090": f":{middle}"})
    there = listening(service)
    remote = ("-N", "-R", f"{middle}:127.0.0.1:{service}", f"{server.user}@machine_relais_publique")
    with (
        nginx(tmp_path / "web", f"listen 127.0.0.1:{service};", there) as web,
        relaying(tmp_path, *words) as relay,
        start("ssh", *remote, ready=listening(middle)),
    ):
        (web.pages / "big").write_bytes(BIG)
        relay.heard("listening on")
        assert digest(curl("--fail", f"http://127.0.0.1:{public}/big").stdout) == digest(BIG)
