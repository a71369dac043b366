"""The address of a file that is handed out."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.share_file import ShareFile
from tests.core.spec.socat.test_ends import read


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("SHARE-FILE:/x", ShareFile(path="/x")),
        ("SHARE-FILE:x,chdir=/srv,downloads=3", ShareFile(path="/srv/x", downloads=3)),
        ("SHARE-FILE:/x,expires-minutes=0", ShareFile(path="/x", expires_minutes=0)),
    ],
)
def test_an_address_is_an_end(text: str, end: ShareFile):
    assert read(text) == end


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("SHARE-FILE:", ErrorCode.VALUE_MISSING, "the path is missing"),
        ("SHARE-FILE:/x,downloads=0", ErrorCode.VALUE_INVALID, "from 1 to 10000"),
        ("SHARE-FILE:/x,expires-minutes=600000", ErrorCode.VALUE_INVALID, "from 0 to 527040"),
    ],
)
def test_what_is_no_end(text: str, code: ErrorCode, words: str):
    with pytest.raises(SpecError, match=words) as caught:
        read(text)
    assert caught.value.code is code
