"""Owns what tests of pasting share: texts, and what the dialog says of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from bascule.spec.foreign.found import Reading
from bascule_desktop.views.found_card import FoundCard
from bascule_desktop.views.paste_dialog import PasteDialog
from bascule_desktop.wizard.draft import Draft
from tests.desktop.wizard.played import signalled

PLAIN = "socat TCP-LISTEN:8080,fork,bind=127.0.0.1 TCP:intranet.example:80"
RUNS = "socat TCP-LISTEN:7,fork EXEC:'/bin/cat -u'"

type Read = Callable[[str], Reading]
type Open = Callable[..., PasteDialog]


async def shown(dialog: PasteDialog, text: str) -> None:
    """Put a text there, and wait until it is read."""
    await signalled(dialog.settled, lambda: dialog.show_text(text))


def words(widget: QWidget, name: str) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel, name)]


def button(dialog: QWidget, text: str) -> QPushButton:
    (found,) = [each for each in dialog.findChildren(QPushButton) if each.text() == text]
    return found


def drafts(dialog: PasteDialog) -> list[tuple[Draft, FoundCard]]:
    seen: list[tuple[Draft, FoundCard]] = []
    dialog.wanted.connect(lambda draft, card: seen.append((draft, card)))
    return seen
