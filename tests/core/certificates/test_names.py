"""What may stand as a name in a certificate."""

from __future__ import annotations

import pytest

from bascule.certificates.names import parse_names, text_of
from bascule.errors import ErrorCode, SpecError


def test_names_are_brought_into_the_form_of_certificates():
    parsed = parse_names(
        ["DB.Example.", " bücher.example ", "*.example.org", "10.0.0.1", "[::1]", "fe80::1%eth0"]
    )
    assert [text_of(name) for name in parsed] == [
        "db.example",
        "xn--bcher-kva.example",
        "*.example.org",
        "10.0.0.1",
        "::1",
        "fe80::1",
    ]


def test_a_repeated_name_counts_once():
    assert len(parse_names(["a.example", "A.EXAMPLE", "127.0.0.1", "127.0.0.1"])) == 2


@pytest.mark.parametrize(
    "entry",
    ["", "*", "*.", "*.local", "a b", "10.0.0.256", "a.*.example", "x" * 64, "http://a.example"],
)
def test_what_is_no_name_is_refused_at_its_field(entry: str):
    with pytest.raises(SpecError) as caught:
        parse_names(["good.example", entry])
    assert caught.value.code is ErrorCode.VALUE_INVALID
    assert caught.value.field == "names"
    assert caught.value.facts["entry"] == entry


def test_no_name_at_all_is_missing():
    with pytest.raises(SpecError) as caught:
        parse_names([])
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_MISSING, "names")
