"""ser2net's configurations, old and new, as relays."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode
from bascule.spec.endpoints import SerialPort, ServerTls, TcpConnect, TcpListen
from bascule.spec.foreign.found import Found
from bascule.spec.foreign.ser2net import read_ser2net
from bascule.spec.foreign.words import whole

YAML = """\
%YAML 1.1
---
define: &speed 115200n81
define: &host localhost

connection: &scale
  accepter: tcp,*(host),2001
  timeout: 60
  enable: on
  connector: serialdev,
    /dev/ttyUSB0,*speed,
    local,rtscts
  options:
    kickolduser: true
    max-connections: 3

# another one
connection: &secure
  accepter: ssl(key=/k.pem,cert=/c.pem),tcp,2002
  connector: serialdev,/dev/ttyS1,9600e72
"""


def found(text: str) -> list[Found]:
    return read_ser2net(whole(text))


def test_the_old_form() -> None:
    text = (
        "BANNER:hello:there\n"
        "2000:raw:600:/dev/ttyS0:19200 EVEN 2STOPBITS 7DATABITS XONXOFF LOCAL -RTSCTS hello\n"
        "localhost,2001:rawlp:0:/dev/ttyS1:9600\n"
    )
    one, two = found(text)
    assert one.relay is not None and two.relay is not None
    assert one.relay.source == TcpListen(port=2000, host="::")
    assert one.relay.target == SerialPort(
        "/dev/ttyS0", 19200, data_bits=7, parity="even", stop_bits="2", flow_control="xon-xoff"
    )
    assert (one.relay.idle_seconds, one.relay.max_connections) == (600, 1)
    assert any(each.token == "hello" and "Left out" in each.text for each in one.verdicts)
    assert two.relay.source == TcpListen(port=2001, host="127.0.0.1")
    assert two.relay.direction == "up"


def test_the_new_form() -> None:
    scale, secure = found(YAML)
    assert scale.relay is not None and secure.relay is not None
    assert scale.relay.source == TcpListen(port=2001, host="127.0.0.1")
    assert scale.relay.target == SerialPort("/dev/ttyUSB0", 115200, flow_control="rts-cts")
    assert (scale.relay.idle_seconds, scale.relay.max_connections) == (60, 3)
    assert secure.relay.source == TcpListen(port=2002, host="::", tls=ServerTls("/c.pem", "/k.pem"))
    assert secure.relay.target == SerialPort(
        "/dev/ttyS1", 9600, data_bits=7, parity="even", stop_bits="2"
    )
    assert YAML[secure.begin :].startswith("connection: &secure")


def test_a_tcp_connector_and_a_bare_port() -> None:
    (made,) = found("connection: &x\n  accepter: 2000\n  connector: tcp,web,80\n")
    assert made.relay is not None
    assert made.relay.target == TcpConnect(host="web", port=80)


@pytest.mark.parametrize(
    ("text", "token", "code"),
    [
        ("2000:telnet:0:/dev/x:9600\n", "telnet", ErrorCode.NOT_ON_THIS_SYSTEM),
        ("2000:off:0:/dev/x:9600\n", "off", ErrorCode.VALUE_INVALID),
        ("99999:raw:0:/dev/x:9600\n", "99999", ErrorCode.VALUE_INVALID),
        ("1:raw:0:/dev/x:max-connections=x\n", "x", ErrorCode.VALUE_INVALID),
        (
            "connection: &a\n  accepter: telnet(rfc2217),tcp,1\n  connector: serialdev,/dev/x\n",
            "telnet(rfc2217)",
            ErrorCode.NOT_ON_THIS_SYSTEM,
        ),
        (
            "connection: &a\n  accepter: udp,1\n  connector: serialdev,/dev/x\n",
            "udp",
            ErrorCode.NOT_ON_THIS_SYSTEM,
        ),
        (
            "connection: &a\n  accepter: tcp\n  connector: serialdev,/dev/x\n",
            "tcp",
            ErrorCode.VALUE_MISSING,
        ),
        (
            "connection: &a\n  accepter: ssl,tcp,1\n  connector: serialdev,/dev/x\n",
            "ssl",
            ErrorCode.VALUE_MISSING,
        ),
        (
            "connection: &a\n  accepter: tcp,1\n  connector: ipmisol,x\n",
            "ipmisol",
            ErrorCode.NOT_ON_THIS_SYSTEM,
        ),
        ("connection: &a\n  accepter: tcp,1\n", "connection", ErrorCode.VALUE_MISSING),
        (
            "connection: &a\n  enable: off\n  accepter: tcp,1\n  connector: sdev,/dev/x\n",
            "off",
            ErrorCode.VALUE_INVALID,
        ),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(text: str, token: str, code: ErrorCode) -> None:
    (made,) = found(text)
    assert made.problem is not None
    assert made.problem.code is code
    assert text.startswith(token, int(made.problem.facts["position"]))


def test_an_unfinished_text() -> None:
    assert found("connection: &a\n  accepter: 'tcp,1\n  conn")[0].problem is not None
    assert found("socat - TCP:a:1") == []
