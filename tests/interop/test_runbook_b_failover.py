"""The second runbook's failover between two backends, and its relays that write two logs."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.helpers.certificates import make_files
from tests.helpers.contract import random_bytes
from tests.helpers.engines import wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import Running as Program
from tests.helpers.processes import listening, start
from tests.helpers.relaying import Running, hear, logged, relaying
from tests.helpers.runbooks import words_of
from tests.helpers.sockets import silent
from tests.helpers.system_log import system_log

A, B = "127.0.0.2", "127.0.0.3"
SIZE = 100_000
BOTH = pytest.mark.parametrize("form", ["naive", "escaped"])


def what(backend: str) -> bytes:
    """What a backend says."""
    return random_bytes(SIZE, seed=int(backend.rpartition(".")[2]))


def backend(folder: Path, host: str, port: int) -> AbstractContextManager[Program]:
    """A real server that says the same to all who connect."""
    said = folder / host
    said.write_bytes(what(host))
    address = f"TCP4-LISTEN:{port},bind={host},reuseaddr,fork"
    return start("socat", "-U", address, f"OPEN:{said},rdonly", ready=listening(port, host))


@contextmanager
def failing_over(folder: Path, form: str, backends: int) -> Iterator[tuple[Running, int]]:
    """B2, listening."""
    port = free_port()
    changes = {
        "LISTEN:9000": f"LISTEN:{port}",
        "10.0.0.11:9000": f"{A}:{backends}",
        "10.0.0.12:9000": f"{B}:{backends}",
    }
    with relaying(folder, *words_of("B2", changes, form)) as relay:
        logged(folder / "socat_failover.log", "listening on")
        yield relay, port


def heard_from(port: int) -> str:
    """The SHA-256 of what a client is told that says nothing."""
    return hashlib.sha256(hear(port)).hexdigest()


@BOTH
def test_b2_fails_over_to_b_and_comes_back_to_a(form: str, tmp_path: Path):
    port_of_both = free_port()
    a, b = (hashlib.sha256(what(host)).hexdigest() for host in (A, B))
    with (
        backend(tmp_path, B, port_of_both),
        failing_over(tmp_path, form, port_of_both) as (_, port),
    ):
        with backend(tmp_path, A, port_of_both):
            assert heard_from(port) == a
            assert heard_from(port) == a
        assert heard_from(port) == b
        with silent(A, port_of_both):  # a firewall drops what goes there
            assert heard_from(port) == b
        with backend(tmp_path, A, port_of_both):
            assert heard_from(port) == a


def test_b2_where_nobody_answers_the_client_hears_nothing_and_the_log_tells(tmp_path: Path):
    port_of_both = free_port()
    log = tmp_path / "socat_failover.log"
    with failing_over(tmp_path, "naive", port_of_both) as (relay, port):
        with pytest.raises(ConnectionError):
            hear(port)
        logged(log, "ended with status 1")
        assert "Connection refused" in relay.said  # the words of the socat within
        with backend(tmp_path, B, port_of_both):
            assert heard_from(port) == hashlib.sha256(what(B)).hexdigest()


# the two logs of -ly -lf -------------------------------------------------------------------------

TWO_LOGS = [
    ("B2", "TCP4-LISTEN:", "9000", "socat_failover.log"),
    ("B8", "OPENSSL-LISTEN:", "8443", "socat_tls.log"),
    ("B9", "TCP4-LISTEN:", "9443", "socat_mtls.log"),
    ("B14", "UDP4-LISTEN:", "5353", "socat_dns.log"),
    ("B20", "TCP4-LISTEN:", "8080", "socat_socks5.log"),
]


@pytest.mark.parametrize(("name", "kind", "usual", "file"), TWO_LOGS)
def test_the_file_and_the_log_of_the_system_are_told(
    name: str, kind: str, usual: str, file: str, tmp_path: Path
):
    shutil.copy(make_files(tmp_path).certificate, tmp_path / "server.crt")  # for B8
    port = free_port()
    words = words_of(name, {f"{kind}{usual}": f"{kind}{port}"})
    log = tmp_path / file
    with system_log() as system, relaying(tmp_path, *words) as relay:
        listening_on = re.compile(rf" (socat\[{relay.process.pid}\]) N (listening on .*:{port})\n")
        wait_until(lambda: log.exists() and listening_on.search(log.read_text()) is not None)
        told = listening_on.search(log.read_text())
        assert told is not None
        wait_until(lambda: f"{told[1]}: {told[2]}" in system())
        assert relay.said == ""
