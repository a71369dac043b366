"""Owns a recipe that is being filled in: its values, the relay they make, the commands to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from bascule.spec.codec import Data, from_data, to_data
from bascule.spec.fields import FieldKind, Spec, fields_of, parse_host
from bascule.spec.local import Program
from bascule.spec.relays import RelaySpec
from bascule_desktop.recipes.recipe import HERE, Recipe, System, Use, field_at, this_system
from bascule_desktop.sentences import network_addresses
from bascule_desktop.wizard.data import get, put
from bascule_desktop.wizard.draft import Draft


class Filled:
    """A recipe with values in it; at first those that it proposes."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._data: Data = to_data(recipe.relay, keep_defaults=True)
        for asked in recipe.asked:
            put(self._data, asked.at, _proposal(recipe, asked.at, self.value(asked.at)))

    def value(self, path: str) -> Any:
        """The value of a field of the relay, as plain data."""
        return get(self._data, path)

    def put(self, path: str, value: object) -> None:
        """Fill in a value."""
        put(self._data, path, value)

    def relay(self) -> RelaySpec:
        """The relay. Raises: SpecError with the dotted path of the field that is wrong."""
        return from_data(RelaySpec, self._data)

    def draft(self, name: str) -> Draft:
        """What the wizard begins with. Raises: SpecError."""
        relay = self.relay()
        if not self.recipe.own_certificate:
            return Draft(relay, name)
        plain = to_data(relay)
        del plain["source"]["tls"]  # it names a certificate that is yet to be made
        return Draft(from_data(RelaySpec, plain), name, page="tls")

    def command(self, use: Use) -> str:
        """A command with the values in it, as a shell wants them."""

        def word(found: re.Match[str]) -> str:
            if found[1] == HERE:
                return self._here()
            value = self.value(found[1])
            return shlex.quote(value) if isinstance(value, str) else str(value)

        return re.sub(r"\{([a-z_0-9.]+)\}", word, use.command)

    def programs(self) -> list[str]:
        """The commands that the relay would run on this computer, word for word."""
        return list(_programs(self.relay()))

    def _here(self) -> str:
        host = str(self.value("source.host") or "127.0.0.1")
        address = parse_host(host)
        if address is not None and address.is_unspecified:
            with_ipv6 = address.version == 6
            found = network_addresses(with_ipv6=with_ipv6)
            host = next(iter(found), "::1" if with_ipv6 else "127.0.0.1")
        bare = host.strip("[]")
        return f"[{bare}]" if ":" in bare else bare


def _proposal(recipe: Recipe, path: str, value: object) -> object:
    """A proposal as this computer and this person have it: their home folder, their serial port."""
    kind = field_at(recipe.relay, path, "at").kind
    if kind is FieldKind.FILE and isinstance(value, str) and value.startswith("~/"):
        return str(Path.home() / value.removeprefix("~/"))
    if kind is FieldKind.DEVICE and this_system() is System.WINDOWS:
        return "COM3"
    return value


def _programs(spec: Spec) -> Iterator[str]:
    if isinstance(spec, Program):
        yield spec.command
    for name, described in fields_of(spec).items():
        held: Any = getattr(spec, name)
        if described.kind is FieldKind.GROUP and held is not None:
            yield from _programs(held)
        elif described.kind is FieldKind.GROUPS:
            for entry in cast("tuple[Spec, ...]", held):
                yield from _programs(entry)
