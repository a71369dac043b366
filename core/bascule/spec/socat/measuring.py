"""Owns the ends that look at a way, in socat's words; all of them are Bascule's own."""

from __future__ import annotations

from typing import Any

from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.socat import common
from bascule.spec.socat.given import Given, c_seconds
from bascule.spec.socat.refusals import refuse
from bascule.spec.socat.verdicts import Said


def throughput(given: Given, _version: str = "") -> Throughput:
    """``THROUGHPUT:seconds``: measures how fast the other address takes what is sent."""
    return Throughput(
        seconds=_seconds(given),
        megabytes=given.integer("megabytes", high=1_000_000_000),
        answer_seconds=given.seconds("answer", 30.0),
        **common.common(given),
    )


def check_every(given: Given, _version: str = "") -> Schedule:
    """``CHECK-EVERY:seconds``: checks again and again whether the other address answers."""
    return Schedule(
        every_seconds=_seconds(given),
        within_seconds=given.seconds("within", 5.0),
        first_byte=given.switch("first-byte"),
    )


def _seconds(given: Given) -> float:
    (param,) = common.params(given, "seconds")
    seconds = c_seconds(param.text)
    if seconds is None:
        why = Said("{} is no number of seconds", (param.text,))
        raise refuse(why, param.text, param.at)
    return seconds


MAKERS: dict[str, Any] = {"THROUGHPUT": throughput, "CHECK-EVERY": check_every}
