"""The system's language decides, a setting overrides, English is always there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from bascule_desktop import language as module
from bascule_desktop.language import install_language, pick_language


@pytest.mark.parametrize(
    ("setting", "system", "picked"),
    [
        ("", ["fr-CA", "fr", "en"], "fr"),
        ("", ["fr_FR"], "fr"),
        ("", ["de-DE", "de", "fr", "en"], "fr"),
        ("", ["de-DE"], "en"),
        ("", [], "en"),
        ("en", ["fr-FR"], "en"),
        ("fr", ["en-GB"], "fr"),
        ("tlh", ["fr-FR"], "fr"),
        ("", ["C"], "en"),
    ],
)
def test_which_language(setting: str, system: list[str], picked: str) -> None:
    assert pick_language(setting, system) == picked


def test_qt_speaks_french_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed: list[QTranslator] = []
    app = QCoreApplication.instance()
    assert app is not None
    monkeypatch.setattr(type(app), "installTranslator", lambda _app, one: installed.append(one))
    monkeypatch.setattr(module, "resource", lambda _name: tmp_path)
    before = QLocale()
    try:
        assert install_language(app, "fr") == "fr"
        assert QLocale().language() is QLocale.Language.French
    finally:
        QLocale.setDefault(before)
    assert installed[0].translate("QPlatformTheme", "Cancel") == "Annuler"


def test_without_translations_it_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> Path:
        raise FileNotFoundError

    app = QCoreApplication.instance()
    assert app is not None
    installed: list[QTranslator] = []
    monkeypatch.setattr(type(app), "installTranslator", lambda _app, one: installed.append(one))
    monkeypatch.setattr(module, "resource", missing)
    before = QLocale()
    try:
        assert install_language(app, "en") == "en"
    finally:
        QLocale.setDefault(before)
    assert all(not one.translate("Dialogs", "Cancel") for one in installed)
