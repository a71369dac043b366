"""Owns the way from the specs of TCP, Unix sockets, TLS and proxies to what does them.

Modules that a plain TCP relay does not need (TLS, proxies) are imported where they are used, so
that it does not pay for them at start-up.
"""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.options import SocketSettings
from bascule.streams.base import Address, Dialer, Listener
from bascule.streams.socket_options import SocketOptions
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.unix import UnixDialer, UnixListener

if TYPE_CHECKING:
    from ssl import SSLContext  # slow to import, and most relays have none

type ReadSecret = Callable[[str], str]
"""Gives the secret behind a reference ("" for ""). Raises: SpecError SECRET_MISSING."""

FAMILIES = {"any": socket.AF_UNSPEC, "ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}


def tcp_listener(spec: TcpListen, read_secret: ReadSecret) -> Listener:
    """Make the listener of a TCP port, with TLS and the header of a load balancer as asked."""
    inner: Listener = TcpListener(
        spec.host,
        spec.port,
        family=FAMILIES[spec.family],
        backlog=spec.backlog,
        options=socket_options(spec.socket, keepalive=spec.keepalive, nodelay=spec.nodelay),
        field="source.port",
    )
    if spec.proxy_header:
        from bascule.streams.proxy_header import ProxyHeaderListener

        inner = ProxyHeaderListener(inner)
    return inner if spec.tls is None else _listen_tls(inner, spec.tls, read_secret)


def unix_listener(spec: UnixListen, read_secret: ReadSecret, field: str) -> Listener:
    """Make the listener of a Unix socket."""
    inner = UnixListener(
        spec.path,
        mode=int(spec.mode, 8),
        owner=spec.owner,
        backlog=spec.backlog,
        abstract=spec.abstract,
        remove_after=spec.remove_after,
        field=field,
    )
    return inner if spec.tls is None else _listen_tls(inner, spec.tls, read_secret)


def socket_options(
    settings: SocketSettings | None, *, keepalive: bool = True, nodelay: bool = True
) -> SocketOptions:
    """Make of the settings of an end what is set on its sockets."""
    given = {} if settings is None else dataclasses.asdict(settings)
    return SocketOptions(keepalive, nodelay, **given)


def _listen_tls(inner: Listener, tls: ServerTls, read_secret: ReadSecret) -> Listener:
    from bascule.streams.tls import TlsListener, server_context

    passphrase = read_secret(tls.key_passphrase)
    context = partial(server_context, tls.certificate, tls.key, passphrase, tls.client_authority)
    return TlsListener(inner, _restricted(context, tls), field="source.tls")


def _restricted(
    context: Callable[[], SSLContext], tls: ServerTls | ClientTls
) -> Callable[[], SSLContext]:
    from bascule.streams.tls_context import restrict

    return lambda: restrict(context(), tls.minimum_version, tls.ciphers)


def unix_dialer(spec: UnixConnect, read_secret: ReadSecret, field: str) -> Dialer:
    """Make the dialer of a Unix socket."""
    timeout = spec.connect_timeout_seconds
    inner = UnixDialer(
        spec.path, abstract=spec.abstract, bind=spec.bind, timeout_seconds=timeout, field=field
    )
    if spec.tls is None:
        return inner
    return _dial_tls(inner, spec.tls, spec.tls.server_name, timeout, read_secret, field)


def tcp_dialer(spec: TcpConnect, read_secret: ReadSecret, field: str) -> Dialer:
    """Make the dialer of a TCP host, through its proxies and in TLS as asked."""
    timeout = spec.connect_timeout_seconds
    first = spec.via[0] if spec.via else spec
    connect = partial(
        TcpDialer,
        first.host,
        first.port,
        family=FAMILIES[spec.family],
        bind=spec.bind,
        options=socket_options(spec.socket, keepalive=spec.keepalive, nodelay=spec.nodelay),
        timeout_seconds=timeout,
        field=f"{field}.via.0.host" if spec.via else f"{field}.host",
        bind_field=f"{field}.bind",
    )
    dialer: Dialer = connect(source_port=spec.source_port)
    if spec.low_port and not spec.source_port:
        from bascule.streams.low_port import LowPortDialer

        dialer = LowPortDialer(lambda port: connect(source_port=port), field=f"{field}.low_port")
    for index, hop in enumerate(spec.via):
        dialer = _dial_hop(dialer, spec, index, hop, read_secret, field)
    if spec.proxy_header != "none":
        from bascule.streams.proxy_header import ProxyHeaderDialer

        dialer = ProxyHeaderDialer(dialer, spec.proxy_header)
    if spec.tls is None:
        return dialer
    return _dial_tls(
        dialer, spec.tls, spec.tls.server_name or spec.host, timeout, read_secret, field
    )


def _dial_hop(
    inner: Dialer, spec: TcpConnect, index: int, hop: ProxyHop, read_secret: ReadSecret, field: str
) -> Dialer:
    last = index + 1 == len(spec.via)
    beyond = spec if last else spec.via[index + 1]
    if hop.version == "http":
        from bascule.streams.http_proxy import HttpProxyDialer

        return HttpProxyDialer(
            inner,
            beyond.host,
            beyond.port,
            proxy=str(Address(hop.host, hop.port)),
            username=hop.username,
            password=read_secret(hop.password),
            timeout_seconds=spec.connect_timeout_seconds,
            field=f"{field}.via.{index}",
            target_field=field if last else f"{field}.via.{index + 1}",
        )
    from bascule.streams.socks import SocksDialer

    return SocksDialer(
        inner,
        beyond.host,
        beyond.port,
        proxy=str(Address(hop.host, hop.port)),
        version=hop.version,
        username=hop.username,
        password=read_secret(hop.password),
        timeout_seconds=spec.connect_timeout_seconds,
        family=FAMILIES[spec.family],
        field=f"{field}.via.{index}",
        target_field=field if last else f"{field}.via.{index + 1}",
    )


def _dial_tls(
    inner: Dialer,
    tls: ClientTls,
    server_name: str,
    timeout_seconds: float,
    read_secret: ReadSecret,
    field: str,
) -> Dialer:
    from bascule.streams.tls import TlsDialer, client_context

    context = partial(
        client_context,
        verify=tls.verify,
        authority=tls.authority,
        certificate=tls.certificate,
        key=tls.key,
        passphrase=read_secret(tls.key_passphrase),
    )
    given = _restricted(context, tls)
    if not tls.send_name and tls.verify:
        from bascule.streams.unasked_name import NamedTlsDialer, without_name

        return NamedTlsDialer(
            TlsDialer(
                inner,
                lambda: without_name(given()),
                "",
                timeout_seconds=timeout_seconds,
                field=f"{field}.tls",
            ),
            server_name,
            field=f"{field}.tls",
        )
    return TlsDialer(
        inner,
        given,
        server_name if tls.send_name else "",
        timeout_seconds=timeout_seconds,
        field=f"{field}.tls",
    )
