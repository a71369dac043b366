"""TLS that we listen with, against what others built: openssl s_client, curl, and socat for
half-close.

Debian: openssl, curl, socat.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode
from bascule.relay.fastpath import between
from bascule.relay.pump import Counters, Rules
from bascule.streams.base import Stream
from bascule.streams.tcp import TcpListener
from bascule.streams.tls import TlsListener, server_context
from tests.helpers.certificates import DATABASE, Files, make_files
from tests.helpers.contract import MEBIBYTE, PATIENCE_SECONDS, digest, random_bytes, read_all, soon
from tests.helpers.pairs import socket_pair
from tests.helpers.processes import find

VERSIONS = ["-tls1_2", "-tls1_3"]
SIZE = MEBIBYTE

type Serve = Callable[[Stream], Awaitable[None]]


async def run(*argv: str | Path, stdin: bytes = b"") -> tuple[int, bytes, str]:
    """Run a program to its end; return status, output, and what it said."""
    program, *arguments = map(str, argv)
    process = await asyncio.create_subprocess_exec(
        find(program),
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, said = await soon(process.communicate(stdin))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, output, said.decode(errors="replace")


@contextlib.asynccontextmanager
async def serving(
    files: Files, serve: Serve, *, client_authority: str = ""
) -> AsyncGenerator[tuple[int, list[BasculeError]]]:
    """Our listener; gives its port, and the errors its arrivals end with."""
    errors: list[BasculeError] = []
    tasks: set[asyncio.Task[None]] = set()
    listener = TlsListener(
        TcpListener("127.0.0.1", 0),
        lambda: server_context(files.certificate, files.key, client_authority=client_authority),
    )

    async def one(arrival: Stream) -> None:
        stream = arrival
        try:
            stream = await listener.welcome(arrival)
            await serve(stream)
        except BasculeError as exc:
            errors.append(exc)
        await stream.aclose()

    (address,) = await listener.start(lambda it: tasks.add(asyncio.ensure_future(one(it))))
    try:
        yield address.port or 0, errors
        if tasks:
            await soon(asyncio.wait(tasks))
    finally:
        await listener.aclose()
        for task in tasks:
            task.cancel()


async def echo_all(stream: Stream) -> None:
    """Send back as much as the test sends; then end."""
    left = SIZE
    while left:
        chunk = await stream.receive()
        await stream.send(chunk)
        left -= len(chunk)


@pytest.mark.parametrize("version", VERSIONS)
async def test_s_client_verifies_us_and_bytes_pass_unchanged(files: Files, version: str):
    data = random_bytes(SIZE)
    async with serving(files, echo_all) as (port, errors):
        status, output, said = await run(
            *("openssl", "s_client", "-quiet", version, "-connect", f"127.0.0.1:{port}"),
            *("-verify_return_error", "-CAfile", files.authority),
            *("-servername", DATABASE, "-verify_hostname", DATABASE),
            stdin=data,
        )
    assert status == 0, said
    assert digest(output) == digest(data)
    assert errors == []


async def test_s_client_resumes_again_and_again(files: Files, tmp_path: Path):
    """Each time with the ticket of the time before."""
    ticket = tmp_path / "ticket.pem"

    async def greet(stream: Stream) -> None:
        await stream.send(b"hello\n")
        await stream.send_eof()
        await read_all(stream)

    async with serving(files, greet) as (port, errors):
        for turn in range(3):
            known = ("-sess_in", str(ticket)) if turn else ()
            status, output, said = await run(
                *("openssl", "s_client", "-tls1_3", "-connect", f"127.0.0.1:{port}"),
                *("-ign_eof", "-CAfile", files.authority, "-sess_out", str(ticket), *known),
            )
            assert status == 0, said
            assert b"hello" in output
            assert (b"Reused, TLSv1.3" in output) is bool(turn)
    assert errors == []


async def test_s_client_changes_its_key_and_asks_for_ours(files: Files):
    """Whoever only reads has to answer all the same (RFC 8446 §4.6.3), on the quick way too."""

    async def carry(stream: Stream) -> None:
        near, far = socket_pair()
        over: asyncio.Future[BasculeError | None] = asyncio.get_running_loop().create_future()
        assert between(stream, near, Counters(), Rules(), over.set_result) is not None
        while data := await far.receive():
            await far.send(data.upper())
        await far.aclose()
        assert await over is None

    async with serving(files, carry) as (port, errors):
        process = await asyncio.create_subprocess_exec(
            *(find("openssl"), "s_client", "-tls1_3", "-msg", "-connect", f"127.0.0.1:{port}"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        seen = b""

        async def shows(words: bytes) -> None:
            nonlocal seen
            assert process.stdout is not None
            while words not in seen:
                piece = await process.stdout.read(4096)
                assert piece, seen.decode()
                seen += piece
            seen = seen[seen.index(words) + len(words) :]

        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await shows(b"NewSessionTicket")
                for word in (b"first", b"second"):
                    process.stdin.write(b"K\n")
                    await shows(b"KEYUPDATE")  # to go with what is sent next
                    process.stdin.write(word + b"\n")
                    await shows(b">>> TLS 1.3, Handshake [length 0005], KeyUpdate")
                    await shows(b"<<< TLS 1.3, Handshake [length 0005], KeyUpdate")
                    await shows(word.upper() + b"\n")
                process.stdin.write(b"Q\n")
                await process.stdout.read()
                assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert errors == []


async def test_s_client_with_another_authority_is_heard(files: Files, tmp_path: Path):
    stranger = make_files(tmp_path)
    async with serving(files, echo_all) as (port, errors):
        status, _output, said = await run(
            *("openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{port}"),
            *("-verify_return_error", "-CAfile", stranger.authority),
        )
    assert status != 0
    assert "verify error" in said
    assert [error.code for error in errors] == [ErrorCode.TLS_UNTRUSTED]
    assert errors[0].facts["whose"] == "own"


async def test_s_client_must_show_its_certificate(files: Files, client: Files):
    pair = ("-cert", client.certificate, "-key", client.key)
    authority = files.authority
    async with serving(files, echo_all, client_authority=authority) as (port, errors):
        words = ("openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{port}")
        status, output, said = await run(*words, *pair, stdin=bytes(SIZE))
        assert (status, output) == (0, bytes(SIZE)), said
        status, _output, said = await run(*words)
    assert "certificate required" in said
    assert [error.code for error in errors] == [ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED]


async def test_socat_ends_its_half_and_still_gets_the_answer(files: Files):
    """A question, close_notify, and only then an answer of a megabyte."""
    answer = random_bytes(SIZE)
    asked: list[bytes] = []

    async def serve(stream: Stream) -> None:
        asked.append(await read_all(stream))
        await stream.send(answer)
        await stream.send_eof()

    async with serving(files, serve) as (port, errors):
        status, output, said = await run(
            *("socat", "-t", "60", "-"),
            f"OPENSSL:127.0.0.1:{port},cafile={files.authority},commonname={DATABASE}",
            stdin=b"what is it?",
        )
    assert status == 0, said
    assert asked == [b"what is it?"]
    assert digest(output) == digest(answer)
    assert errors == []


async def http_answer(stream: Stream) -> None:
    """The smallest server there is: one request, one answer."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += await stream.receive()
    await stream.send(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n")


async def test_curl_trusts_us_with_our_authority_only(files: Files):
    async with serving(files, http_answer) as (port, errors):
        url = f"https://{DATABASE}:{port}/"
        words = ("curl", "--silent", "--show-error", "--noproxy", "*")
        route = ("--resolve", f"{DATABASE}:{port}:127.0.0.1")
        status, output, said = await run(*words, *route, "--cacert", files.authority, url)
        assert (status, output) == (0, b"hello\n"), said
        assert errors == []
        status, _output, said = await run(*words, *route, url)
        assert status == 60, said  # CURLE_PEER_FAILED_VERIFICATION
    assert [error.code for error in errors] == [ErrorCode.TLS_UNTRUSTED]


async def test_curl_without_tls_is_told_apart(files: Files):
    async with serving(files, http_answer) as (port, errors):
        status, _output, _said = await run(
            *("curl", "--silent", "--noproxy", "*", f"http://127.0.0.1:{port}/")
        )
        assert status != 0
    assert [error.code for error in errors] == [ErrorCode.TLS_NOT_TLS]
    assert errors[0].facts["spoken"] == "HTTP"
