"""Owns what the tray says in words, and when a relay's trouble is news. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import Problem
from bascule_desktop.store import Row, Store

translate = QCoreApplication.translate


def summary(store: Store) -> str:
    """All relays in one line: ``Bascule: 2 relays running, 1 problem``."""
    troubled = sum(row.troubled for row in store.rows.values())
    running = sum(row.active and not row.troubled for row in store.rows.values())
    parts: list[str] = []
    if running:
        parts.append(translate("Tray", "%Ln relay(s) running", "", running))
    if troubled:
        parts.append(translate("Tray", "%Ln problem(s)", "", troubled))
    if not parts:
        parts.append(translate("Tray", "no relay is running"))
    return translate("Tray", "Bascule: {state}").format(state=", ".join(parts))


def notification(rows: list[Row]) -> tuple[str, str]:
    """Title and text that tell of relays that got into trouble together."""
    if len(rows) == 1:
        row = rows[0]
        return row.name, _reason(row.status.problem)
    title = translate("Tray", "%Ln relay(s) have a problem", "", len(rows))
    return title, ", ".join(sorted(row.name for row in rows))


def _reason(problem: Problem | None) -> str:
    if problem is None:
        return translate("Tray", "This relay has stopped working.")
    from bascule_desktop.messages import explain  # here: nothing is explained until it goes wrong

    sentence = explain(problem)
    return "\n".join(part for part in (sentence.title, sentence.cause) if part)


class TroubleWatch:
    """Knows which troubles were told, so that each is told once.

    A relay that tries again and again has one trouble, until it runs or is stopped.
    """

    def __init__(self) -> None:
        self._told: set[str] = set()

    def news(self, store: Store) -> list[Row]:
        """The relays that got into trouble since the last time."""
        found: list[Row] = []
        for row in store.rows.values():
            if row.troubled and row.id not in self._told:
                found.append(row)
                self._told.add(row.id)
            elif not row.troubled and not _trying(row):
                self._told.discard(row.id)
        self._told &= store.rows.keys()
        return found


def _trying(row: Row) -> bool:
    """Whether it is on the way from one try to the next: neither running nor stopped."""
    return row.status.state in {"starting", "waiting"}
