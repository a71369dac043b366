"""Owns stunnel.conf: each service becomes a relay with TLS on one side (stunnel(8))."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, LiteralString

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import ClientTls, ServerTls, TcpConnect, TcpListen
from bascule.spec.ends import Failover
from bascule.spec.foreign.call import Call, left_out, native
from bascule.spec.foreign.found import Found, found_relay
from bascule.spec.foreign.problems import not_here, refuse_word
from bascule.spec.foreign.switches import host_of, port_of, seconds_of, split_place
from bascule.spec.foreign.words import Source, Word
from bascule.spec.local import Program
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.refusals import Refusal
from bascule.spec.socat.verdicts import Said, Verdict

_MOST_SERVICES = 200
_SECTION = re.compile(r"^[ \t]*\[([^\]\n]+)\]", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*([A-Za-z]\w*)[ \t]*=[ \t]*([^\n]*?)[ \t\r]*$", re.MULTILINE)
_IS_ONE = re.compile(r"^[ \t]*(?:accept|connect)[ \t]*=[^\n]*$", re.MULTILINE)
_UNDERSTOOD = frozenset(
    {
        "accept", "connect", "client", "cert", "key", "cafile", "verify", "verifychain",
        "verifypeer", "checkhost", "checkip", "sni", "timeoutidle", "timeoutconnect", "ciphers",
        "sslversionmin", "exec", "execargs", "local",
    }
)  # fmt: skip
_NOTHING = "nothing in Bascule depends on it."
_PLAIN: dict[str, LiteralString] = {
    "pid": "Bascule keeps no such file.",
    "output": "what happens is in the relay's log.",
    "debug": "what happens is in the relay's log.",
    "syslog": "what happens is in the relay's log.",
    "foreground": "the relay runs in Bascule.",
    "setuid": "the relay runs as you.",
    "setgid": "the relay runs as you.",
    "chroot": "the relay sees all files that you see.",
    "fips": "the ciphers are those of this system.",
    "options": "the settings of TLS are Bascule's own.",
    "socket": "the settings of the socket are Bascule's own.",
    "timeoutclose": "a connection ends when both sides have finished.",
    "timeoutbusy": "a connection is ended by silence only.",
    "delay": "a name is looked up anew for each connection.",
    "renegotiation": "nothing is negotiated anew.",
    "failover": "the first that can be reached is taken.",
}
_REFUSED = {
    "protocol": (
        Said("it speaks another protocol before TLS begins"),
        Said("use a port that begins with TLS"),
    ),
    "transparent": (Said("it pretends to be the client's address"), Said("use a PROXY header")),
    "pskSecrets".lower(): (
        Said("it uses a shared key instead of certificates"),
        Said("use certificates"),
    ),
}


@dataclass(slots=True)
class _Service:
    name: str
    begin: int
    end: int
    values: dict[str, Word] = field(default_factory=dict[str, Word])
    targets: list[Word] = field(default_factory=list[Word])
    verdicts: list[Verdict] = field(default_factory=list[Verdict])


def read_stunnel(source: Source) -> list[Found]:
    """The services of a configuration; none where a text is no such configuration."""
    sections = list(_SECTION.finditer(source.text))
    if not sections or len(_IS_ONE.findall(source.text)) < 2:
        return []
    found: list[Found] = []
    shared = _values(source, 0, sections[0].start(), "", None)
    for number, section in enumerate(sections[:_MOST_SERVICES]):
        last = number + 1 == len(sections)
        end = len(source.text) if last else sections[number + 1].start()
        service = _values(source, section.end(), end, section[1].strip(), shared)
        service.begin = source.places[section.start()]
        if "accept" in service.values or service.targets:
            found.append(_found(service))
    return found


def _values(source: Source, begin: int, end: int, name: str, shared: _Service | None) -> _Service:
    service = _Service(name, source.places[begin], source.places[end])
    if shared is not None:
        service.values |= shared.values
    for line in _LINE.finditer(source.text, begin, end):
        at, stop = line.span(2)
        places = source.places[at:stop]
        word = Word(line[2], source.places[at], source.places[stop], places)
        key = line[1].lower()
        service.values[key] = word
        if key == "connect":
            service.targets.append(word)
        service.verdicts.append(_verdict(line[1], key, word))
    return service


def _verdict(name: str, key: str, word: Word) -> Verdict:
    token = f"{name} = {word.text}"
    if key in _UNDERSTOOD or key in _REFUSED:
        return native(token, "The relay has it.")
    return left_out(token, _PLAIN.get(key, _NOTHING))


def _found(service: _Service) -> Found:
    word = next(iter(service.values.values()))
    call = Call("stunnel", (word,), service.begin, service.end)
    try:
        relay = _relay(service)
    except SpecError as exc:
        facts = {"token": service.name, "position": service.begin, "rule": "paste"}
        exc.facts = {**facts, "why": exc.message, **exc.facts}
        verdicts = tuple(service.verdicts)
        return Found("stunnel", service.begin, service.end, verdicts=verdicts, problem=exc)
    return found_relay("stunnel", call, relay, service.verdicts)


def _relay(service: _Service) -> RelaySpec:
    values = service.values
    for key, (what, instead) in _REFUSED.items():
        if key in values and values[key].text.lower() not in ("proxy", "no", "none"):
            raise not_here(what, instead, values[key])
    client = _yes(values.get("client"))
    if "accept" not in values:
        raise Refusal(Said("accept is missing"), code=ErrorCode.VALUE_MISSING)
    host, port = _place(values["accept"], "0.0.0.0")
    source = TcpListen(port=port, host=host, tls=None if client else _server_tls(service))
    target = _target(service, client=client)
    idle = values.get("timeoutidle")
    return RelaySpec(
        source=source, target=target, idle_seconds=43_200.0 if idle is None else seconds_of(idle)
    )


def _place(word: Word, usual: str) -> tuple[str, int]:
    parts = split_place(word)
    if len(parts) > 2:  # an IPv6 address without brackets
        cut = word.text.rindex(":")
        parts = [word.cut(0, cut), word.cut(cut + 1)]
    host = parts[0] if len(parts) == 2 and parts[0].text else None
    return (usual if host is None else host_of(host)), port_of(parts[-1])


def _target(service: _Service, *, client: bool) -> Any:
    values = service.values
    if "exec" in values:
        words = values.get("execargs")
        arguments = words.text.partition(" ")[2] if words is not None else ""
        return Program(command=f"{values['exec'].text} {arguments}".strip())
    if not service.targets:
        raise Refusal(Said("connect is missing"), code=ErrorCode.VALUE_MISSING)
    timeout = values.get("timeoutconnect")
    local = values.get("local")
    fields: dict[str, Any] = {
        "tls": _client_tls(service) if client else None,
        "connect_timeout_seconds": 10.0 if timeout is None else seconds_of(timeout),
        "bind": "" if local is None else host_of(local),
    }
    targets: list[TcpConnect] = []
    for word in service.targets:
        host, port = _place(word, "127.0.0.1")
        targets.append(TcpConnect(host=host, port=port, **fields))
    return targets[0] if len(targets) == 1 else Failover(targets=tuple(targets))


def _server_tls(service: _Service) -> ServerTls:
    values = service.values
    if "cert" not in values:
        raise Refusal(Said("cert is missing: the certificate"), code=ErrorCode.VALUE_MISSING)
    authority = values["cafile"].text if "cafile" in values and _verifies(values) else ""
    return ServerTls(
        certificate=values["cert"].text,
        key=values.get("key", values["cert"]).text,
        client_authority=authority,
        **_common(values),
    )


def _client_tls(service: _Service) -> ClientTls:
    values = service.values
    verify = _verifies(values)
    if not verify:
        why = "As stunnel does, the certificate of the target is not verified."
        service.verdicts.append(Verdict("client", "emulated", why, warns=True))
    name = values.get("checkhost") or values.get("sni")
    certificate = values["cert"].text if "cert" in values else ""
    return ClientTls(
        verify=verify,
        authority=values["cafile"].text if "cafile" in values else "",
        server_name=host_of(name) if name is not None else "",
        certificate=certificate,
        key=values.get("key", values["cert"]).text if certificate else "",
        **_common(values),
    )


def _common(values: dict[str, Word]) -> dict[str, Any]:
    least = values.get("sslversionmin")
    ciphers = values.get("ciphers")
    return {
        "minimum_version": "1.3" if least is not None and least.text == "TLSv1.3" else "1.2",
        "ciphers": ciphers.text if ciphers is not None else "",
    }


def _verifies(values: dict[str, Word]) -> bool:
    level = values.get("verify")
    if level is not None and level.text not in ("0", "1"):
        if not level.text.isdecimal():
            raise refuse_word("verify is a number from 0 to 4", level)
        return True
    return _yes(values.get("verifychain")) or _yes(values.get("verifypeer"))


def _yes(word: Word | None) -> bool:
    return word is not None and word.text.lower() == "yes"
