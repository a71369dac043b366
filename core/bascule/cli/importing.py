"""Owns ``bascule import``: profiles and texts of other programs become profiles, stopped."""

from __future__ import annotations

import re

from bascule.cli.say import say
from bascule.control.client import Client
from bascule.errors import ErrorCode, SpecError
from bascule.service.definition import typed
from bascule.spec.commands import without_words
from bascule.spec.fields import with_references
from bascule.spec.foreign.found import Found
from bascule.spec.foreign.read import read_text
from bascule.spec.profiles import (
    Profile,
    from_elsewhere,
    new_id,
    profile_from_toml,
    unconfirmed_commands,
)
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.explain import describe

_PROFILE = re.compile(r"^\s*format\s*=", re.MULTILINE)
_LONGEST_NAME = 80


async def import_text(client: Client, name: str, text: str) -> None:
    """Import the ``text`` of the file ``name``; what is in it is said, and nothing is started.

    Raises: SpecError: it is neither a profile nor a text that can be read, or none of the commands
        in it can be a relay.
    """
    if name.endswith(".toml") or _PROFILE.search(text):
        await _save(client, from_elsewhere(profile_from_toml(text)), {})
        return
    found = read_text(text)
    for note in found.notes:
        say(f"{note.token}: {note.text}")
    problems = [each.problem for each in found.found if each.problem is not None]
    for each in found.found:
        if each.problem is not None:
            say(_shown(text, each.problem))
        else:
            await _keep(client, each)
    if len(problems) == len(found.found):
        raise problems[0]


async def _keep(client: Client, found: Found) -> None:
    assert found.relay is not None
    say(found.name)
    for verdict in found.verdicts:
        say(f"  {verdict.token.splitlines()[0] if verdict.token else ''}  {verdict.text}")
    name = _name(found.relay)
    id = new_id(name)
    names = {old: f"{id}-{number}" for number, old in enumerate(found.secrets, 1)}
    relay = with_references(found.relay, names)
    secrets = {names[old]: value for old, value in found.secrets.items()}
    profile = Profile(id=id, name=name, relay=relay, unconfirmed=bool(found.runs))
    await _save(client, profile, secrets)


async def _save(client: Client, profile: Profile, secrets: dict[str, str]) -> None:
    await client.save(profile, secrets)
    say(f"{profile.id}  {profile.name}  stopped")
    for command in unconfirmed_commands(profile):
        confirm = typed(f"confirm {profile.id}")
        say(f"  It would run `{command}`: `{confirm}` before it is started.")


def _name(relay: RelaySpec) -> str:
    """A name for a relay that has none: where it leads from and to."""
    named = without_words(relay)
    name = " ".join(f"{describe(named.source)} to {describe(named.target)}".split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _shown(text: str, problem: SpecError) -> str:
    """What is wrong, with its line and a caret below the place."""
    position = problem.facts.get("position", 0)
    at = position if isinstance(position, int) else 0
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin:].partition("\n")[0][:200].replace("\t", " ")
    number = text.count("\n", 0, at) + 1
    kind = "not read" if problem.code is not ErrorCode.NOT_ON_THIS_SYSTEM else "cannot be done"
    return f"line {number}, {kind}: {problem.message}\n  {line}\n  {' ' * (at - begin)}^"
