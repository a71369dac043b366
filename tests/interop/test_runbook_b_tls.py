"""The second runbook's TLS: a service put behind TLS, and one that wants a client's certificate."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import random_bytes
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening
from tests.helpers.relaying import Running, logged, relaying
from tests.helpers.runbooks import words_of
from tests.helpers.web import REFUSED, Web, curl, nginx

BIG = random_bytes(3_000_000)
WANTED = hashlib.sha256(BIG).hexdigest()
NAME = "api.exemple-interne.local"


@dataclass(frozen=True)
class Served:
    """A relay that listens, and the web server behind it."""

    relay: Running
    port: int
    web: Web
    log: Path


# B8 ----------------------------------------------------------------------------------------------


@contextmanager
def behind_tls(folder: Path, verify: str = "verify=0") -> Iterator[Served]:
    """B8, listening, with a certificate that was made as the runbook says."""
    make = (
        "req -x509 -newkey rsa:2048 -nodes -days 365 -keyout server.key -out server.crt "
        "-subj /CN=localhost"
    )
    subprocess.run([find("openssl"), *make.split()], cwd=folder, capture_output=True, check=True)
    port, service = free_port(), free_port()
    changes = {":8443": f":{port}", ":8080": f":{service}", "verify=0": verify}
    log = folder / "socat_tls.log"
    there = listening(service)
    with (
        nginx(folder / "web", f"listen 127.0.0.1:{service};", there) as web,
        relaying(folder, *words_of("B8", changes)) as relay,
    ):
        (web.pages / "big").write_bytes(BIG)
        logged(log, "listening on")
        yield Served(relay, port, web, log)


def test_b8_a_web_service_is_reached_by_https_only(tmp_path: Path):
    with behind_tls(tmp_path) as served:
        url = f"https://localhost:{served.port}/big"
        for how in (("-k",), ("--cacert", str(tmp_path / "server.crt"))):
            done = curl("--fail", *how, url)
            assert hashlib.sha256(done.stdout).hexdigest() == WANTED
        assert curl(url).returncode == 60  # it trusts no certificate that it does not know
        plain = curl(url.replace("https", "http"))
        assert plain.returncode in REFUSED
        assert not plain.stdout
        assert len(served.web.asked(2)) == 2


def test_b8_in_production_a_client_without_a_certificate_is_refused(tmp_path: Path):
    known = make_files(tmp_path / "known", ["somebody"], client=True)
    stranger = make_files(tmp_path / "other", ["somebody"], client=True)
    with behind_tls(tmp_path, f"cafile={known.authority},verify=1") as served:
        url = f"https://localhost:{served.port}/big"
        for shown in ((), ("--cert", stranger.certificate, "--key", stranger.key)):
            refused = curl("-k", *shown, url)
            assert refused.returncode != 0
            assert not refused.stdout
        assert served.web.asked(0) == []
        done = curl("-k", "--fail", "--cert", known.certificate, "--key", known.key, url)
        assert hashlib.sha256(done.stdout).hexdigest() == WANTED


# B9 ----------------------------------------------------------------------------------------------


@contextmanager
def mutual(folder: Path, server: Files, client: Files, trusted: Files) -> Iterator[Served]:
    """B9, listening, before a service that knows whose clients to trust."""
    port, service = free_port(), free_port()
    changes = {
        ":9443": f":{port}",
        f"OPENSSL:{NAME}:443": f"OPENSSL:127.0.0.1:{service}",
        "client.crt": client.certificate,
        "client.key": client.key,
        "ca.crt": trusted.authority,
    }
    wants = (
        f"listen 127.0.0.1:{service} ssl; ssl_certificate {server.certificate};"
        f"ssl_certificate_key {server.key};"
        f"ssl_client_certificate {client.authority}; ssl_verify_client on;"
    )
    log = folder / "socat_mtls.log"
    with (
        nginx(folder / "web", wants, listening(service)) as web,
        relaying(folder, *words_of("B9", changes)) as relay,
    ):
        (web.pages / "big").write_bytes(BIG)
        logged(log, "listening on")
        yield Served(relay, port, web, log)


def test_b9_a_plain_client_reaches_a_service_that_wants_a_certificate(tmp_path: Path):
    server = make_files(tmp_path / "made", [NAME])
    client = make_files(tmp_path / "made", ["the-tool"], client=True)
    with mutual(tmp_path, server, client, trusted=server) as served:
        for _ in range(2):
            done = curl("--fail", f"http://127.0.0.1:{served.port}/big")
            assert hashlib.sha256(done.stdout).hexdigest() == WANTED
        for line in served.web.asked(2):
            assert f"200 name={NAME} " in line
            assert "CN=the-tool" in line


@pytest.mark.parametrize(
    ("name", "authority", "told"),
    [
        ("www.exemple-interne.local", "ours", f"not for {NAME}"),
        ("127.0.0.1", "ours", f"not for {NAME}"),  # where it is is not who it is
        (NAME, "another", "is not trusted"),
    ],
)
def test_b9_another_service_is_told_nothing(name: str, authority: str, told: str, tmp_path: Path):
    client = make_files(tmp_path / "ours", ["the-tool"], client=True)
    server = make_files(tmp_path / authority, [name])
    with mutual(tmp_path, server, client, trusted=client) as served:
        refused = curl(f"http://127.0.0.1:{served.port}/big")
        assert refused.returncode in REFUSED
        assert not refused.stdout
        logged(served.log, told)
        assert served.web.asked(0) == []
