"""Owns what the button of an explanation does in the main window."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from bascule_desktop.actions import Actions
from bascule_desktop.folders import show_folder
from bascule_desktop.messages import ActionHint, HintKind


def take_hint(hint: ActionHint, id: str, actions: Actions) -> None:
    """Do what a button offers for a relay."""
    match hint.kind:
        case HintKind.USE_PORT:
            actions.use_port(id, int(hint.value))
        case HintKind.CHOOSE_FILE | HintKind.GO_TO_FIELD:
            actions.edit(id)
        case HintKind.COPY:
            QGuiApplication.clipboard().setText(hint.value)
        case HintKind.OPEN_FOLDER:
            show_folder(hint.value)
        case HintKind.OPEN_SETTINGS:
            QDesktopServices.openUrl(QUrl(hint.value))
        case HintKind.CONFIRM:
            actions.ask_confirmation(id)
        case HintKind.TRUST:
            actions.ask_trust(hint.value)
        case HintKind.TRY_AGAIN:
            actions.try_again(id)
