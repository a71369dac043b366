"""A place alone: what it is, the relay that leads there, and what is chosen."""

from __future__ import annotations

import pytest

from bascule.spec.endpoints import ClientTls, SerialPort, TcpConnect, TcpListen
from bascule.spec.foreign.found import Found
from bascule.spec.foreign.place import ADDRESS, SERIAL, host_and_port, read_place
from bascule.spec.foreign.words import whole


def found(text: str) -> Found:
    """What a text is read as."""
    (only,) = read_place(whole(text))
    return only


@pytest.mark.parametrize(
    ("text", "here", "target"),
    [
        ("10.0.0.7:4001", 4001, TcpConnect("10.0.0.7", 4001)),
        ("10.0.0.7:502", 8502, TcpConnect("10.0.0.7", 502)),
        ("plc:1023", 9023, TcpConnect("plc", 1023)),
        ("localhost:3000", 11_000, TcpConnect("localhost", 3000)),
        ("127.0.0.1:60000", 52_000, TcpConnect("127.0.0.1", 60_000)),
        ("[::1]:80", 8080, TcpConnect("::1", 80)),
        ("http://old.example", 8080, TcpConnect("old.example", 80)),
        ("HTTPS://old.example/a?b#c", 8443, TcpConnect("old.example", 443, tls=ClientTls())),
        ("https://old.example:9443", 9443, TcpConnect("old.example", 9443, tls=ClientTls())),
        ("tls://old.example:7000", 7000, TcpConnect("old.example", 7000, tls=ClientTls())),
        ("ssh://bob@old.example", 8022, TcpConnect("old.example", 22)),
    ],
)
def test_an_address_is_forwarded_from_a_port_that_everybody_may_have(
    text: str, here: int, target: TcpConnect
):
    relay = found(text).relay
    assert relay is not None
    assert (relay.source, relay.target) == (TcpListen(here), target)
    assert found(text).program == ADDRESS


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("COM5", SerialPort("COM5")),
        ("com5,9600,8N1", SerialPort("com5")),
        (r"\\.\COM12 115200", SerialPort(r"\\.\COM12", baud=115_200)),
        ("COM1:1200,7e2", SerialPort("COM1", baud=1200, data_bits=7, parity="even", stop_bits="2")),
        ("/dev/ttyACM0", SerialPort("/dev/ttyACM0")),
        ("/dev/serial/by-id/usb-x, 5O1.5", SerialPort("/dev/serial/by-id/usb-x", data_bits=5,
                                                        parity="odd", stop_bits="1.5")),
        ("/dev/cu.usbmodem1", SerialPort("/dev/cu.usbmodem1")),
    ],
)  # fmt: skip
def test_a_serial_port_is_reached_over_tcp(text: str, device: SerialPort):
    only = found(text)
    assert only.relay is not None
    assert (only.relay.source, only.relay.target) == (TcpListen(2001), device)
    assert only.program == SERIAL


@pytest.mark.parametrize(
    "text",
    ["", " ", "old.example", "10.0.0.256:80", "12:30", "COM", "COM5x", "/dev/null", "a b:80",
     "gopher://old.example", "10.0.0.7:80 10.0.0.8:80", "a\nb:80", "host:", "a" * 3000 + ":80"],
)  # fmt: skip
def test_what_is_something_else_is_left_to_others(text: str):
    assert read_place(whole(text)) == []


@pytest.mark.parametrize(
    ("text", "token", "position"),
    [
        ("  plc:70000", "70000", 6),
        ("plc:0", "0", 4),
        ("COM5,fast", "fast", 5),
        (" /dev/ttyS0 9600 none", "none", 17),
        ("COM5,49", "COM5,49", 0),
    ],
)
def test_what_is_wrong_in_it_is_told_at_its_place(text: str, token: str, position: int):
    only = found(text)
    assert only.relay is None
    assert only.problem is not None
    assert (only.problem.facts["token"], only.problem.facts["position"]) == (token, position)


def test_a_password_is_in_no_verdict():
    only = found("https://bob:secret@old.example/")
    assert "secret" not in repr(only)
    assert [verdict.token for verdict in only.verdicts] == ["https", "bob", "old.example", "443"]


def test_an_address_may_lack_its_port_where_it_fills_a_form():
    assert host_and_port("gopher://old.example/") == ("old.example", None)
    assert host_and_port(" http://old.example ") == ("old.example", 80)
    assert host_and_port("old.example") is None
