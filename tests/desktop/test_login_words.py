"""What is said of starting Bascule at login."""

from __future__ import annotations

import errno

import pytest

from bascule_desktop.autostart import FleetingPlaceError
from bascule_desktop.login_words import for_everybody, refused


@pytest.mark.parametrize(
    ("exc", "begins"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "The system did not allow it: Perm"),
        (OSError("odd"), "The system did not allow it: odd."),
        (FleetingPlaceError(errno.ENOENT, "No such file"), "Move Bascule to the Applications "),
    ],
)
def test_a_refusal_is_a_sentence(exc: OSError, begins: str) -> None:
    assert refused(exc).startswith(begins)
    assert refused(exc).endswith(".")


def test_it_is_said_who_decides() -> None:
    assert "administrator" in for_everybody()
