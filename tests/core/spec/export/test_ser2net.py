"""ser2net's words for a relay; what becomes of them: interop/test_exports_as_services.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import SerialPort, ServerTls, TcpListen, UnixListen
from bascule.spec.ends import Failover
from bascule.spec.export.exported import LossKind
from bascule.spec.export.ser2net import write_ser2net
from bascule.spec.relays import RelaySpec
from tests.helpers.other_programs import statements

PORT = SerialPort("/dev/ttyUSB0", 19200, parity="even", stop_bits="2", flow_control="rts-cts")
RELAY = RelaySpec(TcpListen(2001, "::1"), PORT)


def test_a_whole_file():
    found = write_ser2net(replace(RELAY, idle_seconds=1.5), "Scale: 2")
    assert statements(found.text) == [
        "%YAML 1.1",
        "---",
        "connection: &scale-2",
        "accepter: 'tcp(nodelay),::1,2001'",
        "connector: 'serialdev,/dev/ttyUSB0,19200E82,local,rtscts'",
        "options:",
        "kickolduser: false",
        "max-connections: 1",
        "timeout: 2",
    ]
    assert [loss.kind for loss in found.lost] == [LossKind.HALF_CLOSE]


def test_in_tls():
    tls = ServerTls("/c", "/k", client_authority="/ca")
    found = write_ser2net(replace(RELAY, source=TcpListen(1, tls=tls, nodelay=False)), "x")
    assert "accepter: 'ssl(cert=/c,key=/k,CA=/ca,clientauth),tcp,127.0.0.1,1'" in found.text


def test_what_it_lacks():
    lost = write_ser2net(
        replace(RELAY, allow=("10.0.0.1",), target=replace(PORT, flow_control="dsr-dtr")), "x"
    ).lost
    assert [loss.kind for loss in lost] == [
        LossKind.ALLOW,
        LossKind.SETTING,
        LossKind.HALF_CLOSE,
    ]


@pytest.mark.parametrize(
    ("relay", "why"),
    [
        (replace(RELAY, source=UnixListen("/a")), "this kind of source"),
        (replace(RELAY, target=Failover(targets=(PORT, PORT))), "a single serial port"),
        (replace(RELAY, target=replace(PORT, stop_bits="1.5")), "1 or 2 stop bits"),
        (replace(RELAY, target=replace(PORT, device="/dev/a,b")), "cannot hold the characters"),
        (replace(RELAY, target=replace(PORT, device="/dev/a'b")), "cannot hold the characters"),
    ],
)
def test_refused(relay: RelaySpec, why: str):
    with pytest.raises(SpecError, match=why):
        write_ser2net(relay, "x")
