"""The panes' smaller parts: notices, the flow of buttons, the pane that comes next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bascule_desktop.actions import Actions
from bascule_desktop.messages import ActionHint, HintKind
from bascule_desktop.theme import Theme
from bascule_desktop.views.combo import ComboBox
from bascule_desktop.views.flow import Flow
from bascule_desktop.views.hints import take_hint
from bascule_desktop.views.notice_bar import Notice, NoticeBar, Tone
from tests.desktop.views.conftest import destroy


@pytest.fixture
def bar(theme: Theme) -> Iterator[NoticeBar]:
    made = NoticeBar(theme)
    made.move(400, 400)  # not under the pointer: there a notice waits
    yield made
    destroy(made)


def test_a_passing_notice_goes_by_itself(bar: NoticeBar, qtbot: QtBot) -> None:
    bar._timer.setInterval(1)
    bar.tell(Notice("Deleted.", passing=True))
    assert bar.isVisible()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_a_notice_that_matters_stays(bar: NoticeBar) -> None:
    bar.tell(Notice("Deleted.", passing=True))
    bar.tell(Notice("It failed.", Tone.PROBLEM, detail="code: x"))
    assert not bar._timer.isActive()
    assert bar.text.text() == "It failed."
    assert bar.text.toolTip() == "code: x"
    assert bar.property("card") == "problem"


def test_the_wheel_scrolls_past_a_choice_and_turns_the_one_with_the_focus(qtbot: QtBot) -> None:
    combo = ComboBox()
    combo.addItems(["SOCKS 5", "HTTP"])
    combo.show()
    combo.activateWindow()
    combo.clearFocus()
    assert not turn(combo), "what is left alone goes on to the page, which scrolls"
    assert combo.currentText() == "SOCKS 5"
    combo.setFocus()
    qtbot.waitUntil(combo.hasFocus)
    assert turn(combo)
    assert combo.currentText() == "HTTP"
    destroy(combo)


def turn(widget: QWidget) -> bool:
    """Turn the wheel down by one notch above a widget; whether it took the turn for itself."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QGuiApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_a_flow_breaks_where_it_is_narrow(theme: Theme) -> None:
    box = QWidget()
    flow = Flow(box)
    buttons = [QPushButton(f"Button {i}") for i in range(3)]
    for button in buttons:
        flow.addWidget(button)
    one_line = flow.sizeHint()
    assert flow.heightForWidth(one_line.width()) == one_line.height()
    assert flow.heightForWidth(buttons[0].sizeHint().width()) > 2 * one_line.height()
    buttons[1].hide()
    assert flow.sizeHint().width() < one_line.width()
    assert flow.itemAt(9) is None
    assert flow.takeAt(9) is None
    destroy(box)


@pytest.mark.parametrize(
    ("kind", "value", "task"),
    [
        (HintKind.USE_PORT, "8081", None),
        (HintKind.TRY_AGAIN, "", "start x-1"),
        (HintKind.TRUST, "/a.pem", "trust"),
    ],
)
def test_hints_that_act(
    actions: Actions,
    monkeypatch: pytest.MonkeyPatch,
    kind: HintKind,
    value: str,
    task: str | None,
) -> None:
    started: list[str] = []

    def start(name: str, work: object) -> bool:
        work.close()  # type: ignore[attr-defined]
        started.append(name)
        return True

    monkeypatch.setattr(actions._tasks, "start", start)
    take_hint(ActionHint(kind, "Do it", value), "x-1", actions)
    assert started == ([task] if task else [])


def test_hints_that_copy_and_open(
    actions: Actions, monkeypatch: pytest.MonkeyPatch, places: object
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    take_hint(ActionHint(HintKind.COPY, "Copy", "sudo adduser"), "x-1", actions)
    assert QGuiApplication.clipboard().text() == "sudo adduser"
    take_hint(ActionHint(HintKind.OPEN_FOLDER, "Show", "/nowhere/x.toml"), "x-1", actions)
    assert opened == [QUrl.fromLocalFile("/nowhere")]
