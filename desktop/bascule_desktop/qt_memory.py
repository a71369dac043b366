"""Owns what Qt keeps by itself: which folders its file dialogs have seen.

A portable copy leaves nothing on the computer. Where Qt writes that into a file, the file is moved
into the copy's folder. On Windows and macOS it is in the registry or among the system's
preferences, wherever else one tells Qt to keep it; so it is put back as it was before the dialog.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog

_GROUP = "FileDialog"
_NATIVE, _USER = QSettings.Format.NativeFormat, QSettings.Scope.UserScope


def keep_in(folder: Path) -> None:
    """Have the file in that folder, where Qt writes one."""
    QSettings.setPath(_NATIVE, _USER, str(folder))


def forget(dialog: QFileDialog) -> None:
    """Put back what was kept until now when the dialog, whose end writes it, is gone."""
    before = _held()
    dialog.destroyed.connect(lambda: _put_back(before))


def _settings() -> QSettings:
    """Those of QFileDialog's own code."""
    settings = QSettings(_NATIVE, _USER, "QtProject")
    settings.setFallbacksEnabled(False)
    settings.beginGroup(_GROUP)
    return settings


def _held() -> dict[str, object]:
    settings = _settings()
    return {key: settings.value(key) for key in settings.allKeys()}


def _put_back(before: dict[str, object]) -> None:
    settings = _settings()
    for key in settings.allKeys():
        if key not in before:
            settings.remove(key)
    for key, value in before.items():
        settings.setValue(key, value)
    settings.sync()
    del settings  # it holds a key open
    if sys.platform == "win32" and not before:
        _remove_empty_keys()


if sys.platform == "win32":
    import winreg

    def _remove_empty_keys() -> None:
        for key in (rf"QtProject\OrganizationDefaults\{_GROUP}", r"QtProject\OrganizationDefaults",
                    "QtProject"):  # fmt: skip
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, rf"Software\{key}") as opened:
                    keys, values, _ = winreg.QueryInfoKey(opened)
                if keys or values:
                    return  # of other programs
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, rf"Software\{key}")
            except FileNotFoundError:
                pass  # Qt has removed it itself
            except OSError:
                return
