"""Our HTTP CONNECT client and real proxies: Squid and tinyproxy, alone, in chains, and with SOCKS.

Debian: squid, tinyproxy, microsocks, curl. Squid, run by root, drops to "proxy", so that its files
stand where that user can read them. Neither keeps one way open once the other has ended, so that
half-close is tried over a proxy of our own (``tests/core/streams/test_http_proxy.py``).
"""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.errors import ErrorCode
from bascule.events import StageResult
from bascule.streams.base import Stream
from tests.helpers.contract import (
    MEBIBYTE,
    PATIENCE_SECONDS,
    random_bytes,
    read_all,
    read_count,
    soon,
)
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening, start
from tests.helpers.proxies import Hop, failure, through
from tests.helpers.socks_server import LOCAL, TinyServer

USER, PASSWORD, REALM = "ann", "correct horse", "the gate"
FORBIDDEN_PORT = 9


SQUID = f"""
pid_filename none
cache_log /dev/null
access_log none
cache deny all
cache_mem 1 MB
pinger_enable off
shutdown_lifetime 0 seconds
visible_hostname gate
acl forbidden port {FORBIDDEN_PORT}
http_access deny forbidden
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that other users can read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def squid_on(port: int, folder: Path, rules: str) -> Iterator[Hop]:
    config = folder / f"squid-{port}.conf"
    config.write_text(f"http_port {LOCAL}:{port}\n{SQUID}{rules}\n")
    with start("squid", "-N", "-d", "1", "-f", config, ready=listening(port)):
        yield Hop(port, "http")


@pytest.fixture(scope="module")
def squid(folder: Path) -> Iterator[Hop]:
    yield from squid_on(free_port(), folder, "http_access allow all")


@pytest.fixture(scope="module")
def guarded_squid(folder: Path) -> Iterator[Hop]:
    """A Squid that wants user name and password."""
    argv = [find("openssl"), "passwd", "-apr1", PASSWORD]
    secret = subprocess.run(argv, capture_output=True, check=True, text=True).stdout
    users = folder / "users"
    users.write_text(f"{USER}:{secret}")
    rules = (
        f"auth_param basic program /usr/lib/squid/basic_ncsa_auth {users}\n"
        f"auth_param basic realm {REALM}\n"
        "acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all"
    )
    for hop in squid_on(free_port(), folder, rules):
        yield Hop(hop.port, "http", USER, PASSWORD)


@pytest.fixture(scope="module")
def tinyproxy(folder: Path) -> Iterator[Hop]:
    """A tinyproxy that wants user name and password."""
    port = free_port()
    config = folder / "tinyproxy.conf"
    config.write_text(f"Listen {LOCAL}\nPort {port}\nTimeout 60\nBasicAuth {USER} s3cret\n")
    with start("tinyproxy", "-d", "-c", config, ready=listening(port)):
        yield Hop(port, "http", USER, "s3cret")


@pytest.fixture(scope="module")
def microsocks() -> Iterator[Hop]:
    port = free_port()
    with start("microsocks", "-i", LOCAL, "-p", str(port), ready=listening(port)):
        yield Hop(port)


def hops(request: pytest.FixtureRequest, route: str) -> list[Hop]:
    return [request.getfixturevalue(name) for name in route.split()]


ROUTES = [
    "squid",
    "guarded_squid",
    "tinyproxy",
    "squid guarded_squid tinyproxy",
    "microsocks squid",
    "tinyproxy microsocks",
]


@pytest.mark.parametrize("route", ROUTES)
async def test_bulk_both_ways(request: pytest.FixtureRequest, echo: TinyServer, route: str):
    size = 4 * MEBIBYTE
    data = random_bytes(size)
    steps: list[StageResult] = []
    stream = await soon(through(hops(request, route), LOCAL, echo.port).dial(steps.append))
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(stream.send(data))
        back = group.create_task(read_count(stream, size))
    assert hashlib.sha256(back.result()).digest() == hashlib.sha256(data).digest()
    await soon(stream.aclose())
    assert PASSWORD not in repr(steps)


async def test_an_ipv6_address_travels_in_brackets(squid: Hop):
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"six")
        writer.close()

    server = await asyncio.start_server(greet, "::1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        stream = await soon(through([squid], "::1", port).dial())
        assert await soon(read_all(stream)) == b"six"
        await soon(stream.aclose())


async def test_a_server_that_speaks_first(squid: Hop, tinyproxy: Hop):
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.read()

    async with TinyServer(greet) as server:
        for hop in (squid, tinyproxy):
            stream = await soon(through([hop], LOCAL, server.port).dial())
            assert await soon(read_count(stream, 11)) == b"220 ready\r\n"
            await soon(stream.aclose())


@pytest.mark.parametrize("route", ["squid", "guarded_squid", "tinyproxy squid"])
async def test_a_target_that_refuses(request: pytest.FixtureRequest, route: str):
    error = await failure(hops(request, route), LOCAL, free_port())
    assert (error.code, error.field) == (ErrorCode.PROXY_CONNECTION_REFUSED, "host")
    assert error.facts["status"] == 503


async def test_a_target_that_refuses_tinyproxy_which_gives_no_reason(tinyproxy: Hop):
    error = await failure([tinyproxy], LOCAL, free_port())
    assert (error.code, error.field) == (ErrorCode.PROXY_FAILED, "host")
    assert error.facts["why"] == "Unable to connect"


async def test_a_hop_that_refuses(squid: Hop):
    error = await failure([squid, Hop(free_port(), "http")], LOCAL, 80)
    assert (error.code, error.field) == (ErrorCode.PROXY_CONNECTION_REFUSED, "via.1.host")


async def test_a_target_that_the_rules_forbid(squid: Hop, microsocks: Hop):
    for chain in ([squid], [microsocks, squid]):
        error = await failure(chain, LOCAL, FORBIDDEN_PORT)
        assert (error.code, error.field) == (ErrorCode.PROXY_FORBIDDEN, "host")
        assert error.facts["proxy"] == f"{LOCAL}:{squid.port}"


async def test_a_name_that_the_proxy_does_not_know(squid: Hop):
    error = await failure([squid], "nobody.invalid", 80)
    assert error.code is ErrorCode.PROXY_HOST_UNREACHABLE


@pytest.mark.parametrize("route", ["guarded_squid", "tinyproxy"])
async def test_a_wrong_password(request: pytest.FixtureRequest, squid: Hop, route: str):
    (right,) = hops(request, route)
    wrong = Hop(right.port, "http", username=USER, password="wr0ng")
    error = await failure([squid, wrong], LOCAL, 80)
    assert error.field == "via.1.username"
    assert error.code is ErrorCode.PROXY_CREDENTIALS_REFUSED
    assert "wr0ng" not in f"{error} {error.facts}"


@pytest.mark.parametrize(("route", "realm"), [("guarded_squid", REALM), ("tinyproxy", "Tinyproxy")])
async def test_no_credentials_where_some_are_wanted(
    request: pytest.FixtureRequest, route: str, realm: str
):
    (hop,) = hops(request, route)
    error = await failure([Hop(hop.port, "http")], LOCAL, 80)
    assert (error.code, error.field) == (ErrorCode.PROXY_CREDENTIALS_REQUIRED, "via.0.username")
    assert error.facts["realm"] == realm


async def test_credentials_where_none_are_wanted(squid: Hop, echo: TinyServer):
    chain = [Hop(squid.port, "http", username=USER, password=PASSWORD)]
    stream: Stream = await soon(through(chain, LOCAL, echo.port).dial())
    await soon(stream.send(b"hello"))
    assert await soon(read_count(stream, 5)) == b"hello"
    await soon(stream.aclose())


async def test_a_socks_proxy_is_no_http_proxy(microsocks: Hop):
    error = await failure([Hop(microsocks.port, "http")], LOCAL, 80)
    assert (error.code, error.field) == (ErrorCode.PROXY_FAILED, "via.0.host")
    assert error.facts["looks_like"] == "SOCKS 5"


async def test_curl_sends_the_same_lines():
    requests: list[list[bytes]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append((await reader.readuntil(b"\r\n\r\n")).splitlines())
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    async with TinyServer(serve) as proxy:
        for host, authority in (("db.example", "db.example"), ("::1", "[::1]")):
            curl = await asyncio.create_subprocess_exec(
                find("curl"),
                *["-sS", "-p", "-x", f"http://{proxy.address}", "-U", f"{USER}:{PASSWORD}"],
                f"http://{authority}:8080/",
                stderr=asyncio.subprocess.PIPE,
            )
            assert b"403" in (await soon(curl.communicate()))[1]
            error = await failure([Hop(proxy.port, "http", USER, PASSWORD)], host, 8080)
            assert error.code is ErrorCode.PROXY_FORBIDDEN
            theirs, ours = requests[-2:]
            assert set(ours) <= set(theirs)
            assert theirs[0] == ours[0]
