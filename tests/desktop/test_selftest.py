"""The selftest of an installed program: run for real, and where something is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from bascule_desktop import selftest
from bascule_desktop.selftest import run_selftest
from installer.program import PROVED
from tests.helpers.contract import PATIENCE_SECONDS


def test_the_program_says_of_itself_that_it_is_whole(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    words = [sys.executable, "-m", "bascule_desktop", "--selftest", str(report)]
    done = subprocess.run(words, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    lines = report.read_text("utf-8").splitlines()
    assert (done.returncode, lines[-1]) == (0, "4 passed, 0 failed")
    assert [line for line in lines if line.startswith("✗")] == []
    assert any("SHA-256 equal" in line for line in lines)
    for title in PROVED:  # what a build waits for
        assert any(f"✓ {title}: " in line for line in lines), title


def test_an_output_without_a_tick_is_written_to_all_the_same() -> None:
    words = [sys.executable, "-m", "bascule_desktop", "--selftest"]
    done = subprocess.run(
        words,
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    assert done.returncode == 0, done.stderr
    assert b"4 passed, 0 failed" in done.stdout


@pytest.fixture
def english(qapp: QApplication) -> Iterator[QApplication]:
    """The language of the other tests again, whatever was said meanwhile."""
    before, locale = qapp.findChildren(QTranslator), QLocale()
    yield qapp
    for each in qapp.findChildren(QTranslator):
        if each not in before:
            qapp.removeTranslator(each)
            each.deleteLater()
    QLocale.setDefault(locale)


def test_what_is_missing_is_said(
    english: QApplication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ends = [sys.executable, "-c", "print('no module'); raise SystemExit(3)"]
    monkeypatch.setattr(selftest, "program_command", lambda: ends)
    monkeypatch.setattr(selftest, "_WORDS_OF_QT", ("QPlatformTheme", "Nobody ever says this"))
    assert run_selftest(english) == 1
    said = capsys.readouterr().out
    assert "✗ engine: status 3: no module" in said
    assert "✗ languages: en says" in said
    assert "2 passed, 2 failed" in said


NATIVE = selftest._ON_SCREEN[0]


PLATFORMS = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms")
WHOLE = next(PLATFORMS.glob(f"*{NATIVE}*"))
"""The file that shows windows on this system."""


@pytest.fixture
def alone(english: QApplication, tmp_path: Path) -> Iterator[Path]:
    """An empty folder in the place of all those in which Qt looks for plugins."""
    before = QCoreApplication.libraryPaths()
    (tmp_path / "platforms").mkdir()
    QCoreApplication.setLibraryPaths([str(tmp_path)])
    yield tmp_path / "platforms"
    QCoreApplication.setLibraryPaths(before)


def said_of_the_screen(app: QApplication, capsys: pytest.CaptureFixture[str]) -> str:
    """The line of the report, of a program that fails."""
    assert run_selftest(app) == 1
    lines = capsys.readouterr().out.splitlines()
    return next(line for line in lines if "on the screen" in line)


@pytest.fixture
def engineless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "_engine", lambda: "not looked at")


@pytest.mark.usefixtures("engineless", "alone")
def test_without_the_plugin_for_the_screen_it_fails(
    english: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    said = said_of_the_screen(english, capsys)
    assert said == f"✗ on the screen: there is no plugin {NATIVE} of Qt, so no window can be shown"


@pytest.mark.usefixtures("engineless")
def test_a_plugin_that_is_none_is_told(
    english: QApplication, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (alone / WHOLE.name).write_bytes(b"no program at all")
    assert f"✗ on the screen: the plugin {NATIVE} of Qt" in said_of_the_screen(english, capsys)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="their libraries are Qt's own")
@pytest.mark.usefixtures("engineless")
def test_a_library_that_the_system_lacks_is_named(
    english: QApplication, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = WHOLE.read_bytes()
    assert data.count(b"libQt6XcbQpa.so.6\0") == 1
    other = data.replace(b"libQt6XcbQpa.so.6\0", b"libQt6XcbQpz.so.6\0")
    (alone / WHOLE.name).write_bytes(other)
    assert "libQt6XcbQpz.so.6: cannot open shared" in said_of_the_screen(english, capsys)
