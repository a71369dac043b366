"""Owns the one way between frozen dataclasses and plain data (TOML, JSON).

Values equal to their default are left out; a union is told apart by the ``kind`` of its members.
Reading is strict: unknown keys and wrong types raise, with the dotted path of the value.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, cast

from bascule.errors import BasculeError, ErrorCode, SpecError

type Data = dict[str, Any]


def to_data(value: object, *, keep_defaults: bool = False) -> Data:
    """Turn a frozen dataclass into plain data (dict, list, str, int, float, bool)."""
    data: Data = {}
    kind = getattr(type(value), "kind", "")
    if kind:
        data["kind"] = kind
    for item in dataclasses.fields(cast(Any, value)):
        held = getattr(value, item.name)
        if held is None or (not keep_defaults and held == item.default):
            continue
        if held == {} and item.default_factory is not dataclasses.MISSING:
            continue
        data[item.name] = _plain(held, keep_defaults)
    return data


def _plain(value: object, keep_defaults: bool) -> Any:
    if dataclasses.is_dataclass(value):
        return to_data(value, keep_defaults=keep_defaults)
    if isinstance(value, tuple):
        return [_plain(entry, keep_defaults) for entry in cast(tuple[object, ...], value)]
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Mapping):
        return dict(cast(Mapping[str, Any], value))
    return value


def from_data[T](target: type[T], data: object) -> T:
    """Make a frozen dataclass from plain data.

    Raises:
        SpecError: VALUE_MISSING, VALUE_INVALID, FIELD_UNKNOWN or KIND_UNKNOWN; ``field`` is the
            dotted path from the top.
    """
    return cast(T, _read(target, data, ""))


def union_from_data(union: typing.TypeAliasType, data: object) -> Any:
    """Make the member of a union of dataclasses that ``kind`` names. Raises: as from_data."""
    return _read(union, data, "")


@cache
def _hints(target: type) -> dict[str, Any]:
    return typing.get_type_hints(target)


def classes_of(target: Any) -> tuple[Any, ...]:
    """The classes of a union, also of unions in it; of a class, itself alone."""
    if isinstance(target, typing.TypeAliasType):
        return classes_of(target.__value__)
    if isinstance(target, types.UnionType) or typing.get_origin(target) is typing.Union:
        return tuple(m for part in typing.get_args(target) for m in classes_of(part))
    return (target,)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _bad(path: str, why: str) -> SpecError:
    return SpecError(
        f"{path or 'value'}: {why}",
        code=ErrorCode.VALUE_INVALID,
        field=path or None,
        why=why,
        rule="type",
    )


def _read(target: Any, data: object, path: str) -> object:
    members = classes_of(target)
    if data is None and types.NoneType in members:
        return None
    members = tuple(m for m in members if m is not types.NoneType)
    if len(members) > 1 and all(dataclasses.is_dataclass(m) for m in members):
        return _read_tagged(members, data, path)
    for member in members:
        if dataclasses.is_dataclass(member):
            return _read_dataclass(cast(type, member), data, path)
        origin = typing.get_origin(member) or member
        if origin is tuple and isinstance(data, list | tuple):
            return _read_tuple(member, cast(list[object], data), path)
        if isinstance(origin, type) and issubclass(origin, StrEnum):
            try:
                return origin(cast(str, data))
            except ValueError:
                raise _bad(path, f"{data!r} is not known") from None
        if origin is float and isinstance(data, int | float) and not isinstance(data, bool):
            try:
                return float(data)
            except OverflowError:
                raise _bad(path, "is too large") from None
        if origin is int and isinstance(data, int) and not isinstance(data, bool):
            return data
        if origin in (str, bool) and isinstance(data, origin):
            return data
        if origin is Mapping and isinstance(data, dict):
            return cast(dict[str, Any], data)
    wanted = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
    first: Any = next(iter(members))
    raise _bad(path, f"must be {wanted.get(first, 'a list')}")


def _read_tagged(members: tuple[Any, ...], data: object, path: str) -> object:
    if not isinstance(data, dict):
        raise _bad(path, "must be a table")
    table = cast(Data, data)
    kinds = {member.kind: member for member in members}
    kind = table.get("kind")
    if kind is None:
        raise SpecError(
            f"{_join(path, 'kind')} is missing",
            code=ErrorCode.VALUE_MISSING,
            field=_join(path, "kind"),
        )
    if not isinstance(kind, str) or kind not in kinds:
        known = ", ".join(sorted(kinds))
        raise SpecError(
            f"{_join(path, 'kind')}: {kind!r} is not known; known are {known}",
            code=ErrorCode.KIND_UNKNOWN,
            field=_join(path, "kind"),
            kind=str(kind),
            known=known,
        )
    return _read_dataclass(kinds[kind], table, path)


def _read_tuple(target: Any, data: list[object], path: str) -> tuple[object, ...]:
    parts = typing.get_args(target)
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_read(parts[0], entry, _join(path, str(i))) for i, entry in enumerate(data))
    if len(parts) != len(data):
        raise _bad(path, f"must have {len(parts)} values")
    return tuple(
        _read(part, entry, _join(path, str(i)))
        for i, (part, entry) in enumerate(zip(parts, data, strict=True))
    )


def _read_dataclass(target: type, data: object, path: str) -> object:
    if not isinstance(data, dict):
        raise _bad(path, "must be a table")
    table = dict(cast(Data, data))
    if getattr(target, "kind", ""):
        table.pop("kind", None)
    hints = _hints(target)
    values: dict[str, object] = {}
    for item in dataclasses.fields(cast(Any, target)):
        where = _join(path, item.name)
        if item.name in table:
            values[item.name] = _read(hints[item.name], table.pop(item.name), where)
        elif item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
            raise SpecError(f"{where} is missing", code=ErrorCode.VALUE_MISSING, field=where)
    if table:
        where = _join(path, min(map(str, table)))
        raise SpecError(f"{where} is not known", code=ErrorCode.FIELD_UNKNOWN, field=where)
    try:
        return target(**values)
    except BasculeError as exc:
        if path and exc.field:
            raise SpecError(
                exc.message, code=exc.code, field=_join(path, exc.field), **exc.facts
            ) from exc
        raise
