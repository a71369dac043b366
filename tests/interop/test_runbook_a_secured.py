"""The first runbook's ways through a SOCKS proxy and behind TLS, with real proxies and clients."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.certificates import make_files
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.engines import environment
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening, start
from tests.helpers.relaying import COMMAND, relaying
from tests.helpers.runbooks import words_of
from tests.helpers.socks_server import SocksServer
from tests.helpers.web import REFUSED, Web, curl, nginx

BIG = random_bytes(3_000_000)
WANTED = hashlib.sha256(BIG).hexdigest()
NAME = "target.example.com"


def check(*words: str) -> None:
    """Let curl get ``big``, whole."""
    done = curl("--fail", *words)
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(done.stdout).hexdigest() == WANTED


# A9 ----------------------------------------------------------------------------------------------


@contextmanager
def secured(folder: Path, host: str = "127.0.0.1") -> Iterator[tuple[Web, int, str]]:
    """A web server with a certificate for NAME; its port, and the authority to trust."""
    port = free_port(host)
    files = make_files(folder, [NAME])
    address = f"[{host}]" if ":" in host else host
    words = (
        f"listen {address}:{port} ssl; ssl_certificate {files.certificate};"
        f"ssl_certificate_key {files.key};"
    )
    with nginx(folder / "web", words, listening(port, host)) as web:
        (web.pages / "big").write_bytes(BIG)
        yield web, port, files.authority


@contextmanager
def through(folder: Path, proxy: int, target: str) -> Iterator[int]:
    """A9, listening; its port."""
    port = free_port()
    changes = {
        "LISTEN:8443": f"LISTEN:{port}",
        "proxy.corp.local": "127.0.0.1",
        f"{NAME}:443": target,
        "1080": proxy,
    }
    with relaying(folder, *words_of("A9", changes)) as relay:
        relay.heard("listening on")
        yield port


@pytest.mark.parametrize(
    ("host", "target"), [("127.0.0.1", "localhost"), ("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")]
)
def test_a9_a_service_behind_a_real_proxy_is_reached(host: str, target: str, tmp_path: Path):
    proxy = free_port()
    with (
        secured(tmp_path, host) as (web, service, authority),
        start("microsocks", "-i", "127.0.0.1", "-p", str(proxy), ready=listening(proxy)),
        through(tmp_path, proxy, f"{target}:{service}") as port,
    ):
        url = f"https://{NAME}:{port}/big"
        for _ in range(2):
            check("--resolve", f"{NAME}:{port}:127.0.0.1", "--cacert", authority, url)
        assert all(f"200 name={NAME} " in line for line in web.asked(2))


async def test_a9_the_proxy_alone_has_to_know_the_name(tmp_path: Path):
    with secured(tmp_path) as (_, service, authority):
        async with SocksServer(names={NAME: "127.0.0.1"}) as proxy:
            with through(tmp_path, proxy.port, f"{NAME}:{service}") as port:
                await asyncio.to_thread(
                    check, "--resolve", f"{NAME}:{port}:127.0.0.1", "--cacert", authority,
                    f"https://{NAME}:{port}/big",
                )  # fmt: skip
        (seen,) = proxy.seen
        assert (seen.version, seen.kind, seen.host, seen.port) == ("5", "name", NAME, service)


def test_a9_a_proxy_that_cannot_reach_it_is_heard(tmp_path: Path):
    proxy, port, nobody = free_port(), free_port(), free_port()
    changes = {
        "LISTEN:8443": f"LISTEN:{port}",
        "proxy.corp.local": "127.0.0.1",
        f"{NAME}:443": f"127.0.0.1:{nobody}",
        "1080": proxy,
    }
    with (
        start("microsocks", "-i", "127.0.0.1", "-p", str(proxy), ready=listening(proxy)),
        relaying(tmp_path, *words_of("A9", changes)) as relay,
    ):
        relay.heard("listening on")
        assert curl(f"http://127.0.0.1:{port}/").returncode in REFUSED
        relay.heard("refused")


# A18 ---------------------------------------------------------------------------------------------


@contextmanager
def behind_tls(folder: Path) -> Iterator[tuple[Web, int]]:
    """A18, listening before a web server, with a certificate made as the runbook says."""
    make = (
        "req -x509 -newkey rsa:2048 -nodes -days 365 -keyout server.key -out server.crt "
        "-subj /CN=localhost"
    )
    subprocess.run([find("openssl"), *make.split()], cwd=folder, capture_output=True, check=True)
    port, service = free_port(), free_port()
    changes = {":8443": f":{port}", ":8080": f":{service}"}
    with (
        nginx(folder / "web", f"listen 127.0.0.1:{service};", listening(service)) as web,
        relaying(folder, *words_of("A18", changes)) as relay,
    ):
        (web.pages / "big").write_bytes(BIG)
        relay.heard("listening on")
        yield web, port


def test_a18_a_plain_service_is_reached_by_https(tmp_path: Path):
    with behind_tls(tmp_path) as (web, port):
        url = f"https://localhost:{port}/big"
        check("-k", url)
        check("--cacert", str(tmp_path / "server.crt"), url)
        assert curl(url).returncode == 60  # a certificate that it does not know
        plain = curl(url.replace("https", "http"))
        assert plain.returncode in REFUSED
        assert not plain.stdout
        check("-k", url)
        assert len(web.asked(3)) == 3


@pytest.mark.parametrize("client", ["ours", "socat", "openssl"])
def test_a18_who_types_a_request_gets_the_whole_answer(client: str, tmp_path: Path):
    with behind_tls(tmp_path) as (_, port):
        words = words_of("A18b", {":8443": f":{port}"})
        commands = {
            "ours": [*COMMAND, *words],
            "socat": [find("socat"), *words],
            "openssl": [find("openssl"), "s_client", "-quiet", "-connect", f"localhost:{port}"],
        }
        reading, writing = os.pipe()  # kept open: the answer ends the connection
        try:
            os.write(writing, b"GET /big HTTP/1.0\r\n\r\n")
            done = subprocess.run(
                commands[client], stdin=reading, capture_output=True, check=True,
                env=environment(tmp_path), timeout=PATIENCE_SECONDS,
            )  # fmt: skip
        finally:
            os.close(reading)
            os.close(writing)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert hashlib.sha256(body).hexdigest() == WANTED
