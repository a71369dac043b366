"""Owns which language the window speaks: the system's, where Bascule speaks it, else English.

Translations are files that ship with Bascule; Qt's own texts (the buttons of its dialogs) come with
Qt. Nothing is translated here.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from bascule_desktop.resources import resource

LANGUAGES = {"en": "English", "fr": "Français"}
"""What Bascule speaks, each in its own words; the first is what the source is written in."""


def pick_language(setting: str, system: Iterable[str]) -> str:
    """The language to speak: the setting, else the first of the system's that Bascule knows.

    ``system`` is as ``QLocale.uiLanguages`` gives it, the best first: ``fr-CA``, ``fr``, ``en``.
    """
    for wanted in (setting, *system):
        language = wanted.replace("_", "-").partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return next(iter(LANGUAGES))


def install_language(app: QCoreApplication, setting: str) -> str:
    """Let the application speak, before the first window is made; the language it speaks.

    A translation that is not there leaves English.
    """
    system = QLocale.system()
    language = pick_language(setting, system.uiLanguages())
    if system.name().partition("_")[0] != language:
        # Figures and dates follow the words; where the language is the system's, so does its form.
        QLocale.setDefault(QLocale(language))
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    _add(app, f"qtbase_{language}", qt)
    try:
        # English too: its file holds the plurals.
        _add(app, f"bascule_{language}", str(resource("translations")))
    except FileNotFoundError:
        pass  # a checkout in which they were not built yet
    return language


def spoken_language() -> str:
    """The language in force: ``install_language`` has set the locale to it."""
    return pick_language("", [QLocale().name()])


def _add(app: QCoreApplication, name: str, folder: str) -> None:
    translator = QTranslator(app)
    if translator.load(name, folder):
        app.installTranslator(translator)
