"""Data of an older format, step by step."""

from __future__ import annotations

import pytest

from bascule.spec.formats import backup_name, upgrade

STEPS = {
    1: lambda data: {**data, "two": data.get("one", 0) + 1},
    2: lambda data: {"three": data["two"] + 1},
}


@pytest.mark.parametrize(
    ("found", "made"), [(1, {"three": 3}), (2, {"three": 1}), (3, {"one": 1, "two": 0})]
)
def test_each_step_is_gone_once_and_in_order(found: int, made: dict[str, int]) -> None:
    assert upgrade({"one": 1, "two": 0}, found, 3, STEPS) == made


def test_the_copy_says_its_format() -> None:
    assert backup_name("scale-1.toml", 4) == "scale-1.toml.format-4.bak"
