"""Owns how TCP, TLS, proxies, UDP and Unix sockets are said in socat's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bascule.errors import ErrorCode, SpecError
from bascule.spec import datagrams
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
from bascule.spec.socat.lexer import quote
from bascule.spec.socat.network import CONNECT_SECONDS
from bascule.spec.socat.quoting import Words

_VERSIONS = {"any": "", "ipv4": "4", "ipv6": "6"}
_PF = {"ipv4": "ip4", "ipv6": "ip6"}


class NetworkWriter:
    """Writes the ends of networks. ``secrets`` are the passwords by their references; None: they
    are left out.
    """

    def __init__(self, secrets: Mapping[str, str] | None) -> None:
        self._secrets = secrets

    def _secret(self, reference: str) -> str:
        """A password. Raises: SpecError SECRET_MISSING."""
        if not reference or self._secrets is None:
            return ""
        if reference not in self._secrets:
            raise SpecError(
                f"the password {reference} is not known, and a command cannot refer to it",
                code=ErrorCode.SECRET_MISSING,
                reference=reference,
            )
        return self._secrets[reference]

    def tcp_listen(self, end: TcpListen) -> Words:
        """A TCP port that is listened on."""
        words = self._listening("OPENSSL-LISTEN" if end.tls else "TCP{}-LISTEN", end)
        words.option_unless("backlog", end.backlog, 128)
        self._stream_socket(words, end)
        words.option_unless("proxy-header", end.proxy_header, False)
        words.option_unless("accept-timeout", end.accept_timeout_seconds, 0)
        if end.tls is not None:
            self._server_tls(words, end.tls)
        return words

    def _listening(self, keyword: str, end: Any) -> Words:
        """What listens on a port, and where."""
        family = end.family
        everywhere = ("0.0.0.0", "any"), ("0.0.0.0", "ipv4")
        if (end.host, family) == ("::", "any"):
            family, bound, alone = "ipv6", False, False
        else:
            alone = (end.host, family) == ("::", "ipv6")
            bound = not alone and (end.host, family) not in everywhere
        words = Words(keyword.replace("{}", _VERSIONS[family]))
        words.param(str(end.port))
        if "{}" not in keyword and family != "any":
            words.option("pf", _PF[family])
        if alone:
            words.option("ipv6-v6only")
        if bound:
            words.option("bind", _bracketed(end.host))
        return words

    def tcp_connect(self, end: TcpConnect) -> Words:
        """A TCP host, through its proxies."""
        hops = end.via
        first = hops[0] if hops and _has_address(hops[0]) else None
        if first is not None:
            words = self._proxy(first, end)
            hops = hops[1:]
        else:
            tls = end.tls is not None and not hops
            words = Words("OPENSSL" if tls else f"TCP{_VERSIONS[end.family]}")
            words.host(end.host)
            words.param(str(end.port))
        if words.keyword[:3] != "TCP" and end.family != "any":
            words.option("pf", _PF[end.family])
        for hop in hops:
            words.option("hop", self._hop(hop))
        words.option_unless("connect-timeout", end.connect_timeout_seconds, CONNECT_SECONDS)
        words.option_unless("bind", _bracketed(end.bind), "")
        words.option_unless("sourceport", end.source_port, 0)
        words.option_unless("lowport", end.low_port, False)
        self._stream_socket(words, end)
        words.option_unless("proxy-header", end.proxy_header, "none")
        if end.tls is not None:
            if words.keyword != "OPENSSL":
                words.option("tls")
            self._client_tls(words, end.tls)
        return words

    def _proxy(self, hop: ProxyHop, end: TcpConnect) -> Words:
        http = hop.version == "http"
        words = Words("PROXY" if http else f"SOCKS{hop.version.upper()}")
        words.host(hop.host)
        words.host(end.host)
        words.param(str(end.port))
        words.option("proxyport" if http else "socksport", hop.port)
        password = self._secret(hop.password)
        if http:
            if hop.username:
                words.option("proxyauth", f"{hop.username}:{password}")
        else:
            words.option_unless("socksuser", hop.username, "")
            words.option_unless("sockspass", password, "")
        return words

    def _hop(self, hop: ProxyHop) -> str:
        parts = [hop.version, _bracketed(hop.host), str(hop.port)]
        password = self._secret(hop.password)
        if hop.username or password:
            parts += [quote(hop.username), quote(password)]
        return ":".join(parts)

    def _stream_socket(self, words: Words, end: TcpListen | TcpConnect) -> None:
        asked = end.socket is not None and any(
            (
                end.socket.keepalive_idle_seconds,
                end.socket.keepalive_interval_seconds,
                end.socket.keepalive_probes,
            )
        )
        if end.keepalive or asked:
            words.option("keepalive", end.keepalive)
        words.option("nodelay", end.nodelay)
        self._socket(words, end.socket)

    def _socket(self, words: Words, settings: SocketSettings | None) -> None:
        if settings is None:
            return
        words.option_unless("keepidle", settings.keepalive_idle_seconds, 0)
        words.option_unless("keepintvl", settings.keepalive_interval_seconds, 0)
        words.option_unless("keepcnt", settings.keepalive_probes, 0)
        words.option_unless("linger", settings.close_linger_seconds, -1)
        words.option_unless("sndbuf", settings.send_buffer_bytes, 0)
        words.option_unless("rcvbuf", settings.receive_buffer_bytes, 0)
        words.option_unless("ttl", settings.hop_limit, 0)
        words.option_unless("tos", settings.service_type, -1)
        words.option_unless("reuseaddr", settings.reuse_address, True)
        words.option_unless("reuseport", settings.reuse_port, False)
        words.option_unless("so-bindtodevice", settings.interface, "")

    def _server_tls(self, words: Words, tls: ServerTls) -> None:
        words.option("cert", tls.certificate)
        words.option_unless("key", tls.key, tls.certificate)
        words.option_unless("keypass", self._secret(tls.key_passphrase), "")
        if tls.client_authority:
            words.option("cafile", tls.client_authority)
        else:
            words.option("verify", False)
        self._versions(words, tls)

    def _client_tls(self, words: Words, tls: ClientTls) -> None:
        words.option_unless("verify", tls.verify, True)
        words.option_unless("cafile", tls.authority, "")
        if tls.server_name:
            words.option("commonname", _bracketed(tls.server_name))
            words.option("snihost", _bracketed(tls.server_name))
        words.option_unless("cert", tls.certificate, "")
        words.option_unless("key", tls.key, tls.certificate)
        words.option_unless("keypass", self._secret(tls.key_passphrase), "")
        words.option_unless("no-sni", not tls.send_name, False)
        self._versions(words, tls)

    def _versions(self, words: Words, tls: ServerTls | ClientTls) -> None:
        words.option_unless("min-proto-version", f"TLS{tls.minimum_version}", "TLS1.2")
        words.option_unless("cipherlist", tls.ciphers, "")

    def unix(self, end: UnixListen | UnixConnect) -> Words:
        """A Unix stream socket."""
        kind = "LISTEN" if isinstance(end, UnixListen) else "CONNECT"
        words = Words(f"{'ABSTRACT' if end.abstract else 'UNIX'}-{kind}")
        words.param(end.path)
        if isinstance(end, UnixListen):
            user, _, group = end.owner.partition(":")
            words.option_unless("mode", end.mode, "600")
            words.option_unless("backlog", end.backlog, 128)
            words.option_unless("user", user, "")
            words.option_unless("group", group, "")
            words.option_unless("unlink-close", end.remove_after, True)
            words.option_unless("accept-timeout", end.accept_timeout_seconds, 0)
        else:
            words.option_unless("bind", end.bind, "")
            words.option_unless("connect-timeout", end.connect_timeout_seconds, 10)
        if end.tls is not None:
            words.option("tls")
            if isinstance(end.tls, ServerTls):
                self._server_tls(words, end.tls)
            else:
                self._client_tls(words, end.tls)
        return words

    def udp(self, end: Any) -> Words:
        """A UDP socket."""
        kind = end.kind.upper().removeprefix("UDP-")
        if kind in ("LISTEN", "RECV", "RECVFROM"):
            words = self._listening(f"UDP{{}}-{kind}", end)
        else:
            words = Words(f"UDP{_VERSIONS[end.family]}-{kind}")
            words.host(end.host)
            words.param(str(end.port))
            words.option_unless("bind", _bracketed(end.bind), "")
            words.option_unless("sourceport", end.source_port, 0)
            words.option_unless("broadcast", end.broadcast, False)
            words.option_unless("ip-multicast-if", end.multicast_interface, "")
            words.option_unless("ip-multicast-ttl", end.multicast_hop_limit, 1)
            words.option_unless("ip-multicast-loop", end.multicast_loop, True)
        for group in end.groups:
            six = group.startswith("[") or group.count(":") > 1
            usual = group if six or ":" in group else f"{group}:0.0.0.0"
            words.option("ipv6-join-group" if six else "ip-add-membership", usual)
        if isinstance(end, datagrams.UdpListen):
            words.option_unless("peer-idle", end.peer_idle_seconds, 60)
            words.option_unless("max-peers", end.max_peers, 1024)
        if isinstance(end, datagrams.UdpDatagram):
            for network in end.allow:
                words.option("range", range_of(network))
        self._socket(words, end.socket)
        return words

    def unix_datagram(
        self, end: datagrams.UnixReceive | datagrams.UnixReceiveFrom | datagrams.UnixSendTo
    ) -> Words:
        """A Unix datagram socket."""
        kind = end.kind.upper().removeprefix("UNIX-")
        words = Words(f"{'ABSTRACT' if end.abstract else 'UNIX'}-{kind}")
        words.param(end.path)
        if isinstance(end, datagrams.UnixSendTo):
            words.option_unless("bind", end.bind, "")
        else:
            words.option_unless("mode", end.mode, "600")
        return words


def range_of(network: str) -> str:
    """A network as ``range=`` takes it."""
    return f"[{network}]" if ":" in network else network


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _has_address(hop: ProxyHop) -> bool:
    """Whether socat has a kind of address for this proxy."""
    return hop.version != "http" or ":" not in hop.username
