"""Owns what a person can do, one method each, for window and tray alike.

A method begins a task and returns; what it changes comes back as an event of the engine. What could
not be done is told by ``failed``. Nothing is drawn or asked here: where a person has to choose
something first, a signal says so and the window asks.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from bascule.errors import BasculeError, ErrorCode
from bascule.recording.records import Passage, Record
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile, new_id, unconfirmed_commands
from bascule.whole_file import write_whole
from bascule_desktop import autostart, login_words
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.profile_file import not_imported, read_text, write_text
from bascule_desktop.store import Row
from bascule_desktop.tasks import Tasks
from bascule_desktop.threads import beside
from bascule_desktop.traffic_file import Form, pieces

type Work = Callable[[], Coroutine[Any, Any, None]]
"""What a task does: called when it begins, so that one that is refused leaves nothing behind."""


class Actions(QObject):
    """The verbs of the window. A second call while the first one runs does nothing."""

    failed = Signal(object, object)
    """What was asked for did not happen: relay id or None, and the ``Problem``."""

    deleted = Signal(str, str)
    """A profile was deleted: id and name. ``undo_delete`` brings it back."""

    saved = Signal(str)
    """A profile was made here: its id. The window shows it."""

    exported = Signal(str, str)
    """A profile was written to a file: its name, and the file."""

    login_arranged = Signal(str)
    """A relay shall start with the computer, so Bascule itself starts at login from now on; carries
    the sentence that says why where it cannot, else "". Not told of a portable copy.
    """

    trust_wanted = Signal(object)
    """It is to be shown how others trust a certificate: its ``CertificateFacts``."""

    traffic_read = Signal(str, object)
    share_read = Signal(str, object)
    """What a relay's traffic was: its id, and ``Recorded``."""

    traffic_saved = Signal(str)
    """Traffic was written to that file."""

    import_read = Signal(object)
    """A file was read: the ``Profile`` it holds. Nothing is saved before ``save_imported``."""

    confirmation_wanted = Signal(str, object)
    """The commands of a relay are to be read and allowed: its id, and the commands."""

    wizard_wanted = Signal(object)
    """A relay is to be made (None) or changed (its ``Profile``)."""

    check_wanted = Signal(object)
    """A host is to be checked: a ``TcpConnect``."""

    demo_wanted = Signal()
    """The demonstration is to be shown."""

    def __init__(self, link: EngineLink, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._tasks = tasks
        self._ran_before_delete: set[str] = set()
        self._to_import: list[Path] = []

    # a relay's life -----------------------------------------------------------------------------

    def start(self, id: str) -> None:
        """Start a relay."""
        self._begin("start", id, partial(self._start, id))

    def stop(self, id: str) -> None:
        """Stop a relay and end its connections."""
        self._begin("stop", id, partial(self._stop, id))

    def toggle(self, id: str) -> None:
        """Turn a relay's switch."""
        row = self._link.store.rows.get(id)
        if row is not None and row.profile is not None:
            if row.active:
                self.stop(id)
            else:
                self.start(id)

    def try_again(self, id: str) -> None:
        """Try now what waits or failed; a profile that could not be read is read again."""
        row = self._link.store.rows.get(id)
        if row is not None and row.profile is None:
            self._begin("read", id, partial(self._read_again, id, Path(row.file)))
        else:
            self.start(id)

    def ask_confirmation(self, id: str) -> None:
        """Show the commands that a relay waits to run; ``confirm`` allows them."""
        profile = self._profile(id)
        if profile is not None and unconfirmed_commands(profile):
            self.confirmation_wanted.emit(id, unconfirmed_commands(profile))

    def confirm(self, id: str, commands: tuple[str, ...]) -> None:
        """Let a relay run commands that the person has read, and start it."""
        self._begin("confirm", id, partial(self._confirm, id, commands))

    def ask_trust(self, certificate: str) -> None:
        """Show how others trust a certificate: ``trust_wanted`` tells what it says."""
        self._begin("trust", None, partial(self._ask_trust, certificate))

    def close_connection(self, id: str, number: int) -> None:
        """End one connection of a relay."""
        self._begin(f"close {number}", id, partial(self._close, id, number))

    # its traffic --------------------------------------------------------------------------------

    def record(self, id: str, on: bool) -> None:
        """Record what passes a relay, or stop and let the engine forget it."""
        self._begin("record", id, partial(self._record, id, on))

    def read_traffic(self, id: str, after: int) -> None:
        """Read what was recorded after that record: ``traffic_read`` tells it, part by part."""
        self._begin("read traffic", id, partial(self._read_traffic, id, after))

    def save_traffic(
        self, path: Path, form: Form, records: Sequence[Record], passages: Mapping[int, Passage]
    ) -> None:
        """Write records to a file."""
        work = partial(self._save_traffic, path, form, records, passages)
        self._begin("save traffic", None, work)

    # what it hands out --------------------------------------------------------------------------

    def read_share(self, id: str) -> None:
        """Ask what a relay hands out: ``share_read`` tells it, with its secret link."""
        self._begin("read share", id, partial(self._read_share, id))

    # profiles -----------------------------------------------------------------------------------

    def new_relay(self) -> None:
        """Ask what the new relay shall do."""
        self.wizard_wanted.emit(None)

    def edit(self, id: str) -> None:
        """Open a relay's settings."""
        if (profile := self._profile(id)) is not None:
            self.wizard_wanted.emit(profile)

    def check(self, id: str) -> None:
        """Ask whether a relay's target answers, where it is a host."""
        profile = self._profile(id)
        if profile is not None and isinstance(profile.relay.target, TcpConnect):
            self.check_wanted.emit(profile.relay.target)

    def duplicate(self, id: str) -> None:
        """Make a copy that is stopped and does not start by itself."""
        if (profile := self._profile(id)) is not None:
            name = self._copy_name(profile.name)
            copy = replace(profile, id=new_id(name), name=name, autostart=False)
            self._begin("duplicate", id, partial(self._save_new, copy))

    def delete(self, id: str) -> None:
        """Stop a relay and put its profile aside; ``deleted`` says how to take it back."""
        if (row := self._link.store.rows.get(id)) is not None:
            self._begin("delete", id, partial(self._delete, row))

    def undo_delete(self, id: str) -> None:
        """Bring a deleted profile back, running if it ran."""
        self._begin("restore", id, partial(self._restore, id))

    def set_autostart(self, id: str, on: bool) -> None:
        """Let a relay start with the computer, or not."""
        if (profile := self._profile(id)) is not None:
            self._begin("save", id, partial(self._save, replace(profile, autostart=on)))
            if on:
                self.start_at_login()

    def replace_engine(self) -> None:
        """End the running engine of another version; ours takes its place."""
        self._begin("replace engine", None, self._link.replace_engine)

    def start_at_login(self) -> None:
        """Let Bascule start at login: else no relay starts with the computer."""
        if autostart.is_enabled() or not autostart.is_possible():
            return
        why = ""
        try:
            autostart.set_enabled(True)
        except OSError as exc:
            why = login_words.refused(exc)
        self.login_arranged.emit(why)

    def rename(self, id: str, name: str) -> None:
        """Give a relay another name; its identifier stays."""
        if (profile := self._profile(id)) is not None and name.strip():
            self._begin("save", id, partial(self._save, replace(profile, name=name.strip())))

    def set_group(self, id: str, group: str) -> None:
        """Put a relay into a group; empty: into none."""
        if (profile := self._profile(id)) is not None:
            self._begin("save", id, partial(self._save, replace(profile, group=group.strip())))

    def use_port(self, id: str, port: int) -> None:
        """Listen on another port, and start."""
        profile = self._profile(id)
        if profile is not None and isinstance(profile.relay.source, TcpListen):
            source = replace(profile.relay.source, port=port)
            changed = replace(profile, relay=replace(profile.relay, source=source))
            self._begin("save", id, partial(self._save_and_start, changed))

    # files --------------------------------------------------------------------------------------

    def import_files(self, paths: Sequence[Path]) -> None:
        """Read exported profiles, as soon as there is an engine; ``import_read`` says of each what
        is in it.
        """
        self._to_import += paths
        self._tasks.start("import", self._import_all())

    def save_imported(self, profile: Profile) -> None:
        """Keep a profile that was read, stopped."""
        self._begin("save", profile.id, partial(self._save_new, profile))

    def export(self, id: str, path: Path, text: str | None = None) -> None:
        """Write a profile to a file of the person's choice, or what it is in another program's
        words (``text``); passwords are in neither.
        """
        if (row := self._link.store.rows.get(id)) is not None:
            self._begin("export", id, partial(self._export, row, path, text))

    def run_demo(self) -> None:
        """Show the demonstration."""
        self.demo_wanted.emit()

    # tasks --------------------------------------------------------------------------------------

    def _begin(self, verb: str, id: str | None, work: Work) -> None:
        name = verb if id is None else f"{verb} {id}"
        self._tasks.start(name, self._told(id, work))

    async def _told(self, id: str | None, work: Work) -> None:
        """Do the work; what Bascule can explain is told, anything else is for the crash report."""
        try:
            await work()
        except BasculeError as exc:
            self.failed.emit(id, exc.problem)

    async def _start(self, id: str) -> None:
        await self._link.client.start(id)

    async def _confirm(self, id: str, commands: tuple[str, ...]) -> None:
        await self._link.client.confirm(id, commands)
        await self._link.client.start(id)

    async def _ask_trust(self, certificate: str) -> None:
        self.trust_wanted.emit(await self._link.client.certificate_facts(certificate))

    async def _stop(self, id: str) -> None:
        await self._link.client.stop(id)

    async def _close(self, id: str, number: int) -> None:
        try:
            await self._link.client.close_connection(id, number)
        except BasculeError as exc:
            if exc.code is not ErrorCode.CONNECTION_UNKNOWN:  # it ended by itself: all is well
                raise

    async def _record(self, id: str, on: bool) -> None:
        await self._link.client.record(id, on)

    async def _read_traffic(self, id: str, after: int) -> None:
        more = True
        while more:
            try:
                recorded = await self._link.client.recorded(id, after)
            except BasculeError as exc:
                if exc.code in (ErrorCode.ENGINE_LOST, ErrorCode.PROFILE_UNKNOWN):
                    return  # it is said elsewhere that there is nothing to be read
                raise
            self.traffic_read.emit(id, recorded)
            after = recorded.records[-1].number if recorded.records else after
            more = recorded.more

    async def _read_share(self, id: str) -> None:
        try:
            facts = await self._link.client.share(id)
        except BasculeError as exc:
            if exc.code in (ErrorCode.ENGINE_LOST, ErrorCode.PROFILE_UNKNOWN):
                return  # it is said elsewhere that there is nothing to be read
            raise
        if facts is not None:
            self.share_read.emit(id, facts)

    async def _save_traffic(
        self, path: Path, form: Form, records: Sequence[Record], passages: Mapping[int, Passage]
    ) -> None:
        await beside(write_whole, path, pieces(form, records, passages))
        self.traffic_saved.emit(str(path))

    async def _save(self, profile: Profile) -> None:
        await self._link.client.save(profile)

    async def _save_new(self, profile: Profile) -> None:
        await self._link.client.save(profile)
        self.saved.emit(profile.id)

    async def _save_and_start(self, profile: Profile) -> None:
        await self._link.client.save(profile)
        await self._link.client.start(profile.id)

    async def _delete(self, row: Row) -> None:
        ran, name = row.active, row.name
        await self._link.client.delete(row.id)
        if ran:
            self._ran_before_delete.add(row.id)
        self.deleted.emit(row.id, name)

    async def _restore(self, id: str) -> None:
        await self._link.client.restore(id)
        self.saved.emit(id)
        if id in self._ran_before_delete:
            self._ran_before_delete.discard(id)
            await self._link.client.start(id)

    async def _read_again(self, id: str, path: Path) -> None:
        """Let the engine read a repaired file. Looked at here first: while it is still damaged it
        must not be moved, and taking it away and back is how the engine reads it anew.
        """
        client = self._link.client
        await client.read_profile(await beside(read_text, path))
        await client.delete(id)
        await client.restore(id)
        self.saved.emit(id)

    async def _import_all(self) -> None:
        while self._to_import:
            await self._link.until_connected()
            await self._told(None, partial(self._import, self._to_import.pop(0)))

    async def _import(self, path: Path) -> None:
        try:
            text = await beside(read_text, path)
            self.import_read.emit(await self._link.client.read_profile(text))
        except BasculeError as exc:
            raise not_imported(path, exc) from exc

    async def _export(self, row: Row, path: Path, text: str | None) -> None:
        if text is None:
            text = await self._link.client.export(row.id)
        await beside(write_text, path, text)
        self.exported.emit(row.name, str(path))

    def _profile(self, id: str) -> Profile | None:
        row = self._link.store.rows.get(id)
        return row.profile if row is not None else None

    def _copy_name(self, name: str) -> str:
        taken = {row.name for row in self._link.store.rows.values()}
        copy = self.tr("{name} (copy)").format(name=name)
        number = 2
        while copy in taken:
            copy = self.tr("{name} (copy {number})").format(name=name, number=number)
            number += 1
        return copy
