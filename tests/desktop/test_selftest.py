"""The selftest of an installed program: run for real, and where something is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from bascule_desktop import selftest
from bascule_desktop.selftest import run_selftest
from tests.helpers.contract import PATIENCE_SECONDS


def test_the_program_says_of_itself_that_it_is_whole(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    words = [sys.executable, "-m", "bascule_desktop", "--selftest", str(report)]
    done = subprocess.run(words, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    lines = report.read_text("utf-8").splitlines()
    assert (done.returncode, lines[-1]) == (0, "3 passed, 0 failed")
    assert [line for line in lines if line.startswith("✗")] == []
    assert any("SHA-256 equal" in line for line in lines)


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
    assert b"3 passed, 0 failed" in done.stdout


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
    assert "1 passed, 2 failed" in said
