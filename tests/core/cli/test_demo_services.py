"""The demonstration's services do what they pretend, to real programs too."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bascule.cli import demo_services
from bascule.cli.demo_services import PAGE, Services
from bascule.streams.serial import SerialDialer
from tests.helpers.contract import read_count, soon
from tests.helpers.processes import find

LOCAL = "127.0.0.1"


@pytest.mark.parametrize("host", ["web.example", LOCAL])
async def test_curl_sees_the_page_through_the_proxy(tmp_path: Path, host: str):
    async with Services(tmp_path) as services:
        process = await asyncio.create_subprocess_exec(
            find("curl"), "-sS", "--socks5-hostname", f"{LOCAL}:{services.proxy_ports[0]}",
            f"http://{host}:{services.http_port}/",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        page, _ = await soon(process.communicate())
        assert page == PAGE
        assert services.proxied == [(services.proxy_ports[0], host, services.http_port)]


async def test_the_echo_answers_after_the_end(tmp_path: Path):
    async with Services(tmp_path) as services:
        reader, writer = await asyncio.open_connection(LOCAL, services.echo_port)
        writer.write(b"hello")
        writer.write_eof()
        answer = await soon(reader.read())
        assert answer == b"hello" + hashlib.sha256(b"hello").hexdigest().encode()
        writer.close()


async def test_a_client_that_goes_is_no_news(tmp_path: Path):
    async with Services(tmp_path) as services:
        for port in (services.http_port, services.proxy_ports[0]):
            _reader, writer = await asyncio.open_connection(LOCAL, port)
            writer.write(b"\x05")
            writer.transport.abort()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
async def test_the_scale_tells_the_weight_and_echoes_the_rest(tmp_path: Path):
    weight = b"+  12.480 kg\r\n"
    async with Services(tmp_path) as services:
        stream = await soon(SerialDialer(services.scale_device).dial())
        await soon(stream.send(b"W\r\n"))
        assert await soon(read_count(stream, len(weight))) == weight
        await soon(stream.send(b"hello"))
        assert await soon(read_count(stream, 5)) == b"hello"
        await soon(stream.aclose())
    assert not Path(services.scale_device).exists()


async def test_without_pseudo_terminals_there_is_no_scale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(demo_services, "sys", SimpleNamespace(platform="win32"))
    async with Services(tmp_path) as services:
        assert services.scale_device == ""
        assert services.echo_port > 0
