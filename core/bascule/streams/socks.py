"""Owns a SOCKS proxy as a way to a target: a dialer around the dialer that leads to the proxy.

Any number of hops is one dialer within the other. No name of a target is resolved here, with one
exception: SOCKS 4 carries addresses only; and never a name that only a proxy understands.
"""

from __future__ import annotations

import socket

from bascule.errors import (
    BasculeError,
    DialError,
    ErrorCode,
    HandshakeError,
    SpecError,
    StreamError,
)
from bascule.events import Stage
from bascule.names import is_proxy_only_name
from bascule.protocols.socks4 import socks4_connect
from bascule.protocols.socks5 import BoundAddress, socks5_connect
from bascule.protocols.steps import Steps
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.buffered import BufferedStream
from bascule.streams.perform import perform
from bascule.streams.resolving import resolve
from bascule.streams.stage import staged, within


class SocksDialer(Dialer):
    """Connects to one host and port through a SOCKS proxy.

    ``inner`` leads to the proxy, which ``proxy`` names in words ("host:port"). ``version`` is
    "4", "4a" or "5"; ``username`` is the user id of SOCKS 4, ``password`` the secret itself.
    ``timeout_seconds`` is for the handshake (and for resolving under SOCKS 4, in ``family``), not
    for what ``inner`` needs. Errors name the values of the hop below ``field`` ("via.0.username")
    and host and port of the target below ``target_field`` ("via.1.host"; "host" where empty).
    """

    def __init__(
        self,
        inner: Dialer,
        host: str,
        port: int,
        *,
        proxy: str,
        version: str = "5",
        username: str = "",
        password: str = "",
        timeout_seconds: float = 10.0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
        field: str = "via.0",
        target_field: str = "",
    ) -> None:
        self._inner = inner
        self._target = Address(host.removeprefix("[").removesuffix("]"), port)
        self._port = port
        self._proxy = proxy
        self._version = version
        self._username = username
        self._password = password
        self._timeout_seconds = timeout_seconds
        self._family = family
        self._field = field
        self._target_field = target_field
        self.label = str(self._target)

    async def check(self) -> None:
        await self._inner.check()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        host = self._target.host
        if self._version == "4" and self._target.ip is None:
            host = await self._resolve(host, progress)
        steps = self._steps(host)  # says what cannot travel before anybody is reached
        stream = BufferedStream(await self._inner.dial(progress))
        agreed = False
        try:
            with staged(progress, Stage.PROXY, self._proxy) as noted:
                async with within(self._timeout_seconds, self._proxy, self._placed(None)):
                    bound = await self._agree(steps, stream)
                noted.detail = self._detail(bound)
            agreed = True
        finally:
            if not agreed:
                stream.abort()
                await stream.aclose()
        through = stream.release()
        through.peer = self._target
        return through

    def _steps(self, host: str) -> Steps[BoundAddress]:
        try:
            return self._begin(host)
        except SpecError as exc:
            raise SpecError(
                exc.message, code=exc.code, field=self._placed(exc.field), **exc.facts
            ) from exc

    def _begin(self, host: str) -> Steps[BoundAddress]:
        if self._version == "5":
            return socks5_connect(host, self._port, self._username, self._password)
        by_name = self._version == "4a"
        return socks4_connect(host, self._port, self._username, by_name=by_name)

    async def _agree(self, steps: Steps[BoundAddress], stream: BufferedStream) -> BoundAddress:
        try:
            return await perform(steps, stream)
        except StreamError as exc:
            raise self._failure(exc, ErrorCode.HANDSHAKE_CUT, {"why": exc.message}) from exc
        except HandshakeError as exc:
            raise self._failure(exc, exc.code, {}) from exc

    def _failure(self, exc: BasculeError, code: ErrorCode, facts: dict[str, str]) -> HandshakeError:
        """Say which proxy of the chain it was."""
        return HandshakeError(
            f"{self._proxy}: {exc.message}",
            code=code,
            field=self._placed(exc.field),
            **{**exc.facts, **facts, "proxy": self._proxy},
        )

    def _placed(self, field: str | None) -> str:
        """The dotted path of a value that the exchange names; None is the proxy itself."""
        if field in {"host", "port"}:
            return f"{self._target_field}.{field}" if self._target_field else field
        return f"{self._field}.{field or 'host'}"

    def _detail(self, bound: BoundAddress) -> str:
        signed_in = ", user and password" if bound.authenticated else ""
        return f"SOCKS {self._version}{signed_in}" + (f", bound {bound}" if bound.known else "")

    async def _resolve(self, host: str, progress: Progress) -> str:
        """Resolve for SOCKS 4, which knows IPv4 only; the first address is taken."""
        where = self._placed("version")
        with staged(progress, Stage.RESOLVE, host) as noted:
            if is_proxy_only_name(host):
                raise DialError(
                    f"SOCKS 4 would have to resolve {host} here, which must never happen; "
                    "use SOCKS 4a or 5",
                    code=ErrorCode.NAME_NOT_RESOLVABLE_HERE,
                    field=where,
                    host=host,
                )
            if self._family == socket.AF_INET6:
                raise SpecError(
                    "SOCKS 4 cannot carry IPv6 addresses; use SOCKS 4a or 5",
                    code=ErrorCode.VALUE_INVALID,
                    field=where,
                    rule="socks4_ipv6",
                    host=host,
                )
            async with within(self._timeout_seconds, host, self._placed("host")):
                found = await resolve(host, self._port, socket.AF_INET, self._placed("host"))
            noted.detail = str(found[0][4][0])
        return noted.detail
