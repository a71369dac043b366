"""One file over HTTPS, from a real server with certificates of an authority of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode
from bascule.relay.fetch import LIMIT_BYTES, MOST_REDIRECTIONS, fetch
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import PATIENCE_SECONDS

type Answers = Callable[[str], bytes]


def page(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def elsewhere(address: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {address}\r\n\r\n".encode()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """A certificate that this process trusts."""
    made = make_files(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", made.authority)
    return made


@asynccontextmanager
async def server(files: Files, answer: Answers) -> AsyncIterator[str]:
    """Serve what ``answer`` says to the path that is asked for; where."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.write(answer(asked.split()[1]))
        try:
            await writer.drain()
            await reader.read()  # until it has enough: some servers never end a connection
        except OSError:
            pass
        writer.transport.abort()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with listening:
        yield f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


async def failure(address: str, *, seconds: float = PATIENCE_SECONDS) -> BasculeError:
    with pytest.raises(BasculeError) as caught:
        await fetch(address, seconds=seconds)
    return caught.value


async def test_what_is_there_comes_whole(files: Files) -> None:
    asked: list[str] = []
    async with server(files, lambda path: asked.append(path) or page(b"x" * 60_000)) as address:
        assert await fetch(f"{address}/a/r.json?v=1", seconds=PATIENCE_SECONDS) == b"x" * 60_000
        await fetch(address, seconds=PATIENCE_SECONDS)
    assert asked == ["/a/r.json?v=1", "/"]


async def test_it_is_looked_for_where_it_is_now(files: Files) -> None:
    there = {"/": elsewhere("/b"), "/b": elsewhere("c?d"), "/c?d": page(b"found")}
    async with server(files, there.__getitem__) as address:
        assert await fetch(address, seconds=PATIENCE_SECONDS) == b"found"


async def test_it_is_not_led_around_for_ever(files: Files) -> None:
    asked: list[str] = []
    async with server(files, lambda path: asked.append(path) or elsewhere("/")) as address:
        assert (await failure(address)).code is ErrorCode.RELEASE_UNREADABLE
    assert len(asked) == MOST_REDIRECTIONS + 1


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "https://[", "//[x]/"])
async def test_it_is_led_to_https_only(files: Files, address: str) -> None:
    async with server(files, lambda _path: elsewhere(address)) as first:
        error = await failure(first)
    assert (error.code, error.field) == (ErrorCode.VALUE_INVALID, "address")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "ftp://h/",
        "https://",
        "https://u:p@h/",
        "https://h:port/",
        "https://h/a b",
        "https://h/é",
        "",
    ],
)
async def test_only_https_is_asked(files: Files, address: str) -> None:
    error = await failure(address)
    assert (error.code, error.field) == (ErrorCode.VALUE_INVALID, "address")
    async with server(files, lambda _path: elsewhere(address or "http:")) as other:
        assert (await failure(other)).code in {
            ErrorCode.VALUE_INVALID,
            ErrorCode.RELEASE_UNREADABLE,
        }


async def test_a_certificate_of_nobody_known_is_refused(
    files: Files, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    other = make_files(tmp_path / "other")
    monkeypatch.setenv("SSL_CERT_FILE", other.authority)
    async with server(files, lambda path: asked.append(path) or page(b"x")) as address:
        assert (await failure(address)).code is ErrorCode.TLS_UNTRUSTED
    assert asked == []


@pytest.mark.parametrize("expired", [True, False])
async def test_a_certificate_that_is_old_or_of_another_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expired: bool
) -> None:
    names = ("127.0.0.1",) if expired else ("other.example",)
    files = make_files(tmp_path, names, expired=expired)
    monkeypatch.setenv("SSL_CERT_FILE", files.authority)
    async with server(files, lambda _path: page(b"x")) as address:
        wanted = ErrorCode.TLS_EXPIRED if expired else ErrorCode.TLS_NAME_MISMATCH
        assert (await failure(address)).code is wanted


async def test_what_is_huge_or_breaks_off_is_refused(files: Files) -> None:
    for answer in (page(b"x" * LIMIT_BYTES), b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * LIMIT_BYTES):
        async with server(files, lambda _path, a=answer: a) as address:
            error = await failure(address)
        assert error.code is ErrorCode.RELEASE_UNREADABLE
        assert "longer than" in error.message


async def test_who_says_nothing_is_not_waited_for(files: Files) -> None:
    async with server(files, lambda _path: b"HTTP/1.1 200 OK\r\nX-Slow: ") as address:
        error = await failure(address, seconds=0.5)
    assert (error.code, error.facts["subject"]) == (ErrorCode.TIMED_OUT, "127.0.0.1")


async def test_nobody_is_there() -> None:
    with pytest.raises(BasculeError) as caught:
        await fetch("https://127.0.0.1:1/", seconds=PATIENCE_SECONDS)
    assert caught.value.code is ErrorCode.CONNECTION_REFUSED
