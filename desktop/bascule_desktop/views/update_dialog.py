"""Owns the dialog that says whether there is a newer Bascule, and whether a download is whole.

It installs nothing: the person downloads in the browser, and lets the file be compared here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import override

from PySide6.QtCore import QDate, QLocale, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bascule import __version__
from bascule.errors import ErrorCode, Problem
from bascule.spec.releases import Release
from bascule_desktop.dialogs import choose_file
from bascule_desktop.language import spoken_language
from bascule_desktop.messages import details, explain
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import GRID, look
from bascule_desktop.threads import beside
from bascule_desktop.update_check import Looked, UpdateCheck, Verdict, judge

_LEAST_WIDTH = 520
_COMPARING = "compare download"
_OF_A_FORM = (ErrorCode.TLS_UNTRUSTED, ErrorCode.TLS_NAME_MISMATCH)
"""For these a field of the relay is advised: here is none."""


class UpdateDialog(QDialog):
    """Looks at once, unless it is told what is known."""

    def __init__(
        self,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        known: Looked | None = None,
        command: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setObjectName("update_dialog")
        self.setWindowTitle(self.tr("Updates"))
        self._tasks = tasks
        self.release: Release | None = None
        self.title = _label("update_title", heading="title")
        self.said = _label("update_said")
        self.notes = _label("update_notes")
        self.notes.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.notes.setMargin(2 * GRID)
        self.frame = QScrollArea()
        self.frame.setWidgetResizable(True)
        self.frame.setFrameShape(QFrame.Shape.NoFrame)
        self.frame.setWidget(self.notes)
        self.frame.setMinimumHeight(160)
        self.frame.setAccessibleName(self.tr("What is new"))
        look(self.notes, card=True)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName(self.tr("Looking for a newer version"))
        self.verdict = _label("update_verdict")
        self._lay_out()
        self.check: UpdateCheck | None = None
        if known is not None:
            self.show_known(known)
        else:
            self._show_looking()
            self.check = UpdateCheck(self, command)
            self.check.done.connect(self.show_known)

    def _lay_out(self) -> None:
        self.buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.open_page = self.buttons.addButton(self.tr("Open the download page"), role.ActionRole)
        look(self.open_page, primary=True)
        self.open_page.clicked.connect(self._open_page)
        self.compare = self.buttons.addButton(self.tr("Check a downloaded file…"), role.ActionRole)
        self.compare.clicked.connect(self._compare)
        self.close_button = self.buttons.addButton(self.tr("Close"), role.RejectRole)
        self.buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addWidget(self.title)
        whole.addWidget(self.said)
        whole.addWidget(self.progress)
        whole.addWidget(self.frame, 1)
        whole.addWidget(self.verdict)
        whole.addStretch(0)
        whole.addWidget(self.buttons)

    def _show_looking(self) -> None:
        self.title.setText(self.tr("Looking for a newer version…"))
        for widget in (self.said, self.frame, self.verdict, self.open_page, self.compare):
            widget.hide()
        self._fit()

    def show_known(self, looked: Looked) -> None:
        """Show what came of looking."""
        self.progress.hide()
        self.release = looked.release
        notes = looked.release.notes_in(spoken_language()) if looked.release is not None else ""
        self.notes.setText(notes)
        self.frame.setVisible(looked.newer and bool(notes))
        self.open_page.setVisible(looked.newer)
        self.compare.setVisible(looked.release is not None and bool(looked.release.files))
        self.verdict.hide()
        if looked.release is None:
            self._show_problem(looked.problem)
        elif looked.newer:
            self._show_newer(looked.release)
        else:
            self.title.setText(self.tr("You have the newest version"))
            self.said.setText(self.tr("This is Bascule {version}.").format(version=__version__))
        self.said.show()
        self.open_page.setDefault(looked.newer)
        self.close_button.setDefault(not looked.newer)
        self._fit()

    def _show_newer(self, release: Release) -> None:
        date = QDate.fromString(release.date, Qt.DateFormat.ISODate)
        shown = QLocale().toString(date, QLocale.FormatType.LongFormat) or release.date
        self.title.setText(
            self.tr("Bascule {version} is available").format(version=release.version)
        )
        self.said.setText(
            self.tr(
                "It is of {date}; you have {own}. Download it from its page and install it as you "
                "did before: your relays and settings stay. Nothing is installed by itself."
            ).format(date=shown, own=__version__)
        )

    def _show_problem(self, problem: Problem | None) -> None:
        assert problem is not None
        sentence = explain(problem)
        action = sentence.action
        if problem.code in _OF_A_FORM:
            action = self.tr(
                "Ask the people who look after this computer, or look where you got Bascule from."
            )
        self.title.setText(sentence.title)
        self.said.setText("\n".join(part for part in (sentence.cause, action) if part))
        self.said.setToolTip(details(problem))

    def _open_page(self) -> None:
        if self.release is not None:
            QDesktopServices.openUrl(QUrl(self.release.page))

    def _compare(self) -> None:
        self._tasks.start(_COMPARING, self._compare_chosen())

    async def _compare_chosen(self) -> None:
        path = await choose_file(self, self.tr("Check a downloaded file"), self.tr("All files (*)"))
        if path is None or self.release is None:
            return
        try:
            verdict, known = await beside(judge, self.release, path)
        except OSError as exc:
            self._show_verdict(
                self.tr("{file} cannot be read: {why}.").format(
                    file=path.name, why=exc.strerror or exc
                ),
                good=False,
            )
            return
        facts = {"file": path.name, "name": known.name if known is not None else ""}
        if verdict is Verdict.WHOLE:
            said = self.tr("{file} is whole: it is exactly {name} of this version.")
        elif verdict is Verdict.DAMAGED:
            said = self.tr(
                "{file} is damaged, or not what was published: do not install it. Delete it and "
                "download it once more."
            )
        else:
            said = self.tr(
                "{file} is none of the files of this version, or it is damaged: do not install it. "
                "Download it from the page of this version."
            )
        self._show_verdict(said.format_map(facts), good=verdict is Verdict.WHOLE)

    def _show_verdict(self, said: str, *, good: bool) -> None:
        self.verdict.setText(said)
        look(self.verdict, problem=not good)
        self.verdict.show()
        self._fit()

    def _fit(self) -> None:
        """As wide as the buttons, which differ with the language, and as high as the words."""
        for button in self.buttons.buttons():
            button.ensurePolished()
        self.setMinimumWidth(max(_LEAST_WIDTH, self.buttons.sizeHint().width() + 6 * GRID))
        self.adjustSize()

    @override
    def done(self, result: int) -> None:
        if self.check is not None:
            self.check.stop()
        self._tasks.cancel(_COMPARING)  # it is the window's task, and would tell nobody
        super().done(result)


def _label(name: str, **properties: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    look(label, **properties)
    return label
