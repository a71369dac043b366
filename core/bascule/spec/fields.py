"""Owns how a spec describes and validates its own fields.

A spec is a frozen dataclass below :class:`Spec`. Each of its fields carries a :class:`Field`, from
which validation, TOML/JSON, the command line and the wizard's form follow. Nothing here does I/O.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, ClassVar, cast, dataclass_transform

from bascule.errors import ErrorCode, SpecError


class FieldKind(StrEnum):
    """What sort of value a field holds; decides its widget in a form and its checks."""

    TEXT = "text"
    HOST = "host"
    PORT = "port"
    INTEGER = "integer"
    SECONDS = "seconds"
    SWITCH = "switch"
    CHOICE = "choice"
    FILE = "file"
    DEVICE = "device"
    SECRET = "secret"
    TEXTS = "texts"
    LINES = "lines"
    COMMAND = "command"
    NETWORKS = "networks"
    GROUP = "group"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Field:
    """What one field of a spec is. ``help`` is a short English phrase; bounds are inclusive.
    ``not_on``: the systems, as ``this_system`` calls them, that have nothing of the kind.
    """

    kind: FieldKind
    help: str
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    advanced: bool = False
    not_on: tuple[str, ...] = ()


def spec_field(
    kind: FieldKind,
    help: str,  # noqa: A002 - the word argparse uses for the same thing
    default: object = dataclasses.MISSING,
    *,
    required: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    advanced: bool = False,
    not_on: tuple[str, ...] = (),
) -> Any:
    """Declare a field of a spec: a dataclass field that carries its :class:`Field`.

    ``required`` refuses the empty string even where a default exists.
    """
    described = Field(
        kind,
        help,
        required or default is dataclasses.MISSING,
        minimum,
        maximum,
        choices,
        advanced,
        not_on,
    )
    return dataclasses.field(default=default, metadata={"field": described})


def fields_of(spec: type[Spec] | Spec) -> dict[str, Field]:
    """The fields of a spec, in order of declaration."""
    return {item.name: item.metadata["field"] for item in dataclasses.fields(spec)}


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def spec[T](*, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a class a spec: a frozen dataclass, but with the methods of :class:`Spec`.

    A dataclass compiles methods of its own for each class. For all specs that would take longer
    than all else that a relay does before it listens.
    """
    return dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)


@spec()
class Spec:
    """Base of all specs: checks every field when made, then its own rules.

    Raises:
        SpecError: on the first value that is wrong; ``field`` names it, without a prefix.
        TypeError: an argument too many, or one that is missing.
    """

    kind: ClassVar[str] = ""

    def __init__(self, *values: object, **named: object) -> None:
        items = dataclasses.fields(self)
        if values:
            places = [item.name for item in items if not item.kw_only]
            if len(values) > len(places) or not named.keys().isdisjoint(places[: len(values)]):
                raise TypeError(f"too many arguments for {type(self).__name__}")
            named |= zip(places, values, strict=False)
        held = self.__dict__
        for item in items:
            if item.name in named:
                held[item.name] = named.pop(item.name)
            elif item.default is not dataclasses.MISSING:
                held[item.name] = item.default
            elif item.default_factory is not dataclasses.MISSING:
                held[item.name] = item.default_factory()
            else:
                raise TypeError(f"{type(self).__name__} needs {item.name}")
        if named:
            raise TypeError(f"{type(self).__name__} has no {', '.join(named)}")
        for name, described in fields_of(self).items():
            check_value(name, described, held[name])
        self.check()

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__qualname__}({values})"

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __setattr__(self, name: str, value: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def check(self) -> None:
        """Check rules that concern several fields. Raises :class:`SpecError`."""


_EMPTY_IS_A_VALUE = {
    FieldKind.TEXT,
    FieldKind.HOST,
    FieldKind.FILE,
    FieldKind.DEVICE,
    FieldKind.SECRET,
    FieldKind.LINES,
    FieldKind.COMMAND,
    FieldKind.GROUP,
}
"""Kinds that may be left empty. The others need a value: there is no empty choice."""

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


def parse_host(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address, where a host is written as one (brackets and a zone allowed), else None."""
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    zone = address.scope_id if isinstance(address, ipaddress.IPv6Address) else None
    return address if zone is None or re.fullmatch(r"[!-~]+", zone) else None


def is_host(text: str) -> bool:
    """Whether text is an IP address or a well-formed host name (RFC 1123, IDN allowed)."""
    if parse_host(text) is not None:
        return True
    if re.fullmatch(r"[0-9.]+", text):
        return False  # looks like an IPv4 address and is none: 10.0.0.256, 10.1
    ascii_name = text.removesuffix(".")
    if not ascii_name.isascii():  # the codec takes a while to load
        try:
            ascii_name = ascii_name.encode("idna").decode("ascii")
        except UnicodeError:
            return False
    return 0 < len(ascii_name) <= 253 and all(
        _LABEL.fullmatch(label) for label in ascii_name.split(".")
    )


def parse_network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Read ``192.168.1.0/24`` or a single address; v4-mapped IPv6 becomes IPv4.

    Raises:
        ValueError: if it is neither.
    """
    network = ipaddress.ip_network(text.strip(), strict=False)
    if isinstance(network, ipaddress.IPv6Network):
        mapped = network.network_address.ipv4_mapped
        if mapped is not None and network.prefixlen >= 96:
            return ipaddress.ip_network((mapped, network.prefixlen - 96), strict=False)
    return network


def invalid(name: str, why: str, **facts: str | int | float) -> SpecError:
    """The error for a value that cannot be."""
    return SpecError(f"{name}: {why}", code=ErrorCode.VALUE_INVALID, field=name, why=why, **facts)


def check_value(name: str, described: Field, value: object) -> None:
    """Check one value against its field. Raises :class:`SpecError` naming the field."""
    if value == "" or value is None:
        if described.required:
            raise SpecError(f"{name} is missing", code=ErrorCode.VALUE_MISSING, field=name)
        if described.kind in _EMPTY_IS_A_VALUE:
            return
    match described.kind:
        case FieldKind.PORT | FieldKind.INTEGER | FieldKind.SECONDS:
            _check_number(name, described, value)
        case FieldKind.SWITCH:
            if not isinstance(value, bool):
                raise invalid(name, "must be true or false", rule="switch")
        case FieldKind.CHOICE:
            if value not in described.choices:
                listed = ", ".join(described.choices)
                raise invalid(name, f"must be one of {listed}", rule="choice", choices=listed)
        case FieldKind.HOST:
            if not isinstance(value, str) or not is_host(value):
                raise invalid(name, "is not a host name or an IP address", rule="host")
        case FieldKind.NETWORKS:
            _check_networks(name, value)
        case FieldKind.TEXTS:
            _check_texts(name, value)
        case FieldKind.GROUP | FieldKind.GROUPS:
            pass  # nested specs have checked themselves
        case kind:
            _check_text(name, value, lines=kind in (FieldKind.LINES, FieldKind.COMMAND))


def _check_texts(name: str, value: object) -> None:
    if not isinstance(value, tuple):
        raise invalid(name, "must be a list", rule="texts")
    for entry in cast("tuple[object, ...]", value):
        _check_text(name, entry)


def _check_text(name: str, value: object, *, lines: bool = False) -> None:
    if not isinstance(value, str):
        raise invalid(name, "must be text", rule="text")
    # A lone surrogate is no character, and no file takes it.
    if re.search("[\0\ud800-\udfff]" if lines else "[\0\n\ud800-\udfff]", value):
        raise invalid(name, "must be a single line", rule="line")


def _check_number(name: str, described: Field, value: object) -> None:
    whole = described.kind is not FieldKind.SECONDS
    low, high = described.minimum, described.maximum
    if described.kind is FieldKind.PORT:
        low, high = (0 if low is None else low), 65535
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        why = "must be a whole number" if whole else "must be a number"
        if low is None or high is None:
            raise invalid(name, why, rule="number")
        raise invalid(
            name, f"{why} from {low:g} to {high:g}", rule="range", minimum=low, maximum=high
        )
    if (low is not None and value < low) or (high is not None and not value <= high):
        if high is None:
            raise invalid(name, f"must be at least {low:g}", rule="minimum", minimum=low or 0)
        raise invalid(
            name, f"must be from {low:g} to {high:g}", rule="range", minimum=low or 0, maximum=high
        )


def _check_networks(name: str, value: object) -> None:
    if not isinstance(value, tuple):
        raise invalid(name, "must be a list of addresses", rule="networks")
    for entry in cast("tuple[object, ...]", value):
        try:
            parse_network(str(entry))
        except ValueError:
            raise invalid(
                name, f"{entry} is not an address or a network", rule="networks", entry=str(entry)
            ) from None


def references(spec: Spec) -> list[str]:
    """All references to secrets within a spec and the specs in it."""
    found: list[str] = []
    for name, described in fields_of(spec).items():
        value: Any = getattr(spec, name)
        if described.kind is FieldKind.SECRET and value:
            found.append(value)
        elif described.kind is FieldKind.GROUP and value is not None:
            found += references(value)
        elif described.kind is FieldKind.GROUPS:
            for entry in cast(tuple[Spec, ...], value):
                found += references(entry)
    return found


def with_references[S: Spec](spec: S, names: Mapping[str, str]) -> S:
    """A spec in which the references to secrets have other names, those of ``names``."""
    changed: dict[str, Any] = {}
    for name, described in fields_of(spec).items():
        value: Any = getattr(spec, name)
        if described.kind is FieldKind.SECRET:
            changed[name] = names.get(value, value)
        elif described.kind is FieldKind.GROUP and value is not None:
            changed[name] = with_references(value, names)
        elif described.kind is FieldKind.GROUPS:
            entries = cast(tuple[Spec, ...], value)
            changed[name] = tuple(with_references(entry, names) for entry in entries)
    return replace(spec, **changed)


def this_system() -> str:
    """What Bascule runs on: "windows", "macos" or "linux"."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def left_out(spec: Spec, system: str) -> list[str]:
    """The dotted paths of what is set within a spec and the specs in it, and is left out, as
    ``system`` has nothing of the kind.
    """
    found: list[str] = []
    for name, described in fields_of(spec).items():
        value: Any = getattr(spec, name)
        if system in described.not_on and value != getattr(type(spec), name):
            found.append(name)
        elif described.kind is FieldKind.GROUP and value is not None:
            found += (f"{name}.{path}" for path in left_out(value, system))
        elif described.kind is FieldKind.GROUPS:
            for index, entry in enumerate(cast(tuple[Spec, ...], value)):
                found += (f"{name}.{index}.{path}" for path in left_out(entry, system))
    return found
