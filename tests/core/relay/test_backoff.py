"""How pauses grow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bascule.relay.backoff import Backoff


def test_pauses_double_up_to_the_longest_and_begin_again():
    backoff = Backoff(1, 10)
    assert [backoff.next_seconds() for _ in range(6)] == [1, 2, 4, 8, 10, 10]
    backoff.reset()
    assert backoff.next_seconds() == 1


def test_a_longest_pause_below_the_first_is_the_first():
    backoff = Backoff(5, 2)
    assert [backoff.next_seconds() for _ in range(3)] == [5, 5, 5]


@given(st.floats(0.05, 3600), st.floats(0.05, 86_400))
def test_pauses_never_shrink_and_stay_in_bounds(first: float, longest: float):
    backoff = Backoff(first, longest)
    pauses = [backoff.next_seconds() for _ in range(30)]
    assert pauses == sorted(pauses)
    assert pauses[0] == first
    assert pauses[-1] == max(first, longest)
