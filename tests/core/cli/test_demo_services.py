"""The demonstration's services do what they pretend, to real programs too."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from bascule.cli.demo_services import PAGE, Services
from tests.helpers.contract import soon
from tests.helpers.processes import find


async def test_curl_sees_the_page_through_the_proxy(tmp_path: Path):
    async with Services(tmp_path) as services:
        process = await asyncio.create_subprocess_exec(
            find("curl"), "-sS", "--socks5-hostname", f"127.0.0.1:{services.proxy_ports[0]}",
            f"http://web.example:{services.http_port}/",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        page, _ = await soon(process.communicate())
        assert page == PAGE
        assert services.proxied == [(services.proxy_ports[0], "web.example", services.http_port)]


async def test_the_echo_answers_after_the_end(tmp_path: Path):
    async with Services(tmp_path) as services:
        reader, writer = await asyncio.open_connection("127.0.0.1", services.echo_port)
        writer.write(b"hello")
        writer.write_eof()
        answer = await soon(reader.read())
        assert answer == b"hello" + hashlib.sha256(b"hello").hexdigest().encode()
        writer.close()


async def test_a_client_that_goes_is_no_news(tmp_path: Path):
    async with Services(tmp_path) as services:
        for port in (services.http_port, services.proxy_ports[0]):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"\x05")
            writer.transport.abort()
