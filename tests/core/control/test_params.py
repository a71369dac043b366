"""Parameters of a call: what is right is given, what is not is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bascule.control.params import list_of, number_of, text_of, texts_of
from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import Data

PARAMS: Data = {"text": "a", "number": 7, "list": ["a", "b"], "texts": {"a": "b"}, "yes": True}


def test_what_is_right() -> None:
    assert text_of(PARAMS, "text") == "a"
    assert number_of(PARAMS, "number") == 7
    assert list_of(PARAMS, "list") == ("a", "b")
    assert texts_of(PARAMS, "texts") == {"a": "b"}
    assert texts_of(PARAMS, "none") == {}


@pytest.mark.parametrize(
    ("read", "name"),
    [
        (text_of, "number"),
        (text_of, "none"),
        (number_of, "yes"),
        (number_of, "text"),
        (list_of, "text"),
        (list_of, "none"),
        (texts_of, "list"),
    ],
)
def test_what_is_wrong_is_named(read: Callable[[Data, str], object], name: str) -> None:
    with pytest.raises(SpecError) as caught:
        read(PARAMS, name)
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_INVALID, name)


def test_a_list_or_a_name_of_something_else_is_refused() -> None:
    with pytest.raises(SpecError):
        list_of({"list": ["a", 1]}, "list")
    with pytest.raises(SpecError):
        texts_of({"texts": {"a": "\ud800"}}, "texts")
