"""Owns what a recipe is: a relay with proposals in it, the few values to ask for, and its words.

A recipe is one TOML file; its tables are the dataclasses below, read strictly. Its relay is that of
a profile. Nothing here reads files or knows a widget.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import from_data
from bascule.spec.fields import Field, Spec, fields_of, invalid
from bascule.spec.relays import RelaySpec

HERE = "here"
"""In a command: the address under which the relay is reached."""

_PLACE = re.compile(r"\{([a-z_0-9.]+)\}")


class Group(StrEnum):
    """Under which heading a recipe stands, in this order."""

    NETWORK = "network"
    ENCRYPTION = "encryption"
    PROXY = "proxy"
    SERIAL = "serial"
    FILES = "files"
    DIAGNOSIS = "diagnosis"


class System(StrEnum):
    """A system on which a recipe works."""

    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"


def this_system() -> System:
    """The system of this computer."""
    return {"win32": System.WINDOWS, "darwin": System.MACOS}.get(sys.platform, System.LINUX)


@dataclass(frozen=True)
class Said:
    """A few words in every language."""

    en: str
    fr: str

    def in_language(self, language: str) -> str:
        """The words in a language that Bascule speaks."""
        return str(getattr(self, language))


@dataclass(frozen=True)
class Words:
    """The texts of a recipe in one language; ``search`` are words by which people look for it."""

    title: str
    when: str
    caution: str = ""
    search: str = ""


@dataclass(frozen=True)
class Asked:
    """A value to ask for; the field ``at`` this dotted path of the relay holds what is proposed."""

    at: str
    label: Said
    help: Said | None = None


@dataclass(frozen=True)
class Use:
    """A command to type elsewhere. ``{here}`` is the relay's address, ``{source.port}`` a field."""

    label: Said
    command: str

    def __post_init__(self) -> None:
        if not self.command.strip():
            raise SpecError("command is missing", code=ErrorCode.VALUE_MISSING, field="command")

    @property
    def places(self) -> tuple[str, ...]:
        """The names within braces."""
        return tuple(_PLACE.findall(self.command))


@dataclass(frozen=True)
class Recipe:
    """A recipe. ``order`` is its place within its group, the smallest first. ``own_certificate``:
    the wizard makes the certificate that ``relay`` only names.
    """

    group: Group
    order: int
    en: Words
    fr: Words
    relay: RelaySpec
    asked: tuple[Asked, ...] = ()
    uses: tuple[Use, ...] = ()
    systems: tuple[System, ...] = tuple(System)
    own_certificate: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        for number, asked in enumerate(self.asked):
            field_at(self.relay, asked.at, f"asked.{number}.at")
        for number, use in enumerate(self.uses):
            for place in use.places:
                if place != HERE:
                    field_at(self.relay, place, f"uses.{number}.command")

    def words(self, language: str) -> Words:
        """Its texts in a language that Bascule speaks."""
        return cast(Words, getattr(self, language))


def read_recipe(text: str, name: str) -> Recipe:
    """Read the text of a recipe's file, whose stem is ``name``.

    Raises:
        SpecError: It is no TOML (PROFILE_DAMAGED), or a value is missing, wrong or not known;
            ``field`` is its dotted path.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        why = f"{name}: {exc}"
        raise SpecError(why, code=ErrorCode.PROFILE_DAMAGED, why=str(exc)) from exc
    return from_data(Recipe, {**data, "name": name})


def owner_at(relay: RelaySpec, path: str) -> tuple[Spec, str] | None:
    """The spec that holds the field at a dotted path, and the field's name; None: there is none."""
    *way, last = path.split(".")
    held: Any = relay
    for part in way:
        if isinstance(held, tuple):
            entries = cast("tuple[Any, ...]", held)
            if not part.isdecimal() or int(part) >= len(entries):
                return None
            held = entries[int(part)]
        elif isinstance(held, Spec) and part in fields_of(held):
            held = getattr(held, part)
        else:
            return None
    if isinstance(held, Spec) and last in fields_of(held):
        return held, last
    return None


def field_at(relay: RelaySpec, path: str, where: str) -> Field:
    """The field at a dotted path. Raises: SpecError naming ``where`` it is spoken of."""
    owner = owner_at(relay, path)
    if owner is None:
        raise invalid(where, f"the relay has no field {path}", rule="path", path=path)
    return fields_of(owner[0])[owner[1]]
