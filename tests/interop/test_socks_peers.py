"""Our SOCKS client and real proxies: microsocks (SOCKS 5) and Dante (SOCKS 4 and 5).

Debian: microsocks, dante-server, curl. Dante is given a configuration of its own; run by root it
drops to "nobody", as its manual wants. Neither proxy knows the names of SOCKS 4a (Dante connects to
the mark 0.0.0.1 itself), so these are held against what curl sends, byte for byte.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
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

USER, PASSWORD = "ann", "correct horse"


@pytest.fixture(scope="module")
def microsocks() -> Iterator[Hop]:
    port = free_port()
    with start("microsocks", "-i", LOCAL, "-p", str(port), ready=listening(port)):
        yield Hop(port)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Hop]:
    """A microsocks that wants user name and password."""
    port = free_port()
    argv = ["microsocks", "-i", LOCAL, "-p", str(port), "-u", USER, "-P", PASSWORD]
    with start(*argv, ready=listening(port)):
        yield Hop(port, username=USER, password=PASSWORD)


FORBIDDEN_PORT = 9


@pytest.fixture(scope="module")
def dante(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hop]:
    """A Dante whose rules block one port."""
    folder: Path = tmp_path_factory.mktemp("dante")
    port = free_port()
    rules = "from: 127.0.0.0/8 to: 0.0.0.0/0"
    lines = [
        "logoutput: stderr",
        f"internal: {LOCAL} port = {port}",
        f"external: {LOCAL}",
        "socksmethod: none",
        "clientmethod: none",
        *(["user.privileged: root", "user.unprivileged: nobody"] if os.geteuid() == 0 else []),
        f"client pass {{\n {rules}\n}}",
        f"socks block {{\n {rules} port = {FORBIDDEN_PORT}\n}}",
        f"socks pass {{\n {rules}\n}}",
    ]
    config = folder / "danted.conf"
    config.write_text("\n".join(lines) + "\n")
    argv = ["danted", "-f", str(config), "-p", str(folder / "danted.pid")]
    with start(*argv, ready=listening(port)):
        yield Hop(port)


def hops(request: pytest.FixtureRequest, route: str) -> list[Hop]:
    """Read "microsocks dante/4a" as proxies that are running, each with the version to speak."""
    found: list[Hop] = []
    for word in route.split():
        name, _slash, version = word.partition("/")
        hop: Hop = request.getfixturevalue(name)
        found.append(Hop(hop.port, version or "5", hop.username, hop.password))
    return found


ROUTES = [
    "microsocks",
    "guarded",
    "dante",
    "dante/4",
    "dante/4a",
    "microsocks dante",
    "dante guarded",
    "dante/4 microsocks",
    "guarded dante/4",
    "guarded dante/4a",
    "dante/4a guarded dante microsocks",
]


@pytest.fixture
async def digest() -> AsyncIterator[TinyServer]:
    """A target that answers after the end: with the digest of all that came, many times."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(hashlib.sha256(await reader.read(-1)).digest() * 10_000)
        await writer.drain()

    async with TinyServer(serve) as server:
        yield server


@pytest.mark.parametrize("route", ROUTES)
async def test_bytes_arrive_unchanged(request: pytest.FixtureRequest, echo: TinyServer, route: str):
    host = LOCAL if route.endswith("/4a") else "localhost"
    size = 2 * MEBIBYTE
    data = random_bytes(size)
    steps: list[StageResult] = []
    stream = await soon(through(hops(request, route), host, echo.port).dial(steps.append))
    assert str(stream.peer) == f"{host}:{echo.port}"
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(stream.send(data))
        back = group.create_task(read_count(stream, size))
    assert hashlib.sha256(back.result()).digest() == hashlib.sha256(data).digest()
    await soon(stream.aclose())
    assert PASSWORD not in repr(steps)


# microsocks is not here: it ends both ways as soon as one has ended.
@pytest.mark.parametrize("route", ["dante", "dante/4", "dante/4a"])
async def test_half_close_passes(request: pytest.FixtureRequest, digest: TinyServer, route: str):
    data = random_bytes(MEBIBYTE)
    stream = await soon(through(hops(request, route), LOCAL, digest.port).dial())
    await soon(stream.send(data))
    await soon(stream.send_eof())
    assert await soon(read_all(stream)) == hashlib.sha256(data).digest() * 10_000
    await soon(stream.aclose())


@pytest.mark.parametrize("route", ["microsocks", "guarded", "dante", "dante guarded"])
async def test_a_target_that_refuses(request: pytest.FixtureRequest, route: str):
    error = await failure(hops(request, route), LOCAL, free_port())
    assert (error.code, error.field) == (ErrorCode.PROXY_CONNECTION_REFUSED, "host")
    assert error.facts["reply"] == 5


@pytest.mark.parametrize("route", ["dante/4", "dante/4a", "microsocks dante/4a"])
async def test_a_target_that_refuses_socks4(request: pytest.FixtureRequest, route: str):
    error = await failure(hops(request, route), LOCAL, free_port())
    assert (error.code, error.field) == (ErrorCode.PROXY_FAILED, "host")
    assert error.facts["reply"] == 91


async def test_a_proxy_that_does_not_know_names_refuses_socks4a(dante: Hop, echo: TinyServer):
    error = await failure([Hop(dante.port, "4a")], "localhost", echo.port)
    assert error.facts["reply"] == 91


@pytest.mark.parametrize(
    ("version", "host"), [("4", LOCAL), ("4a", "db.example"), ("4a", "x.example.")]
)
async def test_curl_sends_the_same_bytes(version: str, host: str):
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.read(1000))
        writer.write(b"\x00\x5b" + bytes(6))

    async with TinyServer(serve) as proxy:
        curl = await asyncio.create_subprocess_exec(
            *[find("curl"), "-sS", "-x", f"socks{version}://ann@{proxy.address}"],
            f"http://{host}:8080/",
            stderr=asyncio.subprocess.PIPE,
        )
        said = (await soon(curl.communicate()))[1].decode()
        assert "(91)" in said
        error = await failure([Hop(proxy.port, version, "ann")], host, 8080)
    assert error.facts["reply"] == 91
    assert requests[0] == requests[1]


async def test_a_hop_that_refuses(microsocks: Hop):
    error = await failure([microsocks, Hop(free_port())], LOCAL, 80)
    assert (error.code, error.field) == (ErrorCode.PROXY_CONNECTION_REFUSED, "via.1.host")


async def test_a_target_that_the_rules_forbid(dante: Hop, microsocks: Hop):
    for chain in ([dante], [microsocks, dante]):
        error = await failure(chain, LOCAL, FORBIDDEN_PORT)
        assert (error.code, error.field) == (ErrorCode.PROXY_FORBIDDEN, "host")
        assert error.facts["proxy"] == f"{LOCAL}:{dante.port}"
        assert error.facts["reply"] == 2


async def test_a_name_that_the_proxy_does_not_know(dante: Hop):
    error = await failure([dante], "nobody.invalid", 80)
    assert error.code in {ErrorCode.PROXY_HOST_UNREACHABLE, ErrorCode.PROXY_FAILED}


@pytest.mark.parametrize("username", [USER, "bob"])
async def test_a_wrong_password(guarded: Hop, dante: Hop, username: str):
    wrong = Hop(guarded.port, username=username, password="wr0ng")
    error = await failure([dante, wrong], LOCAL, 80)
    assert (error.code, error.field) == (
        ErrorCode.PROXY_CREDENTIALS_REFUSED,
        "via.1.username",
    )
    assert "wr0ng" not in f"{error} {error.facts}"


async def test_no_credentials_where_some_are_wanted(guarded: Hop):
    error = await failure([Hop(guarded.port)], LOCAL, 80)
    assert (error.code, error.field) == (ErrorCode.PROXY_CREDENTIALS_REQUIRED, "via.0.username")


async def test_credentials_where_none_are_wanted(microsocks: Hop, dante: Hop, echo: TinyServer):
    for proxy in (microsocks, dante):
        chain = [Hop(proxy.port, username=USER, password=PASSWORD)]
        stream: Stream = await soon(through(chain, LOCAL, echo.port).dial())
        await soon(stream.send(b"hello"))
        assert await soon(read_count(stream, 5)) == b"hello"
        await soon(stream.aclose())


@pytest.mark.parametrize("version", ["4", "4a"])
async def test_a_proxy_of_another_version(microsocks: Hop, version: str):
    error = await failure([Hop(microsocks.port, version)], LOCAL, 80)
    assert error.code is ErrorCode.PROXY_NOT_SOCKS
    assert error.facts["looks_like"] == "SOCKS 5"
