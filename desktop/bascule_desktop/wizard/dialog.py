"""Owns the wizard's window: its pages in their order, its buttons, and saving at the end.

What a page holds is the page's business; what a relay is, the spec's.
"""

from __future__ import annotations

from typing import override

import shiboken6
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bascule.errors import BasculeError, Problem
from bascule.spec.fields import references
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop import dialogs
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.messages import ActionHint, HintKind
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.wizard.choice import ChoicePage
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.draft import Draft
from bascule_desktop.wizard.editors import FileEditor
from bascule_desktop.wizard.kinds import PAGES, ForwardPage, SharePage, TlsPage, kind_of
from bascule_desktop.wizard.last import LastPage
from bascule_desktop.wizard.page import RelayPage
from bascule_desktop.wizard.pieces import column, push, without_arguments
from bascule_desktop.wizard.problem import ProblemCard
from bascule_desktop.wizard.testing import TestPage

translate = QCoreApplication.translate


class WizardDialog(QDialog):
    """Make a relay, or edit the one of ``profile``; ``preset`` opens a kind's page at once, and
    ``draft`` the page of a relay that has only to be looked at.

    After it was accepted, ``saved`` is the profile that the engine keeps, and ``start_now`` says
    whether the person wants it running.
    """

    stayed = Signal()
    """Somebody wanted to leave it, and thought better of it."""

    def __init__(
        self,
        parent: QWidget | None,
        link: EngineLink,
        theme: Theme,
        profile: Profile | None = None,
        preset: str | None = None,
        draft: Draft | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("wizard")
        self.saved: Profile
        self.start_now = False
        self._editing = profile
        self._draft = draft
        self._spec: RelaySpec | None = None
        self.tasks = Tasks(self, self._report)
        self.context = Context(
            link,
            theme,
            self.tasks,
            self,
            profile.id if profile is not None else "",
            draft.secrets if draft is not None else {},
        )
        self.choice = ChoicePage(theme)
        self.choice.chosen.connect(self.choose)
        self.pages: dict[str, RelayPage] = {}
        self.page: RelayPage | None = None
        self.test = TestPage(self.context)
        self.test.wanted.connect(self._take_hint)
        self.test.ended.connect(without_arguments(self._tell))
        self.last = LastPage(self.context, profile)
        self.last.start_now.toggled.connect(without_arguments(self._tell))
        self._build()
        if profile is not None:
            self._open(kind_of(profile.relay)).fill(profile.relay)
            self._show(self.page)
        elif draft is not None:
            self._open(draft.page or kind_of(draft.relay)).fill(draft.relay)
            self._show(self.page)
        elif preset in PAGES:
            self.choose(preset)
        else:
            self._show(self.choice)

    def _build(self) -> None:
        if self._editing is not None:
            title = translate("Wizard", "Edit “{name}”").format(name=self._editing.name)
        else:
            title = translate("Wizard", "New relay")
        self.setWindowTitle(title)
        self.resize(760, 580)
        self.setMinimumSize(480, 360)
        self.title = QLabel()
        look(self.title, heading="title")
        self.title.setWordWrap(True)
        self.title.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, GRID)
        self.stack = QStackedWidget()
        for page in (self.choice, self.test, self.last):
            self.stack.addWidget(page)
        self._trouble = column()
        self._trouble.setContentsMargins(3 * GRID, 0, 3 * GRID, GRID)
        self.problem_card: ProblemCard | None = None
        rule = QFrame()
        look(rule, rule=True)
        self.cancel = push(translate("Wizard", "Cancel"), self.reject)
        self.back = push(translate("Wizard", "Back"), self.go_back)
        self.next = push(translate("Wizard", "Next"), self.go_next)
        look(self.next, primary=True)
        self.next.setDefault(True)
        for name, button in (("cancel", self.cancel), ("back", self.back), ("next", self.next)):
            button.setObjectName(name)
        self.step = QLabel()
        look(self.step, muted=True, small=True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(3 * GRID, 12, 3 * GRID, 2 * GRID)
        buttons.setSpacing(GRID)
        buttons.addWidget(self.step)
        buttons.addStretch(1)
        for button in (self.cancel, self.back, self.next):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(self.stack, 1)
        layout.addLayout(self._trouble)
        layout.addWidget(rule)
        layout.addLayout(buttons)

    # ways ---------------------------------------------------------------------------------------

    def choose(self, kind: str) -> None:
        """Go to the page of a kind; what was typed there before is still there."""
        self._show(self._open(kind))

    def go_next(self) -> None:
        """Go on, where what stands here can be."""
        if self._at(self.choice):
            return
        if self._at(self.last):
            self.tasks.start("save", self._save())
        elif self._at(self.test):
            self.test.stop()
            self._show_last()
        else:
            self.tasks.start("next", self._leave_fields())

    def go_back(self) -> None:
        """Go back; nothing is lost."""
        if self._at(self.last):
            self._show(self.test)
        elif self._at(self.test):
            self.test.stop()
            self._show(self.page)
        elif not self._filled:
            self._show(self.choice)

    @property
    def _filled(self) -> bool:
        """Whether it began with a relay, and not with the question what is wanted."""
        return self._editing is not None or self._draft is not None

    @property
    def changed(self) -> bool:
        """Whether closing would lose something."""
        return any(page.changed for page in self.pages.values()) or self.last.changed

    @override
    def reject(self) -> None:
        if self.changed:
            self.tasks.start("close", self._close())
        else:
            self.done(int(QDialog.DialogCode.Rejected))

    @override
    def done(self, result: int) -> None:
        # Before the window goes: a task that ends later would find its widgets gone.
        self.tasks.cancel_all()
        super().done(result)

    async def _close(self) -> None:
        sure = await dialogs.confirm(
            self,
            translate("Wizard", "Close without saving?"),
            translate("Wizard", "What you have filled in is lost."),
            translate("Wizard", "Close without saving"),
            True,
        )
        if sure:
            self.done(int(QDialog.DialogCode.Rejected))
        else:
            self.stayed.emit()

    async def _leave_fields(self) -> None:
        page = self.page
        assert page is not None
        self.next.setEnabled(False)
        try:
            ready = page.check_rows() and await page.prepare()
            spec = page.check() if ready else None
        finally:
            if shiboken6.isValid(self.next):
                self.next.setEnabled(True)
        if spec is not None:
            self._spec = spec
            self._show(self.test)
            self.test.try_relay(spec, self._secrets(page, spec))

    def _secrets(self, page: RelayPage, spec: RelaySpec) -> dict[str, str]:
        """The passwords of a relay that are not saved yet: handed over with the draft, or typed."""
        wanted = references(spec)
        handed = {name: text for name, text in self.context.handed.items() if name in wanted}
        return handed | page.secrets()

    def _show_last(self) -> None:
        assert self._spec is not None
        assert self.page is not None
        made = None
        if isinstance(self.page, TlsPage) and self.page.certificate.make.isChecked():
            made = self.page.certificate.made
        drafted = self._draft.name if self._draft is not None else ""
        self.last.show_relay(self._spec, drafted or self.page.propose_name(self._spec), made)
        self._show(self.last)

    async def _save(self) -> None:
        assert self._spec is not None
        assert self.page is not None
        profile = self.last.profile(self._spec)
        if profile is None:
            return
        self.next.setEnabled(False)
        try:
            await self.context.client.save(profile, self._secrets(self.page, self._spec))
        finally:
            if shiboken6.isValid(self.next):
                self.next.setEnabled(True)
        self.saved = profile
        self.start_now = self.last.start_now.isChecked()
        self.accept()

    # looks --------------------------------------------------------------------------------------

    def _open(self, kind: str) -> RelayPage:
        if kind not in self.pages:
            page = self.pages[kind] = PAGES[kind](self.context)
            self.stack.addWidget(page)
        self.page = self.pages[kind]
        return self.page

    def _at(self, page: QWidget) -> bool:
        return self.stack.currentWidget() is page

    def _show(self, page: QWidget | None) -> None:
        assert page is not None
        self._take_back()
        self.stack.setCurrentWidget(page)
        self._tell()
        if isinstance(page, RelayPage):
            page.entered()
            # A field that is folded away takes no focus: then Enter would press Cancel.
            rows = [row for row in page.rows() if row.editor.isVisibleTo(page)]
            empty = (row for row in rows if row.editor.value() == "" and not self._filled)
            next(empty, rows[0]).editor.setFocus(Qt.FocusReason.OtherFocusReason)
        elif page is self.choice:
            chosen = self.page.kind if self.page is not None else "forward"
            self.choice.cards[chosen].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        """Bring title and buttons in line with the page in sight."""
        page = self.stack.currentWidget() or self.choice
        titles: dict[QWidget, str] = {
            self.choice: translate("Wizard", "What do you want to do?"),
            self.test: translate("Wizard", "Test"),
            self.last: translate("Wizard", "Ready"),
        }
        self.title.setText(page.title() if isinstance(page, RelayPage) else titles[page])
        self.back.setVisible(
            not self._at(self.choice) and not (isinstance(page, RelayPage) and self._filled)
        )
        self.next.setVisible(not self._at(self.choice))
        text = translate("Wizard", "Next")
        if self._at(self.last):
            if self.last.start_now.isChecked():
                text = translate("Wizard", "Save and start")
            else:
                text = translate("Wizard", "Save")
        self.next.setText(text)
        order: list[QWidget] = [self.test, self.last]
        first = 1 if self._filled else 2
        number = first + 1 + order.index(page) if page in order else first
        if self._at(self.choice):
            number = 1
        self.step.setText(
            translate("Wizard", "Step {number} of {count}").format(number=number, count=first + 2)
        )

    # problems -----------------------------------------------------------------------------------

    def _take_hint(self, hint: ActionHint) -> None:
        """Do what the button of an explanation promises."""
        page = self.page
        assert page is not None
        if hint.kind is HintKind.TRY_AGAIN:
            if self._at(self.test):
                self.test.run()
            else:
                self.go_next()
            return
        self._show(page)
        if hint.kind is HintKind.USE_PORT:
            if isinstance(page, ForwardPage | SharePage):
                page.listen.use_port(hint.value)
            page.go_to("source.port")
        elif page.go_to(hint.value) and hint.kind is HintKind.CHOOSE_FILE:
            editor = page.editor_at(hint.value)
            if isinstance(editor, FileEditor):
                editor.choose()

    def _report(self, problem: Exception) -> None:
        """Say what went wrong on the way: at its field where there is one, else below the page."""
        if not isinstance(problem, BasculeError):
            raise problem
        page = self.stack.currentWidget()
        if isinstance(page, RelayPage) and page.show_problem(problem.problem):
            return
        self.show_problem(problem.problem)

    def show_problem(self, problem: Problem) -> None:
        """Say a problem below the page."""
        self._take_back()
        self.problem_card = ProblemCard(self.context, problem)
        self.problem_card.wanted.connect(self._take_hint)
        self._trouble.addWidget(self.problem_card)

    def _take_back(self) -> None:
        if self.problem_card is not None:
            self.problem_card.hide()
            self.problem_card.deleteLater()
            self.problem_card = None
