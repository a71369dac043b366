"""How others trust a certificate: the file that is handed out, the steps, and never a key."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import shiboken6
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from bascule.certificates.make import look_at, make_certificate
from bascule.facts import CertificateFacts
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme
from bascule_desktop.views.trust_dialog import TrustDialog
from bascule_desktop.wizard.trust import TrustSteps, copy_certificate
from tests.desktop.wizard.played import PlayedLink, rounds
from tests.helpers.disks import files_end_at

SYSTEMS = ("Windows", "macOS", "Linux", "Firefox")


class Opened:
    """A dialog over a window of its own, and its tasks."""

    def __init__(self, link: PlayedLink, theme: Theme) -> None:
        self._link, self._theme = link, theme
        self.window = QWidget()
        self.unforeseen: list[Exception] = []
        self.tasks = Tasks(self.window, self.unforeseen.append)

    def __call__(self, facts: CertificateFacts) -> TrustDialog:
        link = cast(EngineLink, self._link)
        dialog = TrustDialog(facts, link, self._theme, self.tasks, self.window)
        dialog.show()
        return dialog


@pytest.fixture
async def opened(link: PlayedLink, theme: Theme) -> AsyncIterator[Opened]:
    made = Opened(link, theme)
    yield made
    await made.tasks.finish()
    shiboken6.delete(made.window)
    assert not made.unforeseen


async def save(dialog: TrustDialog, path: Path) -> TrustSteps:
    """Press the button, and choose a file."""
    steps = dialog.steps
    assert steps is not None
    steps.said.hide()
    steps.save.click()
    await rounds(lambda: bool(dialog.findChildren(QFileDialog)))
    asked = dialog.findChildren(QFileDialog)[0]
    assert Path(asked.selectedFiles()[0]).name == "bascule-authority.crt"
    asked.setDirectory(str(path.parent))
    asked.selectFile(path.name)
    asked.accept()
    await rounds(lambda: not steps.said.isHidden())
    return steps


async def test_the_file_that_was_saved_makes_others_trust(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_certificate(tmp_path / "own", ["db.example"])
    dialog = opened(look_at(tmp_path / "own", made.certificate))
    given = tmp_path / "for-others.crt"
    steps = await save(dialog, given)
    assert steps.said.text() == f"Saved as {given}. It holds nothing secret."
    check = ["openssl", "verify", "-CAfile", str(given), "-verify_hostname", "db.example"]
    done = await asyncio.to_thread(subprocess.run, [*check, made.certificate], capture_output=True)
    assert done.returncode == 0, done.stderr
    folders: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", folders.append)
    steps.open.click()
    assert folders == [QUrl.fromLocalFile(str(tmp_path))]


@pytest.mark.skipif(sys.platform == "win32", reason="folders refuse by mode only on Unix")
async def test_a_file_that_cannot_be_saved_is_said(opened: Opened, tmp_path: Path) -> None:
    made = make_certificate(tmp_path / "own", ["db.example"])
    dialog = opened(look_at(tmp_path / "own", made.certificate))
    with files_end_at(100):
        steps = await save(dialog, tmp_path / "taken.crt")
    assert steps.said.text() == "The file could not be saved: File too large."
    assert steps.open.isHidden()
    assert not list(tmp_path.glob("*taken*"))


def test_a_key_in_the_same_file_is_not_given_away(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, ["db.example"], own_authority=False)
    both = tmp_path / "both.pem"
    both.write_bytes(Path(made.key).read_bytes() + Path(made.certificate).read_bytes())
    given = tmp_path / "given.crt"
    copy_certificate(both, given)
    assert b"KEY" not in given.read_bytes()
    assert look_at(tmp_path, str(given)).fingerprint_sha256 == made.facts.fingerprint_sha256
    assert stat.S_IMODE(given.stat().st_mode) != 0o600, "others are to read it"
    with pytest.raises(ValueError, match="no certificate"):
        copy_certificate(Path(made.key), given)


def test_each_system_has_its_steps(opened: Opened, client: object, tmp_path: Path) -> None:
    made = make_certificate(tmp_path, ["db.example"], own_authority=False)
    steps = opened(look_at(tmp_path, made.certificate)).steps
    assert steps is not None
    assert [steps.systems.itemText(i) for i in range(steps.systems.count())] == list(SYSTEMS)
    told = set[str]()
    for system in SYSTEMS:
        steps.systems.setCurrentText(system)
        told.add(steps.steps.text())
        if system == "Linux":
            assert "sudo cp db.example.crt " in steps.steps.text()
    assert len(told) == len(SYSTEMS)


def test_who_signed_it_elsewhere_is_named(opened: Opened, link: PlayedLink) -> None:
    dialog = opened(replace(link.client.facts, issuer="Company CA", authority=""))
    assert dialog.steps is None
    assert "Company CA signed it" in dialog.others.text()
