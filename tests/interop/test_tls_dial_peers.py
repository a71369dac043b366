"""TLS that we dial, against what others built: openssl s_server, and socat for half-close.

Debian: openssl, socat.
"""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode
from bascule.streams.base import Stream
from bascule.streams.tcp import TcpDialer
from bascule.streams.tls import TlsDialer, client_context
from tests.helpers.certificates import DATABASE, Files, make_files
from tests.helpers.contract import MEBIBYTE, digest, random_bytes, read_all, read_count, soon
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening, start

VERSIONS = ["-tls1_2", "-tls1_3"]
SIZE = MEBIBYTE


def dialer(port: int, files: Files, client: Files | None = None) -> TlsDialer:
    def make() -> ssl.SSLContext:
        return client_context(
            authority=files.authority,
            certificate=client.certificate if client else "",
            key=client.key if client else "",
        )

    return TlsDialer(TcpDialer("127.0.0.1", port), make, DATABASE)


@pytest.mark.parametrize("version", VERSIONS)
async def test_s_server_wants_our_certificate_and_bytes_pass_both_ways(
    files: Files, client: Files, version: str
):
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        *(find("openssl"), "s_server", "-quiet", version, "-accept", f"127.0.0.1:{port}"),
        *("-cert", files.certificate, "-key", files.key),
        *("-Verify", "1", "-verify_return_error", "-CAfile", files.authority),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    up, down = random_bytes(SIZE, 1), random_bytes(SIZE, 2)
    try:
        stream = await soon(dial_when_ready(dialer(port, files, client), server))
        server.stdin.write(down)
        _sent, got_up, got_down = await soon(
            asyncio.gather(
                stream.send(up), server.stdout.readexactly(SIZE), read_count(stream, SIZE)
            )
        )
        assert digest(got_up) == digest(up)
        assert digest(got_down) == digest(down)
        await soon(stream.send_eof())
        # s_server answers close_notify by leaving, in TLS 1.2 and 1.3 alike.
        assert await soon(stream.receive()) == b""
        await soon(stream.aclose())
    finally:
        server.kill()
        await server.communicate()


async def dial_when_ready(to: TlsDialer, server: asyncio.subprocess.Process) -> Stream:
    """Dial until somebody listens. (s_server serves one at a time: trying first would disturb.)"""
    ended = asyncio.ensure_future(server.wait())
    while not ended.done():
        try:
            stream = await to.dial()
        except BasculeError as exc:
            if exc.code is not ErrorCode.CONNECTION_REFUSED:
                raise
            await asyncio.wait([ended], timeout=0.02)
        else:
            ended.cancel()
            return stream
    pytest.fail("s_server ended")


async def test_s_server_misses_our_certificate(files: Files):
    port = free_port()
    with start(
        *("openssl", "s_server", "-tls1_3", "-accept", f"127.0.0.1:{port}", "-www"),
        *("-cert", files.certificate, "-key", files.key),
        *("-Verify", "1", "-CAfile", files.authority),
        ready=listening(port),
    ):
        stream = await soon(dialer(port, files).dial())
        with pytest.raises(BasculeError) as caught:
            await soon(stream.receive())
        await soon(stream.aclose())
    assert caught.value.code is ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED
    assert caught.value.field == "tls.certificate"


async def test_s_server_with_a_certificate_of_a_stranger(files: Files, tmp_path: Path):
    stranger = make_files(tmp_path, [DATABASE])
    port = free_port()
    with (
        start(
            *("openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-www"),
            *("-cert", stranger.certificate, "-key", stranger.key),
            ready=listening(port),
        ),
        pytest.raises(BasculeError) as caught,
    ):
        await soon(dialer(port, files).dial())
    assert caught.value.code is ErrorCode.TLS_UNTRUSTED
    assert caught.value.facts["subject"] == DATABASE


async def test_socat_answers_after_our_half_has_ended(files: Files):
    """The echo of socat goes through a pipe: our close_notify ends its input, its own ends ours."""
    port = free_port()
    data = random_bytes(SIZE)
    with start(
        *("socat", "-t", "60"),
        f"OPENSSL-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork,verify=0"
        f",certificate={files.certificate},key={files.key}",
        "EXEC:cat",
        ready=listening(port),
    ):
        stream = await soon(dialer(port, files).dial())

        async def ask() -> None:
            await stream.send(data)
            await stream.send_eof()

        got, _sent = await soon(asyncio.gather(read_all(stream), ask()))
        await soon(stream.aclose())
    assert digest(got) == digest(data)
