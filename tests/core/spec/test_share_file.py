"""The file that is handed out, as data."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import to_data, union_from_data
from bascule.spec.ends import Target
from bascule.spec.share_file import ShareFile


def test_plain_data_and_back():
    end = ShareFile(path="/srv/report.pdf", downloads=3, expires_minutes=0)
    data = to_data(end)
    assert data == {
        "kind": "share-file", "path": "/srv/report.pdf", "downloads": 3, "expires_minutes": 0
    }  # fmt: skip
    assert union_from_data(Target, data) == end


def test_as_usual_it_is_handed_out_once_and_within_a_day():
    end = ShareFile(path="/x")
    assert (end.downloads, end.expires_minutes) == (1, 24 * 60)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("path", "", ErrorCode.VALUE_MISSING),
        ("downloads", 0, ErrorCode.VALUE_INVALID),
        ("expires_minutes", -1, ErrorCode.VALUE_INVALID),
    ],
)
def test_what_cannot_be(field: str, value: object, code: ErrorCode):
    values: dict[str, Any] = {"path": "/x", field: value}
    with pytest.raises(SpecError) as caught:
        ShareFile(**values)
    assert (caught.value.code, caught.value.field) == (code, field)
