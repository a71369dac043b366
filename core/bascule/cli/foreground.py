"""Owns ``bascule run FILE``: one relay in this process, without engine or window."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bascule.cli.loop import run_to_its_end, run_until_done
from bascule.cli.say import say
from bascule.engine.secrets import Secrets, system_keyring
from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.events import LogLine, RelayEvent
from bascule.places import find_places
from bascule.relay.build import Ends, build
from bascule.relay.relay import Relay
from bascule.spec.commands import unconfirmed
from bascule.spec.fields import references
from bascule.spec.profiles import Profile, profile_from_toml, unconfirmed_commands
from bascule.spec.relays import RelaySpec

_SILENT_SECONDS = 2.0


def run_file(name: str) -> int:
    """Run the profile in a file until it ends, or a signal ends it.

    Raises:
        KeyboardInterrupt: it was ended.
        SpecError: COMMAND_UNCONFIRMED, for a profile that says so.
        BasculeError: the file is no profile, or the relay cannot run.
    """
    profile = read_profile_file(name)
    if unconfirmed_commands(profile):
        raise unconfirmed(unconfirmed_commands(profile))
    run_until_done(_run(profile))
    return 0


def read_profile_file(name: str) -> Profile:
    """Read a profile from a file ("-": standard input). Raises: SpecError."""
    return profile_from_toml(read_file(name))


def read_file(name: str) -> str:
    """The text of a file ("-": standard input), without the mark that Windows' editors begin with.

    A pipe may be slow, or never be written to: after a moment it is said that it is waited for.
    Raises: SpecError PROFILE_DAMAGED.
    """
    try:
        if name == "-":
            return sys.stdin.read().removeprefix("\ufeff")
        with _said_to_be_waited_for(Path(name)):
            return Path(name).read_text("utf-8-sig")
    except (OSError, UnicodeError) as exc:
        why = getattr(exc, "strerror", None) or "it is no text in UTF-8"
        said = "the input" if name == "-" else name
        raise SpecError(
            f"{said} cannot be read: {why}", code=ErrorCode.PROFILE_DAMAGED, why=why, path=name
        ) from exc


@contextmanager
def _said_to_be_waited_for(path: Path) -> Generator[None]:
    """Say it where something that is no file lets one wait."""
    said = f"bascule: waiting for {path}: nothing has written it to its end yet; Ctrl+C gives up"
    waits = threading.Timer(_SILENT_SECONDS, lambda: print(said, file=sys.stderr, flush=True))
    waits.daemon = True
    if not path.is_file():
        waits.start()
    try:
        yield
    finally:
        waits.cancel()


async def _run(profile: Profile) -> None:
    def heard(event: RelayEvent) -> None:
        if isinstance(event, LogLine):
            say(f"{profile.name}: {event.text}", aside=True)

    relay = Relay(profile.id, profile.relay, _build, heard)
    await run_to_its_end(relay)
    if relay.status.problem is not None:
        raise BasculeError.of(relay.status.problem)


async def _build(spec: RelaySpec) -> Ends:
    secrets = Secrets(find_places().secrets, system_keyring)
    values = {"": ""}
    for reference in references(spec):
        values[reference] = await asyncio.to_thread(secrets.read, reference)
    return build(spec, values.__getitem__)
