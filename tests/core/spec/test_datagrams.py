"""The ends that carry datagrams, as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import to_data, union_from_data
from bascule.spec.datagrams import (
    UdpConnect,
    UdpDatagram,
    UdpListen,
    UdpReceive,
    UdpReceiveFrom,
    UdpSendTo,
    UnixReceive,
    UnixReceiveFrom,
    UnixSendTo,
)
from bascule.spec.ends import Target
from bascule.spec.options import SocketSettings

NO_TUPLE: Any = "x"


@pytest.mark.parametrize(
    "end",
    [
        UdpListen(port=5, host="::", groups=("224.0.0.1:eth0",), peer_idle_seconds=2.5),
        UdpReceiveFrom(port=5),
        UdpReceive(port=5, socket=SocketSettings(reuse_port=True)),
        UdpConnect(host="h.example", port=53, bind="10.0.0.1", source_port=9),
        UdpSendTo(host="10.0.0.255", port=9, broadcast=True),
        UdpDatagram(host="239.1.2.3", port=9, multicast_loop=False, allow=("10.0.0.0/8",)),
        UnixReceive(path="/run/x", mode="660"),
        UnixReceiveFrom(path="x", abstract=True),
        UnixSendTo(path="/run/x", bind="/run/y"),
    ],
)
def test_plain_data_and_back(end: Any):
    assert union_from_data(Target, to_data(end)) == end


@pytest.mark.parametrize("listens", [UdpListen(port=1), UdpReceiveFrom(port=1)])
def test_what_listens_says_so_and_binds_to_this_computer(listens: UdpListen | UdpReceiveFrom):
    assert listens.listens
    assert listens.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: UdpListen(port=70_000), ErrorCode.VALUE_INVALID, "port"),
        (lambda: UdpConnect(host="h", port=0), ErrorCode.VALUE_INVALID, "port"),
        (lambda: UdpConnect(host="", port=1), ErrorCode.VALUE_MISSING, "host"),
        (lambda: UdpListen(port=1, groups=NO_TUPLE), ErrorCode.VALUE_INVALID, "groups"),
        (lambda: UdpListen(port=1, groups=("a\n",)), ErrorCode.VALUE_INVALID, "groups"),
        (lambda: UdpListen(port=1, groups=("10.0.0.1",)), ErrorCode.VALUE_INVALID, "groups"),
        (lambda: UnixReceive(path="/x", mode="9"), ErrorCode.VALUE_INVALID, "mode"),
        (lambda: UnixReceive(path=""), ErrorCode.VALUE_MISSING, "path"),
        (lambda: UdpSendTo(host="a.onion", port=1), ErrorCode.NAME_NOT_RESOLVABLE_HERE, "host"),
        (lambda: UdpListen(port=1, host="a.i2p"), ErrorCode.NAME_NOT_RESOLVABLE_HERE, "host"),
    ],
)
def test_what_cannot_be(make: Callable[[], Any], code: ErrorCode, field: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert (caught.value.code, caught.value.field) == (code, field)
