"""What a built program says of itself is judged: what it leaves out is not proved."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from installer import program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the program is a script")


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that says of itself what stands in a file beside it."""
    monkeypatch.setattr(program, "BUILD", tmp_path)
    file = tmp_path / "bascule-desktop"
    file.write_text('#!/bin/sh\ncp "${0%/*}/words" "$2"\n')
    file.chmod(0o755)
    return tmp_path


def words(*titles: str) -> str:
    return "".join(f"    ✓ {title}: fine\n" for title in titles)


def test_all_that_must_be_proved_is_there(built: Path) -> None:
    said = words(*program.PROVED)
    (built / "words").write_text(said, "utf-8")
    assert program.prove(built) == said


@pytest.mark.parametrize("title", program.PROVED)
def test_what_it_says_nothing_of_ends_the_build(built: Path, title: str) -> None:
    left = [each for each in program.PROVED if each != title]
    (built / "words").write_text(words(*left) + f"- {title}: not here\n", "utf-8")
    with pytest.raises(ValueError, match=title):
        program.prove(built)
