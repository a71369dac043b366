"""The groups of settings that any end may carry."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.codec import from_data, to_data
from bascule.spec.options import End, Retry, Shape, SocketSettings


@pytest.mark.parametrize(
    "group",
    [
        Shape(line_ending="crlf", ignore_eof=True, finish="none", read_bytes=9, escape=0),
        Retry(5, 0.25),
        SocketSettings(keepalive_idle_seconds=7, close_linger_seconds=0, interface="eth0"),
        End(shape=Shape(null_eof=True), retry=Retry()),
    ],
)
def test_plain_data_and_back(group: Shape | Retry | SocketSettings | End):
    assert from_data(type(group), to_data(group)) == group


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Shape(line_ending="lf"), "line_ending"),
        (lambda: Shape(escape=256), "escape"),
        (lambda: Retry(-2), "times"),
        (lambda: SocketSettings(hop_limit=256), "hop_limit"),
        (lambda: SocketSettings(service_type=-2), "service_type"),
    ],
)
def test_what_cannot_be(make: type[Shape], field: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert caught.value.field == field


def test_an_end_waits_for_nobody_unless_it_says_so():
    assert not End().listens
