"""Owns commands of netcat: traditional, OpenBSD's and Nmap's ncat, as one language.

Where they disagree on a letter, what stands around it decides: ncat has long names.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, LiteralString

from bascule.errors import ErrorCode
from bascule.spec.built_in import Room
from bascule.spec.datagrams import UdpConnect, UdpListen, UnixReceive, UnixSendTo
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.foreign.call import Call, left_out, native
from bascule.spec.foreign.found import Found, found_relay
from bascule.spec.foreign.names import program_of
from bascule.spec.foreign.pipes import join_pipes
from bascule.spec.foreign.problems import not_here, refuse_word
from bascule.spec.foreign.switches import (
    Switch,
    host_of,
    port_of,
    read_switches,
    seconds_of,
    split_place,
)
from bascule.spec.foreign.words import Word
from bascule.spec.local import Program, Standard
from bascule.spec.options import Shape
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.refusals import Refusal
from bascule.spec.socat.verdicts import Said, Verdict

_VALUED = "ceipPqswxXmMITOVGgob"
_LONG = frozenset(
    {
        "exec", "sh-exec", "lua-exec", "max-conns", "output", "hex-dump", "idle-timeout",
        "source-port", "source", "wait", "allow", "allowfile", "deny", "denyfile", "proxy",
        "proxy-type", "proxy-auth", "proxy-dns", "ssl-cert", "ssl-key", "ssl-trustfile",
        "ssl-ciphers", "ssl-servername", "ssl-alpn", "delay",
    }
)  # fmt: skip
_NAMES = {
    "l": "listen", "u": "udp", "U": "unixsock", "k": "keep-open", "p": "source-port",
    "s": "source", "w": "wait", "e": "exec", "c": "sh-exec", "m": "max-conns", "v": "verbose",
    "n": "nodns", "C": "crlf", "x": "proxy", "X": "proxy-type", "P": "proxy-user", "q": "quit",
    "d": "recv-only", "N": "shutdown", "z": "zero", "t": "telnet", "T": "tos", "L": "keep-open",
}  # fmt: skip
_NCAT_NAMES = {"i": "idle-timeout", "x": "hex-dump", "d": "delay", "P": "P", "X": "X", "q": "q"}
_REFUSED = {
    "zero": (
        Said("it asks only whether ports are open, and carries nothing"),
        Said("use the button Test"),
    ),
    "lua-exec": (Said("it runs a script within ncat"), Said("use --sh-exec with lua")),
    "telnet": (Said("it answers the questions of Telnet"), Said("use a client for Telnet")),
    "denyfile": (Said("it reads who may not connect from a file"), Said("write who may: --allow")),
    "allowfile": (Said("it reads who may connect from a file"), Said("write who may: --allow")),
    "deny": (Said("Bascule asks who may connect, not who may not"), Said("use --allow")),
    "ssl-alpn": (Said("it names the protocol within TLS"), Said("leave it out")),
    "sctp": (Said("SCTP is a transport that few systems have"), Said("use TCP")),
    "vsock": (Said("it is the socket between a virtual machine and its host"), Said("use TCP")),
    "g": (Said("routers have not followed a route from the sender for long"), Said("leave it out")),
    "G": (Said("routers have not followed a route from the sender for long"), Said("leave it out")),
}
_PLAIN: dict[str, LiteralString] = {
    "verbose": "what happens is in the relay's log.",
    "nodns": "a name is looked up where one is written.",
    "r": "the system chooses the port.",
    "o": "what goes through is shown in the window when you ask for it.",
    "output": "what goes through is shown in the window when you ask for it.",
    "hex-dump": "what goes through is shown in the window when you ask for it.",
    "i": "nothing is held back between lines.",
    "delay": "nothing is held back between lines.",
    "tos": "the type of service is that of the system.",
    "I": "the system chooses the size of its buffer.",
    "O": "the system chooses the size of its buffer.",
    "append-output": "nothing is written to a file.",
    "no-shutdown": "the end of one side is told to the other.",
    "ssl-ciphers": "the ciphers are those of this system.",
    "proxy-dns": "the proxy looks names up.",
}
_DONE: dict[str, LiteralString] = {
    "listen": "The relay waits for connections.",
    "udp": "It is UDP.",
    "unixsock": "It is a Unix socket.",
    "keep-open": "It takes one connection after the other, and several at once.",
    "source-port": "The port on this computer is this one.",
    "source": "The address of this computer is this one.",
    "wait": "Connecting may last so long, and silence as well.",
    "idle-timeout": "A connection that is silent so long is ended.",
    "exec": "Each connection runs this program, once you have confirmed it.",
    "sh-exec": "Each connection runs this command in the shell, once you have confirmed it.",
    "max-conns": "No more connections are taken at the same time.",
    "crlf": "Lines end there with CR and LF.",
    "proxy": "The way leads through this proxy.",
    "proxy-type": "The proxy is of this kind.",
    "proxy-user": "The proxy is told this name.",
    "proxy-auth": "The proxy is told this name, and the password that is kept apart.",
    "quit": "When one side has finished, the other may go on so long.",
    "recv-only": "Bytes come from there only.",
    "send-only": "Bytes go there only.",
    "shutdown": "The end of one side is told to the other.",
    "4": "IPv4 only.",
    "6": "IPv6 only.",
    "ssl": "The connection is encrypted with TLS.",
    "ssl-cert": "The certificate is this one.",
    "ssl-key": "Its key is this one.",
    "ssl-verify": "The certificate of the target is verified.",
    "ssl-trustfile": "These authorities are trusted.",
    "ssl-servername": "The target is asked for by this name.",
    "allow": "Only these may connect.",
    "broker": "All who come are in one room.",
    "chat": "All who come are in one room, and are told who speaks.",
}


def read_netcat(call: Call, system: str | None) -> list[Found]:
    """Read a command of netcat. Raises: SpecError with ``token`` and ``position``."""
    del system  # all of it is the same everywhere
    return [_Netcat(call).found()]


@dataclass(slots=True)
class _Said:
    """The options by their long names; the last of a name counts."""

    switches: dict[str, Switch] = field(default_factory=dict[str, Switch])

    def __contains__(self, name: str) -> bool:
        return name in self.switches

    def value(self, name: str) -> Word | None:
        found = self.switches.get(name)
        return found.given if found is not None else None


class _Netcat:
    def __init__(self, call: Call) -> None:
        self._call = call
        self._verdicts: list[Verdict] = []
        self._secrets: dict[str, str] = {}
        self._said = _Said()
        self._program = program_of(call.words[0].text).lower()
        ncat = self._program == "ncat"
        self._names = {**_NAMES, **(_NCAT_NAMES if ncat else {})}
        valued = f"{_VALUED}d" if ncat else _VALUED
        switches, self._rest = read_switches(call.words[1:], valued, _LONG)
        for switch in switches:
            self._take(switch)

    def _take(self, switch: Switch) -> None:
        name = self._names.get(switch.name, switch.name)
        if name in _REFUSED:
            raise not_here(*_REFUSED[name], switch.word)
        if name in _PLAIN:
            self._verdicts.append(left_out(switch.token, _PLAIN[name]))
        elif name in _DONE:
            self._said.switches[name] = switch
            token = "--proxy-auth" if name == "proxy-auth" else switch.token  # a password is in it
            self._verdicts.append(native(token, _DONE[name]))
        else:
            raise refuse_word(Said("netcat has no option {}", (switch.word.text,)), switch.word)

    def found(self) -> Found:
        said = self._said
        listens = "listen" in said
        network = self._listening() if listens else self._connecting()
        if "crlf" in said:
            network = replace(network, shape=Shape(line_ending="crlf"))
        other = self._other()
        direction = "both"
        if "recv-only" in said or "send-only" in said:
            receives = "recv-only" in said
            direction = "up" if receives == listens else "down"
        fields: dict[str, Any] = {"direction": direction, **self._fields(listens)}
        source, target = (network, other) if listens else (other, network)
        relay = RelaySpec(source=source, target=target, **fields)
        verdicts = [*self._verdicts, *self._call.verdicts]
        relay = join_pipes(relay, self._call, verdicts)
        return found_relay(self._program, self._call, relay, verdicts, self._secrets)

    def _fields(self, listens: bool) -> dict[str, Any]:
        said = self._said
        again = "keep-open" in said or "broker" in said or "chat" in said or self._call.again
        fields: dict[str, Any] = {"once": not again}
        if listens and again and "max-conns" in said:
            fields["max_connections"] = _count(said.switches["max-conns"].given)
        elif listens and self._call.again and "keep-open" not in said:
            fields["max_connections"] = 1
        wait = said.value("idle-timeout") or said.value("wait")
        if wait is not None:
            fields["idle_seconds"] = seconds_of(wait)
        quits = said.value("quit")
        if quits is not None and not quits.text.startswith("-"):
            fields["half_close_seconds"] = max(seconds_of(quits), 0.1)
        allow = said.value("allow")
        if allow is not None:
            fields["allow"] = tuple(allow.text.split(","))
        return fields

    # ends ---------------------------------------------------------------------------------------

    def _listening(self) -> Any:
        """The end that waits: ``-l 80``, ``-l -p 80``, ``-l host 80``."""
        said, rest = self._said, self._rest
        if "unixsock" in said:
            path = self._one_path()
            return UnixReceive(path=path) if "udp" in said else UnixListen(path=path)
        port = said.value("source-port")
        host: Word | None = said.value("source")
        if port is None:
            if not rest:
                raise self._lacks("the port to listen on is missing")
            port = rest[-1]
            host = rest[0] if len(rest) > 1 else host
        elif rest:
            host = rest[0]
        self._at_most(2 if said.value("source-port") is None else 1)
        address = host_of(host) if host is not None else ("::" if "6" in said else "0.0.0.0")
        if "udp" in said:
            return UdpListen(port=port_of(port), host=address, family=self._family())
        tls = None
        if "ssl" in said or "ssl-cert" in said:
            certificate, key = said.value("ssl-cert"), said.value("ssl-key")
            if certificate is None:
                raise refuse_word(
                    "ncat makes a certificate of its own here; make one and name it: --ssl-cert",
                    said.switches["ssl"].word,
                    code=ErrorCode.VALUE_MISSING,
                )
            tls = ServerTls(certificate=certificate.text, key=(key or certificate).text)
        return TcpListen(port=port_of(port), host=address, tls=tls, family=self._family())

    def _connecting(self) -> Any:
        said, rest = self._said, self._rest
        if "unixsock" in said:
            path = self._one_path()
            return UnixSendTo(path=path) if "udp" in said else UnixConnect(path=path)
        self._at_most(2)
        if not rest:
            raise self._lacks("the host is missing")
        if len(rest) < 2 and self._program != "ncat":
            raise self._lacks("the port is missing")
        host = host_of(rest[0])
        port = port_of(rest[1]) if len(rest) > 1 else 31337  # ncat's own
        fields: dict[str, Any] = {"host": host, "port": port, "family": self._family()}
        source, source_port = said.value("source"), said.value("source-port")
        if source is not None:
            fields["bind"] = host_of(source)
        if source_port is not None:
            fields["source_port"] = port_of(source_port, least=0)
        if "udp" in said:
            return UdpConnect(**fields)
        wait = said.value("wait")
        if wait is not None:
            fields["connect_timeout_seconds"] = min(max(seconds_of(wait), 0.1), 3600.0)
        return TcpConnect(**fields, via=self._proxies(), tls=self._client_tls())

    def _client_tls(self) -> ClientTls | None:
        said = self._said
        if not any(name.startswith("ssl") for name in said.switches):
            return None
        trust, name = said.value("ssl-trustfile"), said.value("ssl-servername")
        verify = "ssl-verify" in said or trust is not None
        if not verify:
            why = "As ncat does, the certificate of the target is not verified."
            self._verdicts.append(Verdict("--ssl", "emulated", why, warns=True))
        certificate = said.value("ssl-cert")
        key = said.value("ssl-key") or certificate
        return ClientTls(
            verify=verify,
            authority=trust.text if trust is not None else "",
            server_name=host_of(name) if name is not None else "",
            certificate=certificate.text if certificate is not None else "",
            key=key.text if key is not None else "",
        )

    def _proxies(self) -> tuple[ProxyHop, ...]:
        """``-x host:port -X 5`` (OpenBSD) or ``--proxy host:port --proxy-type socks5`` (ncat)."""
        said = self._said
        place = said.value("proxy")
        if place is None:
            return ()
        kind = said.value("proxy-type")
        ncat = len(said.switches["proxy"].name) > 1
        name = kind.text.lower() if kind is not None else ("http" if ncat else "5")
        versions = {"4": "4", "5": "5", "connect": "http", "http": "http", "socks4": "4",
                    "socks5": "5", "socks4a": "4a"}  # fmt: skip
        if name not in versions:
            raise refuse_word(
                Said("there is no proxy of type {}", (repr(name[:20]),)), kind or place
            )
        parts = split_place(place)
        version = versions[name]
        usual = 3128 if version == "http" else 1080
        port = port_of(parts[1]) if len(parts) > 1 else usual
        user, secret = "", ""
        login = said.value("proxy-auth") or said.value("proxy-user")
        if login is not None:
            user, _colon, secret = login.text.partition(":")
        if secret:
            self._secrets["proxy-1"] = secret
        password = "proxy-1" if secret else ""
        hop = ProxyHop(
            version=version, host=host_of(parts[0]), port=port, username=user, password=password
        )
        return (hop,)

    def _other(self) -> Any:
        """The end that is not the network: a program, a room, or standard input and output."""
        said = self._said
        for name, interpreter in (("exec", "none"), ("sh-exec", "system")):
            command = said.value(name)
            if command is not None:
                return Program(command=command.text, interpreter=interpreter, joined_by="pipes")
        if "chat" in said or "broker" in said:
            return Room(announce="chat" in said, include_self=False)
        return Standard()

    # what is missing ----------------------------------------------------------------------------

    def _family(self) -> str:
        return "ipv4" if "4" in self._said else ("ipv6" if "6" in self._said else "any")

    def _one_path(self) -> str:
        self._at_most(1)
        if not self._rest:
            raise self._lacks("the path of the socket is missing")
        return self._rest[0].text

    def _at_most(self, count: int) -> None:
        if len(self._rest) > count:
            raise refuse_word("nothing is expected here", self._rest[count])

    def _lacks(self, why: LiteralString) -> Refusal:
        return refuse_word(why, self._call.words[0], code=ErrorCode.VALUE_MISSING)


def _count(word: Word) -> int:
    if not word.text.isdecimal() or len(word.text) > 6:
        raise refuse_word("the number of connections is a whole number", word)
    return int(word.text)
