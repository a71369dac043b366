"""Owns the ends that answer requests of HTTP themselves, as data: a fixed answer, and health."""

from __future__ import annotations

import re
from typing import ClassVar

from bascule.spec.fields import FieldKind, invalid, spec, spec_field
from bascule.spec.options import End

HEALTH_FORMS = ("json", "text", "plain")

_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_OURS = frozenset({"connection", "content-length", "content-type", "date", "transfer-encoding"})


@spec(kw_only=True)
class HttpAnswer(End):
    """Answer every request of HTTP with the same."""

    kind: ClassVar[str] = "http-answer"
    status: int = spec_field(
        FieldKind.INTEGER,
        "status of the answer: 200 is OK, 503 out of service",
        200,
        minimum=200,
        maximum=599,
    )
    body: str = spec_field(FieldKind.LINES, "the text of the answer, in UTF-8", "")
    content_type: str = spec_field(
        FieldKind.TEXT, "what the text is: text/html for a page", "text/plain; charset=utf-8"
    )
    headers: tuple[str, ...] = spec_field(
        FieldKind.TEXTS, "more header fields: Name: value", (), advanced=True
    )

    def check(self) -> None:
        for entry in self.headers:
            matched = _FIELD.fullmatch(entry)
            if matched is None:
                raise invalid("headers", f"{entry} is not Name: value", rule="header", entry=entry)
            if matched[1].lower() in _OURS:
                raise invalid(
                    "headers", f"{matched[1]} is said already", rule="header", entry=entry
                )
        if _FIELD.fullmatch(f"x:{self.content_type}") is None:
            raise invalid("content_type", "must be a single line", rule="line")


@spec(kw_only=True)
class HealthAnswer(End):
    """Answer how this computer is: its name, time, how long it runs, its load."""

    kind: ClassVar[str] = "health-answer"
    form: str = spec_field(
        FieldKind.CHOICE,
        "JSON or lines of text over HTTP, or lines of text at once, without HTTP",
        "json",
        choices=HEALTH_FORMS,
    )
