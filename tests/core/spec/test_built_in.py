"""The ends that Bascule is itself, as data."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.built_in import Discard, Echo, Room, Stall, Text
from bascule.spec.codec import to_data, union_from_data
from bascule.spec.ends import Target


@pytest.mark.parametrize(
    "end",
    [Echo(), Discard(), Stall(), Text(text="one\ntwo", after_request=True), Room(announce=False)],
)
def test_plain_data_and_back(end: Any):
    assert union_from_data(Target, to_data(end)) == end


def test_a_text_is_text():
    with pytest.raises(SpecError) as caught:
        Text(text=b"bytes")  # pyright: ignore[reportArgumentType]
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_INVALID, "text")
