"""What is kept of a finding; the fuzzer itself is there only where somebody fuzzes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bascule.spec.codec import to_data
from tests.fuzz.run import found, keep


def raised(fails: Callable[[], object]) -> Exception:
    with pytest.raises((ArithmeticError, TypeError)) as caught:
        fails()
    return caught.value


def test_the_shortest_input_of_a_finding_is_kept(tmp_path: Path) -> None:
    for data in (b"long", b"x", b"longer"):
        keep(tmp_path, data, raised(lambda: 1 / 0))
    [kept] = found(tmp_path)
    assert kept.name.startswith("ZeroDivisionError-test_run-")
    assert kept.read_bytes() == b"x"
    assert "1 / 0" in kept.with_suffix(".traceback").read_text("utf-8")


def test_findings_are_told_apart_by_where_they_were_raised(tmp_path: Path) -> None:
    keep(tmp_path, b"x", raised(lambda: 1 / 0))
    keep(tmp_path, b"x", raised(lambda: 1 % 0))
    keep(tmp_path, b"x", raised(lambda: to_data(0)))
    names = [path.name.rpartition("-")[0] for path in found(tmp_path)]
    assert names == ["TypeError-codec", *["ZeroDivisionError-test_run"] * 2]
