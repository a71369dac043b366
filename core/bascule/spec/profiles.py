"""Owns the profile as data: a relay with a name, and its TOML text. Files are the engine's."""

from __future__ import annotations

import re
import secrets
import tomllib
import unicodedata
from dataclasses import replace

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import Data, from_data, to_data
from bascule.spec.commands import commands_of
from bascule.spec.fields import FieldKind, Spec, invalid, spec, spec_field
from bascule.spec.formats import Step, upgrade
from bascule.spec.relays import RelaySpec

FORMAT = 1
"""Version of the profile file; raise it when an older program could misread the new one."""

STEPS: dict[int, Step] = {}
"""From each older format to the next one: there is none yet."""

_TURNING = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@spec()
class Profile(Spec):
    """What one profile file holds. ``id`` names it for ever and is its file's stem."""

    id: str = spec_field(FieldKind.TEXT, "identifier", required=True)
    name: str = spec_field(FieldKind.TEXT, "name", required=True)
    relay: RelaySpec = spec_field(FieldKind.GROUP, "the relay")
    group: str = spec_field(FieldKind.TEXT, "group", "")
    autostart: bool = spec_field(FieldKind.SWITCH, "start with the engine", False)
    unconfirmed: bool = spec_field(
        FieldKind.SWITCH, "it came from somebody else; nobody has confirmed its commands", False
    )

    def check(self) -> None:
        if not self.name.strip():
            raise SpecError("name is missing", code=ErrorCode.VALUE_MISSING, field="name")
        if len(self.id) > 80 or not _ID.fullmatch(self.id) or "-" not in self.id:
            raise invalid("id", "must be lower-case letters, digits and hyphens", rule="id")


def from_elsewhere(profile: Profile) -> Profile:
    """A profile that somebody else made, as it is taken over: with an id of its own, it starts only
    when it is asked to, and runs no command that nobody has confirmed.
    """
    return replace(
        profile,
        id=new_id(profile.name),
        name=_as_seen(profile.name).strip() or "?",
        group=_as_seen(profile.group).strip(),
        autostart=False,
        unconfirmed=bool(commands_of(profile.relay)),
    )


def _as_seen(name: str) -> str:
    """A name without what makes it look like another: controls, and marks that turn the order of
    letters around. Joiners stay, as some languages and pictures need them.
    """
    return "".join(
        each
        for each in name
        if unicodedata.category(each) != "Cc" and unicodedata.bidirectional(each) not in _TURNING
    )


def unconfirmed_commands(profile: Profile) -> tuple[str, ...]:
    """The commands that a profile must not run before somebody has confirmed them."""
    return commands_of(profile.relay) if profile.unconfirmed else ()


def new_id(name: str) -> str:
    """Make an identifier from a name: safe as a file name everywhere, unlike any other.

    The random tail also keeps names such as ``com2``, which Windows reserves, apart from it.
    """
    return f"{file_stem(name)}-{secrets.token_hex(4)}"


def file_stem(name: str) -> str:
    """Make a name that files can have of any name: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "relay"


def profile_to_toml(profile: Profile) -> str:
    """Write a profile as the text of its file; values equal to their default are left out."""
    import tomli_w  # only needed where profiles are written

    return tomli_w.dumps({"format": FORMAT, **to_data(profile)})


def profile_from_toml(text: str) -> Profile:
    """Read the text of a profile file, also of an older format.

    Raises:
        SpecError: PROFILE_DAMAGED (with fact ``line`` where known), PROFILE_NEWER (fact
            ``format``), or what is wrong with a value.
    """
    data, version = _data_and_format(text)
    return from_data(Profile, upgrade(data, version, FORMAT, STEPS))


def format_of(text: str) -> int:
    """The format of a profile's text. Raises: SpecError PROFILE_DAMAGED, PROFILE_NEWER."""
    return _data_and_format(text)[1]


def _data_and_format(text: str) -> tuple[Data, int]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        found = re.search(r"line (\d+)", str(exc))
        raise SpecError(
            f"not a profile: {exc}",
            code=ErrorCode.PROFILE_DAMAGED,
            why=str(exc),
            line=int(found.group(1)) if found else text.count("\n") + 1,
        ) from exc
    except (ValueError, RecursionError) as exc:  # a number of thousands of digits, endless brackets
        raise SpecError(
            f"not a profile: {exc}", code=ErrorCode.PROFILE_DAMAGED, why=str(exc)
        ) from exc
    version = data.pop("format", None)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise SpecError(
            "not a profile: there is no line such as format = 1",
            code=ErrorCode.PROFILE_DAMAGED,
            why="format",
            line=1,
        )
    if version > FORMAT:
        raise SpecError(
            f"written by a newer Bascule (format {version}, this one reads {FORMAT})",
            code=ErrorCode.PROFILE_NEWER,
            format=version,
        )
    return data, version
