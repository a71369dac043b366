"""The card of files on their way, as eyes, ears and the clipboard have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from pytestqt.qtbot import QtBot

from bascule.errors import ErrorCode, Problem
from bascule.events import RelayState, TransferChanged, TransferState, TransferStatus
from bascule_desktop.store import Store
from bascule_desktop.theme import Theme
from bascule_desktop.views.detail import Detail
from bascule_desktop.views.transfer_card import SHOWN, TransferLine
from tests.desktop.relay_facts import NOW, broken_view, profile, store_of, view
from tests.desktop.test_transfer_words import DONE, FAILED, SENDING, UNDER_WAY, UNKNOWN

ID = "scale-1"


class Shown:
    """A detail and the store behind it."""

    def __init__(self, detail: Detail) -> None:
        self.detail = detail
        self.store: Store = store_of(view(profile(), RelayState.RUNNING))
        detail.show_row(self.store.rows[ID])

    def tell(self, *transfers: TransferStatus) -> TransferLine:
        changes = self.store.apply([TransferChanged(ID, each) for each in transfers], NOW)
        assert changes.traffic == {ID}
        self.detail.refresh_traffic()
        return self.detail.transfers.lines[0]


@pytest.fixture
def shown(theme: Theme, qtbot: QtBot) -> Iterator[Shown]:
    detail = Detail(theme)
    detail.resize(720, 720)
    with qtbot.waitExposed(detail):
        detail.show()
    yield Shown(detail)
    shiboken6.delete(detail)


def test_without_a_transfer_there_is_no_card(shown: Shown) -> None:
    assert not shown.detail.transfers.isVisible()


def test_the_bar_moves_with_what_is_told(shown: Shown) -> None:
    line = shown.tell(UNDER_WAY)
    assert shown.detail.transfers.isVisible()
    assert line.bar.isVisible()
    assert (line.bar.value(), line.progress.text()) == (25, "25%")
    assert line.title.text() == "Receiving photos/harbour.jpg"
    assert "30 s left" in line.details.text().replace("\N{NO-BREAK SPACE}", " ")
    assert line.details.toolTip().replace(",", "") == "12000000 bytes"
    shown.tell(replace(UNDER_WAY, bytes_done=24_000_000))
    assert (line.bar.value(), line.progress.text()) == (50, "50%")


def test_a_screen_reader_hears_name_and_value(shown: Shown) -> None:
    line = shown.tell(UNDER_WAY)
    heard = QAccessible.queryAccessibleInterface(line.bar)
    assert heard.text(QAccessible.Text.Name) == "Receiving photos/harbour.jpg"
    assert heard.valueInterface().currentValue() == 25
    assert "3 of 12 file(s)" in line.bar.accessibleDescription()


def test_where_nobody_knows_how_much_comes_there_is_no_bar(shown: Shown) -> None:
    line = shown.tell(UNKNOWN)
    assert not line.bar.isVisible()
    assert line.progress.isVisible()
    assert line.progress.text() == "12\N{NO-BREAK SPACE}MB"


def test_what_has_arrived_has_a_sum_to_copy(shown: Shown, qtbot: QtBot) -> None:
    line = shown.tell(UNDER_WAY, replace(DONE, files_done=1))
    assert not line.bar.isVisible()
    assert not line.progress.isVisible()
    assert line.title.text() == "Received photos/harbour.jpg"
    assert line.sum.isVisible()
    assert line.copy.accessibleName() == "Copy the SHA-256 of photos/harbour.jpg"
    qtbot.mouseClick(line.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "00ff"


def test_what_failed_says_why_and_what_to_do(shown: Shown) -> None:
    why = Problem(
        ErrorCode.FILE_FAILED, "no", None, {"path": "a.txt", "why": "taken", "reason": "taken"}
    )
    line = shown.tell(replace(FAILED, problem=why))
    assert line.title.text() == "Not everything was received"
    assert line.why.isVisible()
    assert "A file of this name is there already." in line.why.text()
    assert not line.sum.isVisible()
    shown.tell(replace(DONE, number=2))
    assert not line.why.isVisible()


def test_several_at_once_newest_first_and_one_of_those_that_ended(shown: Shown) -> None:
    many = [replace(UNDER_WAY, number=number, name=f"file {number}") for number in range(1, 6)]
    shown.tell(replace(DONE, number=9), *many)
    lines = shown.detail.transfers.lines
    titles = [line.title.text() for line in lines if line.isVisible()]
    assert titles == ["Receiving file 5", "Receiving file 4", "Receiving file 3"]
    assert len(titles) == SHOWN
    shown.tell(*(replace(DONE, number=each.number, files_done=1) for each in many))
    assert [line.isVisible() for line in lines] == [True, False, False]
    assert lines[0].title.text() == "Received 12 file(s)"  # number 9, the newest


def test_another_relay_shows_its_own(shown: Shown) -> None:
    shown.tell(SENDING)
    other = store_of(view(profile("other-1")), broken_view())
    shown.detail.show_row(other.rows["other-1"])
    assert not shown.detail.transfers.isVisible()
    shown.detail.show_row(shown.store.rows[ID])
    assert shown.detail.transfers.isVisible()
    shown.detail.show_row(other.rows["old"])
    assert not shown.detail.transfers.isVisible()


def test_its_mark_follows_the_theme(shown: Shown, theme: Theme) -> None:
    line = shown.tell(UNDER_WAY)
    mark = line._mark.pixmap().toImage()
    done = shown.tell(DONE)._mark.pixmap().toImage()
    assert mark != done
    theme.changed.emit()
    assert line._mark.pixmap().toImage() == done


def test_the_state_is_shown_by_a_shape_as_well(shown: Shown) -> None:
    told = (replace(UNDER_WAY, state=state) for state in TransferState)
    marks = [shown.tell(each)._mark.pixmap().toImage() for each in told]
    assert all(one != other for i, one in enumerate(marks) for other in marks[:i])
