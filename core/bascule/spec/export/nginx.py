"""Owns how a relay is said to nginx (1.22 or newer): one ``server`` of its stream module.

Words stand in double quotes with backslashes where nginx would read them otherwise. It has no way
to write a dollar sign, which begins a variable, so such values are refused.
"""

from __future__ import annotations

import ipaddress
import math
import re
from typing import Any

from bascule.spec.datagrams import UdpConnect, UdpListen, UdpSendTo
from bascule.spec.endpoints import ClientTls, ServerTls, TcpConnect, TcpListen, UnixConnect
from bascule.spec.endpoints import UnixListen as Unix
from bascule.spec.ends import Failover
from bascule.spec.export import pieces
from bascule.spec.export.exported import Exported, Loss, LossKind, refusal
from bascule.spec.export.lost import losses, own_path, settings
from bascule.spec.fields import parse_host, parse_network
from bascule.spec.profiles import file_stem
from bascule.spec.relays import RelaySpec

PROGRAM = "nginx"

_RELAY = """allow max_connections idle_seconds connections_per_client up_bytes_per_second
    down_bytes_per_second"""
_SOURCE = """host port path mode tls tls.certificate tls.key tls.key_passphrase tls.client_authority
    tls.minimum_version tls.ciphers backlog keepalive nodelay proxy_header peer_idle_seconds
    socket socket.receive_buffer_bytes socket.send_buffer_bytes socket.reuse_port"""
_TARGET = """host port path check_seconds tls tls.verify tls.authority tls.server_name
    tls.certificate tls.key tls.key_passphrase tls.minimum_version tls.ciphers tls.send_name
    connect_timeout_seconds bind source_port keepalive nodelay"""
_TOLD = settings(_RELAY, _SOURCE, _TARGET)


def told(relay: RelaySpec) -> frozenset[str]:
    """The settings that nginx is told of a relay: some in one of their values only."""
    more = {"target.proxy_header"} if _sends_header(relay) else set[str]()
    return (_TOLD | more) - own_path(relay)


def _sends_header(relay: RelaySpec) -> bool:
    """Whether targets want the PROXY header of version 1, the only one that nginx sends."""
    return all(getattr(each, "proxy_header", "") == "v1" for each in pieces.targets_of(relay))


def write_nginx(relay: RelaySpec, name: str) -> Exported:
    """Write a relay as a whole configuration file. Raises: SpecError NOT_EXPORTABLE."""
    udp = isinstance(relay.source, UdpListen)
    if udp:
        pieces.check_ends(PROGRAM, relay, (UdpListen,), (UdpConnect, UdpSendTo))
    else:
        pieces.check_ends(PROGRAM, relay, (TcpListen, Unix), (TcpConnect, UnixConnect))
    target = pieces.same_targets(PROGRAM, relay)
    lost = [*losses(relay, told(relay), PROGRAM)]
    if isinstance(relay.source, Unix):
        lost.append(_permissions(relay.source))
    stem = file_stem(name)
    server = [_listen(relay.source, udp=udp), *_common(relay, target, lost, udp=udp)]
    if relay.source.kind != "udp-listen":
        server += _server_tls(getattr(relay.source, "tls", None))
        server += _client_tls(getattr(target, "tls", None), target, lost)
    before, passed = _passed(relay, stem, lost)
    server.append(f"proxy_pass {passed}")
    before += _zones(relay, stem, server)
    lost += pieces.looked_up_once(PROGRAM, relay)
    lost += pieces.key_losses(PROGRAM, relay)
    inner = [*before, "server {", *(f"    {line};" for line in server), "}"]
    text = (
        f"{pieces.comment(name, PROGRAM, lost)}\n"
        "include /etc/nginx/modules-enabled/*.conf;\n\n"
        "events {\n    worker_connections 4096;\n}\n\n"
        "stream {\n" + "".join(f"    {line}\n" for line in inner) + "}\n"
    )
    return Exported(text, pieces.file_name(name, "conf"), tuple(lost))


def _permissions(source: Unix) -> Loss:
    path = pieces.one_line(source.path)
    message = (
        f"{PROGRAM} lets every user of the computer connect to {path}, and not as its permissions "
        f"were ({source.mode}): keep the others out by those of its folder."
    )
    facts = {"program": PROGRAM, "value": path, "mode": source.mode}
    return Loss(LossKind.PERMISSIONS, message, "source.mode", facts)


def _word(value: str, at: str) -> str:
    """A word that stays one word, whatever is in it."""
    pieces.checked(PROGRAM, value, at, never="$")
    if re.fullmatch(r"[\w./:@%+,=\[\]-]+", value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _time(seconds: float) -> str:
    return f"{max(round(seconds * 1000), 1)}ms"


def _listen(source: Any, *, udp: bool) -> str:
    if isinstance(source, Unix):
        words = ["listen", _word(f"unix:{source.path}", "source.path")]
    else:
        port = pieces.listening_port(PROGRAM, source)
        name = pieces.host(PROGRAM, source.host, "source.host")
        words = ["listen", pieces.host_port(name, port), *(["udp"] if udp else [])]
        if parse_host(name) == ipaddress.IPv6Address("::"):
            words.append(f"ipv6only={'on' if source.family == 'ipv6' else 'off'}")
        if source.socket is not None:
            words += [f"rcvbuf={size}" for size in (source.socket.receive_buffer_bytes,) if size]
            words += [f"sndbuf={size}" for size in (source.socket.send_buffer_bytes,) if size]
            words += ["reuseport"] if source.socket.reuse_port else []
    if not udp:
        words += ["ssl"] if source.tls is not None else []
        words += ["proxy_protocol"] if getattr(source, "proxy_header", False) else []
        words.append(f"backlog={source.backlog}")
        words += ["so_keepalive=on"] if getattr(source, "keepalive", False) else []
    return " ".join(words)


def _common(relay: RelaySpec, target: Any, lost: list[Loss], *, udp: bool) -> list[str]:
    """What is said of the passage: who may come, how long, how fast."""
    seconds, cut = pieces.idle(PROGRAM, relay)
    lost += cut
    if udp:
        assert isinstance(relay.source, UdpListen)
        seconds = min(relay.source.peer_idle_seconds, relay.idle_seconds or seconds)
    lines = [f"proxy_timeout {_time(seconds)}"]
    if not udp:
        lines.append("proxy_half_close on")
        lines.append(f"proxy_connect_timeout {_time(target.connect_timeout_seconds)}")
        if not getattr(relay.source, "nodelay", True) or not getattr(target, "nodelay", True):
            lines.append("tcp_nodelay off")
        lines += ["proxy_socket_keepalive on"] if getattr(target, "keepalive", False) else []
        lines += ["proxy_protocol on"] if _sends_header(relay) else []
    if relay.allow and not isinstance(relay.source, Unix):
        lines += [f"allow {parse_network(each)}" for each in relay.allow]
        lines.append("deny all")
    if relay.up_bytes_per_second:
        lines.append(f"proxy_upload_rate {relay.up_bytes_per_second}")
    if relay.down_bytes_per_second:
        lines.append(f"proxy_download_rate {relay.down_bytes_per_second}")
    bind, port = getattr(target, "bind", ""), getattr(target, "source_port", 0)
    if not isinstance(target, UnixConnect) and (bind or port):
        bound = pieces.host(PROGRAM, bind or "0.0.0.0", "target.bind")
        if parse_host(bound) is None:
            why = "it connects from an address only, not from a name"
            raise refusal(PROGRAM, "bind", why, at="target.bind")
        lines.append(f"proxy_bind {pieces.host_port(bound, port) if port else _bare(bound)}")
    return lines


def _bare(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _server_tls(tls: ServerTls | None) -> list[str]:
    if tls is None:
        return []
    lines = [
        f"ssl_certificate {_word(tls.certificate, 'source.tls.certificate')}",
        f"ssl_certificate_key {_word(tls.key, 'source.tls.key')}",
        f"ssl_protocols {' '.join(pieces.protocols(tls.minimum_version))}",
    ]
    if tls.ciphers:
        lines.append(f"ssl_ciphers {_word(tls.ciphers, 'source.tls.ciphers')}")
    if tls.client_authority:
        authority = _word(tls.client_authority, "source.tls.client_authority")
        lines += [f"ssl_client_certificate {authority}", "ssl_verify_client on"]
    return lines


def _client_tls(tls: ClientTls | None, target: Any, lost: list[Loss]) -> list[str]:
    if tls is None:
        return []
    name = pieces.host(
        PROGRAM, tls.server_name or getattr(target, "host", ""), "target.tls.server_name"
    )
    lines = [
        "proxy_ssl on",
        f"proxy_ssl_protocols {' '.join(pieces.protocols(tls.minimum_version))}",
    ]
    lines.append(f"proxy_ssl_name {name}")
    if tls.send_name:
        lines.append("proxy_ssl_server_name on")
    if tls.verify:
        authority, said = pieces.authority_of(PROGRAM, tls)
        lost += (*said, *pieces.address_loss(PROGRAM, name))
        trusted = _word(authority, "target.tls.authority")
        lines += ["proxy_ssl_verify on", f"proxy_ssl_trusted_certificate {trusted}"]
        lines.append("proxy_ssl_verify_depth 9")
    if tls.ciphers:
        lines.append(f"proxy_ssl_ciphers {_word(tls.ciphers, 'target.tls.ciphers')}")
    if tls.certificate:
        certificate = _word(tls.certificate, "target.tls.certificate")
        lines += [
            f"proxy_ssl_certificate {certificate}",
            f"proxy_ssl_certificate_key {_word(tls.key, 'target.tls.key')}",
        ]
    return lines


def _address(target: Any) -> str:
    if isinstance(target, UnixConnect):
        if re.search(r"[:\s]", target.path):
            why = "it connects to no Unix socket whose path has a colon or a space"
            raise refusal(PROGRAM, "characters", why, at="target.path", value=target.path)
        return _word(f"unix:{target.path}", "target.path")
    name = pieces.host(PROGRAM, target.host, "target.host")
    return pieces.host_port(name, target.port)


def _passed(relay: RelaySpec, stem: str, lost: list[Loss]) -> tuple[list[str], str]:
    """What stands before the server for several targets, and what ``proxy_pass`` is told."""
    targets = pieces.targets_of(relay)
    if not isinstance(relay.target, Failover):
        return [], _address(targets[0])
    wait = f"{max(math.ceil(relay.target.check_seconds), 1)}s"  # it takes no milliseconds here
    lines = [
        f"    server {_address(each)} max_fails=1 fail_timeout={wait}{' backup' if number else ''};"
        for number, each in enumerate(targets)
    ]
    if len(targets) > 2:
        message = (
            f"{PROGRAM} takes the first target, and then any of the others: their order is lost."
        )
        lost.append(Loss(LossKind.ORDER, message, "target.targets", {"program": PROGRAM}))
    return [f"upstream {stem} {{", *lines, "}", ""], stem


def _zones(relay: RelaySpec, stem: str, server: list[str]) -> list[str]:
    """The counters of connections, which stand before the server and are used in it."""
    lines: list[str] = []
    for limit, key, what in (
        (relay.max_connections, "$server_port", "all"),
        (relay.connections_per_client, "$binary_remote_addr", "client"),
    ):
        if limit:
            lines.append(f"limit_conn_zone {key} zone={stem}-{what}:10m;")
            server.insert(1, f"limit_conn {stem}-{what} {limit}")
    return lines
