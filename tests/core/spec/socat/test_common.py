"""What several addresses have in common."""

from __future__ import annotations

import pytest

from bascule.spec.endpoints import TcpConnect
from bascule.spec.options import Retry, Shape
from tests.core.spec.socat.test_ends import read


@pytest.mark.parametrize(
    ("options", "shape", "retry"),
    [
        ("", None, None),
        ("cr", Shape(line_ending="cr"), None),
        ("shut-none,end-close", Shape(finish="none", end_close=True), None),
        ("shut-down", Shape(finish="shutdown"), None),
        ("shut-close,ignoreeof", Shape(finish="close", ignore_eof=True), None),
        ("shut-null,null-eof", Shape(finish="empty", null_eof=True), None),
        ("readbytes=9,escape=0x1d", Shape(read_bytes=9, escape=29), None),
        ("retry=3,interval=0.5", None, Retry(3, 0.5)),
        ("forever", None, Retry(-1, 1.0)),
    ],
)
def test_shape_and_retry(options: str, shape: Shape | None, retry: Retry | None):
    end = read(f"TCP:h:http,{options}")
    assert isinstance(end, TcpConnect)
    assert (end.shape, end.retry, end.port) == (shape, retry, 80)
