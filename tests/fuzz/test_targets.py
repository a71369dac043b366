"""Every target of the fuzzer takes its seeds, and what is left of them when they are damaged."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_seeds_and_what_is_left_of_them(target: Target) -> None:
    seeds = target.seeds()
    assert seeds

    @settings(max_examples=50, deadline=None)
    @given(st.sampled_from(seeds), st.integers(0, 4096), st.binary(max_size=8), st.booleans())
    def damaged(seed: bytes, at: int, data: bytes, ends: bool) -> None:
        at %= len(seed) + 1
        target.take(seed[:at] + data + (b"" if ends else seed[at + len(data) :]))

    for seed in seeds:
        target.take(seed)
    damaged()
