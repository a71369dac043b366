"""What Qt's file dialogs keep of a portable copy: nothing, whatever was kept of other programs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from shiboken6 import delete

from bascule_desktop import dialogs, qt_memory
from tests.helpers.contract import PATIENCE_SECONDS

_NO_NATIVE = Qt.ApplicationAttribute.AA_DontUseNativeDialogs


@pytest.fixture(autouse=True)
def _kept() -> Iterator[None]:
    """What was remembered before is remembered afterwards."""
    before = qt_memory._held()
    qt_memory._put_back({})
    QApplication.setAttribute(_NO_NATIVE, True)
    yield
    QApplication.setAttribute(_NO_NATIVE, False)
    qt_memory._put_back(before)


async def choose(folder: Path) -> None:
    """Choose a file as a person does, and wait until the dialog is gone."""
    file = folder / "a.bascule"
    file.touch()
    window = QWidget()
    window.show()
    chosen = asyncio.ensure_future(
        dialogs.choose_file(window, "Import", "Profiles (*.bascule)", suggested=str(file))
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (found := window.findChildren(QFileDialog)):
            await asyncio.sleep(0)
        found[0].accept()
        assert await chosen == file
    delete(window)


@pytest.mark.parametrize("portable", [False, True])
async def test_a_portable_copy_leaves_what_dialogs_remember_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portable: bool
) -> None:
    (theirs := tmp_path / "theirs").mkdir()
    (ours := tmp_path / "ours").mkdir()
    for before in (False, True):
        if before:
            await choose(theirs)
        held = qt_memory._held()
        assert ("theirs" in str(held)) is before
        with monkeypatch.context() as patch:
            if portable:
                patch.setattr(dialogs, "portable_folder", lambda: tmp_path)
            await choose(ours)
        assert ("ours" in str(qt_memory._held())) is not portable
        if portable:
            assert qt_memory._held() == held
        qt_memory._put_back({})
