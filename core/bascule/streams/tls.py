"""Owns TLS on the way to a target and at a source: a dialer and a listener around another one.

The stream itself is in ``tls_stream``, the reading of certificates and keys in ``tls_context``.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from bascule.errors import ErrorCode, SpecError
from bascule.events import Stage
from bascule.names import ascii_name
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.stage import done_within, staged, within
from bascule.streams.tls_context import client_context, server_context
from bascule.streams.tls_errors import Side, day
from bascule.streams.tls_stream import TlsStream, read_facts

__all__ = ["TlsDialer", "TlsListener", "TlsStream", "client_context", "server_context", "tls_name"]

type ContextSource = ssl.SSLContext | Callable[[], ssl.SSLContext]
"""A context, or what makes it from files; the latter is called in a thread, once."""


def tls_name(host: str) -> str:
    """Return a host as TLS verifies it: A-labels, lower case, no trailing dot (RFC 6066 §3).

    An IP address loses brackets and zone; Python then verifies it without SNI, which is for names
    only. Raises: SpecError VALUE_INVALID, field "server_name".
    """
    bare = host.removeprefix("[").removesuffix("]").partition("%")[0]
    try:
        name = ascii_name(bare).lower().removesuffix(".")
    except UnicodeError as exc:
        raise _not_a_name(host) from exc
    if not name or name.startswith(".") or "\0" in name:
        raise _not_a_name(host)
    return name


def _not_a_name(host: str) -> SpecError:
    return SpecError(
        f"server_name: {host!r} is not a name that a certificate could carry",
        code=ErrorCode.VALUE_INVALID,
        field="server_name",
        host=host,
    )


class TlsDialer(Dialer):
    """Does TLS over what ``inner`` reaches, as client.

    ``server_name`` (the host, where the user gave no other) is verified and asked for;
    ``timeout_seconds`` is for the handshake alone. Errors name values below ``field``.
    """

    def __init__(
        self,
        inner: Dialer,
        context: ContextSource,
        server_name: str,
        *,
        timeout_seconds: float = 10.0,
        field: str = "tls",
    ) -> None:
        self._inner = inner
        self._source = _ContextOnce(context, field)
        self._server_name = server_name
        self._timeout_seconds = timeout_seconds
        self._field = field
        self._described: tuple[bytes | None, str] = (None, "")
        self.label = inner.label

    async def check(self) -> None:
        await self._inner.check()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        try:  # before anybody is reached
            context = await self._source.get()
            name = self._name(context)
        except SpecError:
            with staged(progress, Stage.TLS, self.label):
                raise
        inner = await self._inner.dial(progress)
        agreed = False
        try:
            stream = TlsStream(
                inner,
                context,
                server_name=name,
                side=Side(self.label, asked=name or "", field=self._field),
            )
            with staged(progress, Stage.TLS, self.label) as noted:
                async with within(self._timeout_seconds, self.label, self._field):
                    await stream.handshake()
                described = await self._describe(stream.peer_certificate)
                noted.detail = f"{stream.version}, {stream.cipher}{described}"
            agreed = True
        finally:
            if not agreed:
                inner.abort()
                await inner.aclose()
        return stream

    def _name(self, context: ssl.SSLContext) -> str | None:
        """The name to give OpenSSL; a target without one may go unverified only."""
        if not self._server_name and not context.check_hostname:
            return None
        try:
            return tls_name(self._server_name)
        except SpecError as exc:
            raise _within_group(exc, self._field) from exc

    async def _describe(self, certificate: bytes | None) -> str:
        """Say what the target showed; read again only where it is another one than last time."""
        if certificate is not None and certificate != self._described[0]:
            facts = await asyncio.to_thread(read_facts, certificate)
            text = f", certificate of {facts.subject} until {day(facts.not_after)}" if facts else ""
            self._described = (certificate, text)
        return self._described[1]


class TlsListener(Listener):
    """Does TLS with those who arrive at ``inner``, as server.

    ``timeout_seconds`` is how long an arrival may take to agree.
    """

    def __init__(
        self,
        inner: Listener,
        context: ContextSource,
        *,
        timeout_seconds: float = 15.0,
        field: str = "tls",
    ) -> None:
        self._inner = inner
        self._source = _ContextOnce(context, field)
        self._timeout_seconds = timeout_seconds

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        await self._source.get()  # what is wrong with the files shows before the port is taken
        return await self._inner.start(on_arrival)

    async def welcome(self, stream: Stream) -> Stream:
        context = await self._source.get()
        agreed = False
        try:
            inner = await self._inner.welcome(stream)
            secured = TlsStream(inner, context, server_side=True)
            async with done_within(self._timeout_seconds, stream.peer, "does not begin TLS"):
                await secured.handshake()
            agreed = True
        finally:
            if not agreed:
                stream.abort()
                await stream.aclose()
        return secured

    async def aclose(self) -> None:
        await self._inner.aclose()


class _ContextOnce:
    """Makes a context at first use and keeps it; a failure is not kept."""

    def __init__(self, source: ContextSource, field: str) -> None:
        self._source = source
        self._field = field
        self._making = asyncio.Lock()

    async def get(self) -> ssl.SSLContext:
        """Return the context. Raises: SpecError, its field placed within the group."""
        if isinstance(self._source, ssl.SSLContext):
            return self._source
        async with self._making:
            if not isinstance(self._source, ssl.SSLContext):
                try:
                    self._source = await asyncio.to_thread(self._source)
                except SpecError as exc:
                    raise _within_group(exc, self._field) from exc
            return self._source


def _within_group(exc: SpecError, group: str) -> SpecError:
    field = f"{group}.{exc.field}" if exc.field else group
    return SpecError(exc.message, code=exc.code, field=field, **exc.facts)
