"""What a record says of itself."""

from __future__ import annotations

import pytest

from bascule.recording.records import Mark, Record


@pytest.mark.parametrize(
    ("mark", "moves"),
    [(Mark.UP, True), (Mark.DOWN, True), (Mark.OPENED, False), (Mark.CLOSED, False)],
)
def test_what_is_about_bytes_and_what_is_not(mark: Mark, moves: bool):
    assert Record(1, 0.0, 1, mark).moves is moves
