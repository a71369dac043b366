"""Owns all relays of one user. Each public method is a command; what happens is published.

It knows no client, no wire and no window.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from weakref import WeakValueDictionary

from bascule.engine.bus import Bus
from bascule.engine.computer import Computer
from bascule.engine.logs import log, text_for_file
from bascule.engine.profiles import ProfileFile, ProfileFolder, text_of, unknown
from bascule.engine.secrets import Keyring, Secrets
from bascule.errors import BasculeError, ControlError, ErrorCode, Problem
from bascule.events import (
    LogLevel,
    LogLine,
    ProfileRemoved,
    RecordingChanged,
    RelayEvent,
    StageResult,
)
from bascule.facts import ShareFacts
from bascule.places import Places
from bascule.recording.records import Recorded
from bascule.relay.build import Builder, Ends, build
from bascule.relay.check import check_target
from bascule.relay.connections import TICK_SECONDS
from bascule.relay.probe import probe, takes_same_place
from bascule.relay.relay import Relay
from bascule.snapshot import Event, ProfileSaved, ProfileView, Snapshot
from bascule.spec.commands import commands_of, unconfirmed
from bascule.spec.endpoints import TcpConnect
from bascule.spec.fields import Spec, references
from bascule.spec.profiles import (
    Profile,
    from_elsewhere,
    profile_from_toml,
    profile_to_toml,
    unconfirmed_commands,
)
from bascule.spec.relays import RelaySpec

_CHANGES_SECONDS = 5.0
"""How long the end waits for changes that are under way."""

_LOG_LINES = 100
_LISTED_CONNECTIONS = 500
_LEVELS = {
    LogLevel.INFO: logging.INFO,
    LogLevel.WARNING: logging.WARNING,
    LogLevel.PROBLEM: logging.ERROR,
}


@dataclass(slots=True)
class _Entry:
    """One profile, its relay where it can be read, and the last lines of its log."""

    file: ProfileFile
    relay: Relay | None
    log: deque[LogLine] = field(default_factory=lambda: deque[LogLine](maxlen=_LOG_LINES))


class Engine:
    """All relays, and ``computer``: where they run. Use it as ``await open()`` …
    ``await aclose()``.
    """

    def __init__(self, places: Places, keyring: Callable[[], Keyring | None]) -> None:
        self.bus = Bus()
        self.computer = Computer(places)
        self._folder = ProfileFolder(places.profiles, places.deleted)
        self._secrets = Secrets(places.secrets, keyring)
        self._entries: dict[str, _Entry] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._changes: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.Task[None] | None = None

    # life ---------------------------------------------------------------------------------------

    async def open(self, again: Collection[str] = ()) -> None:
        """Read the profiles and start those marked autostart, and those with the ids ``again``."""
        for file in await asyncio.to_thread(self._folder.read_all):
            self._entries[file.id] = self._entry(file)
        self._ticking = asyncio.get_running_loop().create_task(self._tick(), name="tick")
        for entry in self._entries.values():
            if entry.relay is None or entry.file.profile is None:
                continue
            if entry.file.profile.autostart or entry.file.id in again:
                entry.relay.start()
        await self._forget(await asyncio.to_thread(self._folder.purge))

    async def aclose(self) -> None:
        """Let changes end that are under way, and stop every relay."""
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.wait((self._ticking,))
        if self._changes:
            await asyncio.wait(self._changes, timeout=_CHANGES_SECONDS)
        relays = [entry.relay for entry in self._entries.values() if entry.relay is not None]
        await asyncio.gather(*(relay.stop() for relay in relays))

    @property
    def active(self) -> bool:
        """Whether any relay runs or tries to."""
        return any(entry.relay and entry.relay.active for entry in self._entries.values())

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = time.monotonic()
            for entry in self._entries.values():
                if entry.relay is not None and entry.relay.active:
                    # By the loop: it reports what breaks one of them, and the others go on.
                    loop.call_soon(entry.relay.tick, now)

    # what is known ------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Everything, as of now."""
        return Snapshot(tuple(self._view(entry) for entry in self._entries.values()))

    def _view(self, entry: _Entry) -> ProfileView:
        file, relay = entry.file, entry.relay
        view = ProfileView(
            file.id, str(file.path), file.profile, file.problem, log=tuple(entry.log)
        )
        if relay is None:
            return view
        up, down = relay.totals
        live = list(relay.connections.values())
        return replace(
            view,
            status=relay.status,
            connections=tuple(connection.status for connection in live[:_LISTED_CONNECTIONS]),
            connection_count=len(live),
            up=up,
            down=down,
            recording=relay.recorder.on,
            transfers=relay.findings.transfers.statuses,
            measurement=relay.findings.measurement,
            checks=tuple(relay.findings.checks),
        )

    # relays -------------------------------------------------------------------------------------

    async def start_relay(self, id: str) -> None:
        """Start a relay; where it waits, try again now. Raises: SpecError."""

        async def start() -> None:
            self._relay(id).start()

        await self._change(id, start)

    async def stop_relay(self, id: str) -> None:
        """Stop a relay. Raises: SpecError PROFILE_UNKNOWN."""

        async def stop() -> None:
            await self._relay(id).stop()

        await self._change(id, stop)

    def close_connection(self, id: str, number: int) -> None:
        """End one connection. Raises: SpecError, ControlError CONNECTION_UNKNOWN."""
        if not self._relay(id).close_connection(number):
            raise ControlError(
                f"there is no connection {number}", code=ErrorCode.CONNECTION_UNKNOWN, number=number
            )

    def record(self, id: str, on: bool) -> None:
        """Record what passes a relay from now on, or stop: what was recorded is forgotten
        soon, not at once, so that it can be read to its end. Raises: SpecError.
        """
        relay = self._relay(id)
        if relay.recorder.on is not on:
            relay.record(on)
            self._publish(RecordingChanged(id, on))

    def recorded(self, id: str, after: int) -> Recorded:
        """What was recorded of a relay after that record. Raises: SpecError."""
        return self._relay(id).recorder.after(after)

    def share(self, id: str) -> ShareFacts | None:
        """What a relay hands out, or did until it stopped, if it does. Raises: SpecError."""
        return self._relay(id).findings.share

    async def test(
        self,
        spec: RelaySpec,
        secrets: Mapping[str, str],
        report: Callable[[StageResult], None],
        running: str = "",
    ) -> tuple[StageResult, ...]:
        """Try a relay without keeping it. ``secrets`` are those not saved yet; ``running`` is the
        profile being edited, whose own port and device do not count as taken.

        Raises: SpecError COMMAND_UNCONFIRMED.
        """
        entry = self._entries.get(running)
        relay = entry.relay if entry is not None else None
        holds = (
            relay is not None and relay.active and takes_same_place(relay.spec.source, spec.source)
        )
        saved = await self._read_secrets(spec, secrets)
        held = entry.file.profile if entry is not None else None
        if held is not None and unconfirmed_commands(held) and commands_of(spec):
            raise unconfirmed(commands_of(spec))
        return await probe(spec, saved.__getitem__, report, already_listening=holds)

    async def check(
        self,
        target: TcpConnect,
        secrets: Mapping[str, str],
        report: Callable[[StageResult], None],
        *,
        seconds: float,
        first_byte: bool,
    ) -> Problem | None:
        """Check whether a host answers within ``seconds``; None where it does. ``secrets`` are
        those not saved yet. Raises: SpecError: a secret is missing.
        """
        saved = await self._read_secrets(target, secrets)
        dialer = Builder(saved.__getitem__).dialer(target, "target")
        return await check_target(dialer, report, seconds=seconds, first_byte=first_byte)

    # profiles -----------------------------------------------------------------------------------

    async def save(self, profile: Profile, secrets: Mapping[str, str]) -> None:
        """Write a profile and its secrets. Where its relay runs and changes, it is restarted.

        Raises: SpecError PROFILE_UNWRITABLE, PROFILE_DAMAGED.
        """
        await self._change(profile.id, lambda: self._save(profile, secrets))

    async def confirm(self, id: str, commands: tuple[str, ...]) -> None:
        """Let a relay run ``commands`` from now on: somebody has read them.

        Raises: SpecError COMMAND_UNCONFIRMED: they are not what it would run (any more).
        """
        await self._change(id, lambda: self._confirm(id, commands))

    async def _confirm(self, id: str, commands: tuple[str, ...]) -> None:
        profile = self._known(id).file.profile
        if profile is None:
            raise _no_profile(self._known(id).file)
        if commands != commands_of(profile.relay):
            raise unconfirmed(commands_of(profile.relay))
        await self._write(replace(profile, unconfirmed=False), {})

    async def _save(self, profile: Profile, secrets: Mapping[str, str]) -> None:
        """Write a profile. What it ran unconfirmed stays so: saving is no confirmation."""
        entry = self._entries.get(profile.id)
        old = entry.file.profile if entry is not None else None
        waiting = set(unconfirmed_commands(old) if old is not None else ())
        if waiting.intersection(commands_of(profile.relay)):
            profile = replace(profile, unconfirmed=True)
        await self._write(profile, secrets)

    async def _write(self, profile: Profile, secrets: Mapping[str, str]) -> None:
        if secrets:
            await asyncio.to_thread(self._secrets.write, secrets)
        path = await asyncio.to_thread(self._folder.write, profile)
        file = ProfileFile(profile.id, path, profile)
        entry = self._entries.get(profile.id)
        if entry is None or entry.relay is None:
            entry = self._entries[profile.id] = self._entry(file)
        else:
            old, entry.file = entry.file.profile, file
            if secrets or entry.relay.spec != profile.relay:
                was_active = entry.relay.active
                await entry.relay.stop()
                entry.relay.spec = profile.relay
                await self._forget(references(old.relay) if old else ())
                if was_active:
                    entry.relay.start()
        self._publish(ProfileSaved(self._view(entry)))

    async def delete(self, id: str) -> None:
        """Stop a relay and put its profile aside. Raises: SpecError."""
        await self._change(id, lambda: self._delete(id))

    async def _delete(self, id: str) -> None:
        entry = self._known(id)
        if entry.relay is not None:
            await entry.relay.stop()
        await asyncio.to_thread(self._folder.delete, id)
        del self._entries[id]
        self._publish(ProfileRemoved(id))

    async def restore(self, id: str) -> None:
        """Bring back a deleted profile, stopped. Raises: SpecError PROFILE_UNKNOWN."""
        await self._change(id, lambda: self._restore(id))

    async def _restore(self, id: str) -> None:
        if id in self._entries:
            raise unknown(id)
        file = await asyncio.to_thread(self._folder.restore, id)
        entry = self._entries[id] = self._entry(file)
        self._publish(ProfileSaved(self._view(entry)))

    async def export(self, id: str) -> str:
        """The text of a profile, without secrets. Raises: SpecError."""
        file = self._known(id).file
        if file.profile is not None:
            return profile_to_toml(file.profile)
        try:
            return await asyncio.to_thread(text_of, file.path)
        except (OSError, UnicodeError) as exc:
            raise _no_profile(file) from exc

    def read_profile(self, text: str) -> Profile:
        """Read an exported profile and give it an id of its own; nothing is kept or started.

        Raises: SpecError.
        """
        return from_elsewhere(profile_from_toml(text))

    # inside -------------------------------------------------------------------------------------

    def _entry(self, file: ProfileFile) -> _Entry:
        relay = None
        if file.profile is not None:
            relay = Relay(file.id, file.profile.relay, partial(self._build, file.id), self._heard)
        return _Entry(file, relay)

    def _known(self, id: str) -> _Entry:
        if id not in self._entries:
            raise unknown(id)
        return self._entries[id]

    def _relay(self, id: str) -> Relay:
        entry = self._known(id)
        if entry.relay is None:
            raise _no_profile(entry.file)
        return entry.relay

    async def _build(self, id: str, spec: RelaySpec) -> Ends:
        """What a relay starts with, whoever or whatever starts it."""
        profile = self._entries[id].file.profile
        if profile is not None and unconfirmed_commands(profile):
            raise unconfirmed(unconfirmed_commands(profile))
        saved = await self._read_secrets(spec, {})
        return build(spec, saved.__getitem__)

    async def _read_secrets(self, spec: Spec, given: Mapping[str, str]) -> dict[str, str]:
        """All secrets a spec refers to, read in a thread: a keyring may ask the user."""
        values = {"": ""}
        for reference in references(spec):
            if reference in given:
                values[reference] = given[reference]
            else:
                values[reference] = await asyncio.to_thread(self._secrets.read, reference)
        return values

    async def _forget(self, gone: Iterable[str]) -> None:
        """Forget secrets, except those that a profile (a duplicate, say) still refers to."""
        profiles = [entry.file.profile for entry in self._entries.values()]
        used = {each for profile in profiles if profile for each in references(profile.relay)}
        unused = sorted(set(gone) - used)
        if unused:
            await asyncio.to_thread(self._secrets.delete, unused)

    async def _change(self, id: str, change: Callable[[], Awaitable[None]]) -> None:
        """Change one profile or its relay: one change at a time, and to its end even where whoever
        asked for it goes away.
        """

        async def alone() -> None:
            async with self._locks.setdefault(id, asyncio.Lock()):
                await change()

        task = asyncio.get_running_loop().create_task(alone(), name=f"change {id}")
        self._changes.add(task)
        task.add_done_callback(self._changes.discard)
        await asyncio.shield(task)

    def _heard(self, event: RelayEvent) -> None:
        if isinstance(event, LogLine):
            self._entries[event.relay].log.append(event)
            log.log(_LEVELS[event.level], "%s: %s", event.relay, text_for_file(event))
        self._publish(event)

    def _publish(self, event: Event) -> None:
        self.bus.publish(event)


def _no_profile(file: ProfileFile) -> BasculeError:
    """Why a file gives no profile."""
    assert file.problem is not None
    return BasculeError.of(file.problem)
