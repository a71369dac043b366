"""Owns the window that checks a host once: where, how, and the steps one after the other.

The engine does it; nothing is kept. What was checked can be copied as text, or kept as a relay that
checks it again and again.
"""

from __future__ import annotations

from typing import override

from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bascule.errors import BasculeError
from bascule.spec.endpoints import TcpConnect
from bascule.spec.measuring import Schedule
from bascule.spec.relays import RelaySpec
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.messages import ActionHint, HintKind
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.copying import CopyTextButton
from bascule_desktop.wizard.check import CheckPage, CheckSteps
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.draft import Draft
from bascule_desktop.wizard.pieces import push


class CheckDialog(QDialog):
    """Check a host; ``target`` is filled in. Where it was accepted, ``draft`` is what shall be
    checked from now on.
    """

    def __init__(
        self,
        link: EngineLink,
        theme: Theme,
        parent: QWidget | None = None,
        target: TcpConnect | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("check_dialog")
        self.setWindowTitle(self.tr("Check a connection"))
        self.resize(640, 720)
        self.setMinimumSize(440, 420)
        self.draft: Draft | None = None
        self.tasks = Tasks(self, self._report)
        self._context = Context(link, theme, self.tasks, self)
        self.page = CheckPage(self._context, once=True)
        if target is not None:
            self.page.fill(RelaySpec(Schedule(), target))
        self.steps = CheckSteps(self._context)
        self.steps.again.hide()
        self.steps.ended.connect(self._conclude)
        self.steps.wanted.connect(self._take_hint)
        self.start = push(self.tr("Check"), self.check)
        self.start.setObjectName("check_start")
        self.start.setDefault(True)
        look(self.start, primary=True)
        self.copy = CopyTextButton(theme, self.tr("Copy as text"))
        self.copy.setObjectName("check_copy")
        self.keep = push(self.tr("Keep checking…"), self._keep, quiet=True)
        self.keep.setObjectName("check_keep")
        self.keep.setToolTip(self.tr("Check it again and again, and be told when it changes"))
        self.leave = push(self.tr("Close"), self.reject, quiet=True)
        self.leave.setObjectName("check_close")
        self.copy.setEnabled(False)
        self._lay_out()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Does it answer?"))
        look(title, heading="title")
        title.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 0)
        calm = QLabel(
            self.tr("Bascule goes the whole way to the host, step by step, and leaves at once.")
        )
        calm.setWordWrap(True)
        look(calm, muted=True)
        calm.setContentsMargins(3 * GRID, 0, 3 * GRID, GRID)
        rule, last = QFrame(), QFrame()
        look(rule, rule=True)
        look(last, rule=True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(3 * GRID, 12, 3 * GRID, 2 * GRID)
        buttons.setSpacing(GRID)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.keep)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.start)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(title)
        whole.addWidget(calm)
        whole.addWidget(self.page, 3)
        whole.addWidget(rule)
        whole.addWidget(self.steps, 4)
        whole.addWidget(last)
        whole.addLayout(buttons)

    def check(self) -> None:
        """Check what stands in the fields, unless something is wrong there."""
        spec = self._spec()
        if spec is not None and not self.steps.running:
            self.copy.setEnabled(False)
            self.start.setEnabled(False)
            self.steps.try_again(spec, self.page.secrets())

    def _spec(self) -> RelaySpec | None:
        return self.page.check() if self.page.check_rows() else None

    def _conclude(self, _well: bool) -> None:
        self.start.setEnabled(True)
        self.steps.again.hide()
        self.copy.copied_text = self.steps.report()
        self.copy.setEnabled(bool(self.copy.copied_text))

    def _keep(self) -> None:
        """Make a relay of it that checks again and again."""
        spec = self._spec()
        if spec is not None:
            self.draft = Draft(spec, secrets=self.page.secrets())
            self.accept()

    def _take_hint(self, hint: ActionHint) -> None:
        """Do what the button of an explanation promises."""
        if hint.kind is HintKind.TRY_AGAIN:
            self.check()
        else:
            self.page.go_to(hint.value)

    def _report(self, problem: Exception) -> None:
        if not isinstance(problem, BasculeError):
            raise problem
        self.page.show_problem(problem.problem)

    @override
    def done(self, result: int) -> None:
        # Before the window goes: a task that ends later would find its widgets gone.
        self.tasks.cancel_all()
        super().done(result)
