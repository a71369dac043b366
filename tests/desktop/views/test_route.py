"""The route as a picture: states, words, and a pulse where bytes really move."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from bascule.errors import Problem
from bascule.events import RelayState
from bascule.snapshot import ProfileView
from bascule_desktop.route_nodes import route_nodes
from bascule_desktop.store import Row
from bascule_desktop.theme import Theme
from bascule_desktop.views.route import PULSE_MILLISECONDS, RoutePicture, node_states
from bascule_desktop.views.route_paint import NodeState
from tests.desktop.relay_facts import (
    CHAIN,
    FIRST_HOP_DEAD,
    IN_USE,
    SCALE,
    connection,
    line,
    profile,
    store_of,
    view,
)

N = NodeState
S = RelayState


def row(made: ProfileView) -> Row:
    return store_of(made).rows[made.id]


def states(made: ProfileView) -> list[NodeState]:
    assert made.profile is not None
    return node_states(route_nodes(made.profile.relay), row(made))


@pytest.fixture
def picture(theme: Theme, qtbot: QtBot) -> Iterator[RoutePicture]:
    made = RoutePicture(theme)
    made.resize(760, 120)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    shiboken6.delete(made)


def pixels(picture: RoutePicture) -> QImage:
    return picture.grab().toImage()


def has(image: QImage, colour: QColor) -> bool:
    return any(
        image.pixelColor(x, y) == colour
        for x in range(image.width())
        for y in range(image.height())
    )


def test_states_of_the_nodes() -> None:
    chain = profile(spec=CHAIN)
    assert set(states(view(chain))) == {N.IDLE}
    assert set(states(view(chain, S.RUNNING))) == {N.READY}
    assert set(states(view(chain, S.STARTING))) == {N.TRYING}
    trying = (connection(connected=False),)
    assert set(states(view(chain, S.RUNNING, connections=trying))) == {N.TRYING}
    assert set(states(view(chain, S.RUNNING, connections=(connection(),)))) == {N.REACHED}


def test_what_lies_behind_a_break_is_not_known() -> None:
    failed = view(profile(spec=CHAIN), S.RUNNING, log=(line("x", FIRST_HOP_DEAD),))
    assert states(failed) == [N.READY, N.READY, N.BROKEN, N.UNKNOWN, N.UNKNOWN]


def test_hops_before_a_break_were_reached() -> None:
    behind = Problem(FIRST_HOP_DEAD.code, "", "target.tls")
    failed = view(profile(spec=CHAIN), S.RUNNING, log=(line("x", behind),))
    assert states(failed) == [N.READY, N.READY, N.REACHED, N.REACHED, N.BROKEN]


def test_a_source_that_cannot_listen() -> None:
    assert states(view(profile(), S.FAILED, IN_USE)) == [N.BROKEN, N.READY, N.READY]


def test_the_broken_link_is_red_and_said(picture: RoutePicture, theme: Theme) -> None:
    picture.show_route(SCALE, row(view(profile(), S.RUNNING)))
    assert not has(pixels(picture), theme.colour("problem"))
    picture.show_route(SCALE, row(view(profile(), S.FAILED, IN_USE)))
    assert has(pixels(picture), theme.colour("problem"))
    assert picture.accessibleName() == (
        "Route: This computer port 2001 (the route breaks here) → Bascule → COM5 9600 8N1"
    )


def test_it_stands_upright_where_there_is_no_room(picture: RoutePicture) -> None:
    picture.show_route(CHAIN)
    abreast = picture.height()
    picture.resize(360, picture.height())
    assert picture.height() > 2 * abreast
    picture.resize(760, picture.height())
    assert picture.height() == abreast


def test_bytes_that_move_pulse(picture: RoutePicture, qtbot: QtBot, theme: Theme) -> None:
    assert PULSE_MILLISECONDS < 200
    made = row(view(profile(), S.RUNNING, connections=(connection(),)))
    picture.show_route(SCALE, made)
    still = pixels(picture)
    picture.show_traffic(0, 0)
    assert pixels(picture) == still
    picture.show_traffic(100, 0)
    assert has(pixels(picture), theme.colour("up"))
    assert not has(pixels(picture), theme.colour("down"))
    qtbot.waitUntil(lambda: pixels(picture) == still)


def test_nothing_pulses_where_motion_is_not_wanted(
    picture: RoutePicture, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Theme, "motion", False)
    picture.show_route(SCALE, row(view(profile(), S.RUNNING, connections=(connection(),))))
    still = pixels(picture)
    picture.show_traffic(100, 100)
    assert pixels(picture) == still


def test_a_hint_over_a_box(picture: RoutePicture, qtbot: QtBot) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QApplication, QToolTip

    picture.show_route(SCALE, row(view(profile(), S.FAILED, IN_USE)))
    box = picture._boxes()[0].center().toPoint()
    QApplication.sendEvent(picture, QHelpEvent(QEvent.Type.ToolTip, box, QPoint(5, 5)))
    assert QToolTip.text() == "This computer port 2001\nThe route breaks here"
    away = QHelpEvent(QEvent.Type.ToolTip, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(picture, away)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
