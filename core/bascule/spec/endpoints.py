"""Owns the ends of a relay as data: what may stand as source or target.

Each end is one frozen spec with a ``kind`` that names it in profiles and on the wire. Layers
(TLS, proxy hops) are groups within an end, so that TLS over SOCKS over TCP is one target.
"""

from __future__ import annotations

from typing import ClassVar

from bascule.errors import ErrorCode, SpecError
from bascule.names import is_proxy_only_name
from bascule.spec.datagrams import FAMILIES, check_mode
from bascule.spec.fields import FieldKind, Spec, invalid, parse_host, spec, spec_field
from bascule.spec.options import End, SocketSettings

LINE_STATES = ("on", "off", "unchanged")
TLS_VERSIONS = ("1.2", "1.3")


@spec()
class ServerTls(Spec):
    """TLS towards those who connect: our certificate and key (PEM files)."""

    certificate: str = spec_field(FieldKind.FILE, "certificate file (PEM, with its chain)")
    key: str = spec_field(FieldKind.FILE, "private key file (PEM)")
    key_passphrase: str = spec_field(
        FieldKind.SECRET, "reference to the passphrase of an encrypted key", "", advanced=True
    )
    client_authority: str = spec_field(
        FieldKind.FILE,
        "demand a client certificate signed by this authority (PEM file)",
        "",
        advanced=True,
    )
    minimum_version: str = spec_field(
        FieldKind.CHOICE, "oldest version of TLS", "1.2", choices=TLS_VERSIONS, advanced=True
    )
    ciphers: str = spec_field(
        FieldKind.TEXT, "ciphers for TLS 1.2, in OpenSSL's words", "", advanced=True
    )


@spec()
class ClientTls(Spec):
    """TLS towards the target. The certificate is verified unless ``verify`` is switched off."""

    verify: bool = spec_field(FieldKind.SWITCH, "verify the certificate of the target", True)
    authority: str = spec_field(
        FieldKind.FILE, "trust this certificate authority instead of the system's (PEM file)", ""
    )
    server_name: str = spec_field(
        FieldKind.HOST, "name to ask for (SNI) and to verify, if not the host", "", advanced=True
    )
    certificate: str = spec_field(FieldKind.FILE, "our client certificate (PEM)", "", advanced=True)
    key: str = spec_field(FieldKind.FILE, "key of our client certificate (PEM)", "", advanced=True)
    key_passphrase: str = spec_field(
        FieldKind.SECRET, "reference to the passphrase of an encrypted key", "", advanced=True
    )
    minimum_version: str = spec_field(
        FieldKind.CHOICE, "oldest version of TLS", "1.2", choices=TLS_VERSIONS, advanced=True
    )
    ciphers: str = spec_field(
        FieldKind.TEXT, "ciphers for TLS 1.2, in OpenSSL's words", "", advanced=True
    )
    send_name: bool = spec_field(
        FieldKind.SWITCH, "ask for the server by its name (SNI, RFC 6066 §3)", True, advanced=True
    )

    def check(self) -> None:
        if self.certificate and not self.key:
            raise SpecError("key is missing", code=ErrorCode.VALUE_MISSING, field="key")
        if self.key and not self.certificate:
            raise SpecError(
                "certificate is missing", code=ErrorCode.VALUE_MISSING, field="certificate"
            )


@spec()
class ProxyHop(Spec):
    """One proxy on the way to the target: SOCKS, or HTTP (CONNECT, RFC 9110 §9.3.6)."""

    version: str = spec_field(
        FieldKind.CHOICE, "version of SOCKS, or http", "5", choices=("4", "4a", "5", "http")
    )
    host: str = spec_field(FieldKind.HOST, "host of the proxy", "127.0.0.1", required=True)
    port: int = spec_field(FieldKind.PORT, "port of the proxy", 1080, minimum=1)
    username: str = spec_field(FieldKind.TEXT, "user name, if the proxy wants one", "")
    password: str = spec_field(FieldKind.SECRET, "reference to the password", "")

    def check(self) -> None:
        if self.version not in ("5", "http") and self.password:
            raise invalid(
                "password", "SOCKS 4 has no passwords; use SOCKS 5", rule="socks4_password"
            )
        if len(self.username.encode()) > 255:
            raise invalid("username", "must be at most 255 bytes", rule="maximum_bytes")
        if self.password and not self.username:
            raise SpecError("username is missing", code=ErrorCode.VALUE_MISSING, field="username")


@spec()
class TcpListen(End):
    """Wait for TCP connections, in TLS where ``tls`` is given. Port 0 takes any free one."""

    kind: ClassVar[str] = "tcp-listen"
    listens: ClassVar[bool] = True
    port: int = spec_field(FieldKind.PORT, "port to listen on")
    host: str = spec_field(
        FieldKind.HOST,
        "address to listen on; 0.0.0.0 or :: for the whole network",
        "127.0.0.1",
        required=True,
    )
    tls: ServerTls | None = spec_field(FieldKind.GROUP, "encrypt with TLS", None)
    backlog: int = spec_field(
        FieldKind.INTEGER,
        "connections the system may hold back",
        128,
        minimum=1,
        maximum=65535,
        advanced=True,
    )
    keepalive: bool = spec_field(FieldKind.SWITCH, "notice dead peers", True, advanced=True)
    nodelay: bool = spec_field(FieldKind.SWITCH, "send small pieces at once", True, advanced=True)
    family: str = spec_field(FieldKind.CHOICE, "IP version", "any", choices=FAMILIES, advanced=True)
    proxy_header: bool = spec_field(
        FieldKind.SWITCH,
        "each connection begins with the PROXY header of a load balancer",
        False,
        advanced=True,
    )
    accept_timeout_seconds: float = spec_field(
        FieldKind.SECONDS,
        "stop listening when nobody has come after; 0: never",
        0.0,
        minimum=0,
        maximum=31_536_000,
        advanced=True,
    )
    socket: SocketSettings | None = spec_field(
        FieldKind.GROUP, "settings of the socket", None, advanced=True
    )

    def check(self) -> None:
        if is_proxy_only_name(self.host):
            raise SpecError(
                f"{self.host} is not an address of this computer and is never resolved here",
                code=ErrorCode.NAME_NOT_RESOLVABLE_HERE,
                field="host",
                host=self.host,
            )


@spec()
class UnixListen(End):
    """Wait for connections on a Unix socket."""

    kind: ClassVar[str] = "unix-listen"
    listens: ClassVar[bool] = True
    path: str = spec_field(FieldKind.FILE, "path of the socket")
    mode: str = spec_field(
        FieldKind.TEXT, "permissions of the socket, in octal", "600", advanced=True
    )
    tls: ServerTls | None = spec_field(FieldKind.GROUP, "encrypt with TLS", None)
    backlog: int = spec_field(
        FieldKind.INTEGER,
        "connections the system may hold back",
        128,
        minimum=1,
        maximum=65535,
        advanced=True,
    )
    abstract: bool = spec_field(
        FieldKind.SWITCH, "the path is an abstract name, not a file (Linux)", False, advanced=True
    )
    owner: str = spec_field(
        FieldKind.TEXT, "who owns the socket: user, user:group or :group", "", advanced=True
    )
    remove_after: bool = spec_field(
        FieldKind.SWITCH, "remove the socket at the end", True, advanced=True
    )
    accept_timeout_seconds: float = spec_field(
        FieldKind.SECONDS,
        "stop listening when nobody has come after; 0: never",
        0.0,
        minimum=0,
        maximum=31_536_000,
        advanced=True,
    )

    def check(self) -> None:
        check_mode(self.mode)
        if self.abstract and self.owner:
            why = "an abstract name is no file and has no owner"
            raise invalid("owner", why, rule="abstract_file")
        if self.abstract and self.mode != "600":
            why = "an abstract name is no file and has no permissions"
            raise invalid("mode", why, rule="abstract_file")


@spec()
class TcpConnect(End):
    """Connect to a host, through proxies where ``via`` names some, in TLS where ``tls`` is given.

    With proxies, the last one resolves the host; the first hop is resolved here, every other hop
    by the hop before it.
    """

    kind: ClassVar[str] = "tcp-connect"
    host: str = spec_field(FieldKind.HOST, "host to connect to", required=True)
    port: int = spec_field(FieldKind.PORT, "port to connect to", minimum=1)
    via: tuple[ProxyHop, ...] = spec_field(FieldKind.GROUPS, "proxies on the way, in order", ())
    tls: ClientTls | None = spec_field(FieldKind.GROUP, "encrypt with TLS", None)
    connect_timeout_seconds: float = spec_field(
        FieldKind.SECONDS,
        "give up connecting after",
        10.0,
        minimum=0.1,
        maximum=3600,
        advanced=True,
    )
    family: str = spec_field(FieldKind.CHOICE, "IP version", "any", choices=FAMILIES, advanced=True)
    bind: str = spec_field(FieldKind.HOST, "local address to connect from", "", advanced=True)
    keepalive: bool = spec_field(FieldKind.SWITCH, "notice dead peers", True, advanced=True)
    nodelay: bool = spec_field(FieldKind.SWITCH, "send small pieces at once", True, advanced=True)
    source_port: int = spec_field(
        FieldKind.PORT, "local port to connect from; 0: any", 0, advanced=True
    )
    low_port: bool = spec_field(
        FieldKind.SWITCH,
        "connect from a port below 1024, where no local port is chosen",
        False,
        advanced=True,
    )
    proxy_header: str = spec_field(
        FieldKind.CHOICE,
        "begin with a PROXY header that says who has connected to us",
        "none",
        choices=("none", "v1", "v2"),
        advanced=True,
    )
    socket: SocketSettings | None = spec_field(
        FieldKind.GROUP, "settings of the socket", None, advanced=True
    )

    def check(self) -> None:
        first = self.via[0].host if self.via else self.host
        if is_proxy_only_name(first):
            where = "via.0.host" if self.via else "host"
            raise SpecError(
                f"{first} can only be reached through a proxy and is never resolved here",
                code=ErrorCode.NAME_NOT_RESOLVABLE_HERE,
                field=where,
                host=first,
            )
        beyond = [*(hop.host for hop in self.via[1:]), *((self.host,) if self.via else ())]
        for index, (hop, host) in enumerate(zip(self.via, beyond, strict=True)):
            self._check_socks4(index, hop, host)

    def _check_socks4(self, index: int, hop: ProxyHop, host: str) -> None:
        address = parse_host(host)
        if hop.version in ("4", "4a") and address is not None and address.version == 6:
            raise invalid(
                f"via.{index}.version",
                f"SOCKS {hop.version} cannot carry the IPv6 address {host}; use SOCKS 5",
                rule="socks4_ipv6",
                host=host,
            )
        if hop.version == "4" and address is None and is_proxy_only_name(host):
            raise SpecError(
                f"SOCKS 4 would have to resolve {host} here, which must never happen; "
                "use SOCKS 4a or 5",
                code=ErrorCode.NAME_NOT_RESOLVABLE_HERE,
                field=f"via.{index}.version",
                host=host,
            )


@spec()
class UnixConnect(End):
    """Connect to a Unix socket."""

    kind: ClassVar[str] = "unix-connect"
    path: str = spec_field(FieldKind.FILE, "path of the socket")
    tls: ClientTls | None = spec_field(FieldKind.GROUP, "encrypt with TLS", None)
    connect_timeout_seconds: float = spec_field(
        FieldKind.SECONDS,
        "give up connecting after",
        10.0,
        minimum=0.1,
        maximum=3600,
        advanced=True,
    )
    abstract: bool = spec_field(
        FieldKind.SWITCH, "the path is an abstract name, not a file (Linux)", False, advanced=True
    )
    bind: str = spec_field(FieldKind.FILE, "path of our own end", "", advanced=True)

    def check(self) -> None:
        if self.tls is not None and self.tls.verify and not self.tls.server_name:
            raise SpecError(
                "server_name is missing: a path has no name that a certificate could carry",
                code=ErrorCode.VALUE_MISSING,
                field="tls.server_name",
            )


@spec()
class SerialPort(End):
    """Open a serial port. It can be source or target; one connection at a time uses it."""

    kind: ClassVar[str] = "serial"
    device: str = spec_field(FieldKind.DEVICE, "serial port (COM5, /dev/ttyUSB0)")
    baud: int = spec_field(FieldKind.INTEGER, "speed in baud", 9600, minimum=50, maximum=10_000_000)
    data_bits: int = spec_field(FieldKind.INTEGER, "data bits", 8, minimum=5, maximum=8)
    parity: str = spec_field(
        FieldKind.CHOICE, "parity", "none", choices=("none", "even", "odd", "mark", "space")
    )
    stop_bits: str = spec_field(FieldKind.CHOICE, "stop bits", "1", choices=("1", "1.5", "2"))
    flow_control: str = spec_field(
        FieldKind.CHOICE,
        "flow control",
        "none",
        choices=("none", "rts-cts", "dsr-dtr", "xon-xoff"),
    )
    dtr: str = spec_field(
        FieldKind.CHOICE, "DTR line on opening", "on", choices=LINE_STATES, advanced=True
    )
    rts: str = spec_field(
        FieldKind.CHOICE, "RTS line on opening", "on", choices=LINE_STATES, advanced=True
    )

    @property
    def line(self) -> str:
        """The line settings as technicians write them: ``9600 8N1``."""
        return f"{self.baud} {self.data_bits}{self.parity[0].upper()}{self.stop_bits}"
