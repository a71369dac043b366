"""What is decided beside the program: by who built it, and by who installed it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode
from bascule.managed import (
    ADDRESS_FILE,
    ADDRESS_VARIABLE,
    MANAGED_FILE,
    Managed,
    find_managed,
    update_address,
)

BUILT = "https://built.example/release.json"


@pytest.fixture(autouse=True)
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bascule"))
    return tmp_path


def refused() -> object:
    with pytest.raises(BasculeError) as caught:
        update_address()
    assert caught.value.code is ErrorCode.UPDATES_OFF
    return caught.value.facts["why"]


def test_nothing_is_decided_where_nothing_stands_there() -> None:
    assert find_managed() == Managed()
    assert refused() == "address"


def test_a_build_names_an_address(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (program / ADDRESS_FILE).write_text(f"{BUILT}\n")
    assert update_address() == BUILT
    monkeypatch.setenv(ADDRESS_VARIABLE, "https://other.example")
    assert update_address() == "https://other.example"


@pytest.mark.parametrize(
    ("text", "managed"),
    [
        ('{"format": 1}', Managed(True, BUILT)),
        ('{"format": 1, "updates": false}', Managed(False, BUILT)),
        (
            '{"format": 1, "update_address": "https://m.example"}',
            Managed(True, "https://m.example"),
        ),
        ('{"format": 1, "update_address": 7}', Managed(True, "")),
        ('{"format": 1, "updates": "yes"}', Managed(False, BUILT)),
        ('{"format": 2}', Managed(False, "")),
        ("{", Managed(False, "")),
        ("[]", Managed(False, "")),
    ],
)
def test_who_installs_decides(program: Path, text: str, managed: Managed) -> None:
    (program / ADDRESS_FILE).write_text(BUILT)
    (program / MANAGED_FILE).write_text(text)
    assert find_managed() == managed
    if not managed.updates:
        assert refused() == "managed"


def test_what_cannot_be_read_turns_updates_off(program: Path) -> None:
    (program / MANAGED_FILE).mkdir()
    assert not find_managed().updates


def test_a_program_that_is_not_built_is_not_managed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "frozen")
    assert find_managed() == Managed()
