"""Figures as people read them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from bascule_desktop import format as figures


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English))
    yield
    QLocale.setDefault(before)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"),
        (820, "820 B"),
        (999, "999 B"),
        (999.6, "1.0 kB"),
        (1200, "1.2 kB"),
        (34_000, "34 kB"),
        (999_700, "1.0 MB"),
        (1_500_000_000, "1.5 GB"),
        (2e18, "2000000 TB"),
    ],
)
def test_sizes(count: float, said: str) -> None:
    assert plain(figures.size(count)).replace(",", "") == said


def test_rates_have_a_unit_of_their_own() -> None:
    assert plain(figures.rate(0)) == "0 B/s"
    assert plain(figures.rate(1234)) == "1.2 kB/s"


def test_a_pair_of_rates_has_one_unit() -> None:
    assert plain(figures.rate_pair(120, 34_000)) == "↑ 0.1 ↓ 34 kB/s"
    assert plain(figures.rate_pair(0, 0)) == "↑ 0 ↓ 0 B/s"


def test_exact_bytes_are_grouped() -> None:
    assert figures.exact_bytes(1_234_567) == "1,234,567 bytes"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "0 s"),
        (4.9, "4 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (86_400 * 3 + 4 * 3600, "3 d 4 h"),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert figures.duration(seconds) == said


def test_ago() -> None:
    assert figures.ago(100, 102) == "just now"
    assert figures.ago(100, 100 + 185) == "3 min ago"


def test_moments_of_today_have_no_date() -> None:
    now = time.time()
    assert figures.moment(now) == time.strftime("%H:%M:%S", time.localtime(now))
    assert len(figures.moment(0)) == len("1970-01-01 00:00:00")


@pytest.mark.parametrize(("left", "said"), [(4.2, 5), (4.0, 4), (0.3, 1), (0.0, 0), (-1.0, 0)])
def test_a_countdown_ends_at_zero(left: float, said: int) -> None:
    assert figures.countdown(1000.0 + left, 1000.0) == said
