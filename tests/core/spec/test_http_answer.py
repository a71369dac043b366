"""The ends that answer requests of HTTP, as data."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import to_data, union_from_data
from bascule.spec.ends import Target
from bascule.spec.http_answer import HealthAnswer, HttpAnswer


@pytest.mark.parametrize(
    "end",
    [
        HttpAnswer(),
        HttpAnswer(
            status=503, body="Closed\n", content_type="text/html", headers=("Retry-After:60",)
        ),
        HealthAnswer(form="plain"),
    ],
)
def test_plain_data_and_back(end: Any):
    assert union_from_data(Target, to_data(end)) == end


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("status", 199, "from 200 to 599"),
        ("status", 600, "from 200 to 599"),
        ("headers", ("no colon",), "is not Name: value"),
        ("headers", ("Two words: x",), "is not Name: value"),
        ("headers", ("X: a\rb",), "is not Name: value"),
        ("headers", ("Content-Length: 3",), "Content-Length is said already"),
        ("headers", ("date: now",), "date is said already"),
        ("content_type", "text/plain\rX: y", "single line"),
    ],
)
def test_what_cannot_be(field: str, value: object, why: str):
    values: dict[str, Any] = {field: value}
    with pytest.raises(SpecError) as caught:
        HttpAnswer(**values)
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_INVALID, field)
    assert why in caught.value.message


def test_a_form_of_health_that_is_not_known():
    with pytest.raises(SpecError) as caught:
        HealthAnswer(form="xml")
    assert caught.value.field == "form"
