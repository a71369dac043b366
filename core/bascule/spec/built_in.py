"""Owns the ends that Bascule is itself: echo, discard, fixed answers, text, silence, a room."""

from __future__ import annotations

from typing import ClassVar

from bascule.spec.fields import FieldKind, spec, spec_field
from bascule.spec.options import End


@spec(kw_only=True)
class Echo(End):
    """Send back what comes, chunk by chunk."""

    kind: ClassVar[str] = "echo"


@spec(kw_only=True)
class Discard(End):
    """Take everything and keep nothing; it has nothing to say (RFC 863)."""

    kind: ClassVar[str] = "discard"


@spec(kw_only=True)
class Text(End):
    """Say a text, then finish; what comes is discarded."""

    kind: ClassVar[str] = "text"
    text: str = spec_field(FieldKind.LINES, "what is said, in UTF-8")
    after_request: bool = spec_field(
        FieldKind.SWITCH, "say it only when the other side has sent something", False
    )


@spec(kw_only=True)
class Stall(End):
    """Say nothing and take nothing: for trying out time limits."""

    kind: ClassVar[str] = "stall"


@spec(kw_only=True)
class Room(End):
    """A room: what one says, line by line, all who are in it hear."""

    kind: ClassVar[str] = "room"
    announce: bool = spec_field(FieldKind.SWITCH, "say who comes, goes and speaks", True)
    include_self: bool = spec_field(FieldKind.SWITCH, "who speaks hears it too", True)
