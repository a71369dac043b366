"""Owns an entry of login that is a test's own: that of the machine stays as it is."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bascule_desktop import login_entry

_FILE = login_entry.entry_file()

if sys.platform == "win32":
    import winreg

    _KEYS = (login_entry.RUN_KEY, rf"{login_entry.APPROVED_KEY}\Run")

    def _of_the_machine() -> object:
        return [value_of(key) for key in _KEYS]

    def value_of(key: str) -> object:
        """What the registry holds for Bascule in a key of this user."""
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                return winreg.QueryValueEx(opened, login_entry.RUN_NAME)
        except FileNotFoundError:
            return None

    def put_value(key: str, kind: int, value: str | bytes) -> None:
        """Put a value for Bascule into a key of this user: one of this test."""
        assert key not in _KEYS
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as made:
            winreg.SetValueEx(made, login_entry.RUN_NAME, 0, kind, value)

    def _delete(key: str) -> None:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                below = [winreg.EnumKey(opened, n) for n in range(winreg.QueryInfoKey(opened)[0])]
        except FileNotFoundError:
            return
        for name in below:
            _delete(rf"{key}\{name}")
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
else:

    def _of_the_machine() -> object:
        try:
            return _FILE.read_bytes(), _FILE.stat().st_mtime_ns
        except OSError:
            return None


@contextmanager
def login_of_ones_own(folder: Path) -> Iterator[None]:
    """Move the entry into ``folder``, or into a key of the registry that is gone afterwards.

    A test that has reached the machine's own all the same fails.
    """
    before = _of_the_machine()
    top = rf"Software\Bascule tests {uuid.uuid4()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(login_entry, "entry_file", lambda: folder / _FILE.name)
        patch.setattr(login_entry, "RUN_KEY", rf"{top}\Run")
        patch.setattr(login_entry, "APPROVED_KEY", rf"{top}\StartupApproved")
        yield
    if sys.platform == "win32":
        _delete(top)
    assert _of_the_machine() == before, "the machine's own entry of login was changed"
