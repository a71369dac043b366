"""Owns what the parts of one wizard share: the engine, the looks, the tasks, the window."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from bascule.control.client import Client
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme


@dataclass(frozen=True, slots=True)
class Context:
    """Handed to every part of a wizard. ``profile`` is the id of the one being edited, or "".

    ``handed`` are the passwords that came with a draft, by reference: nobody types them again.
    """

    link: EngineLink
    theme: Theme
    tasks: Tasks
    window: QWidget
    profile: str = ""
    handed: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @property
    def client(self) -> Client:
        """The engine's client. Raises: ControlError ENGINE_LOST."""
        return self.link.client

    def start(self, name: str, work: Coroutine[Any, Any, object]) -> bool:
        """Start a task of the wizard; a second one of that name is refused."""
        return self.tasks.start(name, work)

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""
        QGuiApplication.clipboard().setText(text)
