"""What was found, as data: a password in it is never shown."""

from __future__ import annotations

from bascule.spec.foreign.found import Found


def test_a_password_is_not_shown_with_what_was_found() -> None:
    found = Found("socat", 0, 5, secrets={"ref": "hunter2"})
    assert "hunter2" not in repr(found)
    assert found.secrets["ref"] == "hunter2"
