"""Owns how a relay is said to stunnel (5.60 or newer), which adds TLS to it or takes it off.

A value goes to the end of its line: stunnel knows no quotes, and cuts spaces at both ends.
"""

from __future__ import annotations

import math
from typing import Any

from bascule.spec.endpoints import ClientTls, ServerTls, TcpConnect, TcpListen, UnixConnect
from bascule.spec.ends import Failover
from bascule.spec.export import pieces
from bascule.spec.export.exported import Exported, Loss, refusal
from bascule.spec.export.lost import losses, own_path, settings
from bascule.spec.fields import parse_host
from bascule.spec.profiles import file_stem
from bascule.spec.relays import RelaySpec

PROGRAM = "stunnel"

_RELAY = "idle_seconds half_close_seconds"
_SOURCE = """host port tls tls.certificate tls.key tls.key_passphrase tls.client_authority
    tls.minimum_version tls.ciphers keepalive nodelay"""
_TARGET = """host port path tls tls.verify tls.authority tls.server_name tls.certificate tls.key
    tls.key_passphrase tls.minimum_version tls.ciphers tls.send_name connect_timeout_seconds bind
    keepalive nodelay"""
_TOLD = settings(_RELAY, _SOURCE, _TARGET)
_VIA = frozenset(
    f"target.via{name}" for name in ("", ".version", ".host", ".port", ".username", ".password")
)


def told(relay: RelaySpec) -> frozenset[str]:
    """The settings that stunnel is told of a relay: some in one of their values only."""
    more = _VIA if _through_http(relay) else frozenset[str]()
    more |= frozenset(["target.proxy_header"] if _sends_header(relay) else [])
    return (_TOLD | more) - own_path(relay)


def _sends_header(relay: RelaySpec) -> bool:
    """Whether the PROXY header of version 1 is sent, which only stunnel's server side does."""
    target = relay.target
    return isinstance(target, TcpConnect) and target.proxy_header == "v1" and target.tls is None


def _through_http(relay: RelaySpec) -> bool:
    """Whether the way leads through a single HTTP proxy, which only stunnel's client side does."""
    target = relay.target
    return (
        isinstance(target, TcpConnect)
        and target.tls is not None
        and len(target.via) == 1
        and target.via[0].version == "http"
    )


def write_stunnel(relay: RelaySpec, name: str) -> Exported:
    """Write a relay as a whole configuration file. Raises: SpecError NOT_EXPORTABLE."""
    pieces.check_ends(PROGRAM, relay, (TcpListen,), (TcpConnect, UnixConnect))
    target = pieces.same_targets(PROGRAM, relay)
    source: Any = relay.source
    if (source.tls is None) == (target.tls is None):
        why = "it has TLS on one side and none on the other, never on both or on neither"
        raise refusal(PROGRAM, "one_tls", why, at="source.tls")
    lost = [*losses(relay, told(relay), PROGRAM)]
    own = pieces.host(PROGRAM, source.host, "source.host")
    port = pieces.listening_port(PROGRAM, source)
    service = [f"accept = {own}:{port}", *_connect(relay, target, lost)]
    if source.tls is not None:
        service += _server_tls(source.tls)
    else:
        service += _client_tls(target, lost)
    seconds, cut = pieces.idle(PROGRAM, relay)
    lost += cut
    service += [
        f"TIMEOUTidle = {_whole(seconds)}",
        f"TIMEOUTclose = {_whole(min(relay.half_close_seconds or seconds, seconds))}",
        f"TIMEOUTconnect = {_whole(target.connect_timeout_seconds)}",
    ]
    for side, end in (("l", source), ("r", target)):
        on = getattr(end, "keepalive", False)
        service += [f"socket = {side}:SO_KEEPALIVE=1"] if on else []
        service += [] if getattr(end, "nodelay", True) else [f"socket = {side}:TCP_NODELAY=0"]
    lost += pieces.key_losses(PROGRAM, relay)
    body = "".join(f"{line}\n" for line in ["pid =", "", f"[{file_stem(name)}]", *service])
    text = f"{pieces.comment(name, PROGRAM, lost)}\n{body}"
    return Exported(text, pieces.file_name(name, "conf"), tuple(lost))


def _whole(seconds: float) -> int:
    return max(math.ceil(seconds), 1)


def _value(value: str, at: str) -> str:
    return pieces.checked(PROGRAM, value, at)


def _connect(relay: RelaySpec, target: Any, lost: list[Loss]) -> list[str]:
    if isinstance(target, UnixConnect):
        if isinstance(relay.target, Failover) or not target.path.startswith("/"):
            why = "of Unix sockets it connects to a single one, whose path begins with /"
            raise refusal(PROGRAM, "targets", why, at="target.path")
        return [f"connect = {_value(target.path, 'target.path')}"]
    lines: list[str] = []
    reached = [
        f"{pieces.host(PROGRAM, each.host, 'target.host')}:{each.port}"
        for each in pieces.targets_of(relay)
    ]
    if target.via:
        hop = target.via[0]
        proxy = pieces.host(PROGRAM, hop.host, "target.via.0.host")
        lines += [f"connect = {proxy}:{hop.port}", "protocol = connect"]
        lines.append(f"protocolHost = {reached[0]}")
        if hop.username:
            user = _value(hop.username, "target.via.0.username")
            lines.append(f"protocolUsername = {user}")
        words, said = pieces.placeholders(PROGRAM, [hop.password] if hop.password else [])
        lines += [f"protocolPassword = {word}" for word in words.values()]
        lost += said
    else:
        lines += [f"connect = {each}" for each in reached]
        lines += ["failover = prio"] if len(reached) > 1 else []
    lines.append("delay = yes")
    if target.bind:
        lines.append(f"local = {pieces.host(PROGRAM, target.bind, 'target.bind')}")
    if _sends_header(relay):
        lines.append("protocol = proxy")
    return lines


def _server_tls(tls: ServerTls) -> list[str]:
    at = "source.tls"
    lines = [
        f"cert = {_value(tls.certificate, f'{at}.certificate')}",
        f"key = {_value(tls.key, f'{at}.key')}",
        *_versions(tls, at),
    ]
    if tls.client_authority:
        authority = _value(tls.client_authority, f"{at}.client_authority")
        lines += [f"CAfile = {authority}", "requireCert = yes", "verifyChain = yes"]
    return lines


def _client_tls(target: Any, lost: list[Loss]) -> list[str]:
    at, tls = "target.tls", target.tls
    assert isinstance(tls, ClientTls)
    name = tls.server_name or getattr(target, "host", "")
    name = pieces.host(PROGRAM, name, f"{at}.server_name") if name else ""
    named = parse_host(name) is None
    lines = ["client = yes", *_versions(tls, at)]
    lines.append(f"sni = {name if tls.send_name and named else ''}".rstrip())
    if tls.verify:
        authority, said = pieces.authority_of(PROGRAM, tls)
        lost += said
        lines += [f"CAfile = {_value(authority, f'{at}.authority')}", "verifyChain = yes"]
        lines.append(f"{'checkHost' if named else 'checkIP'} = {name}")
    if tls.certificate:
        lines.append(f"cert = {_value(tls.certificate, f'{at}.certificate')}")
        lines.append(f"key = {_value(tls.key, f'{at}.key')}")
    return lines


def _versions(tls: ServerTls | ClientTls, at: str) -> list[str]:
    lines = [f"sslVersionMin = {pieces.protocols(tls.minimum_version)[0]}"]
    return [*lines, f"ciphers = {_value(tls.ciphers, f'{at}.ciphers')}"] if tls.ciphers else lines
