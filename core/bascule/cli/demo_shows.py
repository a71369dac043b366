"""Owns what the demonstration proves: one function a kind of relay, and one for what the engine
finds on this computer. Each returns what was seen.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import ssl
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bascule.cli.demo_engine import PrivateEngine
from bascule.cli.demo_services import PAGE, Services
from bascule.control.messages import CertificateRequest
from bascule.spec.endpoints import ProxyHop, SerialPort, ServerTls, TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec

_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Show:
    """One thing to prove. ``run`` raises, or says in words what was seen."""

    title: str
    run: Callable[[PrivateEngine, Services], Awaitable[str]]
    possible: Callable[[], bool] = lambda: True
    impossible: str = ""


def _expect(seen: object, wanted: object, what: str) -> None:
    if seen != wanted:
        raise ValueError(f"{what}: {seen!r} instead of {wanted!r}")


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


async def _through_echo(port: int) -> None:
    """Send 1 MiB, half-close, and read it back with its SHA-256 from the far side."""
    data = os.urandom(_BYTES)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send() -> None:
        for start in range(0, len(data), 65_536):
            writer.write(data[start : start + 65_536])
            await writer.drain()
        writer.write_eof()

    _none, answer = await asyncio.gather(send(), reader.read(-1))
    writer.close()
    wanted = hashlib.sha256(data).hexdigest()
    _expect(hashlib.sha256(answer[:-64]).hexdigest(), wanted, "SHA-256 of what came back")
    _expect(answer[-64:].decode(), wanted, "SHA-256 that the far side saw")


async def forward(engine: PrivateEngine, services: Services) -> str:
    """A forwarded port: bytes both ways, and an answer after the end of the question."""
    relay = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", services.echo_port))
    _id, address = await engine.run_relay("Forwarded port", relay)
    await _through_echo(_port(address))
    return f"1 MiB there and back through {address}, SHA-256 equal, answered after half-close"


async def encrypt(engine: PrivateEngine, services: Services) -> str:
    """HTTPS in front of an HTTP service, with a certificate made for it and verified."""
    made = await engine.client.create_certificate(CertificateRequest(("localhost", "127.0.0.1")))
    relay = RelaySpec(
        TcpListen(0, tls=ServerTls(made.certificate, made.key)),
        TcpConnect("127.0.0.1", services.http_port),
    )
    _id, address = await engine.run_relay("HTTPS", relay)
    context = ssl.create_default_context(cafile=made.authority)
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", _port(address), ssl=context, server_hostname="localhost"
    )
    version = writer.get_extra_info("ssl_object").version()
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = await reader.read(-1)
    writer.close()
    _expect(answer.partition(b"\r\n\r\n")[2], PAGE, "the page")
    return f"the old page over {version} on {address}, certificate verified for localhost"


async def chain(engine: PrivateEngine, services: Services) -> str:
    """A target behind two SOCKS proxies, whose name only the last proxy knows."""
    first, second = services.proxy_ports
    target = TcpConnect(
        "scale.example",
        services.echo_port,
        via=(ProxyHop("5", "127.0.0.1", first), ProxyHop("5", "127.0.0.1", second)),
    )
    _id, address = await engine.run_relay("Two proxies", RelaySpec(TcpListen(0), target))
    await _through_echo(_port(address))
    hops = [(first, "127.0.0.1", second), (second, "scale.example", services.echo_port)]
    _expect(services.proxied, hops, "what the proxies were asked")
    return f"1 MiB through 127.0.0.1:{first} and 127.0.0.1:{second}, name resolved by the last"


async def serial(engine: PrivateEngine, services: Services) -> str:
    """A serial device on a TCP port: asked and answering, both ways."""
    relay = RelaySpec(TcpListen(0), SerialPort(services.scale_device))
    _id, address = await engine.run_relay("Scale", relay)
    reader, writer = await asyncio.open_connection("127.0.0.1", _port(address))
    writer.write(b"W\r\n")
    weight = await reader.readuntil(b"\n")
    _expect(weight, b"+  12.480 kg\r\n", "the weight")
    data = os.urandom(4096).replace(b"W", b"w")
    writer.write(data)
    echoed = await reader.readexactly(len(data))
    writer.close()
    _expect(hashlib.sha256(echoed).digest(), hashlib.sha256(data).digest(), "bytes on the line")
    return f"the scale on {services.scale_device} says {weight.decode().strip()} on {address}"


async def serial_ports(engine: PrivateEngine, _services: Services) -> str:
    """What the engine finds when it looks for serial ports, which each system lists differently."""
    devices = [port.device for port in await engine.client.serial_ports()]
    return ", ".join(devices) or "none is connected"


SHOWS = (
    Show("Forward a port", forward),
    Show("TLS in front of a service", encrypt),
    Show("Through two SOCKS proxies", chain),
    Show(
        "Serial port on the network",
        serial,
        lambda: sys.platform != "win32",
        "Windows has no pseudo-terminals to pretend a serial port with",
    ),
    Show("Serial ports of this computer", serial_ports),
)
