"""Owns the port forwards of Windows: ``netsh interface portproxy add v4tov4 …``."""

from __future__ import annotations

from bascule.errors import ErrorCode
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.foreign.call import Call, native
from bascule.spec.foreign.found import Found, found_relay
from bascule.spec.foreign.problems import missing_value, refuse_word
from bascule.spec.foreign.switches import host_of, port_of
from bascule.spec.foreign.words import Word
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.verdicts import Said

_ORDER = ("listenport", "connectaddress", "connectport", "listenaddress", "protocol")
"""The values where they stand without their names."""


def read_netsh(call: Call, system: str | None) -> list[Found]:
    """Read a forward. Raises: SpecError with ``token`` and ``position``."""
    del system
    words = [word for word in call.words[1:] if word.text.lower() != "-c"]
    for word in words:
        if word.missing:
            raise missing_value(word.missing[0])
    names = [word.text.lower() for word in words]
    if len(names) < 2 or names[0] not in ("interface", "int") or names[1] != "portproxy":
        raise refuse_word("of netsh, only `interface portproxy add` is a relay", call.words[0])
    if len(names) < 4 or names[2] not in ("add", "set") or "to" not in names[3]:
        place = words[2] if len(words) > 2 else words[-1]
        raise refuse_word("only `add v4tov4` and the like say what is forwarded", place)
    kind = names[3]
    if kind not in ("v4tov4", "v4tov6", "v6tov4", "v6tov6"):
        raise refuse_word(Said("there is no {}", (repr(kind[:20]),)), words[3])
    given = _values(words[4:])
    if "protocol" in given and given["protocol"].text.lower() != "tcp":
        raise refuse_word("Windows forwards TCP only", given["protocol"])
    if "listenport" not in given:
        why = Said("listenport is missing")
        raise refuse_word(why, words[3], code=ErrorCode.VALUE_MISSING)
    listen = given.get("listenaddress")
    connect = given.get("connectaddress")
    port = port_of(given["listenport"])
    everywhere = "0.0.0.0" if kind.startswith("v4") else "::"
    here = "127.0.0.1" if kind.endswith("v4") else "::1"
    relay = RelaySpec(
        source=TcpListen(
            port=port,
            host=host_of(listen) if listen is not None and listen.text != "*" else everywhere,
        ),
        target=TcpConnect(
            host=host_of(connect) if connect is not None else here,
            port=port_of(given["connectport"]) if "connectport" in given else port,
            family="ipv4" if kind.endswith("v4") else "ipv6",
        ),
    )
    verdicts = [native(word.text, "The relay has it.") for word in words[3:]]
    return [found_relay("netsh", call, relay, [*verdicts, *call.verdicts])]


def _values(words: list[Word]) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for number, word in enumerate(words):
        name, equals, _value = word.text.partition("=")
        if not equals:
            if number >= len(_ORDER):
                raise refuse_word("nothing is expected here", word)
            found[_ORDER[number]] = word
            continue
        matching = [each for each in _ORDER if each.startswith(name.lower())]
        if len(matching) != 1:
            raise refuse_word(Said("portproxy has no {}", (repr(name[:40]),)), word)
        found[matching[0]] = word.cut(len(name) + 1)
    return found
