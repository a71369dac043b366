"""What is there on which system."""

from __future__ import annotations

import pytest

from bascule.spec.socat.names import OPTIONS
from bascule.spec.socat.systems import absent


@pytest.mark.parametrize(
    ("name", "systems"),
    [
        ("so-bindtodevice", {"windows", "macos"}),
        ("setsid", {"windows"}),
        ("perm", {"windows"}),
        ("xcase", {"macos"}),
        ("fork", set[str]()),
    ],
)
def test_where_an_option_means_nothing(name: str, systems: set[str]):
    assert name in {known.name for known in OPTIONS.values()}
    where = {system for system in ("linux", "macos", "windows") if absent(name, system)}
    assert where == systems
