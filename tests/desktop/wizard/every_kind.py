"""Every kind of end as data for the tests of its form: with the least it needs, and with all.

Both follow from the specs alone, so that a kind that is added later is tested without a word here.
Values differ from place to place: two fields that a form mixed up would be seen.
"""

from __future__ import annotations

import dataclasses
import types
import typing
import zlib
from collections.abc import Iterator
from typing import Any

from bascule.spec.codec import Data
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Source, Target
from bascule.spec.fields import Field, FieldKind, Spec, fields_of
from bascule_desktop.labels import members

KINDS: list[tuple[str, type[Spec]]] = [
    *(("source", spec) for spec in members(Source)),
    *(("target", spec) for spec in members(Target)),
]
"""Each role with each kind that may play it."""

_BY_NAME: dict[str, object] = {
    "abstract": False,  # an abstract name has neither owner nor permissions
    "answering": 2,
    "allow": ["10.1.0.0/16", "::1"],
    "groups": ["239.1.2.3", "239.1.2.4:eth0"],
    "input_descriptor": 3,
    "headers": ["Retry-After: 3600", "X-One: a"],
    "minimum_version": "1.3",
    "mode": "640",
    "output_descriptor": 4,
    "terminal": ["echo=0", "b9600"],
    "version": "5",  # the only one beside http that takes a password
}
"""Values of fields whose own rules are narrower than their kind."""

_TEXTS = {
    FieldKind.TEXT: "text-{n}",
    FieldKind.HOST: "host-{n}.example",
    FieldKind.FILE: "/tmp/bascule/{n}",
    FieldKind.DEVICE: "/dev/ttyUSB{n}",
    FieldKind.SECRET: "{n:032x}",
    FieldKind.LINES: "line {n}\nand one more",
    FieldKind.COMMAND: "program-{n} --all",
}


def _number(path: str) -> int:
    return zlib.crc32(path.encode()) % 900


def some_value(name: str, described: Field, path: str) -> object:
    """A value that fits a field, told apart by its path. Raises: KeyError for a kind not known."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    number = _number(path)
    match described.kind:
        case FieldKind.PORT:
            return 9000 + number
        case FieldKind.INTEGER | FieldKind.SECONDS:
            low = described.minimum or 0
            high = described.maximum if described.maximum is not None else 999
            # No whole number, and one of seven digits where there is room: neither may be rounded.
            value = low + 1 + number % int(high - low)
            whole = described.kind is FieldKind.INTEGER
            return int(value) if whole else min(value + 1_000_000.5, high)
        case FieldKind.CHOICE:
            return described.choices[0]
        case _:
            return _TEXTS[described.kind].format(n=number)


def least(spec: type[Spec], path: str) -> Data:
    """The kind with what must be filled in and no more."""
    data: Data = {"kind": spec.kind}
    hints = typing.get_type_hints(spec)
    for item in dataclasses.fields(spec):
        if item.default is not dataclasses.MISSING:
            continue
        described: Field = item.metadata["field"]
        at = f"{path}.{item.name}"
        match described.kind:
            case FieldKind.GROUP:
                data[item.name] = least(_usual(hints[item.name]), at)
            case FieldKind.GROUPS:
                data[item.name] = [
                    least(_usual(hints[item.name]), f"{at}.{place}") for place in (0, 1)
                ]
            case _:
                data[item.name] = some_value(item.name, described, at)
    return data | ({"host": some_host(spec, path)} if "host" in fields_of(spec) else {})


def some_host(spec: type[Spec], path: str) -> object:
    """A host for an end; its own one where it has one from the start."""
    default = next(item.default for item in dataclasses.fields(spec) if item.name == "host")
    described = fields_of(spec)["host"]
    if default in (dataclasses.MISSING, ""):
        return some_value("host", described, f"{path}.host")
    return default


def full(spec: type[Spec], path: str) -> Data:
    """The kind with every setting it has, each other than by itself where that can be."""
    data: Data = {"kind": spec.kind} if spec.kind else {}
    hints = typing.get_type_hints(spec)
    defaults = {item.name: item.default for item in dataclasses.fields(spec)}
    for name, described in fields_of(spec).items():
        at = f"{path}.{name}" if path else name
        match described.kind:
            case FieldKind.GROUP:
                data[name] = full(_usual(hints[name]), at)
            case FieldKind.GROUPS:
                data[name] = [full(_usual(hints[name]), f"{at}.{place}") for place in (0, 1)]
            case FieldKind.SWITCH if name not in _BY_NAME:
                data[name] = not defaults[name]
            case FieldKind.CHOICE if name not in _BY_NAME:
                data[name] = [each for each in described.choices if each != defaults[name]][-1]
            case _:
                data[name] = some_value(name, described, at)
    return data


def other(role: str) -> Data:
    """A plain end for the other side of a relay."""
    spec = TcpConnect if role == "source" else TcpListen
    return least(spec, "target" if role == "source" else "source")


def leaves(data: Data, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value of plain data, by its dotted path; kinds first."""
    for name, value in data.items():
        at = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from leaves(typing.cast(Data, value), at)
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for place, each in enumerate(typing.cast("list[Data]", value)):
                yield from leaves(each, f"{at}.{place}")
        else:
            yield at, value


def _usual(hint: Any) -> type[Spec]:
    """The spec that a form shows for a group before anybody chooses another."""
    found = members(hint)
    assert not isinstance(found, types.NoneType)
    return found[0]
