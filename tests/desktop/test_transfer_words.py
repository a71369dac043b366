"""What is said of a transfer of files, from its beginning to its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bascule.events import TransferState, TransferStatus
from bascule_desktop.transfer_words import details, in_a_row, percent, progress, sum_label, title
from tests.desktop.relay_facts import NOW

UNDER_WAY = TransferStatus(
    1,
    sending=False,
    name="photos/harbour.jpg",
    bytes_done=12_000_000,
    files_done=3,
    total_bytes=48_000_000,
    total_files=12,
    bytes_per_second=1_200_000,
    since=NOW - 10,
    at=NOW,
)
SENDING = replace(UNDER_WAY, sending=True)
UNKNOWN = replace(UNDER_WAY, total_bytes=None, total_files=None)
DONE = replace(
    UNDER_WAY, state=TransferState.COMPLETE, files_done=12, bytes_done=48_000_000, sha256="00ff"
)
FAILED = replace(UNDER_WAY, state=TransferState.FAILED)


@pytest.mark.parametrize(
    ("transfer", "said"),
    [
        (UNDER_WAY, "Receiving photos/harbour.jpg"),
        (SENDING, "Sending photos/harbour.jpg"),
        (replace(UNDER_WAY, name=""), "About to receive"),
        (replace(SENDING, name=""), "About to send"),
        (DONE, "Received 12 file(s)"),
        (replace(DONE, sending=True), "Sent 12 file(s)"),
        (replace(DONE, files_done=1), "Received photos/harbour.jpg"),
        (replace(DONE, files_done=1, sending=True), "Sent photos/harbour.jpg"),
        (FAILED, "Not everything was received"),
        (replace(FAILED, sending=True), "Not everything was sent"),
        (replace(UNDER_WAY, name="{0}{name}"), "Receiving {0}{name}"),
    ],
)
def test_what_happens_to_what(transfer: TransferStatus, said: str) -> None:
    assert title(transfer) == said


@pytest.mark.parametrize(
    ("transfer", "known", "said"),
    [
        (UNDER_WAY, 25, "25%"),
        (UNKNOWN, None, "12\N{NO-BREAK SPACE}MB"),
        (replace(UNDER_WAY, bytes_done=48_000_000), 99, "99%"),  # its end has not come yet
        (replace(UNDER_WAY, bytes_done=60_000_000), 99, "99%"),  # more than was said
        (replace(UNDER_WAY, total_bytes=0, bytes_done=0), 0, "0%"),
        (DONE, 100, "100%"),
        (replace(DONE, total_bytes=None), 100, "100%"),
    ],
)
def test_how_far_it_is(transfer: TransferStatus, known: int | None, said: str) -> None:
    assert percent(transfer) == known
    assert progress(transfer) == said


@pytest.mark.parametrize(
    ("transfer", "said"),
    [
        (UNDER_WAY, "12 MB of 48 MB · 3 of 12 file(s) · 1.2 MB/s · 30 s left"),
        (replace(UNDER_WAY, total_files=1), "12 MB of 48 MB · 1.2 MB/s · 30 s left"),
        (replace(UNDER_WAY, bytes_per_second=0), "12 MB of 48 MB · 3 of 12 file(s) · 0 B/s"),
        (UNKNOWN, "12 MB · 3 file(s) · 1.2 MB/s"),
        (DONE, "48 MB · 12 file(s) · in 10 s"),
        (replace(DONE, passed_over=2), "48 MB · 12 file(s) · in 10 s · 2 left out, see the log"),
        (FAILED, "12 MB of 48 MB · 3 of 12 file(s)"),
    ],
)
def test_the_figures(transfer: TransferStatus, said: str) -> None:
    assert details(transfer).replace("\N{NO-BREAK SPACE}", " ") == said


def test_of_several_files_it_is_said_whose_sum_it_is() -> None:
    assert sum_label(replace(DONE, files_done=1)) == "SHA-256"
    assert sum_label(DONE) == "SHA-256 of photos/harbour.jpg, the last; the log has all"


def test_in_a_line_of_the_list() -> None:
    assert in_a_row(UNDER_WAY) == "25% · Receiving photos/harbour.jpg"
