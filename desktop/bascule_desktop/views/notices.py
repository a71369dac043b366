"""Owns the words of the notices: what the bar says when something happened."""

from __future__ import annotations

import functools
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode, Problem
from bascule_desktop.actions import Actions
from bascule_desktop.engine_link import LinkState
from bascule_desktop.messages import HintKind, details, explain
from bascule_desktop.store import Row
from bascule_desktop.update_check import Looked
from bascule_desktop.views.hints import take_hint
from bascule_desktop.views.notice_bar import Notice, Tone

translate = QCoreApplication.translate


def deleted_notice(name: str, undo: Callable[[], None]) -> Notice:
    """A relay was deleted, and can be had back."""
    said = translate("Notices", "“{name}” was deleted.").format(name=name)
    return Notice(said, label=translate("Notices", "Undo"), act=undo, passing=True)


def exported_notice(name: str, file: str, show: Callable[[], None]) -> Notice:
    """A profile was written to a file."""
    said = translate("Notices", "“{name}” was exported to {file}. Passwords are not in it.")
    label = translate("Notices", "Open the folder")
    return Notice(said.format(name=name, file=file), label=label, act=show, passing=True)


def update_notice(looked: Looked, show: Callable[[], None]) -> Notice:
    """There is a newer Bascule."""
    version = looked.release.version if looked.release is not None else ""
    said = translate("Notices", "Bascule {version} is available.").format(version=version)
    return Notice(said, label=translate("Notices", "What is new"), act=show)


def updated_notice(restart: Callable[[], None]) -> Notice:
    """Another version took the place of this window's program."""
    said = translate("Notices", "Bascule was updated. Restart the window to use the new version.")
    return Notice(said, label=translate("Notices", "Restart the window"), act=restart)


def traffic_saved_notice(file: str, show: Callable[[], None]) -> Notice:
    """Traffic was written to a file."""
    said = translate("Notices", "The traffic was saved in {file}. It may hold passwords.")
    label = translate("Notices", "Open the folder")
    return Notice(said.format(file=file), label=label, act=show, passing=True)


def not_kept_text(reason: str, folder: str) -> str:
    """The window's settings cannot be written, for the system's ``reason`` ("": it gives none)."""
    reason = reason or translate("Notices", "the system does not say why")
    said = translate(
        "Notices",
        "The settings of this window cannot be saved ({why}). What you change lasts until Bascule "
        "ends. Make room on the disk, or allow Bascule to write in {folder}.",
    )
    return said.format(why=reason, folder=folder)


def login_notice(why: str) -> Notice:
    """Bascule starts at login from now on, or cannot: then ``why`` is the sentence that says so."""
    if not why:
        said = translate("Notices", "Bascule now starts when you log in, and this relay with it.")
        return Notice(said, passing=True)
    said = translate(
        "Notices",
        "This relay starts only when you open Bascule, as Bascule does not start when you log in. "
        "{why} Then tick “Start Bascule when you log in” in the settings.",
    )
    return Notice(said.format(why=why), Tone.PROBLEM)


def failed_notice(row: Row | None, problem: Problem, actions: Actions) -> Notice:
    """What was asked for did not happen: for which relay, what, why, and what to do."""
    said = explain(problem)
    text = " ".join(_sentence(part) for part in (said.title, said.action) if part)
    if row is not None:
        text = translate("Notices", "{name}: {what}").format(name=row.name, what=text)
    button = said.button
    if button is None or (row is None and button.kind is not HintKind.OPEN_FOLDER):
        return Notice(text, Tone.PROBLEM, detail=details(problem))
    act = functools.partial(take_hint, button, row.id if row is not None else "", actions)
    return Notice(text, Tone.PROBLEM, button.label, act, detail=details(problem))


def link_notice(
    state: LinkState, problem: Problem | None, again: Callable[[], None]
) -> Notice | None:
    """How things stand with the engine, where that is worth a word; ``again`` looks for it now."""
    if problem is not None and problem.code is ErrorCode.PROTOCOL_MISMATCH:
        return None  # it is told of with a button, once, by ``noticed_notice``
    if state is LinkState.LOST and problem and problem.code is ErrorCode.ENGINE_STOPPED:
        said = explain(problem)
        text = f"{_sentence(said.title)} {said.action}"
        return Notice(text, Tone.WAITING, about_link=True)
    fails = problem is not None and problem.code is ErrorCode.ENGINE_NOT_RUNNING
    if state is LinkState.LOST and not fails:
        said = translate("Notices", "The relay engine stopped unexpectedly. Starting it again…")
        return Notice(said, Tone.WAITING, about_link=True)
    if problem is None or state not in (LinkState.CONNECTING, LinkState.LOST):
        return None
    explained = explain(problem)
    parts = (explained.title, explained.cause, explained.action)
    text = " ".join(_sentence(part) for part in parts if part)
    tone = Tone.WAITING if "late" in problem.facts else Tone.PROBLEM
    button = explained.button
    label = button.label if button is not None and button.kind is HintKind.TRY_AGAIN else ""
    act = again if label else None
    return Notice(text, tone, label, act, detail=details(problem), about_link=True)


def noticed_notice(
    key: str, facts: dict[str, object], actions: Actions, diagnose: Callable[[], None]
) -> Notice | None:
    """Something the link noticed; ``diagnose`` shows what helps to find a fault."""
    if key == "engine_unstable":
        said = translate(
            "Notices",
            "The relay engine stopped unexpectedly %Ln time(s) in a row, and was started again "
            "each time. If it goes on, save a file that helps to find the fault.",
            "",
            int(str(facts.get("times", 0))),
        )
        label = translate("Notices", "Help to find the fault…")
        return Notice(said, Tone.PROBLEM, label, diagnose)
    if key in ("engine_restarted", "engine_renewed"):
        relays = int(str(facts.get("relays", 0)))
        said = translate("Notices", "The relay engine stopped unexpectedly and was started again.")
        if key == "engine_renewed":
            said = translate("Notices", "The relay engine was stopped in order and started again.")
        if relays:
            again = translate("Notices", "%Ln relay(s) run again.", "", relays)
            said = f"{said} {again}"
        return Notice(said, Tone.WAITING)
    if key == "engine_version":
        label = translate("Notices", "Stop it and use this version")
        return Notice(_other_version(facts), Tone.PROBLEM, label, actions.replace_engine)
    return None


def _other_version(facts: dict[str, object]) -> str:
    """Which engine of another version runs, and why it still does."""
    open_now = int(str(facts.get("connections", 0)))
    if facts.get("newer"):
        text = translate(
            "Notices",
            "The running engine is newer than this window ({version}). Quit Bascule and open it "
            "again to use the newer one.",
        )
    else:
        text = translate("Notices", "The engine of an earlier version ({version}) still runs.")
    if open_now:
        ends = translate("Notices", "Stopping it ends %Ln open connection(s).", "", open_now)
        text = f"{text} {ends}"
    return text.format(version=facts.get("version", "?"))


def _sentence(text: str) -> str:
    """A title has no full stop; between others it needs one."""
    return text if text.endswith((".", "…", "?", ":")) else f"{text}."
