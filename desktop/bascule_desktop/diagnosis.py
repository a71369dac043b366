"""Owns what the window adds to a diagnosis, which the core gathers: its settings, Qt, screens."""

from __future__ import annotations

from collections.abc import Mapping

import PySide6
from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from bascule.places import Places
from bascule_desktop.settings import Settings


def window_texts(places: Places) -> Mapping[str, str]:
    """The texts, by the name of their file."""
    settings = Settings(places)
    told = {
        "language": settings.language or f"the system's ({QLocale.system().name()})",
        "theme": settings.theme,
        "notifications": settings.notifications,
        "told about the tray": settings.told_about_tray,
    }
    window = {
        "Qt": f"{qVersion()}, PySide6 {PySide6.__version__}",
        "platform": QGuiApplication.platformName(),
        "tray": QSystemTrayIcon.isSystemTrayAvailable(),
    }
    for number, screen in enumerate(QGuiApplication.screens(), 1):
        size, ratio = screen.size(), screen.devicePixelRatio()
        window[f"screen {number}"] = f"{size.width()} x {size.height()}, {ratio:g} pixels a point"
    return {"settings.txt": _text(told), "window.txt": _text(window)}


def _text(facts: Mapping[str, object]) -> str:
    return "".join(f"{name}: {value}\n" for name, value in facts.items())
