"""Owns the page that tries the relay for real and shows every step as it happens."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bascule.errors import BasculeError, Problem
from bascule.events import Stage, StageResult
from bascule.spec.relays import RelaySpec
from bascule_desktop import format as figures
from bascule_desktop.theme import GRID, look
from bascule_desktop.views.fonts import tabular
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.page import scrolled
from bascule_desktop.wizard.pieces import IconLabel, column, line, paragraph, push
from bascule_desktop.wizard.problem import ProblemCard

translate = QCoreApplication.translate

_LINE_HEIGHT = 20
"""Of the first line of a step, in which mark, words and time stand in the middle."""


def _open_port(result: StageResult) -> str:
    """The port, where it is tried for every network of this computer (``0.0.0.0``, ``[::]``)."""
    host, _colon, port = result.subject.rpartition(":")
    return port if result.stage is Stage.LISTEN and host in ("0.0.0.0", "[::]") else ""


def begun_text(result: StageResult) -> str:
    """What a step is doing."""
    if port := _open_port(result):
        return translate("Wizard", "Trying to listen on port {port}…").format(port=port)
    texts = {
        Stage.LISTEN: translate("Wizard", "Trying to listen on {subject}…"),
        Stage.RESOLVE: translate("Wizard", "Looking up the name {subject}…"),
        Stage.CONNECT: translate("Wizard", "Connecting to {subject}…"),
        Stage.PROXY: translate("Wizard", "Asking the proxy {subject}…"),
        Stage.TLS: translate("Wizard", "Agreeing on encryption with {subject}…"),
        Stage.OPEN_DEVICE: translate("Wizard", "Opening {subject}…"),
        Stage.FIRST_BYTE: translate("Wizard", "Waiting for {subject} to say something…"),
    }
    return texts[result.stage].format(subject=result.subject)


def done_text(result: StageResult) -> str:
    """What a step has shown."""
    if port := _open_port(result):
        return translate("Wizard", "Port {port} is free, for the whole network").format(port=port)
    texts = {
        Stage.LISTEN: translate("Wizard", "{subject} is free to listen on"),
        Stage.RESOLVE: translate("Wizard", "The name {subject} is known"),
        Stage.CONNECT: translate("Wizard", "{subject} answers"),
        Stage.PROXY: translate("Wizard", "The proxy {subject} lets you through"),
        Stage.TLS: translate("Wizard", "The connection to {subject} is encrypted and trusted"),
        Stage.OPEN_DEVICE: translate("Wizard", "{subject} opens"),
        Stage.FIRST_BYTE: translate("Wizard", "{subject} says something"),
    }
    return texts[result.stage].format(subject=result.subject)


def failed_text(result: StageResult) -> str:
    """Which step it was that did not work; the why stands in the card below."""
    texts = {
        Stage.LISTEN: translate("Wizard", "Listening on {subject} does not work"),
        Stage.RESOLVE: translate("Wizard", "The name {subject} is not found"),
        Stage.CONNECT: translate("Wizard", "{subject} is not reached"),
        Stage.PROXY: translate("Wizard", "The proxy {subject} does not let you through"),
        Stage.TLS: translate("Wizard", "No trusted encryption with {subject}"),
        Stage.OPEN_DEVICE: translate("Wizard", "{subject} does not open"),
        Stage.FIRST_BYTE: translate("Wizard", "{subject} says nothing"),
    }
    if port := _open_port(result):
        return translate("Wizard", "Listening on port {port} does not work").format(port=port)
    if not result.subject:
        return translate("Wizard", "The test cannot begin")
    return texts[result.stage].format(subject=result.subject)


class StepRow(QWidget):
    """One step: its mark, its words, and how long it took."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.icon = IconLabel(context.theme, "state-starting", "accent")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setMinimumHeight(_LINE_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=2)
        words.addWidget(self.text)
        self.detail = paragraph(muted=True)
        look(self.detail, muted=True, small=True)
        self.detail.hide()
        words.addWidget(self.detail)
        row.addLayout(words, 1)
        self.taken = QLabel()
        look(self.taken, muted=True, small=True)
        self.taken.setFont(tabular(self.taken.font()))
        self.taken.setMinimumHeight(_LINE_HEIGHT)
        row.addWidget(self.taken, 0, Qt.AlignmentFlag.AlignTop)

    def show_result(self, result: StageResult) -> None:
        """Show how far the step is."""
        if not result.done:
            self.icon.show_icon("state-starting", "accent")
            self.text.setText(begun_text(result))
            return
        if result.problem is not None:
            self.icon.show_icon("cross", "problem")
            self.text.setText(failed_text(result))
        else:
            self.icon.show_icon("check", "running")
            self.text.setText(done_text(result))
        self.detail.setText(result.detail)
        self.detail.setVisible(bool(result.detail) and result.detail != result.subject)
        self.taken.setText(figures.milliseconds(result.milliseconds))


class TestPage(QWidget):
    """Steps one under another; it can be repeated, cancelled and skipped.

    ``wanted`` carries a hint that concerns the fields; ``ended`` tells how the test went.
    """

    __test__ = False  # no test case, whatever its name says

    wanted = Signal(object)
    ended = Signal(bool)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._spec: RelaySpec | None = None
        self._secrets: dict[str, str] = {}
        self.results: list[StageResult] = []
        """The steps that have ended."""
        self.rows: list[StepRow] = []
        self.problem: ProblemCard | None = None
        self.summary = paragraph()
        self._steps = column(spacing=12)
        self.again = push(translate("Wizard", "Test again"), self.run)
        context.theme.set_icon(self.again, "refresh")
        self.cancel = push(translate("Wizard", "Cancel the test"), self.stop)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(3 * GRID, GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.summary)
        layout.addLayout(self._steps)
        layout.addLayout(line(self.again, self.cancel))
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(body))

    @property
    def running(self) -> bool:
        """Whether a test is going on."""
        return self.context.tasks.running("test")

    def try_relay(self, spec: RelaySpec, secrets: dict[str, str]) -> None:
        """Try this relay, unless it is the one that was tried last and all went well."""
        if spec == self._spec and secrets == self._secrets and self.rows and not self.problem:
            return
        self._spec, self._secrets = spec, secrets
        self.run()

    def try_again(self, spec: RelaySpec, secrets: dict[str, str]) -> None:
        """Try this relay, also where it is the one that was tried last."""
        self._spec, self._secrets = spec, secrets
        self.run()

    def run(self) -> None:
        """Try it, from the first step."""
        if self.running or self._spec is None:
            return
        self._clear()
        self._set_running(True)
        self.context.start("test", self._run(self._spec, self._secrets))

    def stop(self) -> None:
        """Give the test up."""
        self.context.tasks.cancel("test")

    async def _run(self, spec: RelaySpec, secrets: dict[str, str]) -> None:
        self.summary.setText(self.beginning())
        problem: Problem | None = None
        finished = False
        try:
            if not self.context.link.connected:
                self.summary.setText(
                    translate("Wizard", "Waiting for the relay engine; then the test begins…")
                )
                await self.context.link.until_connected()
                self.summary.setText(self.beginning())
            problem = await self.tried(spec, secrets)
            finished = True
        except BasculeError as exc:
            problem, finished = exc.problem, True
        finally:
            if shiboken6.isValid(self):
                self._set_running(False)
                if not finished:
                    self._say_cancelled()
        if problem is not None:
            self._show_problem(problem)
        self._sum_up(problem)

    # what a page that tries something else does in its own way ------------------------------------

    async def tried(self, spec: RelaySpec, secrets: dict[str, str]) -> Problem | None:
        """Try it; ``heard`` has to hear the steps. What went wrong, if anything."""
        results = await self.context.client.test(
            spec, secrets, self.heard, running=self.context.profile or None
        )
        return results[-1].problem if results else None

    def beginning(self) -> str:
        """What is said above the steps at first."""
        return translate("Wizard", "Bascule tries every step of the way for real.")

    def ending(self, problem: Problem | None) -> str:
        """What is said there at the end."""
        if problem is None:
            return translate("Wizard", "Everything works.")
        return translate(
            "Wizard",
            "One step does not work yet. Change it and test again, or go on all the same: the "
            "relay can be saved and tried later.",
        )

    def _say_cancelled(self) -> None:
        self._spec = None
        self._clear()
        self.summary.setText(
            translate("Wizard", "The test was cancelled. You can go on without it.")
        )

    def _sum_up(self, problem: Problem | None) -> None:
        self.summary.setText(self.ending(problem))
        self.ended.emit(problem is None)

    def heard(self, result: StageResult) -> None:
        """One step begins, or ends; its row is the last one, for steps come one after another."""
        pending = self.rows and self.rows[-1].property("pending")
        if not result.done or not pending:
            row = StepRow(self.context)
            self.rows.append(row)
            self._steps.addWidget(row)
        row = self.rows[-1]
        if result.done:
            self.results.append(result)
        row.setProperty("pending", not result.done)
        row.show_result(result)

    def _show_problem(self, problem: Problem) -> None:
        self.problem = ProblemCard(self.context, problem)
        self.problem.wanted.connect(self.wanted)
        self._steps.addWidget(self.problem)

    def _clear(self) -> None:
        for widget in (*self.rows, *((self.problem,) if self.problem else ())):
            self._steps.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.rows, self.results = [], []
        self.problem = None

    def _set_running(self, running: bool) -> None:
        self.again.setVisible(not running)
        self.cancel.setVisible(running)
