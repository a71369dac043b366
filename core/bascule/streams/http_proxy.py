"""Owns an HTTP proxy as a way to a target: a hop like those of SOCKS, asked by CONNECT.

The proxy resolves the target's name; nothing is resolved here.
"""

from __future__ import annotations

from bascule.protocols.http_connect import http_connect
from bascule.protocols.socks5 import BoundAddress
from bascule.protocols.steps import Steps
from bascule.streams.base import Dialer
from bascule.streams.socks import SocksDialer


class HttpProxyDialer(SocksDialer):
    """Connects to one host and port through an HTTP proxy; it differs in the exchange only.

    ``inner`` leads to the proxy, which ``proxy`` names in words ("host:port"); ``password`` is the
    secret itself. ``timeout_seconds`` is for the exchange, not for what ``inner`` needs. Errors
    name the values of the hop below ``field`` ("via.0.username") and host and port of the target
    below ``target_field`` ("via.1.host"; "host" where empty).
    """

    def __init__(
        self,
        inner: Dialer,
        host: str,
        port: int,
        *,
        proxy: str,
        username: str = "",
        password: str = "",
        timeout_seconds: float = 10.0,
        field: str = "via.0",
        target_field: str = "",
    ) -> None:
        super().__init__(
            inner,
            host,
            port,
            proxy=proxy,
            version="http",
            username=username,
            password=password,
            timeout_seconds=timeout_seconds,
            field=field,
            target_field=target_field,
        )

    def _begin(self, host: str) -> Steps[BoundAddress]:
        return http_connect(host, self._port, self._username, self._password)

    def _detail(self, bound: BoundAddress) -> str:
        return "HTTP CONNECT" + (", user and password" if bound.authenticated else "")
