"""Exported relays that are no proxy: a serial port that ser2net puts on the network, a service of
systemd.

Debian: ser2net, socat, systemd.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bascule.spec.endpoints import (
    SerialPort,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.export.exported import Form
from bascule.spec.export.write import write
from bascule.spec.relays import RelaySpec
from tests.helpers.cable import socat_cable
from tests.helpers.contract import PATIENCE_SECONDS, digest, random_bytes
from tests.helpers.other_programs import check, running, save
from tests.helpers.ports import free_port
from tests.interop.test_exports import HOSTILE, bound, joined


def carried(send: Callable[[bytes], object], read: Callable[[int], bytes], data: bytes) -> str:
    """The SHA-256 of what arrives at one end of a line when so much is sent at the other."""
    pieces = (data[at : at + 1000] for at in range(0, len(data), 1000))
    sending = threading.Thread(target=lambda: [send(piece) for piece in pieces])
    sending.start()
    arrived = bytearray()
    while len(arrived) < len(data) and (chunk := read(len(data) - len(arrived))):
        arrived += chunk
    sending.join(PATIENCE_SECONDS)
    return digest(bytes(arrived))


@pytest.mark.parametrize("form", [Form.SER2NET, Form.SOCAT])
def test_a_serial_port_on_the_network(form: Form, tmp_path: Path):
    """Over a cable that socat makes of two terminals: all bytes, both ways."""
    near, far = tmp_path / "near", tmp_path / "far"
    port = free_port()
    exported = write(form, RelaySpec(TcpListen(port), SerialPort(str(near), 115_200)), name=HOSTILE)
    up, down = random_bytes(100_000, 8), random_bytes(100_000, 9)
    with (
        socat_cable(near, far),
        far.open("r+b", buffering=0) as device,
        running(form, exported, tmp_path, bound(port)) as program,
        contextlib.ExitStack() as stack,
    ):
        sock = joined(port, program, stack)
        # ser2net opens the port after it has taken the client: what the device says before is lost.
        assert carried(sock.sendall, device.read, up) == digest(up)

        def write_all(piece: bytes) -> None:
            while piece:  # a terminal may take a part
                piece = piece[device.write(piece) :]

        assert carried(write_all, sock.recv, down) == digest(down)


@pytest.mark.parametrize(
    ("relay", "program"),
    [
        (RelaySpec(TcpListen(80), TcpConnect("localhost", 8080)), "socat"),
        (
            RelaySpec(TcpListen(8000), SerialPort("/dev/ttyUSB0"), connections_per_client=2),
            "python",
        ),
        (RelaySpec(UnixListen("/run/it's $HOME %h \\"), UnixConnect("/a\tb;c")), "socat"),
    ],
)
def test_a_service_is_loaded(relay: RelaySpec, program: str, tmp_path: Path):
    exported = write(Form.SYSTEMD, relay, name=HOSTILE, bascule=sys.executable)
    check(Form.SYSTEMD, save(exported, tmp_path))
    command = next(line for line in exported.text.splitlines() if line.startswith("ExecStart="))
    assert program in command.split()[0]
