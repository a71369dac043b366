"""Owns TCP, TLS, proxies and UDP in socat's words."""

from __future__ import annotations

from typing import Any

from bascule.spec.datagrams import (
    UdpConnect,
    UdpDatagram,
    UdpListen,
    UdpReceive,
    UdpReceiveFrom,
    UdpSendTo,
)
from bascule.spec.endpoints import ClientTls, ServerTls, SocksHop, TcpConnect, TcpListen
from bascule.spec.socat.common import (
    common_of,
    groups_of,
    keepalive_asked,
    params_of,
    port_of,
    socket_of,
    split_bind,
    version_of,
)
from bascule.spec.socat.given import Given, Verdict, VerdictKind, malformed


class NetworkEnds:
    """Makes the ends of networks; ``family`` is what -4 and -6 say."""

    def __init__(self, family: str = "any") -> None:
        self.secrets: dict[str, str] = {}
        self._family = family

    # TCP and TLS --------------------------------------------------------------------------------

    def _tcp_listen(self, given: Given, tls: ServerTls | None = None) -> TcpListen:
        (port,) = params_of(given, "a port")
        family, host = self._bound(given)
        given.flag("fork")
        return TcpListen(
            port_of(given, port),
            host,
            tls,
            backlog=given.integer("backlog", 128) or 128,
            keepalive=given.integer("so-keepalive", 0) != 0 or keepalive_asked(given),
            nodelay=given.integer("tcp-nodelay", 1) != 0,
            family=family,
            accept_timeout_seconds=given.seconds("accept-timeout"),
            socket=socket_of(given),
            **common_of(given),
        )

    def _tcp_connect(self, given: Given, tls: ClientTls | None = None) -> TcpConnect:
        host, port = params_of(given, "a host", "a port")
        return self._connect(given, host, port, (), tls)

    def _connect(
        self, given: Given, host: str, port: str, via: tuple[SocksHop, ...], tls: ClientTls | None
    ) -> TcpConnect:
        bind, bind_port = split_bind(given.text("bind"))
        source_port = port_of(given, given.text("sourceport", bind_port or "0"))
        given.flag("fork")
        return TcpConnect(
            host.strip("[]"),
            port_of(given, port),
            via,
            tls,
            connect_timeout_seconds=given.seconds("connect-timeout", 120.0) or 120.0,
            family=self._chosen_family(given),
            bind=bind,
            keepalive=given.integer("so-keepalive", 0) != 0 or keepalive_asked(given),
            nodelay=given.integer("tcp-nodelay", 1) != 0,
            source_port=source_port,
            low_port=given.flag("lowport"),
            socket=socket_of(given),
            **common_of(given),
        )

    def _openssl_listen(self, given: Given) -> TcpListen:
        verify = given.flag("openssl-verify", default=True)
        authority = given.text("openssl-cafile")
        certificate = given.text("openssl-certificate")
        if not certificate:
            raise malformed(given.address.text, 0, "a TLS listener needs cert=FILE")
        if verify and not authority:
            given.verdicts.append(
                Verdict(
                    "verify",
                    VerdictKind.EMULATED,
                    "no cafile= says whose clients to trust, so that no client certificate is "
                    "asked for; socat would refuse every client",
                )
            )
        tls = ServerTls(
            certificate,
            given.text("openssl-key", certificate),
            client_authority=authority if verify else "",
            minimum_version=version_of(given),
            ciphers=given.text("openssl-cipherlist"),
        )
        return self._tcp_listen(given, tls)

    def _openssl(self, given: Given) -> TcpConnect:
        host, port = params_of(given, "a host", "a port")
        certificate = given.text("openssl-certificate")
        name = given.text("openssl-commonname") or given.text("openssl-snihost")
        given.has("openssl-snihost")
        tls = ClientTls(
            verify=given.flag("openssl-verify", default=True),
            authority=given.text("openssl-cafile"),
            server_name=name,
            certificate=certificate,
            key=given.text("openssl-key", certificate),
            minimum_version=version_of(given),
            ciphers=given.text("openssl-cipherlist"),
            send_name=not given.flag("openssl-no-sni"),
        )
        return self._connect(given, host, port, (), tls)

    # proxies ------------------------------------------------------------------------------------

    def _socks4(self, given: Given, version: str = "4") -> TcpConnect:
        proxy, host, port = params_of(given, "a proxy", "a host", "a port")
        proxy_port = port_of(given, given.text("socksport", "1080"))
        hop = SocksHop(version, proxy.strip("[]"), proxy_port, given.text("socksuser"))
        return self._connect(given, host, port, (hop,), None)

    def _socks4a(self, given: Given) -> TcpConnect:
        return self._socks4(given, "4a")

    def _socks5_connect(self, given: Given) -> TcpConnect:
        params = given.address.params
        if len(params) == 4:
            proxy, proxy_port, host, port = params
        else:
            proxy, host, port = params_of(given, "a proxy", "a host", "a port")
            proxy_port = given.text("socksport", "1080")
        password = self._secret(given.text("sockspass"))
        user = given.text("socksuser")
        hop = SocksHop("5", proxy.strip("[]"), port_of(given, proxy_port), user, password)
        return self._connect(given, host, port, (hop,), None)

    def _proxy(self, given: Given) -> TcpConnect:
        proxy, host, port = params_of(given, "a proxy", "a host", "a port")
        user, _, password = given.text("proxy-authorization").partition(":")
        proxy_port = port_of(given, given.text("proxyport", "8080"))
        hop = SocksHop("http", proxy.strip("[]"), proxy_port, user, self._secret(password))
        return self._connect(given, host, port, (hop,), None)

    _proxy_connect = _proxy

    def _secret(self, value: str) -> str:
        if not value:
            return ""
        reference = f"socat-{len(self.secrets) + 1}"
        self.secrets[reference] = value
        return reference

    # UDP ----------------------------------------------------------------------------------------

    def _udp_bound(self, given: Given) -> dict[str, Any]:
        (port,) = params_of(given, "a port")
        family, host = self._bound(given)
        given.flag("fork")
        return {
            "port": port_of(given, port),
            "host": host,
            "family": family,
            "groups": groups_of(given),
            "socket": socket_of(given),
            **common_of(given),
        }

    def _udp_listen(self, given: Given) -> UdpListen:
        return UdpListen(**self._udp_bound(given))

    def _udp_recvfrom(self, given: Given) -> UdpReceiveFrom:
        return UdpReceiveFrom(**self._udp_bound(given))

    def _udp_recv(self, given: Given) -> UdpReceive:
        return UdpReceive(**self._udp_bound(given))

    def _udp_to(self, given: Given) -> dict[str, Any]:
        host, port = params_of(given, "a host", "a port")
        bind, bind_port = split_bind(given.text("bind"))
        return {
            "host": host.strip("[]"),
            "port": port_of(given, port),
            "family": self._chosen_family(given),
            "bind": bind,
            "source_port": port_of(given, given.text("sourceport", bind_port or "0")),
            "broadcast": given.integer("so-broadcast") != 0,
            "multicast_interface": given.text("ip-multicast-if"),
            "multicast_hop_limit": given.integer("ip-multicast-ttl", 1),
            "multicast_loop": given.integer("ip-multicast-loop", 1) != 0,
            "groups": groups_of(given),
            "socket": socket_of(given),
            **common_of(given),
        }

    def _udp_connect(self, given: Given) -> UdpConnect:
        return UdpConnect(**self._udp_to(given))

    def _udp_sendto(self, given: Given) -> UdpSendTo:
        return UdpSendTo(**self._udp_to(given))

    def _udp_datagram(self, given: Given) -> UdpDatagram:
        return UdpDatagram(allow=given.networks("range"), **self._udp_to(given))

    # where it listens ---------------------------------------------------------------------------

    def _chosen_family(self, given: Given) -> str:
        asked = given.text("protocol-family").lower()
        if asked in ("ip4", "ipv4", "inet", "2"):
            return "ipv4"
        if asked in ("ip6", "ipv6", "inet6", "10"):
            return "ipv6"
        return self._family

    def _bound(self, given: Given) -> tuple[str, str]:
        """The family and the address on which is listened; as socat does, on all by default."""
        family = self._chosen_family(given)
        host = given.text("bind").strip("[]")
        given.flag("so-reuseaddr", default=True)
        if host:
            return family, host
        only_six = family == "ipv6" and given.integer("ipv6-v6only", 0) != 0
        given.has("ipv6-v6only")
        given.verdicts.append(
            Verdict(
                given.address.keyword,
                VerdictKind.AS_MEANT,
                "it listens on the whole network; bind=127.0.0.1 limits it to this computer",
            )
        )
        if family == "ipv6":
            return ("ipv6" if only_six else "any"), "::"
        return family, "0.0.0.0"
