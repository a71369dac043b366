"""Owns what happens when Bascule itself is at fault: a report in a file, and a calm window, once.

The relays are in another process and go on. Reports hold the program's own lines, never values.
"""

from __future__ import annotations

import asyncio
import contextlib
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
_NATIVE = "desktop-native.log"
_LAST_NATIVE = "desktop-native-last.log"


class CrashReporter(QObject):
    """Hears every exception that nobody caught.

    ``restart_wanted`` is True once the person asked for Bascule to be started anew;
    ``leave_wanted`` then says that this one shall leave.
    """

    leave_wanted = Signal()

    _reported = Signal(str, str)  # by a signal, because a thread may be where it happened

    def __init__(self, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.restart_wanted = False
        self._places = places
        self._folder = places.logs
        self._dialog: CrashDialog | None = None
        self._shown = False
        self._native: IO[str] | None = None
        self._last_time = ""
        self._reported.connect(self._show)

    def install(self) -> None:
        """Take over the hooks of the interpreter, and of the C code below it."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def watch_native(self) -> None:
        """Have the C code below the interpreter write down where it crashes, and keep for
        ``tell_last_time`` what the last window wrote that did not end by itself. For the one
        window of a user only.
        """
        file = self._folder / _NATIVE
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            crashed = file.read_text("utf-8", "replace") if file.is_file() else ""
            if crashed:
                file.replace(file.with_name(_LAST_NATIVE))
            self._native = file.open("w", encoding="utf-8")
        except OSError:
            return  # a full disk is no reason not to start
        faulthandler.enable(self._native)
        if crashed:
            self._last_time = f"{_header()}\n\n{crashed}"

    def tell_last_time(self, window: QWidget) -> None:
        """Tell how the last window ended, where that was not by itself: above the window that is
        there now, in the language that it speaks.
        """
        if self._last_time:
            above = window if window.isVisible() and not window.isMinimized() else None
            file = str(self._folder / _LAST_NATIVE)
            self._show(self._last_time, file, last_time=True, above=above)
            self._last_time = ""

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        if self._native is not None:
            faulthandler.disable()
            self._native.close()
            self._native = None
            # Also what Windows tells of faults that others have handled: this ended by itself.
            with contextlib.suppress(OSError):
                (self._folder / _NATIVE).unlink()

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
        self._report_text(_told(exc, context))

    def note(self, exc: BaseException, context: str) -> None:
        """Write a report only: the person is told in another way, or need not know."""
        self._keep(_told(exc, context))

    async def until_read(self) -> None:
        """Wait until the window with the report was closed; at once if none is open."""
        dialog = self._dialog
        if dialog is None or not shiboken6.isValid(dialog):
            return
        closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        dialog.finished.connect(closed.set_result)
        await closed

    def _report_text(self, what: str) -> None:
        self._reported.emit(*self._keep(what))

    def _keep(self, what: str) -> tuple[str, str]:
        """Write a report; its text, and the file it is in, if it could be written."""
        text = f"{_header()}\n\n{what}\n"
        try:
            file = str(self._write(text))
        except Exception as exc:  # whatever keeps it from the disk must not hide it
            file = ""
            text += f"\n(not written to a file: {exc})\n"
        if sys.stderr is not None:  # pythonw has none
            sys.stderr.write(text)
        return text, file

    def _write(self, text: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S-%f")
        file = self._folder / f"desktop-crash-{stamp}.txt"
        file.write_text(text, "utf-8")
        for old in sorted(self._folder.glob("desktop-crash-*.txt"))[:-_KEPT_REPORTS]:
            old.unlink(missing_ok=True)
        return file

    def _show(
        self, text: str, file: str, *, last_time: bool = False, above: QWidget | None = None
    ) -> None:
        if self._shown or not isinstance(QApplication.instance(), QApplication):
            return
        self._shown = not last_time
        self._dialog = CrashDialog(text, file, above, last_time=last_time)
        self._dialog.diagnosis_wanted.connect(self._diagnose)
        self._dialog.restart_wanted.connect(self.restart)
        self._dialog.show()

    def _diagnose(self) -> None:
        # Only here: where something is broken, as little as possible shall be needed to say so.
        from bascule_desktop.views.diagnosis_dialog import DiagnosisDialog

        if self._dialog is not None:
            dialog = DiagnosisDialog(self._places, self._dialog)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def restart(self) -> None:
        """Have Bascule started anew, and this one leave."""
        self.restart_wanted = True
        self.leave_wanted.emit()

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
    """Says that something went wrong, and gives the details to whoever wants them. ``last_time``:
    the window before this one did not end by itself.
    """

    diagnosis_wanted = Signal()
    restart_wanted = Signal()

    def __init__(
        self, text: str, file: str, parent: QWidget | None = None, *, last_time: bool = False
    ) -> None:
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
            "have happened. If it happens again, save a file that helps to find the fault, and "
            "restart Bascule."
        )
        if last_time:
            title.setText(self.tr("Bascule's window ended unexpectedly last time"))
            saying = self.tr(
                "Your relays went on: they run in a program of their own. If it happens again, "
                "save a file that helps to find the fault."
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
        save = buttons.addButton(
            self.tr("Save a file for help…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        save.clicked.connect(self.diagnosis_wanted)
        if not last_time:
            restart = buttons.addButton(
                self.tr("Restart Bascule"), QDialogButtonBox.ButtonRole.ActionRole
            )
            restart.clicked.connect(self._restart)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        close.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(explanation)
        layout.addWidget(details)
        layout.addWidget(buttons)
        self.resize(680, 440)

    def _restart(self) -> None:
        self.restart_wanted.emit()
        self.accept()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


def _told(exc: BaseException, context: str) -> str:
    lines = traceback.format_exception(exc)
    if isinstance(exc, BasculeError):
        lines.append(f"code: {exc.code}\n")
    return f"{context}\n\n{''.join(lines)}".strip()


def _header() -> str:
    return (
        f"Bascule {__version__}, Python {platform.python_version()}, "
        f"PySide6 {PySide6.__version__}, {platform.platform()}"
    )
