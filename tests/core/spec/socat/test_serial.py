"""When a file is a serial port, and how its line is set."""

from __future__ import annotations

import pytest

from bascule.spec.endpoints import SerialPort
from bascule.spec.socat.given import Given
from bascule.spec.socat.names import addresses
from bascule.spec.socat.scan import read_address
from bascule.spec.socat.serial import serial_port


def port(text: str) -> SerialPort | None:
    address = read_address(text, strict=False)
    given = Given(address, addresses()["OPEN"])
    return serial_port(":".join(address.params), given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OPEN:/dev/ttyS0", SerialPort("/dev/ttyS0")),
        ("OPEN:COM5,b19200,cs5,cstopb", SerialPort("COM5", 19200, 5, "none", "2")),
        ("OPEN:/tmp/pty,b1200,parenb", SerialPort("/tmp/pty", 1200, 8, "even")),
        ("OPEN:/dev/ttyS0,ispeed=300,cs6", SerialPort("/dev/ttyS0", 300, 6)),
        ("OPEN:/dev/cu.usb,ixon,ixoff", SerialPort("/dev/cu.usb", flow_control="xon-xoff")),
        ("OPEN:/dev/ttyS0,crtscts=1,ixon=0", SerialPort("/dev/ttyS0", flow_control="rts-cts")),
    ],
)
def test_a_serial_port(text: str, expected: SerialPort):
    assert port(text) == expected


@pytest.mark.parametrize("text", ["OPEN:/dev/tty", "OPEN:/dev/null", "OPEN:x", "OPEN:/dev/tty1"])
def test_another_file(text: str):
    assert port(text) is None
