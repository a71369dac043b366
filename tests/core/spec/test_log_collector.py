"""The log collector as data."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import to_data, union_from_data
from bascule.spec.ends import Target
from bascule.spec.log_collector import LogCollector


def test_plain_data_and_back():
    end = LogCollector(path="/var/log/events.log", stamp="utc", rotate_daily=True, keep_files=3)
    assert to_data(end) == {
        "kind": "log-collector",
        "path": "/var/log/events.log",
        "stamp": "utc",
        "rotate_daily": True,
        "keep_files": 3,
    }
    assert union_from_data(Target, to_data(end)) == end


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("path", "", ErrorCode.VALUE_MISSING),
        ("stamp", "summer", ErrorCode.VALUE_INVALID),
        ("sender", "name", ErrorCode.VALUE_INVALID),
        ("rotate_megabytes", -1, ErrorCode.VALUE_INVALID),
        ("keep_files", 0, ErrorCode.VALUE_INVALID),
    ],
)
def test_what_cannot_be(field: str, value: object, code: ErrorCode):
    values: dict[str, Any] = {"path": "/log", field: value}
    with pytest.raises(SpecError) as caught:
        LogCollector(**values)
    assert (caught.value.code, caught.value.field) == (code, field)
