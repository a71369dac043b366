"""Owns the reading of a call's parameters. A SpecError names the one that is wrong."""

from __future__ import annotations

import re
from typing import cast

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import Data


def wrong(name: str) -> SpecError:
    """The error for a parameter."""
    return SpecError(f"{name} is missing or wrong", code=ErrorCode.VALUE_INVALID, field=name)


def text_of(params: Data, name: str) -> str:
    """A text. Raises: SpecError."""
    value = params.get(name)
    if not isinstance(value, str):
        raise wrong(name)
    return value


def number_of(params: Data, name: str) -> int:
    """A whole number. Raises: SpecError."""
    value = params.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(name)
    return value


def list_of(params: Data, name: str) -> tuple[str, ...]:
    """A list of texts. Raises: SpecError."""
    value = params.get(name)
    if not isinstance(value, list) or not all(
        isinstance(each, str) for each in cast(list[object], value)
    ):
        raise wrong(name)
    return tuple(cast(list[str], value))


def texts_of(params: Data, name: str) -> dict[str, str]:
    """Texts by name, none of which has what is no character. Raises: SpecError."""
    value = params.get(name, {})
    if not isinstance(value, dict):
        raise wrong(name)
    texts = cast(dict[str, object], value)
    for key, text in texts.items():
        # A lone surrogate is no character: no keyring takes it.
        if not isinstance(text, str) or re.search("[\ud800-\udfff]", key + text):
            raise wrong(name)
    return cast(dict[str, str], texts)
