"""Owns the window of the demonstration: it runs ``bascule demo`` and shows its lines as they come.

The demonstration is a program of its own with an engine of its own; closing the window ends it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import override

from PySide6.QtCore import QProcess, QProcessEnvironment, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bascule_desktop.theme import GRID, Theme, look

_PASSED, _FAILED = "✓", "✗"
_END_MILLISECONDS = 3000


def demo_command() -> tuple[str, list[str]]:
    """The program and words that run the demonstration of this installation."""
    if getattr(sys, "frozen", False):
        name = "bascule.exe" if sys.platform == "win32" else "bascule"
        return str(Path(sys.executable).with_name(name)), ["demo"]
    # -P: the working folder is the person's, and a file bascule.py in it is not ours.
    return sys.executable, ["-P", "-m", "bascule", "demo"]


class DemoDialog(QDialog):
    """Shows one line a thing that was tried. ``command`` is for tests."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        command: tuple[str, list[str]] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("demo_dialog")
        self.setWindowTitle(self.tr("Demonstration"))
        self.resize(640, 480)
        self._theme = theme
        self._rest = b""
        self._last = ""
        title = QLabel(self.tr("Bascule makes four relays and sends real bytes through each."))
        title.setWordWrap(True)
        look(title, heading="section")
        calm = QLabel(
            self.tr("Everything stays on this computer, and your own relays are not touched.")
        )
        calm.setWordWrap(True)
        look(calm, muted=True)
        self._lines = QGridLayout()
        self._lines.setColumnStretch(1, 1)
        self._lines.setHorizontalSpacing(GRID)
        self._lines.setVerticalSpacing(GRID)
        inside = QFrame()
        look(inside, card=True)
        held = QVBoxLayout(inside)
        held.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        held.addLayout(self._lines)
        held.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(inside)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(self.tr("What was tried"))
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName(self.tr("The demonstration is running"))
        self.outcome = QLabel(self.tr("Running…"))
        self.outcome.setObjectName("demo_result")
        self.outcome.setWordWrap(True)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox()
        self.close_button = buttons.addButton(
            self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole
        )
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        for widget in (title, calm):
            whole.addWidget(widget)
        whole.addWidget(self._area, 1)
        for widget in (self.progress, self.outcome, buttons):
            whole.addWidget(widget)
        self._process = QProcess(self)
        self._run(*(command or demo_command()))

    def _run(self, program: str, words: list[str]) -> None:
        # Its lines are UTF-8 whatever the system's code page is, and come one by one.
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONIOENCODING", "utf-8")
        environment.insert("PYTHONUNBUFFERED", "1")
        self._process.setProcessEnvironment(environment)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_problem)
        self._process.start(program, words)
        self._process.closeWriteChannel()

    def _read(self) -> None:
        # Whole lines only: a piece may end within a character.
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(
            b"\n"
        )
        for line in lines:
            self._show(line.decode("utf-8", "replace").strip())

    def _show(self, line: str) -> None:
        if not line:
            return
        self._last = line
        mark, words = line[0], line[1:].strip()
        if mark not in (_PASSED, _FAILED):
            self.outcome.setText(line)
            return
        icon = QLabel()
        name, colour = ("check", "running") if mark == _PASSED else ("cross", "problem")
        icon.setPixmap(self._theme.pixmap(name, 20, colour, self.devicePixelRatioF()))
        icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        # The icon's words: a screen reader cannot see a tick.
        icon.setAccessibleName(self.tr("Passed") if mark == _PASSED else self.tr("Failed"))
        text = QLabel(words)
        text.setObjectName("demo_line")
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        row = self._lines.rowCount()
        self._lines.addWidget(icon, row, 0)
        self._lines.addWidget(text, row, 1)
        self._area.ensureWidgetVisible(text)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._show(self._rest.decode("utf-8", "replace").strip())
        self._rest = b""
        passed = code == 0 and status is QProcess.ExitStatus.NormalExit
        said = (
            self.tr("Everything works on this computer.")
            if passed
            else self.tr("Not everything works on this computer.")
        )
        self._end(f"{said} {self._last}".strip())

    def _on_problem(self, problem: QProcess.ProcessError) -> None:
        if problem is QProcess.ProcessError.FailedToStart:
            self._end(
                self.tr("The demonstration could not be started: {why}.").format(
                    why=self._process.errorString()
                )
            )

    def _end(self, said: str) -> None:
        self.progress.hide()
        self.outcome.setText(said)
        look(self.close_button, primary=True)
        self.close_button.setFocus()

    @override
    def done(self, result: int) -> None:
        self._stop()
        super().done(result)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def _stop(self) -> None:
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.finished.disconnect(self._on_finished)
            self._process.errorOccurred.disconnect(self._on_problem)
            self._process.terminate()
            if not self._process.waitForFinished(_END_MILLISECONDS):
                self._process.kill()
                self._process.waitForFinished(_END_MILLISECONDS)
