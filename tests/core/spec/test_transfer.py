"""The end that receives files, as data."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import to_data, union_from_data
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Source, Target, gives
from bascule.spec.relays import RelaySpec
from bascule.spec.transfer import EXISTING, ReceiveFiles, SendFiles
from bascule.streams import unpack


def test_plain_data_and_back():
    end = ReceiveFiles(folder="/srv/in", existing="replace")
    assert to_data(end) == {"kind": "receive-files", "folder": "/srv/in", "existing": "replace"}
    assert union_from_data(Target, to_data(end)) == end
    end = SendFiles(path="/srv/out", plain=True)
    assert to_data(end) == {"kind": "send-files", "path": "/srv/out", "plain": True}
    assert union_from_data(Source, to_data(end)) == end


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("folder", "", ErrorCode.VALUE_MISSING),
        ("existing", "ask", ErrorCode.VALUE_INVALID),
        ("limit_megabytes", -1, ErrorCode.VALUE_INVALID),
        ("file_name", "..", ErrorCode.VALUE_INVALID),
        ("file_name", "a/b", ErrorCode.VALUE_INVALID),
        ("file_name", "a\\b", ErrorCode.VALUE_INVALID),
        ("file_name", "C:b", ErrorCode.VALUE_INVALID),
    ],
)
def test_what_cannot_be(field: str, value: str, code: ErrorCode):
    values: dict[str, Any] = {"folder": "/srv/in", field: value}
    with pytest.raises(SpecError) as caught:
        ReceiveFiles(**values)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_nothing_is_sent_from_nowhere():
    with pytest.raises(SpecError) as caught:
        SendFiles(path="")
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_MISSING, "path")


def test_only_one_of_them_gives_anything():
    assert gives(SendFiles(path="/x"))
    assert not gives(ReceiveFiles(folder="/x"))


def test_what_can_be_chosen_is_what_can_be_done():
    assert EXISTING == unpack.EXISTING


def test_files_are_sent_once():
    assert RelaySpec(SendFiles(path="photos"), TcpConnect("h", 1)).ends_by_itself
    assert not RelaySpec(TcpListen(2001), SendFiles(path="photos")).ends_by_itself
