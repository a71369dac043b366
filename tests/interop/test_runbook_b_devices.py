"""The second runbook's serial device behind a port, and its way through a SOCKS proxy."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import serial

from tests.helpers.cable import socat_cable
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.ports import free_port
from tests.helpers.processes import listening, start
from tests.helpers.relaying import logged, relaying
from tests.helpers.runbooks import words_of
from tests.helpers.socks_server import Seen, SocksServer
from tests.helpers.sshd import sshd
from tests.helpers.web import REFUSED, curl, nginx

BIG = random_bytes(3_000_000)
WANTED = hashlib.sha256(BIG).hexdigest()

# B10 ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cable:
    """Two ends of a serial line: the one the relay opens, and the equipment's."""

    near: Path
    equipment: serial.Serial


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    """A line joined by socat; its near end echoes and edits lines until it is told otherwise."""
    near, far = tmp_path / "ttyUSB0", tmp_path / "equipment"
    with socat_cable(near, far, near_is="sane,b9600"):
        with serial.Serial(str(far), timeout=PATIENCE_SECONDS) as equipment:
            yield Cable(near, equipment)


@contextmanager
def on_the_network(folder: Path, cable: Cable) -> Iterator[int]:
    """B10, listening."""
    port = free_port()
    with relaying(
        folder, *words_of("B10", {":2001": f":{port}", "/dev/ttyUSB0": cable.near})
    ) as it:
        it.heard("listening on")
        yield port


def receive(client: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (piece := client.recv(65_536)):
        data += piece
    return data


def test_b10_a_device_is_used_from_afar_by_one_client_after_another(tmp_path: Path, cable: Cable):
    every_byte = bytes(range(256)) * 4
    with on_the_network(tmp_path, cable) as port:
        for _ in range(2):  # the second comes before the first has left the device
            with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client:
                client.sendall(every_byte)
                assert cable.equipment.read(len(every_byte)) == every_byte
                cable.equipment.write(every_byte[::-1])
                assert receive(client, len(every_byte)) == every_byte[::-1]
        assert settings_of(cable.near) == (termios.B115200, {"CS8", "CRTSCTS"})


def settings_of(device: Path) -> tuple[int, set[str]]:
    """The speed of a line, and what of its settings is on."""
    fd = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        inputs, outputs, control, local, speed, _, _ = termios.tcgetattr(fd)
    finally:
        os.close(fd)
    looked_at = (
        (inputs, "ICRNL IXON"),
        (outputs, "OPOST"),
        (control, "CS8 PARENB CSTOPB CRTSCTS"),
        (local, "ECHO ICANON ISIG"),
    )
    names = {(name, flags) for flags, group in looked_at for name in group.split()}
    return speed, {name for name, flags in names if _has(flags, getattr(termios, name))}


def _has(flags: int, wanted: int) -> bool:
    return flags & wanted == wanted


def test_b10_a_person_types_to_the_device(tmp_path: Path, cable: Cable):
    with on_the_network(tmp_path, cable) as port:
        words = words_of("B10b", {"IP_SERVEUR_SERIE:2001": f"127.0.0.1:{port}"})
        with relaying(tmp_path, *words, stdin=subprocess.PIPE) as person:
            keys, screen = person.process.stdin, person.process.stdout
            assert keys is not None
            assert screen is not None
            keys.write(b"show version\r\n")
            keys.flush()
            assert cable.equipment.read(14) == b"show version\r\n"
            cable.equipment.write(b"1.2.3\r\n# ")
            assert screen.read(9) == b"1.2.3\r\n# "


# B20 ---------------------------------------------------------------------------------------------


@contextmanager
def proxied(folder: Path, proxy_port: int, host: str, port: int) -> Iterator[str]:
    """B20, listening; gives the URL of what is behind it."""
    public = free_port()
    changes = {
        "LISTEN:8080": f"LISTEN:{public}",
        "proxy.exemple.local": "127.0.0.1",
        "target.exemple.local:80": f"{host}:{port}",
        "socksport=1080": f"socksport={proxy_port}",
    }
    with relaying(folder, *words_of("B20", changes)):
        logged(folder / "socat_socks5.log", "listening on")
        yield f"http://127.0.0.1:{public}/big"


@contextmanager
def service(folder: Path) -> Iterator[int]:
    port = free_port()
    with nginx(folder / "web", f"listen 127.0.0.1:{port};", listening(port)) as web:
        (web.pages / "big").write_bytes(BIG)
        yield port


async def test_b20_the_proxy_is_told_the_name_and_resolves_it(tmp_path: Path):
    name = "target.exemple.local"
    with service(tmp_path) as port:
        async with SocksServer(names={name: "127.0.0.1"}) as proxy:
            with proxied(tmp_path, proxy.port, name, port) as url:
                done = await asyncio.to_thread(curl, "--fail", url)
                assert hashlib.sha256(done.stdout).hexdigest() == WANTED
                assert proxy.seen == [Seen("4a", "name", name, port)]


async def test_b20_a_name_the_proxy_does_not_know_is_told(tmp_path: Path):
    async with SocksServer() as proxy:
        with proxied(tmp_path, proxy.port, "nowhere.exemple.local", 80) as url:
            refused = await asyncio.to_thread(curl, url)
            assert refused.returncode in REFUSED
            assert not refused.stdout
            logged(tmp_path / "socat_socks5.log", "nowhere.exemple.local:80")


def test_b20_through_ssh_as_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    proxy = free_port()
    with sshd(tmp_path / "ssh") as server, service(tmp_path) as port:
        monkeypatch.setenv("PATH", server.path)
        tunnel = ("-N", "-D", f"127.0.0.1:{proxy}", f"{server.user}@gateway")
        with (
            start("ssh", *tunnel, ready=listening(proxy)),
            proxied(tmp_path, proxy, "localhost", port) as url,
        ):
            assert hashlib.sha256(curl("--fail", url).stdout).hexdigest() == WANTED
