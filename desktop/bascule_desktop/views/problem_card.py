"""Owns the card that says what is wrong with a relay: what, why, what to do, and what to send."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from bascule.errors import Problem
from bascule.events import RelayState
from bascule.spec.profiles import Profile
from bascule_desktop.messages import ActionHint, HintKind, details, explain
from bascule_desktop.models.row_text import for_it
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.copying import CopyTextButton
from bascule_desktop.views.flow import Flow
from bascule_desktop.views.hint_button import HintButton


class ProblemCard(QFrame):
    """The card. ``hint_taken`` is a button that the explanation offers, but for one that copies."""

    hint_taken = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problem_card")
        self._shown: tuple[Profile | None, Problem, bool] | None = None
        self.when = _label("problem_when")
        look(self.when, small=True)
        self.title = _label("problem_title")
        look(self.title, heading="section")
        self.cause = _label("problem_cause")
        self.what_to_do = _label("problem_action")
        self.exact = _label("problem_details")
        look(self.exact, mono=True)
        self.button = HintButton(theme)
        self.button.setObjectName("problem_hint")
        self.button.taken.connect(self.hint_taken)
        self.copy = CopyTextButton(theme, self.tr("Copy for your IT department"))
        self.copy.setObjectName("copy_for_it")
        self.more = QPushButton(self.tr("Details"))
        self.more.setObjectName("problem_more")
        self.more.setCheckable(True)
        look(self.more, quiet=True)
        self.more.toggled.connect(self._show_more)
        self.others = [HintButton(theme), HintButton(theme)]
        buttons = Flow()
        buttons.addWidget(self.button)
        for number, other in enumerate(self.others):
            other.setObjectName(f"problem_other_{number}")
            other.taken.connect(self.hint_taken)
            buttons.addWidget(other)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.more)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 12, 2 * GRID, 12)
        whole.setSpacing(GRID // 2)
        for label in (self.when, self.title, self.cause, self.what_to_do):
            whole.addWidget(label)
        whole.addSpacing(GRID // 2)
        whole.addLayout(buttons)
        whole.addWidget(self.exact)
        self.hide()

    def show_problem(
        self, profile: Profile | None, problem: Problem | None, state: RelayState
    ) -> None:
        """Say what is wrong; hidden where nothing is."""
        waiting = state in (RelayState.WAITING, RelayState.STARTING)
        if problem is None:
            self._shown = None
            self.hide()
            return
        if self._shown == (profile, problem, waiting):
            return
        self._shown = (profile, problem, waiting)
        self.when.setText(self.tr("The last connection did not get through:"))
        self.when.setVisible(state is RelayState.RUNNING)
        said = explain(problem)
        self.title.setText(said.title)
        self.cause.setText(said.cause)
        self.what_to_do.setText(said.action)
        self.exact.setText(details(problem))
        self.copy.copied_text = for_it(profile, problem)
        if said.button is not None:
            self.button.offer(said.button, self._label_of(said.button))
        self.button.setVisible(said.button is not None)
        for other, hint in zip(self.others, said.others, strict=False):
            other.offer(hint)
            other.setToolTip(hint.value)
        for number, other in enumerate(self.others):
            other.setVisible(number < len(said.others))
        self.more.setChecked(False)
        self._show_more(False)
        look(self, card="waiting" if waiting else "problem")
        self.show()

    def _label_of(self, hint: ActionHint) -> str:
        if hint.kind in (HintKind.GO_TO_FIELD, HintKind.CHOOSE_FILE):
            return self.tr("Edit the relay…")  # here there is no field to show
        return hint.label

    def _show_more(self, on: bool) -> None:
        self.exact.setVisible(on)


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
