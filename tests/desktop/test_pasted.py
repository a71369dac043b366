"""What the paste dialog knows without a widget: places, excerpts, files, drafts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import SpecError
from bascule.spec.fields import references
from bascule.spec.foreign.read import read_text
from bascule_desktop.pasted import (
    LONGEST_CHARACTERS,
    Place,
    check_text,
    draft_of,
    excerpt,
    place_of,
    qt_position,
    read_file,
    visible,
)


@pytest.mark.parametrize(
    ("position", "place"),
    [(0, Place(1, 1)), (3, Place(1, 4)), (4, Place(2, 1)), (6, Place(2, 3)), (99, Place(2, 4))],
)
def test_a_place_counts_lines_and_columns_from_one(position: int, place: Place) -> None:
    assert place_of("abc\ndef", position) == place


@given(st.text(max_size=300), st.integers(-2, 310))
def test_the_caret_of_an_excerpt_is_under_its_letter(text: str, position: int) -> None:
    piece, caret = excerpt(text, position)
    assert len(piece) <= 60
    assert "\n" not in piece
    assert 0 <= caret <= len(piece)
    if 0 <= position < len(text) and text[position].isprintable():
        assert piece[caret] == text[position]


def test_a_long_line_is_cut_around_the_place() -> None:
    piece, caret = excerpt("x" * 500 + "!" + "y" * 500, 500)
    assert piece[caret] == "!"
    assert piece.startswith("…x")
    assert piece.endswith("y…")


def test_a_position_of_qt_counts_halves() -> None:
    assert qt_position("a\N{GRINNING FACE}b", 2) == 3


def test_nothing_hides_in_a_command() -> None:
    assert visible("cat -u\nls é") == "cat -u\nls é"
    assert visible("a\u202eb\x1bc\u200bd") == "a⟨U+202E⟩b⟨U+001B⟩c⟨U+200B⟩d"


def test_passwords_of_a_draft_get_references_of_their_own() -> None:
    text = "socat TCP-LISTEN:7 SOCKS5:gate:1080:host:80,socksuser=me,sockspass=hunter2"
    (found,) = read_text(text).found
    first, second = draft_of(found), draft_of(found)
    for draft in (first, second):
        assert list(draft.secrets) == references(draft.relay)
        assert list(draft.secrets.values()) == ["hunter2"]
    assert not set(first.secrets) & set(second.secrets)
    assert not set(first.secrets) & set(found.secrets)


def test_without_a_relay_there_is_no_draft() -> None:
    (found,) = read_text("socat TCPP:a:1 TCP:b:1").found
    with pytest.raises(ValueError, match="nothing"):
        draft_of(found)


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (b"socat a\r\nb\rc", "socat a\nb\nc"),
        ("\ufeffé".encode(), "é"),
        ("é".encode("utf-16"), "é"),
        (b"caf\xe9", "café"),
        (b"", ""),
    ],
)
def test_a_file_is_text_in_one_of_the_usual_ways(tmp_path: Path, held: bytes, text: str) -> None:
    (tmp_path / "a.sh").write_bytes(held)
    assert read_file(tmp_path / "a.sh") == text


@pytest.mark.parametrize(
    ("held", "rule"),
    [
        (bytes(range(256)), "paste_not_text"),
        (b"\xff\xfe\x00\xd8", "paste_not_text"),
        (b"x" * (LONGEST_CHARACTERS + 1), "paste_long"),
        (b"x" * (5 * LONGEST_CHARACTERS), "paste_long"),
    ],
)
def test_a_file_that_is_no_command_is_refused(tmp_path: Path, held: bytes, rule: str) -> None:
    (tmp_path / "a.sh").write_bytes(held)
    with pytest.raises(SpecError) as caught:
        read_file(tmp_path / "a.sh")
    assert caught.value.facts["rule"] == rule
    assert caught.value.facts.get("file") == "a.sh"


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.sh")
    with pytest.raises(SpecError) as caught:
        read_file(tmp_path / "a.sh")
    assert caught.value.facts["rule"] == "paste_no_file"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        read_file(tmp_path)
    assert caught.value.facts["rule"] == "paste_no_file"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x" * LONGEST_CHARACTERS, ""),
        ("x" * (LONGEST_CHARACTERS + 1), "paste_long"),
        ("socat \x1b[1mTCP:a:1\x1b[0m - # grüße, \N{GRINNING FACE}\t\r\n", ""),
        ("MZ\x90\x00\x03\x00\x00\x00", "paste_binary"),
        ("\N{REPLACEMENT CHARACTER}PNG", "paste_binary"),
        ("\U000f0000a\ud800", "paste_binary"),
    ],
)
def test_what_the_field_takes(text: str, rule: str) -> None:
    if not rule:
        check_text(text)
        return
    with pytest.raises(SpecError) as caught:
        check_text(text)
    assert caught.value.facts["rule"] == rule


def test_what_stands_there_already_counts() -> None:
    check_text("x" * 10, beside=LONGEST_CHARACTERS - 10)
    with pytest.raises(SpecError):
        check_text("x" * 10, beside=LONGEST_CHARACTERS - 9)


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        read_file(tmp_path / "gone.sh")
    assert caught.value.facts["rule"] == "paste_unreadable"
    assert caught.value.facts["why"]
