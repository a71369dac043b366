"""Chains of real proxies: each hop, the dialer through all of them, and how that fails."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pytest

from bascule.errors import BasculeError
from bascule.streams.base import Dialer
from bascule.streams.http_proxy import HttpProxyDialer
from bascule.streams.socks import SocksDialer
from bascule.streams.tcp import TcpDialer
from tests.helpers.contract import soon
from tests.helpers.socks_server import LOCAL


@dataclass(frozen=True)
class Hop:
    """A proxy of this computer, and how to speak to it: ``http``, or the version of SOCKS."""

    port: int
    kind: str = "5"
    username: str = ""
    password: str = ""


def through(hops: list[Hop], host: str, port: int) -> Dialer:
    """A dialer through proxies, in order."""
    dialer: Dialer = TcpDialer(LOCAL, hops[0].port)
    for index, hop in enumerate(hops):
        last = index == len(hops) - 1
        target = (host, port) if last else (LOCAL, hops[index + 1].port)
        make = HttpProxyDialer if hop.kind == "http" else partial(SocksDialer, version=hop.kind)
        dialer = make(
            dialer,
            *target,
            proxy=f"{LOCAL}:{hop.port}",
            username=hop.username,
            password=hop.password,
            field=f"via.{index}",
            target_field="" if last else f"via.{index + 1}",
        )
    return dialer


async def failure(hops: list[Hop], host: str, port: int) -> BasculeError:
    """What it says where no connection comes about."""
    with pytest.raises(BasculeError) as caught:
        await soon(through(hops, host, port).dial())
    return caught.value
