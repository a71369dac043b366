"""The whole engine between real programs: what a person's relay does, in a process of its own.

curl and socat come in, an HTTP server, openssl s_server, microsocks, Dante and a socat cable are
where it leads. Debian: curl, socat, openssl, microsocks, dante-server.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bascule.cli.demo_engine import PrivateEngine
from bascule.control.messages import CertificateRequest
from bascule.errors import BasculeError, ErrorCode
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.profiles import Profile, new_id
from bascule.spec.relays import RelaySpec
from tests.helpers.cable import socat_cable
from tests.helpers.certificates import make_files
from tests.helpers.contract import MEBIBYTE, random_bytes, soon
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening, listening_at, start

LOCAL = "127.0.0.1"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[PrivateEngine]:
    async with PrivateEngine(tmp_path / "home") as engine:
        yield engine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the old web service offers: a megabyte."""
    folder = tmp_path_factory.mktemp("web")
    (folder / "big.bin").write_bytes(random_bytes(MEBIBYTE))
    return folder


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[int]:
    port = free_port()
    argv = [sys.executable, "-m", "http.server", str(port), "--bind", LOCAL, "-d", str(folder)]
    with start(*argv, ready=listening(port)):
        yield port


async def output_of(*argv: str, stdin: bytes = b"") -> bytes:
    """Run a program to its end and return what it wrote; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        find(argv[0]),
        *argv[1:],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await soon(process.communicate(stdin))
    assert process.returncode == 0, said.decode(errors="replace")
    return out


async def test_curl_through_a_forwarded_port(engine: PrivateEngine, web: int):
    relay = RelaySpec(TcpListen(0), TcpConnect(LOCAL, web))
    _id, address = await engine.run_relay("web", relay)
    page = await output_of("curl", "-sS", f"http://{address}/big.bin")
    assert hashlib.sha256(page).digest() == hashlib.sha256(random_bytes(MEBIBYTE)).digest()


async def test_curl_over_https_in_front_of_an_old_service(engine: PrivateEngine, web: int):
    made = await engine.client.create_certificate(CertificateRequest(("localhost", LOCAL)))
    source = TcpListen(0, tls=ServerTls(made.certificate, made.key))
    _id, address = await engine.run_relay("https", RelaySpec(source, TcpConnect(LOCAL, web)))
    port = address.rpartition(":")[2]
    for host in ("localhost", LOCAL):
        page = await output_of(
            "curl", "-sS", "--cacert", made.authority, f"https://{host}:{port}/big.bin"
        )
        assert hashlib.sha256(page).digest() == hashlib.sha256(random_bytes(MEBIBYTE)).digest()
    assert oct(Path(made.key).stat().st_mode & 0o777) == "0o600"


async def test_a_client_certificate_for_openssl(engine: PrivateEngine, tmp_path: Path):
    server = make_files(tmp_path, ["db.example"])
    client = make_files(tmp_path, ["ann"], client=True)
    port = free_port()
    argv = ["openssl", "s_server", "-accept", str(port), "-cert", server.certificate]
    argv += ["-key", server.key, "-CAfile", server.authority, "-Verify", "2", "-www"]
    tls = ClientTls(
        authority=server.authority,
        server_name="db.example",
        certificate=client.certificate,
        key=client.key,
    )
    with start(*argv, ready=listening(port)):
        relay = RelaySpec(TcpListen(0), TcpConnect(LOCAL, port, tls=tls))
        _id, address = await engine.run_relay("mutual TLS", relay)
        page = await output_of("curl", "-sS", "--http0.9", f"http://{address}/")
    assert b"subject=CN = ann" in page or b"CN=ann" in page


async def test_two_real_proxies_in_a_row(engine: PrivateEngine, web: int, tmp_path: Path):
    first, second = free_port(), free_port()
    config = tmp_path / "danted.conf"
    config.write_text(
        f"internal: {LOCAL} port = {second}\nexternal: {LOCAL}\nlogoutput: stderr\n"
        "socksmethod: none\nclientmethod: none\nuser.unprivileged: nobody\n"
        "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }\n"
        "socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 log: connect }\n"
    )
    microsocks = ["microsocks", "-i", LOCAL, "-p", str(first), "-u", "ann", "-P", "s3cret-canary"]
    via = (
        ProxyHop("5", LOCAL, first, username="ann", password="reference-1"),
        ProxyHop("5", LOCAL, second),
    )
    relay = RelaySpec(TcpListen(0), TcpConnect("localhost", web, via=via))
    with (
        start(*microsocks, ready=listening(first)),
        start("danted", "-f", str(config), ready=listening(second)) as danted,
    ):
        profile = Profile(new_id("chain"), "chain", relay)
        await engine.client.save(profile, {"reference-1": "s3cret-canary"})
        await engine.client.start(profile.id)
        address = await address_of(engine, profile.id)
        page = await output_of("curl", "-sS", f"http://{address}/big.bin")
        assert hashlib.sha256(page).digest() == hashlib.sha256(random_bytes(MEBIBYTE)).digest()
        danted.wait_for(f".{web}")  # Dante writes addresses as 127.0.0.1.PORT
    for path in (tmp_path / "home").rglob("*"):
        if path.is_file() and path.name != "secrets.json":
            assert b"s3cret-canary" not in path.read_bytes(), path


async def address_of(engine: PrivateEngine, id: str) -> str:
    """Wait for a relay to run; return where it listens."""
    async for batch in engine.client.watch():
        for view in await engine.client.profiles():
            if view.id == id and view.status.listening:
                return view.status.listening[0]
        assert batch
    raise AssertionError("the engine is gone")


async def test_a_scale_on_a_cable_made_by_socat(engine: PrivateEngine, tmp_path: Path):
    ends = tmp_path / "near", tmp_path / "far"
    with socat_cable(*ends):
        relay = RelaySpec(TcpListen(0), SerialPort(str(ends[0]), baud=115200))
        _id, address = await engine.run_relay("scale", relay)
        far = await asyncio.create_subprocess_exec(
            find("socat"), "-u", f"OPEN:{ends[1]},raw,echo=0", "-", stdout=asyncio.subprocess.PIPE
        )
        data = random_bytes(64 * 1024)
        try:
            await output_of("socat", "-u", "-", f"TCP:{address}", stdin=data)
            assert far.stdout is not None
            seen = await soon(far.stdout.readexactly(len(data)))
        finally:
            far.kill()
            await far.wait()
    assert hashlib.sha256(seen).digest() == hashlib.sha256(data).digest()


async def test_socat_half_closes_through_unix_sockets(engine: PrivateEngine, tmp_path: Path):
    far, near = tmp_path / "far.sock", tmp_path / "near.sock"
    sums = ("socat", "-t", "60", f"UNIX-LISTEN:{far},fork", "SYSTEM:sha256sum")
    with start(*sums, ready=listening_at(far)):
        await engine.run_relay("unix", RelaySpec(UnixListen(str(near)), UnixConnect(str(far))))
        data = random_bytes(MEBIBYTE)
        answer = await output_of("socat", "-t", "60", "-", f"UNIX-CONNECT:{near}", stdin=data)
    assert answer.split()[0].decode() == hashlib.sha256(data).hexdigest()


async def test_a_port_that_another_program_holds_is_named(engine: PrivateEngine, web: int):
    with pytest.raises(BasculeError) as caught:
        await engine.run_relay("taken", RelaySpec(TcpListen(web), TcpConnect(LOCAL, 1)))
    assert caught.value.code is ErrorCode.ADDRESS_IN_USE
    listed = json.loads(
        await output_of(
            "env", f"BASCULE_HOME={engine.home}", sys.executable, "-m", "bascule", "list", "--json"
        )
    )
    facts = listed[0]["status"]["problem"]["facts"]
    assert facts["program"].startswith("python")
    assert facts["suggestion"] > web
