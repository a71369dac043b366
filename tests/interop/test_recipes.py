"""The recipes for ports, networks and encryption: started as proposed, but for hosts and ports, and
used with the very command that the gallery offers. Real peers: nginx, curl, dig, socat, nc, ssh.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.certificates import make_files
from tests.helpers.contract import digest, random_bytes, soon
from tests.helpers.datagrams import peer
from tests.helpers.ports import free_port
from tests.helpers.processes import find, listening
from tests.helpers.recipes import RECIPES, Person, cooked
from tests.helpers.relays import echo
from tests.helpers.sshd import sshd
from tests.helpers.web import REFUSED, nginx

PAGE = random_bytes(1_000_000)
WANTED = hashlib.sha256(PAGE).hexdigest()
MODULES = ("test_recipes", "test_recipes_proxies", "test_recipes_local")


@contextmanager
def page(folder: Path, *settings: str, tls: str = "") -> Iterator[int]:
    """A web server whose first page is ``PAGE``; its port."""
    port = free_port()
    lines = "\n".join(f"{line};" for line in (f"listen 127.0.0.1:{port}{tls}", *settings))
    with nginx(folder, lines, listening(port)) as web:
        (web.pages / "index.html").write_bytes(PAGE)
        yield port


async def is_answered(person: Person, text: bytes = b"hello\n") -> None:
    """What a person says comes back."""
    await person.says(text)
    assert await person.hears(len(text)) == text


def test_every_recipe_is_tried():
    tried = [
        name.removeprefix("test_").replace("_", "-")
        for module in MODULES
        for name in vars(importlib.import_module(f"tests.interop.{module}"))
        if name.startswith("test_")
    ]
    missing = [name for name in RECIPES if not any(name in each for each in tried)]
    assert missing == []


# ports and networks -----------------------------------------------------------------------------


async def test_forward_port(tmp_path: Path):
    with page(tmp_path / "web") as port:
        async with cooked(
            "forward-port", tmp_path, target__host="127.0.0.1", target__port=port
        ) as made:
            typed = await made.type()
            assert digest(typed.output) == WANTED


async def test_allow_list(tmp_path: Path):
    with page(tmp_path / "web") as port:
        goal = {"target__host": "127.0.0.1", "target__port": port}
        async with cooked("allow-list", tmp_path, allow=["127.0.0.0/8"], **goal) as made:
            assert digest((await made.type()).output) == WANTED
        async with cooked("allow-list", tmp_path, **goal) as made:
            typed = await made.type()
            assert typed.status in REFUSED
            assert typed.output == b""


async def test_connection_limit(tmp_path: Path):
    async with (
        echo() as port,
        cooked(
            "connection-limit",
            tmp_path,
            max_connections=1,
            target__host="127.0.0.1",
            target__port=port,
        ) as made,
    ):
        async with made.typing() as first:
            await is_answered(first)
            async with made.typing() as second:
                await second.says(b"me too\n")
                await is_answered(first, b"still here\n")
                await first.leaves()
                assert await second.hears(7) == b"me too\n"


async def test_failover(tmp_path: Path):
    async with echo() as port:
        values = {
            "target__targets__0__host": "127.0.0.1",
            "target__targets__0__port": free_port(),
            "target__targets__1__host": "127.0.0.1",
            "target__targets__1__port": port,
        }
        async with cooked("failover", tmp_path, **values) as made, made.typing() as person:
            await is_answered(person)


async def test_unix_socket(tmp_path: Path):
    path = tmp_path / "service.sock"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"you said " + await reader.readline())
        writer.close()

    server = await asyncio.start_unix_server(serve, path)
    async with server, cooked("unix-socket", tmp_path, target__path=str(path)) as made:
        assert made.command(0).startswith("psql -h 127.0.0.1 -p ")
        async with made.typing(1) as person:
            await person.says(b"STATUS\n")
            assert await person.hears_line() == b"you said STATUS\n"


async def test_behind_nat(tmp_path: Path):
    tunnel = free_port()
    with page(tmp_path / "web") as port, sshd(tmp_path / "ssh") as server:
        async with cooked("behind-nat", tmp_path, target__port=tunnel) as made:
            made.variables["PATH"] = server.path
            changes = {"user@": f"{server.user}@", ":3000": f":{port}"}
            async with made.typing(0, changes):
                there = listening(tunnel)
                while not await asyncio.to_thread(there):
                    await asyncio.sleep(0)  # ssh cannot tell us
                assert digest((await made.type(1)).output) == WANTED


async def test_dns(tmp_path: Path):
    def answer(query: bytes) -> bytes:
        """The question, and an A record that points at its name (RFC 1035 §4.1)."""
        end = query.index(b"\0", 12) + 5
        record = struct.pack("!HHHIH4s", 0xC00C, 1, 1, 60, 4, socket.inet_aton("192.0.2.7"))
        return query[:2] + struct.pack("!5H", 0x8180, 1, 1, 0, 0) + query[12:end] + record

    class Server(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.DatagramTransport)
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            self.transport.sendto(answer(data), addr)

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Server, ("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    try:
        async with cooked("dns", tmp_path, target__host="127.0.0.1", target__port=port) as made:
            typed = await made.type(changes={"dig": f"{find('dig')} +short"})
            assert typed.output == b"192.0.2.7\n"
    finally:
        transport.close()


async def test_ipv6_to_ipv4(tmp_path: Path):
    with page(tmp_path / "web") as port:
        async with cooked("ipv6-to-ipv4", tmp_path, target__port=port) as made:
            assert digest((await made.type()).output) == WANTED


async def test_udp_to_tcp(tmp_path: Path):
    arrived: asyncio.Queue[bytes] = asyncio.Queue()

    async def collect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.put_nowait(await reader.readline())
        writer.close()

    server = await asyncio.start_server(collect, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with (
        server,
        cooked("udp-to-tcp", tmp_path, target__host="127.0.0.1", target__port=port) as made,
    ):
        for _ in range(2):
            assert (await made.type()).status == 0
            assert await soon(arrived.get()) == b"test event\n"


async def test_udp_tunnel_entry_and_udp_tunnel_exit(tmp_path: Path):
    with peer() as receiver:
        async with (
            cooked("udp-tunnel-exit", tmp_path, target__port=receiver.port) as far,
            cooked(
                "udp-tunnel-entry",
                tmp_path,
                target__host="127.0.0.1",
                target__port=far.filled.value("source.port"),
            ) as near,
        ):
            for made in (near, far):
                assert (await made.type()).status == 0
                assert (await soon(receiver.receive()))[0] == b"test event\n"


# encryption -------------------------------------------------------------------------------------


async def test_https_front(tmp_path: Path):
    files = make_files(tmp_path / "certificates", ["localhost", "127.0.0.1"])
    with page(tmp_path / "web") as port:
        async with cooked(
            "https-front",
            tmp_path,
            target__port=port,
            source__tls__certificate=files.certificate,
            source__tls__key=files.key,
        ) as made:
            made.variables["CURL_CA_BUNDLE"] = files.authority
            typed = await made.type(changes={"https://": "curl https://"})  # as a browser would
            assert digest(typed.output) == WANTED


async def test_client_certificate(tmp_path: Path):
    server = make_files(tmp_path / "certificates")
    client = make_files(tmp_path / "certificates", ["me"], client=True)
    settings = (
        f"ssl_certificate {server.certificate}",
        f"ssl_certificate_key {server.key}",
        f"ssl_client_certificate {server.authority}",
        "ssl_verify_client on",
    )
    with page(tmp_path / "web", *settings, tls=" ssl") as port:
        async with cooked(
            "client-certificate",
            tmp_path,
            target__host="localhost",
            target__port=port,
            target__tls__certificate=client.certificate,
            target__tls__key=client.key,
            target__tls__authority=client.authority,
        ) as made:
            assert digest((await made.type()).output) == WANTED
