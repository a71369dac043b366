"""Owns the way from a spec to what does it. Nobody else knows both ``spec`` and ``streams``.

Modules that a plain TCP relay does not need (TLS, SOCKS, serial) are imported where they are used,
so that it does not pay for them at start-up.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bascule.relay.pump import Rules
from bascule.spec.endpoints import (
    ClientTls,
    SerialPort,
    ServerTls,
    SocksHop,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Source, Target
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Dialer, Listener, Stream
from bascule.streams.tcp import SocketOptions, TcpDialer, TcpListener
from bascule.streams.unix import UnixDialer, UnixListener

type ReadSecret = Callable[[str], str]
"""Gives the secret behind a reference ("" for ""). Raises: SpecError SECRET_MISSING."""

_FAMILIES = {"any": socket.AF_UNSPEC, "ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}


@dataclass(frozen=True, slots=True)
class Ends:
    """What a spec was made into: a listener, or a dialer that opens the source; and the target."""

    listener: Listener | None
    opener: Dialer | None
    target: Dialer
    rules: Rules = Rules()
    accept_timeout_seconds: float = 0.0

    @property
    def welcome(self) -> Callable[[Stream], Awaitable[Stream]] | None:
        """The handshake that the source demands of an arrival, if any."""
        listener = self.listener
        if listener is None or type(listener).welcome is Listener.welcome:
            return None
        return listener.welcome


def build(spec: RelaySpec, read_secret: ReadSecret) -> Ends:
    """Make both ends of a relay; nothing is opened yet.

    Raises:
        SpecError: SECRET_MISSING.
    """
    target = build_dialer(spec.target, read_secret, "target")
    rules = Rules(
        linger_seconds=spec.linger_seconds,
        half_close_seconds=spec.half_close_seconds,
        direction=spec.direction,
        chunk_bytes=spec.chunk_bytes,
    )
    if isinstance(spec.source, TcpListen | UnixListen):
        return Ends(build_listener(spec.source, read_secret), None, target, rules)
    return Ends(None, build_dialer(spec.source, read_secret, "source"), target, rules)


def build_listener(spec: TcpListen | UnixListen, read_secret: ReadSecret) -> Listener:
    """Make the listener of a source."""
    inner: Listener
    if isinstance(spec, TcpListen):
        inner = TcpListener(
            spec.host,
            spec.port,
            backlog=spec.backlog,
            options=SocketOptions(spec.keepalive, spec.nodelay),
            field="source.port",
        )
    else:
        inner = UnixListener(
            spec.path, mode=int(spec.mode, 8), backlog=spec.backlog, field="source.path"
        )
    return inner if spec.tls is None else _listen_tls(inner, spec.tls, read_secret)


def _listen_tls(inner: Listener, tls: ServerTls, read_secret: ReadSecret) -> Listener:
    from bascule.streams.tls import TlsListener, server_context

    passphrase = read_secret(tls.key_passphrase)
    context = partial(server_context, tls.certificate, tls.key, passphrase, tls.client_authority)
    return TlsListener(inner, context, field="source.tls")


def build_dialer(spec: Source | Target, read_secret: ReadSecret, field: str) -> Dialer:
    """Make the dialer of an end; ``field`` is the path of its spec, for errors."""
    match spec:
        case TcpConnect():
            return _dial_tcp(spec, read_secret, field)
        case UnixConnect():
            inner = UnixDialer(
                spec.path, timeout_seconds=spec.connect_timeout_seconds, field=f"{field}.path"
            )
            if spec.tls is None:
                return inner
            name = spec.tls.server_name
            return _dial_tls(
                inner, spec.tls, name, spec.connect_timeout_seconds, read_secret, field
            )
        case SerialPort():
            return _dial_serial(spec, field)
        case _:
            raise TypeError(f"{type(spec).__name__} does not dial")


def _dial_tcp(spec: TcpConnect, read_secret: ReadSecret, field: str) -> Dialer:
    timeout = spec.connect_timeout_seconds
    first = spec.via[0] if spec.via else spec
    dialer: Dialer = TcpDialer(
        first.host,
        first.port,
        family=_FAMILIES[spec.family],
        bind=spec.bind,
        options=SocketOptions(spec.keepalive, spec.nodelay),
        timeout_seconds=timeout,
        field=f"{field}.via.0.host" if spec.via else f"{field}.host",
        bind_field=f"{field}.bind",
    )
    for index, hop in enumerate(spec.via):
        dialer = _dial_socks(dialer, spec, index, hop, read_secret, field)
    if spec.tls is None:
        return dialer
    return _dial_tls(
        dialer, spec.tls, spec.tls.server_name or spec.host, timeout, read_secret, field
    )


def _dial_socks(
    inner: Dialer, spec: TcpConnect, index: int, hop: SocksHop, read_secret: ReadSecret, field: str
) -> Dialer:
    from bascule.streams.socks import SocksDialer

    last = index + 1 == len(spec.via)
    beyond = spec if last else spec.via[index + 1]
    return SocksDialer(
        inner,
        beyond.host,
        beyond.port,
        proxy=str(Address(hop.host, hop.port)),
        version=hop.version,
        username=hop.username,
        password=read_secret(hop.password),
        timeout_seconds=spec.connect_timeout_seconds,
        family=_FAMILIES[spec.family],
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
    return TlsDialer(
        inner, context, server_name, timeout_seconds=timeout_seconds, field=f"{field}.tls"
    )


def _dial_serial(spec: SerialPort, field: str) -> Dialer:
    from bascule.streams.serial import SerialDialer

    return SerialDialer(
        spec.device,
        baud=spec.baud,
        data_bits=spec.data_bits,
        parity=spec.parity,
        stop_bits=spec.stop_bits,
        flow_control=spec.flow_control,
        dtr=spec.dtr,
        rts=spec.rts,
        field=f"{field}.device",
    )
