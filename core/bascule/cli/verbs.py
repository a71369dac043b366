"""Owns the commands that ask the running engine: list, show, start, stop, status and so on."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path

from bascule.cli.foreground import read_file
from bascule.cli.importing import import_text
from bascule.cli.say import say
from bascule.cli.traffic import follow
from bascule.control.client import Client
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError, ErrorCode, Problem, SpecError
from bascule.events import (
    Checked,
    ConnectionClosed,
    ConnectionOpened,
    Measured,
    ProfileRemoved,
    RecordingChanged,
    RelayChanged,
    RelayState,
    RelayStatus,
    Traffic,
    TransferChanged,
    TransferState,
    TransferStatus,
)
from bascule.places import find_places
from bascule.service.definition import typed
from bascule.snapshot import Event, ProfileSaved, ProfileView, Snapshot
from bascule.spec.codec import to_data
from bascule.spec.commands import unconfirmed
from bascule.spec.export.exported import Form
from bascule.spec.export.write import write
from bascule.spec.profiles import Profile, profile_from_toml, profile_to_toml, unconfirmed_commands
from bascule.streams.reader_gone import reader_gone
from bascule.whole_file import ORDINARY, replace_file

_START_SECONDS = 10.0
"""How long `start` waits for what comes of it."""


def do(options: argparse.Namespace) -> int:
    """Do one command through the engine. Raises: BasculeError."""
    # Before a loop takes Ctrl+C: it may have to be waited for.
    text = read_file(options.file) if options.command == "import" else ""
    asyncio.run(_do(options, text))
    return 0


async def _do(options: argparse.Namespace, text: str) -> None:
    async with await Client.connect(Rendezvous(find_places().runtime), name="bascule") as client:
        match options.command:
            case "list":
                _list(await client.profiles(), as_json=options.json)
            case "show":
                _show(_find(await client.profiles(), options.relay), as_json=options.json)
            case "start":
                await _start(client, _find(await client.profiles(), options.relay))
            case "stop":
                await client.stop(_find(await client.profiles(), options.relay).id)
            case "status":
                await _status(client, as_json=options.json, watch=options.watch)
            case "traffic":
                relay = _find(await client.profiles(), options.relay)
                await _while_read(
                    follow(client, relay, hexadecimal=not options.text, file=options.save)
                )
            case "import":
                await import_text(client, options.file, text)
            case "confirm":
                await _confirm(client, options.relay, yes=options.yes)
            case _:
                await _export(client, options.relay, options.file, options.form)


def _find(views: Sequence[ProfileView], wanted: str) -> ProfileView:
    by_id = [view for view in views if view.id == wanted]
    by_name = [view for view in views if view.profile and view.profile.name == wanted]
    found = by_id or by_name
    if not found:
        raise SpecError(
            f"there is no profile {wanted}; `{typed('list')}` shows all",
            code=ErrorCode.PROFILE_UNKNOWN,
            id=wanted,
        )
    if len(found) > 1:
        ids = ", ".join(view.id for view in found)
        raise SpecError(
            f"{len(found)} profiles are called {wanted}: say which by its identifier ({ids})",
            code=ErrorCode.PROFILE_UNKNOWN,
            id=wanted,
        )
    return found[0]


async def _start(client: Client, view: ProfileView) -> None:
    if view.profile is not None and unconfirmed_commands(view.profile):
        raise unconfirmed(unconfirmed_commands(view.profile))
    await client.start(view.id)
    with contextlib.suppress(TimeoutError):  # it is still at it: what comes of it is for `status`
        async with asyncio.timeout(_START_SECONDS):
            problem = await _begun(client, view.id)
            if problem is not None:
                raise BasculeError(problem.message, code=problem.code)


async def _begun(client: Client, id: str) -> Problem | None:
    """Wait until a relay has begun; why it could not."""
    async for batch in client.watch():
        for status in (found for event in batch for found in _statuses(event, id)):
            if status.state not in (RelayState.STARTING, RelayState.STOPPING):
                return status.problem if status.state is RelayState.FAILED else None
    return None  # pragma: no cover - watching ends by an error only


def _statuses(event: Event, id: str) -> list[RelayStatus]:
    """What an event says of the state of a relay."""
    match event:
        case Snapshot():
            return [view.status for view in event.profiles if view.id == id]
        case RelayChanged(relay=relay) if relay == id:
            return [event.status]
        case _:
            return []


def _words(status: RelayStatus) -> str:
    words = str(status.state)
    if status.listening:
        words += f" on {', '.join(status.listening)}"
    return f"{words}: {status.problem.message}" if status.problem else words


def _line(view: ProfileView) -> str:
    name = view.profile.name if view.profile else "?"
    words = _words(view.status) if view.broken is None else f"broken: {view.broken.message}"
    return f"{view.id}  {name}  {words}"


def _list(views: Sequence[ProfileView], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([to_data(view) for view in views], indent=2))
    else:
        for view in views:
            say(_line(view))


def _show(view: ProfileView, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(to_data(view), indent=2))
        return
    say(_line(view))
    say(f"{view.file}\n{view.connection_count} connections, {view.up} bytes up, {view.down} down")
    for transfer in view.transfers:
        say(_transfer(transfer))
    if view.profile is not None:
        say(profile_to_toml(view.profile).removesuffix("\n"))


async def _status(client: Client, *, as_json: bool, watch: bool) -> None:
    if not watch:
        _list(await client.profiles(), as_json=as_json)
        return
    await _while_read(_show_events(client, as_json=as_json))


async def _while_read(work: Coroutine[None, None, None]) -> None:
    """Show something until it ends or nobody reads it any more (``… | head -1``). Raises:
    BrokenPipeError; what it raises.
    """
    showing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(reader_gone(sys.stdout.fileno()))
    try:
        await asyncio.wait((showing, gone), return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            raise BrokenPipeError
        await showing
    finally:
        showing.cancel()
        gone.cancel()
        await asyncio.gather(showing, gone, return_exceptions=True)


async def _show_events(client: Client, *, as_json: bool) -> None:
    async for batch in client.watch():
        for event in batch:
            say(json.dumps(to_data(event)) if as_json else _told(event))


def _told(event: Event) -> str:
    match event:
        case Snapshot():
            return "\n".join(map(_line, event.profiles))
        case ProfileSaved():
            return _line(event.view)
        case ProfileRemoved():
            return f"{event.relay}  removed"
        case RelayChanged():
            return f"{event.relay}  {_words(event.status)}"
        case ConnectionOpened():
            words = "connected" if event.connection.connected else "has come"
            return f"{event.relay}  {event.connection.peer} {words}"
        case ConnectionClosed():
            why = event.problem.message if event.problem else "finished"
            return f"{event.relay}  #{event.number} {why}: {event.up} up, {event.down} down"
        case RecordingChanged():
            return (
                f"{event.relay}  traffic is {'recorded' if event.on else 'not recorded any more'}"
            )
        case TransferChanged():
            return f"{event.relay}  {_transfer(event.transfer)}"
        case Traffic():
            return f"{event.relay}  {event.up} bytes up, {event.down} bytes down"
        case Measured():
            return f"{event.relay}  {event.measurement.bytes_per_second:.0f} bytes a second"
        case Checked():
            problem, taken = event.check.problem, event.check.milliseconds
            said = f"answers after {taken:.1f} ms" if problem is None else problem.message
            return f"{event.relay}  {said}"
        case _:
            return f"{event.relay}  {event.text}"


def _transfer(status: TransferStatus) -> str:
    """How far a transfer of files is: ``sending a/b: 3 of 12 files, 4000 of 9000 bytes``."""
    verb = "sending" if status.sending else "receiving"
    files, size = str(status.files_done), str(status.bytes_done)
    if status.total_files is not None and status.state is not TransferState.COMPLETE:
        files, size = f"{files} of {status.total_files}", f"{size} of {status.total_bytes}"
    words = f"{verb} {status.name}: {files} files, {size} bytes"
    if status.passed_over:
        words += f", {status.passed_over} left out"
    match status.state:
        case TransferState.RUNNING:
            return f"{words}, {status.bytes_per_second:.0f} bytes per second"
        case TransferState.COMPLETE:
            return f"{words}, complete; SHA-256 of the last file {status.sha256 or '-'}"
        case _:
            return f"{words}, failed: {status.problem.message if status.problem else '?'}"


async def _confirm(client: Client, relay: str, *, yes: bool) -> None:
    """Show the commands that a relay waits to run; with ``yes``, let it run them."""
    view = _find(await client.profiles(), relay)
    commands = unconfirmed_commands(view.profile) if view.profile is not None else ()
    for command in commands:
        say(command)
    if not commands:
        print(f"{view.id} runs nothing that has to be confirmed")
    elif yes:
        await client.confirm(view.id, commands)
        print(f"{view.id} may run this from now on")
    else:
        line = typed(f"confirm {view.id} --yes")
        print(f"Nothing is confirmed yet. If this is what you want: {line}")


async def _export(client: Client, relay: str, name: str, form: str | None) -> None:
    view = _find(await client.profiles(), relay)
    text = await client.export(view.id)
    if form is not None:
        text = _for_program(Form(form), profile_from_toml(text))
    if name == "-":
        sys.stdout.write(text)
        return
    try:
        await asyncio.to_thread(_write, Path(name), text.encode())
    except OSError as exc:
        raise SpecError(
            f"{name} cannot be written: {exc.strerror or exc}",
            code=ErrorCode.PROFILE_UNWRITABLE,
            path=name,
            why=exc.strerror or str(exc),
        ) from exc


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all; a pipe or a device is written to as it is. Raises: OSError."""
    if file.exists() and not file.is_file():
        file.write_bytes(data)
    else:
        replace_file(file.resolve(), (data,), mode=ORDINARY)


def _for_program(form: Form, profile: Profile) -> str:
    """A profile as another program's text; what is lost is said aside. Raises: SpecError."""
    exported = write(form, profile.relay, name=profile.name)
    for loss in exported.lost:
        say(f"bascule: {loss.message}", aside=True)
    return exported.text
