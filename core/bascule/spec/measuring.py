"""Owns the ends that look at a way instead of using it, as data: how fast it is, and whether."""

from __future__ import annotations

from typing import ClassVar

from bascule.errors import ErrorCode, SpecError
from bascule.spec.fields import FieldKind, Spec, spec, spec_field
from bascule.spec.options import End


@spec(kw_only=True)
class Throughput(End):
    """Send bytes that nothing can compress, and measure how fast the other side takes them. What
    it sends back is counted and thrown away.
    """

    kind: ClassVar[str] = "throughput"
    seconds: float = spec_field(
        FieldKind.SECONDS, "send for so long; 0: no limit", 10.0, minimum=0, maximum=86_400
    )
    megabytes: int = spec_field(
        FieldKind.INTEGER,
        "send so many megabytes; 0: no limit",
        0,
        minimum=0,
        maximum=1_000_000_000,
    )
    answer_seconds: float = spec_field(
        FieldKind.SECONDS,
        "wait so long for the other side to say that it has everything",
        30.0,
        minimum=0.1,
        maximum=3600,
        advanced=True,
    )

    def check(self) -> None:
        if not (self.seconds or self.megabytes):
            raise SpecError("seconds is missing", code=ErrorCode.VALUE_MISSING, field="seconds")


@spec(kw_only=True)
class Schedule(Spec):
    """Check again and again whether the target answers, and leave it at once. Only a source can be
    this: nothing passes.
    """

    kind: ClassVar[str] = "schedule"
    listens: ClassVar[bool] = False
    shape: ClassVar[None] = None
    retry: ClassVar[None] = None
    every_seconds: float = spec_field(
        FieldKind.SECONDS, "check again after", 60.0, minimum=1, maximum=86_400
    )
    within_seconds: float = spec_field(
        FieldKind.SECONDS,
        "all stages together may take so long",
        5.0,
        minimum=0.1,
        maximum=3600,
    )
    first_byte: bool = spec_field(FieldKind.SWITCH, "it also has to say something by itself", False)
