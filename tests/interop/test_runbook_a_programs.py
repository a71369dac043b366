"""The first runbook's relays to programs: what its author wrote between quotes does what it says.

Where the command has to be escaped for socat 1.8, both ways of writing it do the same.
"""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.helpers.contract import PATIENCE_SECONDS, digest, random_bytes
from tests.helpers.engines import environment, wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening, listening_at
from tests.helpers.relaying import COMMAND, Running, hear, relaying
from tests.helpers.runbooks import words_of
from tests.helpers.sshd import SshServer, sshd
from tests.helpers.web import REFUSED, curl, nginx

BIG = random_bytes(3_000_000)
BOTH = pytest.mark.parametrize("form", ["naive", "escaped"])
PATIENT = ("-t", str(PATIENCE_SECONDS))
"""How long an answer may take after the question has ended: a busy computer may need more than
socat's half second.
"""


@contextmanager
def served(folder: Path, *words: str) -> Iterator[Running]:
    """A relay that listens."""
    with relaying(folder, *words) as relay:
        relay.heard("listening on")
        yield relay


@contextmanager
def hanging(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program of that name that never ends, for who looks for it, until the block ends."""
    script = folder / "bin" / program
    script.parent.mkdir()
    os.mkfifo(folder / "never")
    script.write_text(f"#!/bin/sh\nread answer < {folder}/never\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    with os.fdopen(os.open(folder / "never", os.O_RDWR)):
        yield


# A2 ----------------------------------------------------------------------------------------------

BANNER = re.compile(rb"Service=demo\nDate=(?P<date>\S+)\nBye\.\n")


def check_banner(told: bytes) -> None:
    found = BANNER.fullmatch(told)
    assert found, told
    assert datetime.fromisoformat(found["date"].decode()).tzinfo is not None


@BOTH
def test_a2_each_client_gets_the_banner_and_is_let_go(form: str, tmp_path: Path):
    port = free_port()
    with served(tmp_path, *words_of("A2", {":2323": f":{port}"}, form)):
        check_banner(hear(port))
        client = words_of("A2b", {":2323": f":{port}"})
        for command in ([find("socat"), *client], [*COMMAND, *client]):
            reading, writing = os.pipe()  # kept open: the client has nothing to say yet
            try:
                check_banner(output_of(command, reading, tmp_path))
            finally:
                os.close(reading)
                os.close(writing)
        nc = [find("nc"), "localhost", str(port)]  # it would wait for its input
        check_banner(output_of(nc, subprocess.DEVNULL, tmp_path))


def output_of(command: list[str], stdin: int, home: Path) -> bytes:
    """What a program prints until it ends."""
    return subprocess.check_output(
        command, stdin=stdin, env=environment(home), timeout=PATIENCE_SECONDS
    )


def test_a2_a_client_is_let_go_where_nothing_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    port = free_port()
    with (
        hanging("date", tmp_path, monkeypatch),
        served(tmp_path, *words_of("A2", {":2323": f":{port}", "-T 5": "-T 0.5"})) as relay,
    ):
        assert hear(port) == b""
        relay.heard("nothing moved for 0.5 seconds")


# A3 ----------------------------------------------------------------------------------------------


def test_a3_a_compressed_file_arrives_whole(tmp_path: Path):
    port = free_port()
    big = tmp_path / "big.log"
    big.write_bytes(b"".join(b"line %d\n" % number for number in range(300_000)) + BIG)
    send = words_of("A3b", {"IP_RECEVEUR:7777": f"127.0.0.1:{port}"})
    with served(tmp_path, *PATIENT, *words_of("A3", {":7777": f":{port}"})) as relay:
        done = subprocess.run(
            f"gzip -c ./big.log | {shlex.join([*COMMAND, *PATIENT, *send])}",
            shell=True, cwd=tmp_path, env=environment(tmp_path), capture_output=True,
            check=True, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert done.stdout == b"OK: %d octets\n" % big.stat().st_size
        assert relay.ends() == 0
    assert digest((tmp_path / "received.log").read_bytes()) == digest(big.read_bytes())


def test_a3_what_socat_sends_arrives_whole(tmp_path: Path):
    port = free_port()
    with served(tmp_path, *PATIENT, *words_of("A3", {":7777": f":{port}"})) as relay:
        send = words_of("A3b", {"IP_RECEVEUR:7777": f"127.0.0.1:{port}"})
        (tmp_path / "big.log").write_bytes(BIG)
        subprocess.run(
            f"gzip -c ./big.log | {shlex.join([find('socat'), *PATIENT, *send])}",
            shell=True, cwd=tmp_path, check=True, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert relay.ends() == 0
    assert digest((tmp_path / "received.log").read_bytes()) == digest(BIG)


# A4, A14 -----------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshServer]:
    with sshd(tmp_path / "ssh") as running:
        monkeypatch.setenv("PATH", running.path)
        yield running


@BOTH
def test_a4_a_unix_socket_behind_ssh_answers_here(form: str, tmp_path: Path, server: SshServer):
    port = free_port()
    path = tmp_path / ".s.PGSQL.5432"
    changes = {
        ":15432": f":{port}",
        "user@": f"{server.user}@",
        "/var/run/postgresql/.s.PGSQL.5432": path,
    }
    with (
        nginx(tmp_path / "web", f"listen unix:{path};", listening_at(path)) as web,
        served(tmp_path, *words_of("A4", changes, form)),
    ):
        (web.pages / "big").write_bytes(BIG)
        check_two_at_a_time(port)


@BOTH
def test_a14_a_service_that_only_the_far_computer_sees_answers_here(
    form: str, tmp_path: Path, server: SshServer
):
    port, service = free_port(), free_port()
    colon = "\\:" if form == "escaped" else ":"
    changes = {
        "LISTEN:15432": f"LISTEN:{port}",
        "user@": f"{server.user}@",
        f"{colon}5432'": f"{colon}{service}'",
    }
    there = listening(service)
    with (
        nginx(tmp_path / "web", f"listen 127.0.0.1:{service};", there) as web,
        served(tmp_path, *words_of("A14", changes, form)),
    ):
        (web.pages / "big").write_bytes(BIG)
        check_two_at_a_time(port)


def check_two_at_a_time(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as waiting:
        done = curl("--fail", f"http://127.0.0.1:{port}/big")
        assert digest(done.stdout) == digest(BIG)
        waiting.sendall(b"HEAD /big HTTP/1.0\r\n\r\n")
        assert waiting.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a4_what_the_far_side_says_of_a_service_that_is_not_there_is_heard(
    tmp_path: Path, server: SshServer
):
    port = free_port()
    changes = {
        ":15432": f":{port}",
        "user@": f"{server.user}@",
        "/var/run/postgresql/.s.PGSQL.5432": tmp_path / "nobody",
    }
    with served(tmp_path, *words_of("A4", changes)) as relay:
        assert curl(f"http://127.0.0.1:{port}/").returncode in REFUSED
        relay.heard("No such file or directory")


# A6 ----------------------------------------------------------------------------------------------


@BOTH
def test_a6_every_browser_sees_the_maintenance_page(form: str, tmp_path: Path):
    port = free_port()
    posted = tmp_path / "posted"
    posted.write_bytes(BIG)
    with served(tmp_path, *words_of("A6", {":8080": f":{port}"}, form)):
        url = f"http://localhost:{port}/"
        for more in ((), ("--data-binary", f"@{posted}", "--http1.1"), ()):
            done = curl("-i", *more, url)
            assert done.returncode == 0, done.stderr
            assert done.stdout.decode().split("\r\n") == [
                "HTTP/1.1 503 Service Unavailable",
                "Content-Type: text/plain",
                "Connection: close",
                "Content-Length: 32",
                "",
                "Maintenance. Reessayez plus tard",
            ]


# A12 ---------------------------------------------------------------------------------------------

STATE = re.compile(
    r"host=(?P<host>.+)\ndate=(?P<date>.+)\nuptime=up .+\nload=(\d+\.\d\d ){3}\d+/\d+ \d+\n"
)


@BOTH
def test_a12_a_monitor_is_told_the_state_of_the_machine(form: str, tmp_path: Path):
    port = free_port()
    with served(tmp_path, *words_of("A12", {":9001": f":{port}"}, form)):
        nc = output_of([find("nc"), "localhost", str(port)], subprocess.DEVNULL, tmp_path)
        for text in (nc.decode(), hear(port).decode()):
            told = STATE.fullmatch(text)
            assert told, text
            assert told["host"] == socket.gethostname()
            datetime.fromisoformat(told["date"])


def test_a12_a_monitor_is_let_go_where_the_machine_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    port = free_port()
    with (
        hanging("hostname", tmp_path, monkeypatch),
        served(tmp_path, *words_of("A12", {":9001": f":{port}", "-T 15": "-T 0.5"})) as relay,
    ):
        assert hear(port) == b""
        relay.heard("nothing moved for 0.5 seconds")


# A13 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sender", ["ours", "socat"])
def test_a13_a_folder_arrives_whole_with_the_sums_of_its_files(sender: str, tmp_path: Path):
    port = free_port()
    folder = tmp_path / "data_to_send"
    (folder / "subdir").mkdir(parents=True)
    (tmp_path / "restore").mkdir()
    files = {"./a file.txt": BIG, "./subdir/empty": b"", "./subdir/tool": b"#!/bin/sh\n"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "subdir" / "tool").chmod(0o750)
    (folder / "link").symlink_to("subdir/tool")
    program = COMMAND if sender == "ours" else [find("socat")]
    send = words_of("A13b", {"IP_RECEVEUR:8888": f"127.0.0.1:{port}"})
    with served(tmp_path, *PATIENT, *words_of("A13", {":8888": f":{port}"})) as relay:
        done = subprocess.run(
            f"tar -cpf - . | {shlex.join([*program, *PATIENT, *send])}",
            shell=True, cwd=folder, env=environment(tmp_path), capture_output=True,
            check=True, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert done.stdout == b"Transfert OK: 3 fichiers\n"
        assert relay.ends() == 0
    restored = tmp_path / "restore"
    sums = "".join(f"{digest(files[name])}  {name}\n" for name in sorted(files))
    assert (tmp_path / "restore.sha256").read_text() == sums
    for name, content in files.items():
        assert digest((restored / name).read_bytes()) == digest(content)
    assert (restored / "subdir" / "tool").stat().st_mode & 0o777 == 0o750
    assert (restored / "link").readlink() == Path("subdir/tool")


# A15 ---------------------------------------------------------------------------------------------


@BOTH
def test_a15_each_message_is_kept_with_its_time(form: str, tmp_path: Path):
    port = free_port()
    log = tmp_path / "udp_events.log"
    log.write_text("what was there\n")
    send = words_of("A5b", {"IP_PASSERELLE:5514": f"localhost:{port}"})
    with relaying(tmp_path, *words_of("A15", {":5514": f":{port}"}, form)) as relay:
        relay.heard("is connected to")
        for at, program in enumerate((COMMAND, [find("socat")], COMMAND)):
            subprocess.run(
                [*program, *send], input=f'<14>Test  "syslog" {at}\\n\n'.encode(),
                env=environment(tmp_path), timeout=PATIENCE_SECONDS, check=True,
            )  # fmt: skip
            wait_until(lambda lines=at + 2: log.read_text().count("\n") == lines)
    kept, *lines = log.read_text().splitlines()
    assert kept == "what was there"
    for at, line in enumerate(lines):
        stamp, _, message = line.partition(" ")
        assert datetime.fromisoformat(stamp).tzinfo is not None
        assert message == f'<14>Test  "syslog" {at}\\n'
