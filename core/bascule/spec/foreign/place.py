"""Owns what is pasted that is no command: one place alone, which a relay could lead to. That is an
address (``10.0.0.7:502``), one as a browser shows it, or a serial port (``COM5,9600,8N1``).

What the text does not say is chosen: the port on this computer, and TLS where the address has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from bascule.errors import SpecError
from bascule.spec.endpoints import ClientTls, SerialPort, TcpConnect, TcpListen
from bascule.spec.fields import is_host
from bascule.spec.foreign.call import Call, emulated, left_out, native
from bascule.spec.foreign.found import Found, found_relay
from bascule.spec.foreign.problems import refuse_word
from bascule.spec.foreign.switches import host_of, port_of
from bascule.spec.foreign.words import Source, Word
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.verdicts import Said, Verdict

ADDRESS = "address"
SERIAL = "serial port"

_ADDRESS = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]{0,30})://)?(?:(?P<user>[^/@\s]*)@)?"
    r"(?P<host>\[[^\]\s]+\]|[^/:@,\s\[\]]+)(?::(?P<port>[0-9]{1,5}))?(?P<page>[/?#]\S*)?",
    re.IGNORECASE,
)
_PORTS = {
    "http": 80, "ws": 80, "https": 443, "wss": 443, "ssh": 22, "telnet": 23, "ftp": 21,
    "rtsp": 554, "mqtt": 1883, "mqtts": 8883, "rdp": 3389, "vnc": 5900, "redis": 6379,
    "postgres": 5432, "postgresql": 5432, "mysql": 3306, "modbus": 502, "ldap": 389, "ldaps": 636,
}  # fmt: skip
_IN_TLS = frozenset({"https", "wss", "mqtts", "ldaps", "tls", "ssl"})

_SERIAL = re.compile(
    r"(?:\\\\\.\\)?COM[0-9]{1,3}(?![\w.-])|/dev/(?:tty|cu\.|serial/|rfcomm)[^\s,:]*", re.IGNORECASE
)
_LINE = re.compile(r"([5-8])([neoms])(1|1\.5|2)", re.IGNORECASE)
_PARITY = {"n": "none", "e": "even", "o": "odd", "m": "mark", "s": "space"}
_SERIAL_PORT = 2001

_LONGEST = 2000
"""Characters of a place; no address that is meant is longer."""

_LOW_PORTS = 1024
_AWAY = 8000
"""Where a port is not for everybody, or taken by what the address leads to: 80 becomes 8080."""


def host_and_port(text: str) -> tuple[str, int | None] | None:
    """Host and port of ``http://host:port/page``, as a browser shows it, or of ``host:port``; the
    port is None where none is known. None where the text is neither.
    """
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or not (found["scheme"] or found["port"]):
        return None
    return found["host"], int(found["port"]) if found["port"] else _usual_port(found)


def read_place(source: Source) -> list[Found]:
    """A relay to the place that is all of a text; none where the text is something else."""
    text = source.text.strip()
    if len(text) > _LONGEST:
        return []
    begin = source.text.index(text) if text else 0
    word = Word(
        text,
        source.places[begin],
        source.places[begin + len(text)],
        source.places[begin : begin + len(text)],
    )
    device = _SERIAL.match(text)
    if device is not None and "\n" not in text:
        return [_found(SERIAL, word, partial(_serial, word, device.end()))]
    address = _ADDRESS.fullmatch(text)
    if address is None or not is_host(address["host"].strip("[]")):
        return []
    if not address["port"] and _usual_port(address) is None:
        return []
    return [_found(ADDRESS, word, partial(_address, word, address))]


def _found(program: str, word: Word, read: Callable[[], tuple[RelaySpec, list[Verdict]]]) -> Found:
    call = Call(program, (word,), word.begin, word.end)
    try:
        relay, verdicts = read()
    except SpecError as exc:
        exc.facts = {"token": word.text, "position": word.begin, "why": exc.message, **exc.facts}
        return Found(program, word.begin, word.end, problem=exc)
    return found_relay(program, call, relay, verdicts)


def _usual_port(address: re.Match[str]) -> int | None:
    return _PORTS.get((address["scheme"] or "").lower())


def _part(word: Word, address: re.Match[str], name: str) -> Word:
    return word.cut(*address.span(name))


def _address(word: Word, address: re.Match[str]) -> tuple[RelaySpec, list[Verdict]]:
    host = host_of(_part(word, address, "host"))
    port = port_of(_part(word, address, "port")) if address["port"] else _usual_port(address)
    assert port is not None
    scheme = (address["scheme"] or "").lower()
    verdicts: list[Verdict] = []
    if scheme in _IN_TLS:
        without = Said(
            "The relay speaks TLS with {}, and you speak to the relay without. Take TLS out of its "
            "settings, and it passes through as it is.",
            (host,),
        )
        verdicts.append(emulated(scheme, without))
    if address["user"]:
        name = address["user"].partition(":")[0]
        verdicts.append(left_out(name, "give the name where you are asked for it."))
    verdicts.append(native(_part(word, address, "host").text, "The relay leads there."))
    here = port
    if port < _LOW_PORTS or host in ("localhost", "::1") or host.startswith("127."):
        here = port + _AWAY if port + _AWAY < 65_536 else port - _AWAY
    verdicts.append(native(str(port), "It is the port there; the one here can be another."))
    if len(address["page"] or "") > 1:
        verdicts.append(left_out(address["page"], "write it behind the address of the relay."))
    tls = ClientTls() if scheme in _IN_TLS else None
    return RelaySpec(TcpListen(port=here), TcpConnect(host=host, port=port, tls=tls)), verdicts


def _serial(word: Word, device_end: int) -> tuple[RelaySpec, list[Verdict]]:
    device = word.cut(0, device_end)
    verdicts = [native(device.text, "The relay opens this port when somebody connects.")]
    fields: dict[str, Any] = {}
    for part in re.finditer(r"[^,:\s]+", word.text[device_end:]):
        setting = word.cut(device_end + part.start(), device_end + part.end())
        line = _LINE.fullmatch(setting.text)
        if line is not None:
            fields["data_bits"] = int(line[1])
            fields["parity"], fields["stop_bits"] = _PARITY[line[2].lower()], line[3]
        elif re.fullmatch(r"[0-9]{2,8}", setting.text):
            fields["baud"] = int(setting.text)
        else:
            why = Said("it is neither a speed (9600) nor a form of characters (8N1)")
            raise refuse_word(why, setting)
        verdicts.append(native(setting.text, "The line has it."))
    target = SerialPort(device=device.text, **fields)
    return RelaySpec(TcpListen(port=_SERIAL_PORT), target), verdicts
