"""Owns how a relay is said to haproxy (2.6 or newer): one ``listen`` section in TCP mode.

Words stand in single quotes where haproxy would read them otherwise; within those nothing has a
meaning (haproxy's configuration manual, 2.2 "Quoting and escaping").
"""

from __future__ import annotations

import ipaddress
import shlex
from typing import Any

from bascule.spec.endpoints import ClientTls, ServerTls, TcpConnect, TcpListen, UnixConnect
from bascule.spec.endpoints import UnixListen as Unix
from bascule.spec.export import pieces
from bascule.spec.export.exported import Exported, Loss, LossKind, refusal
from bascule.spec.export.lost import losses, own_path, settings
from bascule.spec.fields import parse_host, parse_network
from bascule.spec.profiles import file_stem
from bascule.spec.relays import RelaySpec

PROGRAM = "haproxy"

_RELAY = """allow max_connections overflow idle_seconds half_close_seconds
    connections_per_client"""
_SOURCE = """host port path mode owner tls tls.certificate tls.key tls.key_passphrase
    tls.client_authority tls.minimum_version tls.ciphers backlog keepalive family proxy_header
    socket socket.interface socket.keepalive_idle_seconds socket.keepalive_interval_seconds
    socket.keepalive_probes"""
_TARGET = """host port path check_seconds tls tls.verify tls.authority tls.server_name
    tls.certificate tls.key tls.key_passphrase tls.minimum_version tls.ciphers tls.send_name
    connect_timeout_seconds family bind source_port keepalive proxy_header via via.version
    via.host via.port"""
_TOLD = settings(_RELAY, _SOURCE, _TARGET)


def told(relay: RelaySpec) -> frozenset[str]:
    """The settings that haproxy is told of a relay: one of them for all targets only."""
    mixed = len({getattr(each, "keepalive", None) for each in pieces.targets_of(relay)}) > 1
    return _TOLD - own_path(relay) - frozenset(["target.keepalive"] if mixed else [])


def write_haproxy(relay: RelaySpec, name: str) -> Exported:
    """Write a relay as a whole configuration file. Raises: SpecError NOT_EXPORTABLE."""
    pieces.check_ends(PROGRAM, relay, (TcpListen, Unix), (TcpConnect, UnixConnect))
    seconds, cut = pieces.idle(PROGRAM, relay)
    lost = [*losses(relay, told(relay), PROGRAM), *cut]
    targets = pieces.targets_of(relay)
    section = [_bind(relay.source, lost), *_source_options(relay)]
    section += _admission(relay)
    if any(getattr(each, "keepalive", False) for each in targets):
        section.append("option srvtcpka")
    check = getattr(relay.target, "check_seconds", None)
    for number, each in enumerate(targets):
        backup = "" if check is None else f" check inter {_time(max(check, 0.1))}"
        backup += " backup" if number else ""
        section.append(f"server target{number + 1} {_server(each, lost)}{backup}")
    lost += pieces.looked_up_once(PROGRAM, relay)
    lost += pieces.key_losses(PROGRAM, relay)
    connecting = max(getattr(each, "connect_timeout_seconds", 10.0) for each in targets)
    defaults = [
        "mode tcp",
        f"timeout connect {_time(connecting)}",
        f"timeout client {_time(seconds)}",
        f"timeout server {_time(seconds)}",
    ]
    if relay.half_close_seconds:
        late = _time(relay.half_close_seconds)
        defaults += [f"timeout client-fin {late}", f"timeout server-fin {late}"]
    lines = ["defaults", *defaults, "", f"listen {file_stem(name)}", *section]
    heads = ("", "defaults", lines[-len(section) - 1])
    body = "".join(f"{line}\n" if line in heads else f"    {line}\n" for line in lines)
    text = f"{pieces.comment(name, PROGRAM, lost)}\n{body}"
    return Exported(text, pieces.file_name(name, "cfg"), tuple(lost))


def _time(seconds: float) -> str:
    """A time in milliseconds, as haproxy counts it."""
    return f"{max(round(min(seconds, pieces.LONGEST_SECONDS) * 1000), 1)}ms"


def _word(value: str, at: str) -> str:
    """A word that stays one word, whatever is in it."""
    return shlex.quote(pieces.checked(PROGRAM, value, at))


def _versioned(end: Any, at: str, port: int) -> str:
    version = "" if end.family == "any" else f"{end.family}@"
    return shlex.quote(version + pieces.host_port(pieces.host(PROGRAM, end.host, at), port))


def _bind(source: Any, lost: list[Loss]) -> str:
    if isinstance(source, Unix):
        user, _, group = source.owner.partition(":")
        words = ["bind", _word(f"unix@{source.path}", "source.path"), "mode", source.mode]
        words += ["user", _word(user, "source.owner")] if user else []
        words += ["group", _word(group, "source.owner")] if group else []
    else:
        port = pieces.listening_port(PROGRAM, source)
        words = ["bind", _versioned(source, "source.host", port)]
        if parse_host(source.host) == ipaddress.IPv6Address("::"):
            words.append("v6only" if source.family == "ipv6" else "v4v6")
        if source.socket is not None and source.socket.interface:
            words += ["interface", _word(source.socket.interface, "source.socket.interface")]
    words += ["backlog", str(source.backlog)]
    if source.tls is not None:
        words += _server_tls(source.tls, lost)
    return " ".join(words)


def _server_tls(tls: ServerTls, lost: list[Loss]) -> list[str]:
    words = ["ssl", "crt", _both(tls, "source.tls", lost), *_versions(tls, "source.tls")]
    if tls.client_authority:
        authority = _word(tls.client_authority, "source.tls.client_authority")
        words += ["verify", "required", "ca-file", authority]
    return words


def _both(tls: ServerTls | ClientTls, at: str, lost: list[Loss]) -> str:
    """The file of certificate and key: haproxy wants both in one, or the key in ``FILE.key``."""
    if tls.key in (tls.certificate, f"{tls.certificate}.key"):
        return _word(tls.certificate, f"{at}.certificate")
    both = f"{tls.certificate}.haproxy"
    command = f"cat {shlex.quote(tls.certificate)} {shlex.quote(tls.key)} > {shlex.quote(both)}"
    facts = {"program": PROGRAM, "value": command}
    message = f"{PROGRAM} reads certificate and key from one file. Make it with: {command}"
    lost.append(Loss(LossKind.ONE_FILE, message, f"{at}.key", facts))
    pieces.checked(PROGRAM, tls.key, f"{at}.key")
    return _word(both, f"{at}.certificate")


def _versions(tls: ServerTls | ClientTls, at: str) -> list[str]:
    words = ["ssl-min-ver", pieces.protocols(tls.minimum_version)[0]]
    return [*words, "ciphers", _word(tls.ciphers, f"{at}.ciphers")] if tls.ciphers else words


def _source_options(relay: RelaySpec) -> list[str]:
    source = relay.source
    if not isinstance(source, TcpListen) or not source.keepalive:
        return []
    lines = ["option clitcpka"]
    if source.socket is not None:
        asked = {
            "idle": source.socket.keepalive_idle_seconds,
            "intvl": source.socket.keepalive_interval_seconds,
            "cnt": source.socket.keepalive_probes,
        }
        lines += [f"clitcpka-{word} {value}" for word, value in asked.items() if value]
    return lines


def _admission(relay: RelaySpec) -> list[str]:
    """Who may connect, and how many. The header of a load balancer is read after its sender has
    been looked at, as Bascule does.
    """
    rule = "tcp-request connection"
    lines: list[str] = []
    if relay.allow and isinstance(relay.source, TcpListen):
        networks = " ".join(str(parse_network(each)) for each in relay.allow)
        lines.append(f"{rule} reject unless {{ src {networks} }}")
    if relay.max_connections and relay.overflow == "queue":
        lines.append(f"maxconn {relay.max_connections}")
    elif relay.max_connections:
        lines.append(f"{rule} reject if {{ fe_conn gt {relay.max_connections} }}")
    if getattr(relay.source, "proxy_header", False):
        lines.append(f"{rule} expect-proxy layer4")
    if relay.connections_per_client:
        lines += [
            "stick-table type ipv6 size 100k expire 1h store conn_cur",
            f"{rule} track-sc0 src",
            f"{rule} reject if {{ sc0_conn_cur gt {relay.connections_per_client} }}",
        ]
    return lines


def _server(target: Any, lost: list[Loss]) -> str:
    """What follows the name of a server."""
    if isinstance(target, UnixConnect):
        name = ""
        words = [_word(f"unix@{target.path}", "target.path")]
    else:
        name = pieces.host(PROGRAM, target.host, "target.host")
        words = [_versioned(target, "target.host", target.port), *_way(target)]
    if target.tls is not None:
        words += _client_tls(target.tls, name, lost)
    return " ".join(words)


def _way(target: TcpConnect) -> list[str]:
    words: list[str] = []
    if target.bind or target.source_port:
        bound = pieces.host(PROGRAM, target.bind or "0.0.0.0", "target.bind")
        words += ["source", shlex.quote(pieces.host_port(bound, target.source_port))]
    if target.proxy_header != "none":
        words.append("send-proxy" if target.proxy_header == "v1" else "send-proxy-v2")
    if target.via:
        hop = target.via[0]
        if len(target.via) > 1 or hop.version != "4" or hop.username:
            why = "of proxies it knows a single SOCKS 4 proxy without a user name"
            raise refusal(PROGRAM, "proxy", why, at="target.via")
        proxy = pieces.host_port(pieces.host(PROGRAM, hop.host, "target.via.0.host"), hop.port)
        words += ["socks4", shlex.quote(proxy)]
    return words


def _client_tls(tls: ClientTls, host: str, lost: list[Loss]) -> list[str]:
    name = tls.server_name or host
    name = pieces.host(PROGRAM, name, "target.tls.server_name")
    words = ["ssl", *_versions(tls, "target.tls")]
    if tls.verify:
        authority, said = pieces.authority_of(PROGRAM, tls)
        said += pieces.address_loss(PROGRAM, name)
        lost += [loss for loss in said if loss not in lost]
        words += ["verify", "required", "ca-file", _word(authority, "target.tls.authority")]
        words += ["verifyhost", name]
    else:
        words += ["verify", "none"]
    if tls.send_name and parse_host(name) is None:
        words += ["sni", f"str({name})"]
    if tls.certificate:
        words += ["crt", _both(tls, "target.tls", lost)]
    return words
