"""Owns TCP, TLS, proxies and Unix stream sockets in socat's words."""

from __future__ import annotations

from typing import Any, LiteralString

from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.socat import common
from bascule.spec.socat.given import Given
from bascule.spec.socat.lexer import split
from bascule.spec.socat.reader import Param
from bascule.spec.socat.verdicts import Said, VerdictKind

CONNECT_SECONDS = 120.0
"""How long connecting may last where nothing is said: about what the system allows."""

ANY_ADDRESS = {"ipv4": "0.0.0.0", "ipv6": "::"}

EVERYWHERE: LiteralString = (
    "It listens on the whole network: any computer that reaches this one may connect. "
    "bind=127.0.0.1 keeps it to this computer, range= says who may."
)
"""What is said of an address that listens and does not say where."""


def tcp_listen(given: Given, version: str = "") -> TcpListen:
    """``TCP-LISTEN:port``."""
    (port,) = common.params(given, "port")
    return _listen(given, port, version, _server_tls(given) if given.switch("tls") else None)


def openssl_listen(given: Given, _version: str = "") -> TcpListen:
    """``OPENSSL-LISTEN:port``."""
    (port,) = common.params(given, "port")
    return _listen(given, port, "", _server_tls(given))


def _listen(given: Given, port: Param, version: str, tls: ServerTls | None) -> TcpListen:
    host, family = listening(given, version)
    return TcpListen(
        port=common.port(given, port),
        host=host,
        tls=tls,
        backlog=given.integer("backlog", 128, 1, 65_535),
        keepalive=common.keepalive(given),
        nodelay=given.switch("tcp-nodelay", default=True),
        family=family,
        proxy_header=given.switch("proxy-header"),
        accept_timeout_seconds=given.seconds("accept-timeout"),
        socket=common.socket(given),
        **common.common(given),
    )


def listening(given: Given, version: str) -> tuple[str, str]:
    """Where it is listened, and the IP version. Without ``bind=`` that is the whole network."""
    family = common.family(given, version)
    only_ipv6 = given.switch("ipv6-v6only")
    option = given.last("bind")
    if option is not None:
        name, service = common.split_port(given.value(option))
        if service:
            raise given.wrong(option, "an address; the port is said already")
        if name:
            return common.host(given, Param(name, option.value_at)), family
    wanted = family
    if family == "any" and given.context.prefer == "6":
        wanted = "ipv6"
    given.note(VerdictKind.NATIVE, EVERYWHERE)
    # "::" takes IPv4 as well, unless IPv6 alone is wanted.
    if wanted == "ipv6":
        return ANY_ADDRESS["ipv6"], "ipv6" if only_ipv6 else "any"
    return ANY_ADDRESS["ipv4"], family


def tcp_connect(given: Given, version: str = "") -> TcpConnect:
    """``TCP:host:port``."""
    host, port = common.params(given, "host", "port")
    return _connect(given, host, port, version, (), given.switch("tls"))


def openssl(given: Given, _version: str = "") -> TcpConnect:
    """``OPENSSL:host:port``."""
    host, port = common.params(given, "host", "port")
    return _connect(given, host, port, "", (), True)


def _connect(
    given: Given,
    host: Param,
    port: Param,
    version: str,
    via: tuple[ProxyHop, ...],
    encrypted: bool,
) -> TcpConnect:
    name, source_port = common.bind(given)
    via = (*via, *(_hop(given, value) for value in given.values("hop")))
    tls = _client_tls(given, common.host(given, host)) if encrypted else None
    return TcpConnect(
        host=common.host(given, host),
        port=common.port(given, port, low=1),
        via=via,
        tls=tls,
        connect_timeout_seconds=connect_timeout(given),
        family=common.family(given, version),
        bind=name,
        keepalive=common.keepalive(given),
        nodelay=given.switch("tcp-nodelay", default=True),
        source_port=source_port,
        low_port=given.switch("lowport"),
        proxy_header=given.text("proxy-header", "none"),
        socket=common.socket(given),
        **common.common(given),
    )


def connect_timeout(given: Given) -> float:
    """How long connecting may last, in seconds."""
    option = given.last("connect-timeout")
    seconds = given.seconds("connect-timeout", CONNECT_SECONDS)
    if option is not None and not 0.1 <= seconds <= 3600:
        raise given.wrong(option, "seconds from 0.1 to 3600")
    return seconds


# proxies ------------------------------------------------------------------------------------------


def socks4(given: Given, _version: str = "", *, protocol: str = "4") -> TcpConnect:
    """``SOCKS4:proxy:host:port``."""
    proxy, host, port = common.params(given, "socks-server", "host", "port")
    hop = ProxyHop(protocol, common.host(given, proxy), _socks_port(given), _socks_user(given))
    given.drop("sockspass", "Left out: SOCKS 4 has no passwords.", warns=True)
    return _connect(given, host, port, "", (hop,), given.switch("tls"))


def socks4a(given: Given, _version: str = "") -> TcpConnect:
    """``SOCKS4A:proxy:host:port``."""
    return socks4(given, protocol="4a")


def socks5(given: Given, _version: str = "") -> TcpConnect:
    """``SOCKS5:proxy[:port]:host:port``."""
    found = given.single.params
    if len(found) == 4:
        proxy, proxy_port, host, port = found
        number = common.port(given, proxy_port, low=1)
        given.drop("socksport", "Left out: the port of the proxy is said before the host.")
    else:
        proxy, host, port = common.params(given, "socks-server", "host", "port")
        number = _socks_port(given)
    user, password = _socks_user(given), given.text("sockspass")
    hop = ProxyHop("5", common.host(given, proxy), number, user, given.context.keep(password))
    return _connect(given, host, port, "", (hop,), given.switch("tls"))


def _socks_port(given: Given) -> int:
    option = given.last("socksport")
    return 1080 if option is None else common.port(given, common.value_of(given, option), low=1)


def _socks_user(given: Given) -> str:
    return given.text("socksuser")


def proxy(given: Given, _version: str = "") -> TcpConnect:
    """``PROXY:proxy:host:port``: HTTP CONNECT."""
    server, host, port = common.params(given, "proxy-server", "host", "port")
    option = given.last("proxyport")
    number = 8080
    if option is not None:
        number = common.port(given, common.value_of(given, option), low=1)
    user, password = "", ""
    option = given.last("proxy-authorization")
    if option is not None:
        user, _, password = given.value(option).partition(":")
        if not user:
            raise given.wrong(option, "user:password")
    if not given.switch("proxy-resolve", default=True):
        given.say_of(
            "proxy-resolve", VerdictKind.IGNORED, "Left out: the proxy always resolves the name."
        )
    hop = ProxyHop("http", common.host(given, server), number, user, given.context.keep(password))
    return _connect(given, host, port, "", (hop,), given.switch("tls"))


def _hop(given: Given, value: Param) -> ProxyHop:
    """``hop=5:proxy:1080:user:password``: one more proxy on the way, after those before it."""
    parts = split(value.text, ":")
    if not 3 <= len(parts) <= 5:
        shown = Param("hop=…", value.at)
        raise given.fail(shown, "hop wants version:host:port:user:password; 4, 4a, 5 or http")
    version, server, number, user, password = (*parts, "", "")[:5]
    return ProxyHop(
        version,
        common.host(given, Param(server, value.at)),
        common.port(given, Param(number, value.at), low=1),
        user,
        given.context.keep(password),
    )


# TLS ----------------------------------------------------------------------------------------------


def _server_tls(given: Given) -> ServerTls:
    certificate = given.text("openssl-certificate")
    if not certificate:
        raise given.missing("cert=FILE is missing: a TLS server shows a certificate")
    verify = given.switch("openssl-verify", default=True)
    authority = given.text("openssl-cafile")
    if verify and not authority:
        raise given.missing(
            "cafile=FILE is missing: it says whose clients are trusted; verify=0 asks for no "
            "client certificate"
        )
    if not verify:
        given.say_of("openssl-verify", VerdictKind.NATIVE, "No client certificate is asked for.")
        given.drop("openssl-cafile", "Left out: with verify=0 no client certificate is asked for.")
    name = given.last("openssl-commonname")
    if name is not None:
        why = Said(
            "commonname: Bascule trusts every client certificate of the authority, by any name"
        )
        raise given.fail(name, why)
    return ServerTls(
        certificate,
        given.text("openssl-key", certificate),
        key_passphrase=given.context.keep(given.text("keypass")),
        client_authority=authority if verify else "",
        minimum_version=_minimum_version(given),
        ciphers=given.text("openssl-cipherlist"),
    )


def _client_tls(given: Given, host: str) -> ClientTls:
    certificate = given.text("openssl-certificate")
    verify = given.switch("openssl-verify", default=True)
    if not verify:
        given.say_of(
            "openssl-verify",
            VerdictKind.NATIVE,
            "Nobody checks whom it talks to: the certificate of the server is not verified.",
            warns=True,
        )
    return ClientTls(
        verify=verify,
        authority=given.text("openssl-cafile"),
        server_name=_server_name(given, host),
        certificate=certificate,
        key=given.text("openssl-key", certificate),
        key_passphrase=given.context.keep(given.text("keypass")),
        minimum_version=_minimum_version(given),
        ciphers=given.text("openssl-cipherlist"),
        send_name=not given.switch("openssl-no-sni"),
    )


def _server_name(given: Given, host: str) -> str:
    """The name to ask for and to verify: Bascule has one for both."""
    verified, asked = _name(given, "openssl-commonname"), _name(given, "openssl-snihost")
    if given.has("openssl-commonname") and not verified:
        why = "Left out: the name is verified in any case; verify=0 leaves out all of it."
        given.drop("openssl-commonname", why, warns=True)
    if verified and asked and verified != asked:
        why = Said("Left out: the name that is verified, {}, is asked for as well.", (verified,))
        given.drop("openssl-snihost", why, warns=True)
    elif asked and not verified and asked != host:
        text = "The server is asked for by the name {}, and its certificate must be for it."
        given.say_of("openssl-snihost", VerdictKind.EMULATED, Said(text, (asked,)))
    return verified or asked


def _name(given: Given, name: str) -> str:
    """The host that an option names; "" where there is none."""
    option = given.last(name)
    if option is None or not given.value(option):
        return ""
    return common.host(given, common.value_of(given, option))


def _minimum_version(given: Given) -> str:
    option = given.last("openssl-min-proto-version")
    if option is None:
        return "1.2"
    version = given.value(option).upper().removeprefix("TLS").removeprefix("V")
    if version in ("1.2", "1.3"):
        return version
    if version in ("1", "1.0", "1.1") or given.value(option).upper().startswith("SSL"):
        given.say(option, VerdictKind.IGNORED, "Left out: TLS 1.2 is the oldest that is used.")
        return "1.2"
    raise given.wrong(option, "TLS1.2 or TLS1.3")


# Unix ---------------------------------------------------------------------------------------------


def unix_listen(given: Given, _version: str = "") -> UnixListen:
    """``UNIX-LISTEN:path`` and ``ABSTRACT-LISTEN:name``."""
    user, group = given.text("user") or given.text("user-early"), given.text("group")
    group = group or given.text("group-early")
    if given.has("unlink-early", "unlink"):
        for name in ("unlink-early", "unlink"):
            why = "A socket that nobody listens on any more is replaced in any case; others stay."
            given.say_of(name, VerdictKind.EMULATED, why)
    return UnixListen(
        path=unix_path(given),
        mode=given.permissions(masked(given, 0o777) or "600"),
        tls=_server_tls(given) if given.switch("tls") else None,
        backlog=given.integer("backlog", 128, 1, 65_535),
        abstract=is_abstract(given),
        owner=f"{user}:{group}" if group else user,
        remove_after=given.switch("unlink-close", default=True),
        accept_timeout_seconds=given.seconds("accept-timeout"),
        **common.common(given),
    )


def unix_connect(given: Given, _version: str = "") -> UnixConnect:
    """``UNIX-CONNECT:path``, ``UNIX-CLIENT:path`` and their abstract forms."""
    if given.name.name.endswith("-CLIENT"):
        given.note(
            VerdictKind.EMULATED,
            "It connects to a stream socket; for one of datagrams write UNIX-SENDTO.",
        )
    path = unix_path(given)
    option = given.last("connect-timeout")
    return UnixConnect(
        path=path,
        tls=_client_tls(given, "") if given.switch("tls") else None,
        connect_timeout_seconds=10.0 if option is None else connect_timeout(given),
        abstract=is_abstract(given),
        bind=given.text("bind"),
        **common.common(given),
    )


def is_abstract(given: Given) -> bool:
    """Whether the address is one of Linux' abstract names."""
    return given.name.name.startswith("ABSTRACT")


def unix_path(given: Given) -> str:
    """The path, or the abstract name, of a Unix socket."""
    (path,) = common.params(given, "filename")
    if given.context.system == "windows":
        given.not_here("Python on Windows has no Unix sockets; use NAMED-PIPE or TCP.")
    elif is_abstract(given) and given.context.system != "linux":
        given.not_here("Only Linux has abstract names; use a path.")
    if is_abstract(given):
        return path.text
    return given.in_folder(path.text)


def masked(given: Given, everything: int) -> str:
    """The permissions that ``umask=`` leaves, in octal; "" where it says nothing."""
    mask = given.permissions("", "umask")
    return f"{everything & ~int(mask, 8):03o}" if mask else ""


MAKERS: dict[str, Any] = {
    "TCP-LISTEN": tcp_listen,
    "TCP-CONNECT": tcp_connect,
    "OPENSSL-LISTEN": openssl_listen,
    "OPENSSL": openssl,
    "SOCKS4": socks4,
    "SOCKS4A": socks4a,
    "SOCKS5-CONNECT": socks5,
    "PROXY": proxy,
    "UNIX-LISTEN": unix_listen,
    "UNIX-CONNECT": unix_connect,
    "UNIX-CLIENT": unix_connect,
    "ABSTRACT-LISTEN": unix_listen,
    "ABSTRACT-CONNECT": unix_connect,
    "ABSTRACT-CLIENT": unix_connect,
}
