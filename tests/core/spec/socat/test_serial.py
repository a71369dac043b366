"""When a file is a serial port, and how its line is set."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import SerialPort
from bascule.spec.local import File
from bascule.spec.socat.serial import is_serial, speed_words
from tests.core.spec.socat.test_ends import read, read_whole, verdicts


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("OPEN:/dev/ttyS0", SerialPort("/dev/ttyS0")),
        ("OPEN:COM5,b19200,cs5,cstopb", SerialPort("COM5", 19200, 5, "none", "2")),
        ("COM5,raw", SerialPort("COM5")),
        (r"\\.\COM12,b300", SerialPort(r"\\.\COM12", 300)),
        ("OPEN:/tmp/pty,b1200,parenb", SerialPort("/tmp/pty", 1200, 8, "even")),
        ("OPEN:/dev/ttyS0,ispeed=300,ospeed=300,cs6", SerialPort("/dev/ttyS0", 300, 6)),
        ("OPEN:/dev/ttyS0,csize=2", SerialPort("/dev/ttyS0", data_bits=7)),
        ("OPEN:/dev/ttyS0,csize=7", SerialPort("/dev/ttyS0", data_bits=7)),
        ("OPEN:/dev/cu.usb,ixon,ixoff", SerialPort("/dev/cu.usb", flow_control="xon-xoff")),
        ("OPEN:/dev/ttyS0,crtscts=1,ixon=0", SerialPort("/dev/ttyS0", flow_control="rts-cts")),
        ("OPEN:/dev/ttyS0,parenb,parodd", SerialPort("/dev/ttyS0", parity="odd")),
        (
            "OPEN:/dev/ttyS0,parity=mark,stop-bits=1.5,flow=dsr-dtr,dtr=off,rts=unchanged",
            SerialPort(
                "/dev/ttyS0", parity="mark", stop_bits="1.5", flow_control="dsr-dtr", dtr="off",
                rts="unchanged",
            ),
        ),
        (
            "FILE:/dev/ttyUSB0,raw,b115200,cs8,parenb=0,cstopb=0,echo=0,crtscts",
            SerialPort("/dev/ttyUSB0", 115200, flow_control="rts-cts"),
        ),
    ],
)  # fmt: skip
def test_a_serial_port(text: str, port: SerialPort):
    assert read(text) == port


def test_on_windows_no_other_terminal_has_settings():
    assert verdicts("OPEN:x,echo=0", system="windows")["echo=0"][0] == "not on this system"
    assert verdicts("OPEN:COM5,echo=0", system="windows")["echo=0"][0] == "native"


def test_on_windows_the_ports_have_other_names():
    assert read("/dev/ttyS2,raw", system="windows") == SerialPort("COM3")
    assert read("/dev/ttyUSB0,raw", system="windows") == SerialPort("/dev/ttyUSB0")


@pytest.mark.parametrize(
    ("text", "terminal"),
    [
        ("OPEN:/dev/tty", ()),
        ("OPEN:x,echo=0", ("echo=0",)),
        ("OPEN:/dev/ttyS0,icanon,b9600", ("icanon", "b9600")),  # it would change what passes
        ("OPEN:/dev/ttyS0,crtscts,ixon", ("crtscts", "ixon")),
        ("OPEN:/dev/ttyS0,ispeed=300,ospeed=1200", ("ispeed=300", "ospeed=1200")),
        ("OPEN:x,winsz=24:80", ("winsz=24:80",)),
    ],
)
def test_another_terminal(text: str, terminal: tuple[str, ...]):
    end = read(text)
    assert isinstance(end, File)
    assert end.terminal == terminal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("OPEN:/dev/ttyS0,b50,ospeed=9", "a speed from 50 to 10000000"),
        ("OPEN:/dev/ttyS0,csize=4", "0 to 3 (for 5 to 8 bits)"),
        ("OPEN:/dev/ttyS0,raw=1", "raw takes no value"),
        ("OPEN:/dev/ttyS0,echo=no", "0 and 1 for off and on"),
        ("OPEN:x,winsz=24:wide", "it wants a number"),
        ("OPEN:/dev/ttyS0,parity=x", "one of none, even, odd, mark, space"),
        ("OPEN:/x,dtr=on", "is not for OPEN"),
    ],
)  # fmt: skip
def test_what_cannot_be(text: str, said: str):
    with pytest.raises(SpecError) as caught:
        read_whole(text).finish()
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("text", "token", "kind"),
    [
        ("OPEN:/dev/ttyS0,b9600", "OPEN", "emulated"),
        ("OPEN:/dev/ttyS0,raw,b9600,clocal", "clocal", "ignored"),
        ("OPEN:/dev/ttyS0,raw,b9600,lock", "lock", "emulated"),
        ("OPEN:/dev/ttyS0,icanon,b9600", "OPEN", "emulated"),
        ("OPEN:/dev/ttyS0,raw,b9600", "b9600", "native"),
    ],
)
def test_what_is_said_of_it(text: str, token: str, kind: str):
    assert verdicts(text)[token][0] == kind


@pytest.mark.parametrize(
    ("path", "serial"),
    [
        ("/dev/ttyUSB0", True), ("/dev/tty.usb", True), ("/dev/serial/by-id/x", True),
        ("COM1", True), ("com10", True), (r"\\.\COM12", True), ("/dev/tty", False),
        ("/dev/tty1", False), ("/dev/null", False), ("COMX", False), ("x", False),
    ],
)  # fmt: skip
def test_a_serial_port_is_known_by_its_name(path: str, serial: bool):
    assert is_serial(path) is serial


def test_words_of_speed():
    assert speed_words(["raw", "b9600", "brkint", "ispeed", "bs0"]) == ["b9600", "ispeed"]
