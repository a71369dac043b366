"""What a release says of itself, and which version is the newer one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode
from bascule.spec.releases import ReleaseFile, is_newer, release_from_json

FILE = {"name": "bascule_1.2.3_amd64.deb", "size": 7, "sha256": "0" * 64}
SAID: dict[str, Any] = {
    "format": 1,
    "version": "1.2.3",
    "date": "2026-11-20",
    "page": "https://downloads.example/bascule",
    "notes": {"en": "New.", "fr": "Nouveau."},
    "files": [FILE],
}


def test_a_release_is_read_and_what_a_later_one_adds_passed_over() -> None:
    said = {**SAID, "mood": "good", "files": [{**FILE, "signature": "x"}]}
    release = release_from_json(json.dumps(said).encode())
    assert (release.version, release.date, release.page) == (
        "1.2.3",
        "2026-11-20",
        "https://downloads.example/bascule",
    )
    assert [release.notes_in(language) for language in ("fr", "en", "de")] == [
        "Nouveau.",
        "New.",
        "New.",
    ]
    assert release.files == (ReleaseFile("bascule_1.2.3_amd64.deb", 7, "0" * 64),)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"format": 2}, "its format is 2"),
        ({"format": None}, "its format is None"),
        ({"version": "soon"}, "is not a version"),
        ({"version": 7}, "version: must be text"),
        ({"date": "yesterday"}, "date is not a day"),
        ({"page": "http://downloads.example"}, "page is not an address of HTTPS"),
        ({"page": "https://["}, "page is not an address of HTTPS"),
        ({"page": "https://"}, "page is not an address of HTTPS"),
        ({"page": "javascript:alert(1)"}, "page is not an address of HTTPS"),
        ({"notes": {"en": 7}}, "notes must be texts"),
        ({"notes": "New."}, "notes: must be"),
        ({"files": {"name": "x"}}, "files: must be"),
        ({"files": ["x"]}, "files.0: must be a table"),
        ({"files": [{**FILE, "sha256": "00"}]}, "size or sha256 of"),
        ({"files": [{**FILE, "size": -1}]}, "size or sha256 of"),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(BasculeError) as caught:
        release_from_json(json.dumps({**SAID, **changed}).encode())
    assert caught.value.code is ErrorCode.RELEASE_UNREADABLE
    assert why in str(caught.value.facts["why"])


@given(st.one_of(st.binary(), st.from_type(type(None)).map(lambda _: b"[" * 100_000)))
def test_anything_at_all_is_read_or_refused(data: bytes) -> None:
    with pytest.raises(BasculeError) as caught:
        release_from_json(data)
    assert caught.value.code is ErrorCode.RELEASE_UNREADABLE


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("0.2.0", "0.1.9", True),
        ("0.10.0", "0.9.0", True),
        ("1.0.0", "1.0.0", False),
        ("0.9.9", "1.0.0", False),
        ("1.0.0", "1.0.0rc2", True),
        ("1.0.0rc2", "1.0.0b9", True),
        ("1.0.0rc10", "1.0.0rc9", True),
        ("1.0.0a1", "1.0.0", False),
        ("unheard of", "0.1.0", False),
        ("", "0.1.0", False),
        ("0.1.0", "unheard of", True),
    ],
)
def test_the_newer_of_two(version: str, than: str, newer: bool) -> None:
    assert is_newer(version, than) is newer
