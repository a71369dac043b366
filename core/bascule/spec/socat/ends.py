"""Owns what each kind of socat's addresses is as an end of a relay."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bascule.errors import SpecError
from bascule.spec.ends import Source, Target
from bascule.spec.socat.given import Given, malformed, not_here
from bascule.spec.socat.local import LocalEnds
from bascule.spec.socat.network import NetworkEnds

type End = Source | Target

_FAMILIES = {"4": "ipv4", "6": "ipv6"}
_ELSEWHERE = {
    "OPENSSL-DTLS-CLIENT": "DTLS (TLS over datagrams) is not in Bascule; use OPENSSL over TCP",
    "OPENSSL-DTLS-SERVER": "DTLS (TLS over datagrams) is not in Bascule; use OPENSSL-LISTEN",
    "READLINE": "line editing belongs to a terminal; use STDIO, under rlwrap where you want it",
    "TUN": "network interfaces are a matter of a VPN, such as WireGuard",
    "INTERFACE": "raw network interfaces are a matter of tcpdump or tcpreplay",
    "SOCKS5-LISTEN": "waiting behind a SOCKS proxy (BIND) is not in Bascule yet",
    "ACCEPT-FD": "sockets handed over by systemd are not in Bascule; listen with TCP-LISTEN",
}
_ELSEWHERE_BY_START = {
    "SCTP": "SCTP is not in Bascule; use TCP",
    "DCCP": "DCCP is not in Bascule; use UDP",
    "UDPLITE": "UDP-Lite is not in Bascule; use UDP",
    "IP": "raw IP sockets are not in Bascule; use TCP or UDP",
    "POSIXMQ": "POSIX message queues are not in Bascule; use a pipe or a Unix socket",
    "VSOCK": "sockets of virtual machines are not in Bascule; use TCP",
    "SOCKET": "sockets by number are not in Bascule; name the protocol: TCP, UDP, UNIX",
}


class EndReader(NetworkEnds, LocalEnds):
    """Makes ends from addresses: each kind by the method of its name. Passwords are in
    ``secrets``, by the reference that stands for them in an end.
    """

    def read(self, kind: str, given: Given) -> End:
        """Make the end of an address of that kind; the options that are left are the caller's to
        finish. Raises: SpecError.
        """
        make = getattr(self, f"_{kind.lower().replace('-', '_')}", None)
        if make is None:
            make = self._by_family(kind)
        if make is None:
            raise not_here(kind, _why_not(kind))
        try:
            end: End = make(given)
        except SpecError as exc:
            if "position" in exc.facts:
                raise
            raise malformed(given.address.text, 0, exc.message) from exc
        return end

    def _by_family(self, kind: str) -> Callable[[Given], End] | None:
        """What makes TCP4-LISTEN, UDP6-RECV and the like."""
        for start in ("TCP", "UDP"):
            if kind.startswith(start) and kind[len(start) : len(start) + 1] in _FAMILIES:
                family = _FAMILIES[kind[len(start)]]
                plain = f"_{start}{kind[len(start) + 1 :]}".lower().replace("-", "_")
                make = getattr(self, plain, None)
                if make is not None:
                    return partial(self._with, family, make)
        return None

    def _with(self, family: str, make: Callable[[Given], End], given: Given) -> End:
        before, self._family = self._family, family
        try:
            return make(given)
        finally:
            self._family = before


def _why_not(kind: str) -> str:
    if kind in _ELSEWHERE:
        return _ELSEWHERE[kind]
    for start, why in _ELSEWHERE_BY_START.items():
        if kind.startswith(start):
            return why
    return "Bascule does not have this kind of address"
