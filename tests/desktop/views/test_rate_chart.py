"""The chart paints what the history says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtGui import QImage

from bascule_desktop.store import RateSample
from bascule_desktop.theme import Theme
from bascule_desktop.views.rate_chart import RateChart, axis_top
from tests.desktop.relay_facts import NOW


@pytest.fixture
def chart(theme: Theme) -> Iterator[RateChart]:
    made = RateChart(theme)
    made.resize(600, 240)
    yield made
    shiboken6.delete(made)


def samples(up: float, down: float) -> list[RateSample]:
    return [RateSample(NOW - i, up, down) for i in range(100, -1, -1)]


def painted(chart: RateChart) -> QImage:
    return chart.grab().toImage()


def count(image: QImage, theme: Theme, colour: str) -> int:
    wanted = theme.colour(colour).rgb()  # type: ignore[arg-type]
    return sum(
        image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height())
    )


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 2000), (1999, 2000), (2001, 4000), (9000, 20_000), (81e6, 200e6)],
)
def test_the_axis_ends_at_a_round_figure(highest: float, top: float) -> None:
    assert axis_top(highest) == top


def test_nothing_moved(chart: RateChart, theme: Theme) -> None:
    image = painted(chart)
    assert count(image, theme, "up") == count(image, theme, "down") == 0


def test_up_and_down_have_their_colours(chart: RateChart, theme: Theme) -> None:
    chart.show_history(samples(1000, 0), NOW)
    only_up = painted(chart)
    chart.show_history(samples(1000, 1900), NOW)
    both = painted(chart)
    assert count(only_up, theme, "up") > 100
    assert count(both, theme, "down") > 100
    assert only_up != both


def test_time_goes_on(chart: RateChart) -> None:
    history = samples(1000, 500)
    chart.show_history(history, NOW)
    before = painted(chart)
    chart.show_history(history, NOW + 60)
    assert painted(chart) != before


def test_a_screen_reader_hears_the_highest(chart: RateChart) -> None:
    chart.show_history(samples(1500, 0), NOW)
    said = chart.accessibleName().replace("\N{NO-BREAK SPACE}", " ")
    assert "1.5 kB/s up and 0 B/s down" in said
