"""Owns what is said of a row in words: its state, the reason for it, and what to tell IT.

Pure functions of a row and the time. How a word looks is the views' affair.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode, Problem
from bascule.events import LogLine, RelayState, TransferState
from bascule.spec.commands import without_words
from bascule.spec.endpoints import SerialPort, TcpConnect, UnixConnect
from bascule.spec.measuring import Schedule
from bascule.spec.profiles import Profile
from bascule_desktop import format as figures
from bascule_desktop.messages import details, explain
from bascule_desktop.route_nodes import join_port
from bascule_desktop.sentences import route_line, sentence
from bascule_desktop.store import Row
from bascule_desktop.transfer_words import in_a_row

translate = QCoreApplication.translate

_NOT_THE_ROUTE = frozenset(
    {
        ErrorCode.NOT_ALLOWED,
        ErrorCode.TOO_MANY_CONNECTIONS,
        ErrorCode.DEVICE_TAKEN,
        ErrorCode.IDLE_EXPIRED,
        ErrorCode.CONNECTION_RESET,
        ErrorCode.CONNECTION_BROKEN,
        ErrorCode.TLS_TRUNCATED,
    }
)
"""How one connection can end although the route is whole."""


def state_word(state: RelayState) -> str:
    """The state in one word."""
    match state:
        case RelayState.STOPPED:
            return translate("State", "Stopped")
        case RelayState.STARTING:
            return translate("State", "Starting")
        case RelayState.RUNNING:
            return translate("State", "Running")
        case RelayState.WAITING:
            return translate("State", "Waiting")
        case RelayState.FAILED:
            return translate("State", "Problem")
        case RelayState.STOPPING:
            return translate("State", "Stopping")


def checks(row: Row) -> bool:
    """Whether a relay carries nothing and checks its target instead."""
    return row.profile is not None and isinstance(row.profile.relay.source, Schedule)


def shown_state(row: Row) -> RelayState:
    """The state that is shown: a check that is not answered is what is wrong, not a pause."""
    state = RelayState.FAILED if row.profile is None else row.status.state
    return RelayState.FAILED if state is RelayState.WAITING and checks(row) else state


def row_name(row: Row) -> str:
    """The profile's name; the file's, without its folder, where it cannot be read."""
    if row.profile is not None:
        return row.profile.name
    return row.file.replace("\\", "/").rpartition("/")[2] or row.id


def row_word(row: Row) -> str:
    """The state in one word, also for a profile that cannot be read."""
    if row.profile is None:
        return translate("State", "Cannot be read")
    if checks(row):
        match row.status.state:
            case RelayState.RUNNING:
                return translate("State", "Answers")
            case RelayState.WAITING:
                return translate("State", "Does not answer")
            case _:
                pass
    return state_word(row.status.state)


def trouble(row: Row) -> Problem | None:
    """What is wrong now: why it does not run, or why the last connection found no way."""
    if row.broken is not None:
        return row.broken
    state = row.status.state
    if state in (RelayState.FAILED, RelayState.WAITING):
        return row.status.problem
    if state is RelayState.STARTING:
        return row.status.problem or _last_try(row)
    if state is RelayState.RUNNING and row.log:
        return _failed_on_the_way(row.log[-1])
    return None


def _last_try(row: Row) -> Problem | None:
    """Why the try before this one failed: it stays said until this one has an outcome."""
    if row.profile is None or row.profile.relay.listens or not row.log:
        return None
    last = row.log[-1]
    pause = row.status.since - last.at
    return last.problem if pause <= row.profile.relay.retry_longest_seconds + 1 else None


def _failed_on_the_way(last: LogLine) -> Problem | None:
    problem = last.problem
    if problem is None or problem.code in _NOT_THE_ROUTE or not problem.field:
        return None
    # What a stranger sent to our own door says nothing about the way to the target.
    return problem if problem.field.startswith("target") else None


def waiting_for(row: Row) -> str:
    """What a waiting relay waits for: ``COM5``, ``10.0.0.3:4001``."""
    problem = trouble(row)
    if problem is not None:
        for fact in ("device", "subject"):
            if problem.facts.get(fact):
                return str(problem.facts[fact])
    if row.profile is None:
        return ""
    at_source = problem is not None and (problem.field or "").startswith("source")
    match row.profile.relay.source if at_source else row.profile.relay.target:
        case SerialPort(device=device):
            return device
        case TcpConnect(host=host, port=port):
            return join_port(host, port)
        case UnixConnect(path=path):
            return path
        case _:
            return ""


def waiting_line(row: Row, now: float) -> str:
    """``Waiting for COM5 · next try in 4 s``."""
    if checks(row):
        left = figures.countdown(row.status.retry_at or now, now)
        if left == 0:
            return translate("State", "Checking again now")
        return translate("State", "Next check in {seconds} s").format(seconds=left)
    said = translate("State", "Waiting for {what}").format(what=waiting_for(row))
    if row.status.retry_at is None:
        return translate("State", "{waiting} · trying now").format(waiting=said)
    left = figures.countdown(row.status.retry_at, now)
    if left == 0:
        return translate("State", "{waiting} · trying now").format(waiting=said)
    return translate("State", "{waiting} · next try in {seconds} s").format(
        waiting=said, seconds=left
    )


def row_line(row: Row, now: float) -> str:
    """The second line of a row: what is wrong, awaited or on its way, else its route."""
    state = row.status.state
    if row.broken is not None:
        return explain(row.broken).title
    problem = trouble(row)
    if checks(row) and state in (RelayState.WAITING, RelayState.RUNNING):
        return _check_line(row)
    if state is RelayState.WAITING or (state is RelayState.STARTING and problem is not None):
        return waiting_line(row, now)
    if problem is not None and state in (RelayState.FAILED, RelayState.RUNNING):
        return explain(problem).title
    transfer = row.transfer
    if transfer is not None and transfer.state is TransferState.RUNNING:
        return in_a_row(transfer)
    return route_line(row.profile.relay) if row.profile is not None else ""


def _check_line(row: Row) -> str:
    """How the last check went; where it was not answered, since when it is not."""
    problem = row.status.problem
    if problem is not None:
        said = translate("State", "Since {moment}: {what}")
        return said.format(what=explain(problem).title, moment=figures.moment(row.status.since))
    if not row.checks:
        return state_word(row.status.state)
    return answer_text(row.checks[-1].milliseconds)


def answer_text(milliseconds: float) -> str:
    """``Answers in 12 ms``."""
    time = figures.milliseconds(milliseconds)
    return translate("State", "Answers in {time}").format(time=time)


def spoken(row: Row, now: float) -> str:
    """A row for a screen reader: name, state, and why or where to."""
    line = row_line(row, now)
    route = route_line(row.profile.relay) if row.profile is not None else ""
    shown = translate("State", "its traffic is shown") if row.recording else ""
    parts = [row_name(row), row_word(row), line, route if route != line else "", shown]
    return ", ".join(part for part in parts if part)


def connections_text(row: Row) -> str:
    """``3 connections``."""
    return translate("State", "%Ln connection(s)", "", row.connection_count)


def for_it(profile: Profile | None, problem: Problem) -> str:
    """The text to send to IT: what it should do, what goes wrong, and the exact values; of a
    command only the program's name, as the rest may be a password.
    """
    said = explain(problem)
    parts: list[str] = []
    if profile is not None:
        relay = without_words(profile.relay)
        parts += [sentence(relay), route_line(relay), ""]
    parts += [said.text, "", details(problem)]
    return "\n".join(parts)
