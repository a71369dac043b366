"""Owns ser2net's configurations: ser2net.conf of old, and what ser2net.yaml uses of YAML.

Each connection becomes a relay from a TCP port to a serial port (ser2net.conf(5), ser2net.yaml(5),
gensio(5)). Telnet and RFC 2217 have no end yet, and are said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import SerialPort, ServerTls, TcpConnect, TcpListen
from bascule.spec.foreign.call import Call, left_out, native
from bascule.spec.foreign.found import Found, found_relay
from bascule.spec.foreign.problems import not_here, refuse_word
from bascule.spec.foreign.switches import host_of, port_of, seconds_of
from bascule.spec.foreign.words import Making, Source, Word
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.refusals import Refusal
from bascule.spec.socat.verdicts import Said, Verdict

_MOST_CONNECTIONS = 200
_OLD = re.compile(
    r"^[ \t]*((?:[\w.:-]{1,80},){0,3}\d{1,5}):(raw|rawlp|telnet|off):(\d{1,6}):"
    r"([^:\s]+)(?::([^\n]*))?$",
    re.MULTILINE,
)
_CONNECTION = re.compile(r"^connection:[ \t]*(?:&(\w[\w-]*))?[^\n]*\n", re.MULTILINE)
_DEFINE = re.compile(r"^define:[ \t]*&(\w+)[ \t]+([^\n]*?)[ \t\r]*$", re.MULTILINE)
_VALUE = re.compile(r"[ \t]+([\w-]+):[ \t]*([^\n]*?)[ \t\r]*(?:\n|$)")
_FOLDED = re.compile(r"[ \t]+(?![\w-]+:(?:[ \t]|\n|$))([^\n]*?)[ \t\r]*(?:\n|$)")
_NAMED = re.compile(r"\*\((\w+)\)|\*(\w+)")
_LINE = re.compile(r"(\d{2,8})(?:([neoms])([5-8])([12]))?", re.IGNORECASE)
_PARITY = {"n": "none", "e": "even", "o": "odd", "m": "mark", "s": "space"}
_FLOW = {"xonxoff": "xon-xoff", "rtscts": "rts-cts"}
_NO_TELNET = (
    Said("Telnet and RFC 2217 have no end in Bascule yet"),
    Said("use raw TCP: `tcp,port` or `raw`"),
)


def read_ser2net(source: Source) -> list[Found]:
    """The connections of a configuration; none where a text is no such configuration."""
    if _CONNECTION.search(source.text) is not None:
        return _read_yaml(source)
    return [
        _tried(partial(_old, source, line), source, line.start(), line.end())
        for line in islice(_OLD.finditer(source.text), _MOST_CONNECTIONS)
    ]


def _tried(
    read: Callable[[], tuple[RelaySpec, list[Verdict]]], source: Source, begin: int, end: int
) -> Found:
    first, last = source.places[begin], source.places[end]
    call = Call("ser2net", (), first, last)
    try:
        relay, verdicts = read()
    except SpecError as exc:
        usual = {"token": "", "position": first, "rule": "paste", "why": exc.message}
        exc.facts = {**usual, **exc.facts}
        return Found("ser2net", first, last, problem=exc)
    return found_relay("ser2net", call, relay, verdicts)


def _word(source: Source, span: tuple[int, int]) -> Word:
    begin, end = span
    places = source.places
    return Word(source.text[begin:end], places[begin], places[end], places[begin:end])


# ser2net.conf -------------------------------------------------------------------------------------


def _old(source: Source, line: re.Match[str]) -> tuple[RelaySpec, list[Verdict]]:
    place, state, seconds, device = (_word(source, line.span(each)) for each in (1, 2, 3, 4))
    if state.text == "telnet":
        raise not_here(*_NO_TELNET, state)
    if state.text == "off":
        raise refuse_word("it is switched off there", state)
    verdicts = [native(each.text, "The relay has it.") for each in (place, state, device)]
    words = [
        _word(source, (line.start(5) + each.start(), line.start(5) + each.end()))
        for each in re.finditer(r"\S+", line[5] or "")
    ]
    limit = next((word for word in words if word.text.startswith("max-connections=")), None)
    words = [word for word in words if word is not limit]
    relay = RelaySpec(
        source=_listen(place),
        target=_serial(device, words, verdicts),
        idle_seconds=seconds_of(seconds),
        max_connections=_limit(limit.cut(len("max-connections="))) if limit is not None else 1,
        direction="up" if state.text == "rawlp" else "both",
    )
    return relay, verdicts


def _listen(place: Word) -> TcpListen:
    parts = _parts(place)
    parts = [part for part in parts if part.text not in ("tcp", "ipv4", "ipv6")] or parts
    host = host_of(parts[0]) if len(parts) > 1 else "::"
    return TcpListen(port=port_of(parts[-1]), host="127.0.0.1" if host == "localhost" else host)


def _limit(word: Word) -> int:
    if not word.text.isdecimal() or not 0 < len(word.text) < 6:
        raise refuse_word("the number of connections is a whole number", word)
    return int(word.text)


def _serial(device: Word, words: list[Word], verdicts: list[Verdict]) -> SerialPort:
    fields: dict[str, Any] = {}
    for word in words:
        name = word.text.lower()
        line = _LINE.fullmatch(name)
        if line is not None:
            fields["baud"] = int(line[1])
            if line[2]:
                fields["parity"] = _PARITY[line[2]]
                fields["data_bits"], fields["stop_bits"] = int(line[3]), line[4]
        elif name in _PARITY.values():
            fields["parity"] = name
        elif re.fullmatch(r"[12]stopbits?", name):
            fields["stop_bits"] = name[0]
        elif re.fullmatch(r"[5-8]databits", name):
            fields["data_bits"] = int(name[0])
        elif name in _FLOW:
            fields["flow_control"] = _FLOW[name]
        elif name in ("-xonxoff", "-rtscts", "local"):
            pass  # as it is without
        else:
            verdicts.append(left_out(word.text, "Bascule has nothing like it."))
            continue
        verdicts.append(native(word.text, "The line has it."))
    return SerialPort(device=device.text, **fields)


# ser2net.yaml -------------------------------------------------------------------------------------


def _read_yaml(source: Source) -> list[Found]:
    defined = {
        each[1]: each[2].strip("\"'")
        for each in _DEFINE.finditer(source.text)
        if len(each[2]) < 200
    }
    found: list[Found] = []
    for block in islice(_CONNECTION.finditer(source.text), _MOST_CONNECTIONS):
        values: dict[str, Word] = {}
        at = block.end()
        last = ""
        while at < len(source.text) and source.text[at] in " \t#":
            value = _VALUE.match(source.text, at)
            folded = _FOLDED.match(source.text, at) if value is None else None
            if value is not None:
                last = value[1].lower()
                values.setdefault(last, _scalar(source, value.span(2), defined))
                at = value.end()
            elif folded is not None:
                if last and folded[1] and not folded[1].startswith("#"):
                    more = _scalar(source, folded.span(1), defined)
                    values[last] = _joined(values[last], more)
                at = folded.end()
            else:  # a comment
                end = source.text.find("\n", at)
                at = len(source.text) if end < 0 else end + 1
        found.append(_tried(partial(_yaml, values), source, block.start(), at))
    return found


def _scalar(source: Source, span: tuple[int, int], defined: dict[str, str]) -> Word:
    begin, end = span
    text = source.text
    while end - begin > 1 and text[begin] in "\"'" and text[end - 1] == text[begin]:
        begin, end = begin + 1, end - 1
    made = Making()
    at = begin
    for named in _NAMED.finditer(text, begin, end):
        value = defined.get(named[1] or named[2])
        if value is not None:
            made.add_all(text[at : named.start()], source.places[at : named.start()])
            made.add_all(value, [source.places[named.start()]] * len(value))
            at = named.end()
    made.add_all(text[at:end], source.places[at:end])
    return made.word(source.places[begin], source.places[end], plain=True)


def _joined(first: Word, more: Word) -> Word:
    made = Making()
    made.add_all(first.text, first.places)
    made.add_all(more.text, more.places)
    return made.word(first.begin, more.end, plain=True)


def _parts(word: Word) -> list[Word]:
    """What stands between commas, but for those in brackets."""
    parts: list[Word] = []
    begin = depth = 0
    for at, char in enumerate(word.text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth <= 0:
            parts.append(word.cut(begin, at))
            begin = at + 1
    parts.append(word.cut(begin))
    return [part for part in parts if part.text]


def _yaml(values: dict[str, Word]) -> tuple[RelaySpec, list[Verdict]]:
    for name in ("accepter", "connector"):
        if name not in values:
            raise Refusal(Said("{} is missing", (name,)), code=ErrorCode.VALUE_MISSING)
    enabled = values.get("enable")
    if enabled is not None and enabled.text.lower() in ("off", "false", "no"):
        raise refuse_word("it is switched off there", enabled)
    verdicts = [
        native(f"{name}: {word.text}", "The relay has it.")
        if name in ("accepter", "connector", "timeout", "enable", "max-connections", "options")
        else left_out(f"{name}: {word.text}", "Bascule has nothing like it.")
        for name, word in values.items()
    ]
    timeout, limit = values.get("timeout"), values.get("max-connections")
    relay = RelaySpec(
        source=_accepter(values["accepter"]),
        target=_connector(values["connector"], verdicts),
        idle_seconds=0.0 if timeout is None else seconds_of(timeout),
        max_connections=1 if limit is None else _limit(limit),
    )
    return relay, verdicts


def _accepter(word: Word) -> TcpListen:
    parts = _parts(word)
    tls: ServerTls | None = None
    while parts and (name := parts[0].text.partition("(")[0]) != "tcp":
        layer = parts.pop(0)
        if name == "ssl":
            tls = _tls(layer)
        elif name == "telnet":
            raise not_here(*_NO_TELNET, layer)
        elif not name.isdecimal():
            raise not_here(_no_end(name), "use `tcp,port`", layer)
        else:
            return TcpListen(port=port_of(layer), host="::", tls=tls)
    if len(parts) < 2:
        raise refuse_word("the port to listen on is missing", word, code=ErrorCode.VALUE_MISSING)
    listen = [part for part in parts[1:] if part.text not in ("ipv4", "ipv6")]
    host = host_of(listen[0]) if len(listen) > 1 else "::"
    host = "127.0.0.1" if host == "localhost" else host
    return TcpListen(port=port_of(listen[-1]), host=host, tls=tls)


def _tls(layer: Word) -> ServerTls:
    given: dict[str, str] = {}
    for each in layer.text.partition("(")[2].rstrip(")").split(","):
        name, _equals, value = each.partition("=")
        given[name.strip()] = value.strip()
    if not given.get("cert"):
        raise refuse_word("cert= is missing", layer, code=ErrorCode.VALUE_MISSING)
    return ServerTls(certificate=given["cert"], key=given.get("key") or given["cert"])


def _connector(word: Word, verdicts: list[Verdict]) -> SerialPort | TcpConnect:
    parts = _parts(word)
    kind = parts[0].text.partition("(")[0] if parts else ""
    if kind in ("serialdev", "sdev", "termios") and len(parts) > 1:
        return _serial(parts[1], parts[2:], verdicts)
    if kind == "tcp" and len(parts) == 3:
        return TcpConnect(host=host_of(parts[1]), port=port_of(parts[2]))
    raise not_here(_no_end(kind), "use `serialdev,device` or `tcp`", word)


def _no_end(kind: str) -> Said:
    return Said("{} has no end in Bascule", (repr(kind[:40]),))
