"""The end that receives files, as data."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import to_data, union_from_data
from bascule.spec.ends import Target
from bascule.spec.transfer import EXISTING, ReceiveFiles
from bascule.streams import unpack


def test_plain_data_and_back():
    end = ReceiveFiles(folder="/srv/in", existing="replace")
    assert to_data(end) == {"kind": "receive-files", "folder": "/srv/in", "existing": "replace"}
    assert union_from_data(Target, to_data(end)) == end


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("folder", "", ErrorCode.VALUE_MISSING), ("existing", "ask", ErrorCode.VALUE_INVALID)],
)
def test_what_cannot_be(field: str, value: str, code: ErrorCode):
    values: dict[str, Any] = {"folder": "/srv/in", field: value}
    with pytest.raises(SpecError) as caught:
        ReceiveFiles(**values)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_what_can_be_chosen_is_what_can_be_done():
    assert EXISTING == unpack.EXISTING
