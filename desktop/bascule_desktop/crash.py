"""Owns what happens when Bascule itself is at fault: a report in a file, and a calm window, once.

The relays are in another process and go on. Reports hold the program's own lines, never values.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import faulthandler
import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import PySide6
import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from bascule import __version__
from bascule.errors import BasculeError
from bascule.places import Places

_KEPT_REPORTS = 20


class CrashReporter(QObject):
    """Hears every exception that nobody caught."""

    _reported = Signal(str, str)  # by a signal, because a thread may be where it happened

    def __init__(self, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = places.logs
        self._dialog: CrashDialog | None = None
        self._shown = False
        self._native: IO[str] | None = None
        self._reported.connect(self._show)

    def install(self) -> None:
        """Take over the hooks of the interpreter, and of the C code below it."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._native = (self._folder / "desktop-native.log").open("w", encoding="utf-8")
        except OSError:
            return  # a full disk is no reason not to start
        faulthandler.enable(self._native)

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        if self._native is not None:
            faulthandler.disable()
            self._native.close()
            self._native = None

    def on_loop_problem(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Hear what asyncio has nobody else to tell; for ``loop.set_exception_handler``."""
        exc = context.get("exception")
        said = str(context.get("message", ""))
        if isinstance(exc, BaseException):
            self.report(exc, said)
        else:
            self._report_text(said)

    def report(self, exc: BaseException, context: str = "") -> None:
        """Write a report and show it, if none was shown yet."""
        lines = traceback.format_exception(exc)
        if isinstance(exc, BasculeError):
            lines.append(f"code: {exc.code}\n")
        self._report_text(f"{context}\n\n{''.join(lines)}".strip())

    async def until_read(self) -> None:
        """Wait until the window with the report was closed; at once if none is open."""
        dialog = self._dialog
        if dialog is None or not shiboken6.isValid(dialog):
            return
        closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        dialog.finished.connect(closed.set_result)
        await closed

    def _report_text(self, what: str) -> None:
        text = f"{_header()}\n\n{what}\n"
        try:
            file = str(self._write(text))
        except Exception as exc:  # whatever keeps it from the disk must not hide it
            file = ""
            text += f"\n(not written to a file: {exc})\n"
        if sys.stderr is not None:  # pythonw has none
            sys.stderr.write(text)
        self._reported.emit(text, file)

    def _write(self, text: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S-%f")
        file = self._folder / f"desktop-crash-{stamp}.txt"
        file.write_text(text, "utf-8")
        for old in sorted(self._folder.glob("desktop-crash-*.txt"))[:-_KEPT_REPORTS]:
            old.unlink(missing_ok=True)
        return file

    def _show(self, text: str, file: str) -> None:
        if self._shown or not isinstance(QApplication.instance(), QApplication):
            return
        self._shown = True
        self._dialog = CrashDialog(text, file)
        self._dialog.show()

    def _on_exception(
        self, kind: type[BaseException], exc: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, exc, trace)
        else:
            self.report(exc)

    def _on_thread_exception(self, said: threading.ExceptHookArgs) -> None:
        if said.exc_value is not None:
            self.report(said.exc_value, f"in thread {said.thread.name if said.thread else '?'}")


class CrashDialog(QDialog):
    """Says that something went wrong, and gives the details to whoever wants them."""

    def __init__(self, text: str, file: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crash")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Bascule"))
        self._text = text
        title = QLabel(self.tr("Something in Bascule did not work as it should"))
        title.setObjectName("title")
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        saying = self.tr(
            "Your relays go on: they run in a program of their own. What you did last may not "
            "have happened. If it happens again, send these details to the makers of Bascule."
        )
        if file:
            saying += "\n\n" + self.tr("The details are also in {file}").format(file=file)
        explanation = QLabel(saying)
        explanation.setWordWrap(True)
        explanation.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        details = QPlainTextEdit(text)
        details.setReadOnly(True)
        details.setAccessibleName(self.tr("Details"))
        details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        buttons = QDialogButtonBox()
        copy = buttons.addButton(self.tr("Copy details"), QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        close.setDefault(True)
        layout = QVBoxLayout(self)
        layout.addWidget(title)
        layout.addWidget(explanation)
        layout.addWidget(details)
        layout.addWidget(buttons)
        self.resize(640, 400)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


def _header() -> str:
    return (
        f"Bascule {__version__}, Python {platform.python_version()}, "
        f"PySide6 {PySide6.__version__}, {platform.platform()}"
    )
