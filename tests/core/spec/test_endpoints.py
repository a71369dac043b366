"""The ends of a relay: what each refuses, and at which field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.names import is_proxy_only_name
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from tests.helpers.specs import hops, hosts, lines, ports

HOP = ProxyHop()
HOP_4 = ProxyHop("4")
HOP_4A = ProxyHop("4a")


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: TcpListen(-1), ErrorCode.VALUE_INVALID, "port"),
        (lambda: TcpListen(1, ""), ErrorCode.VALUE_MISSING, "host"),
        (lambda: TcpListen(1, "a.onion"), ErrorCode.NAME_NOT_RESOLVABLE_HERE, "host"),
        (lambda: TcpListen(1, backlog=0), ErrorCode.VALUE_INVALID, "backlog"),
        (lambda: ServerTls("", "k"), ErrorCode.VALUE_MISSING, "certificate"),
        (lambda: ServerTls("c", ""), ErrorCode.VALUE_MISSING, "key"),
        (lambda: UnixListen(""), ErrorCode.VALUE_MISSING, "path"),
        (lambda: UnixListen("/x", "888"), ErrorCode.VALUE_INVALID, "mode"),
        (lambda: UnixListen("/x", "60000"), ErrorCode.VALUE_INVALID, "mode"),
        (lambda: UnixListen("/x", ""), ErrorCode.VALUE_INVALID, "mode"),
        (lambda: UnixListen("/x", "\u0666\u0660\u0660"), ErrorCode.VALUE_INVALID, "mode"),
        (lambda: UnixListen("/x", "-7"), ErrorCode.VALUE_INVALID, "mode"),
        (lambda: TcpConnect("", 1), ErrorCode.VALUE_MISSING, "host"),
        (lambda: TcpConnect("h", 0), ErrorCode.VALUE_INVALID, "port"),
        (lambda: TcpConnect("h", 1, family=""), ErrorCode.VALUE_INVALID, "family"),
        (lambda: TcpConnect("a.i2p", 1), ErrorCode.NAME_NOT_RESOLVABLE_HERE, "host"),
        (
            lambda: TcpConnect("h", 1, (ProxyHop(host="a.onion"),)),
            ErrorCode.NAME_NOT_RESOLVABLE_HERE,
            "via.0.host",
        ),
        (lambda: TcpConnect("::1", 1, (HOP_4A,)), ErrorCode.VALUE_INVALID, "via.0.version"),
        (lambda: TcpConnect("[::1]", 1, (HOP_4,)), ErrorCode.VALUE_INVALID, "via.0.version"),
        (
            lambda: TcpConnect("h", 1, (HOP, HOP_4A, ProxyHop(host="::1"))),
            ErrorCode.VALUE_INVALID,
            "via.1.version",
        ),
        (
            lambda: TcpConnect("a.onion", 1, (HOP, HOP_4)),
            ErrorCode.NAME_NOT_RESOLVABLE_HERE,
            "via.1.version",
        ),
        (lambda: ProxyHop("4", password="r"), ErrorCode.VALUE_INVALID, "password"),
        (lambda: ProxyHop(password="r"), ErrorCode.VALUE_MISSING, "username"),
        (lambda: ProxyHop(username="\u00e9" * 128), ErrorCode.VALUE_INVALID, "username"),
        (lambda: ProxyHop(username="a\0b"), ErrorCode.VALUE_INVALID, "username"),
        (lambda: ProxyHop(username="\ud800"), ErrorCode.VALUE_INVALID, "username"),
        (lambda: ProxyHop(host=""), ErrorCode.VALUE_MISSING, "host"),
        (lambda: ClientTls(certificate="c"), ErrorCode.VALUE_MISSING, "key"),
        (lambda: ClientTls(key="k"), ErrorCode.VALUE_MISSING, "certificate"),
        (lambda: UnixConnect("/x", ClientTls()), ErrorCode.VALUE_MISSING, "tls.server_name"),
        (lambda: SerialPort(""), ErrorCode.VALUE_MISSING, "device"),
        (lambda: SerialPort("COM5", 49), ErrorCode.VALUE_INVALID, "baud"),
        (lambda: SerialPort("COM5", 9600, 9), ErrorCode.VALUE_INVALID, "data_bits"),
        (lambda: SerialPort("COM5", parity="odd "), ErrorCode.VALUE_INVALID, "parity"),
        (lambda: SerialPort("COM5", parity=""), ErrorCode.VALUE_INVALID, "parity"),
    ],
)
def test_is_refused(make: Callable[[], Any], code: ErrorCode, field: str):
    with pytest.raises(BasculeError) as caught:
        make()
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    "make",
    [
        lambda: TcpListen(0, "::", ServerTls("c", "k", "r", "a")),
        lambda: UnixListen("/x", "0660"),
        lambda: TcpConnect("a.onion", 80, (HOP,)),
        lambda: TcpConnect("a.onion", 80, (HOP_4A,)),
        lambda: TcpConnect("a.onion", 80, (HOP_4, HOP_4A)),
        lambda: TcpConnect("name.example", 80, (HOP_4,)),
        lambda: TcpConnect("::1", 80, (HOP_4, HOP)),
        lambda: TcpConnect("h", 1, tls=ClientTls(certificate="c", key="k")),
        lambda: ProxyHop(username="\u00e9" * 127 + "a", password="r"),
        lambda: ProxyHop("4", username="ident"),
        lambda: UnixConnect("/x", ClientTls(verify=False)),
        lambda: UnixConnect("/x", ClientTls(server_name="h")),
        lambda: UnixConnect("/x"),
    ],
)
def test_may_be(make: Callable[[], Any]):
    make()


@given(st.lists(hops, max_size=3).map(tuple), hosts, ports)
def test_no_name_that_only_a_proxy_knows_is_ever_left_to_a_resolver(
    via: tuple[ProxyHop, ...], host: str, port: int
):
    try:
        spec = TcpConnect(host, port, via)
    except BasculeError:
        return
    way = [*(hop.host for hop in spec.via), spec.host]
    assert not is_proxy_only_name(way[0])
    for hop, beyond in zip(spec.via, way[1:], strict=True):
        assert hop.version != "4" or not is_proxy_only_name(beyond)


@pytest.mark.parametrize(
    ("port", "line"),
    [
        (SerialPort("COM5"), "9600 8N1"),
        (SerialPort("COM5", 115200, 7, "even", "2"), "115200 7E2"),
        (SerialPort("COM5", 50, 5, "mark", "1.5"), "50 5M1.5"),
    ],
)
def test_line_settings_as_technicians_write_them(port: SerialPort, line: str):
    assert port.line == line


@given(lines)
def test_any_mode_is_octal_or_refused(mode: str):
    try:
        spec = UnixListen("/x", mode)
    except BasculeError:
        return
    assert 0 <= int(spec.mode, 8) <= 0o7777


@pytest.mark.parametrize(
    ("make", "field", "rule"),
    [
        (lambda: UnixListen("x", abstract=True, owner="1000"), "owner", "abstract_file"),
        (lambda: UnixListen("x", "660", abstract=True), "mode", "abstract_file"),
    ],
)
def test_what_excludes_each_other_is_refused(make: Callable[[], object], field: str, rule: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert (caught.value.field, caught.value.facts["rule"]) == (field, rule)
