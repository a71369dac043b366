"""Owns what is said of starting Bascule at login: why it cannot be set, or not by the person."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule_desktop.autostart import FleetingPlaceError

translate = QCoreApplication.translate


def refused(exc: OSError) -> str:
    """Why start at login was not changed, and what to do where that is known."""
    if isinstance(exc, FleetingPlaceError):
        return translate(
            "Login",
            "Move Bascule to the Applications folder first, and open it from there. It runs from a "
            "disk image or from a folder that macOS lends it for now: when you log in next, it "
            "would not be there.",
        )
    return translate("Login", "The system did not allow it: {why}.").format(why=exc.strerror or exc)


def for_everybody() -> str:
    """Why the switch cannot be moved."""
    return translate(
        "Login", "An administrator has set that Bascule starts when anybody logs in here."
    )
