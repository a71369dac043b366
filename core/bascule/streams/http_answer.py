"""Owns what is answered over HTTP: always the same, or how this computer is."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import formatdate
from functools import partial

from bascule.protocols.http_server import Request, Response, serve
from bascule.streams.answering import AnsweringStream
from bascule.streams.base import Stream
from bascule.streams.built_in import TextStream

type MakeStream = Callable[[], Stream]

_NO_LOAD = "not known: this system does not measure it"


def fixed_answer(
    status: int, fields: tuple[tuple[str, str], ...], content_type: str, body: str
) -> MakeStream:
    """What makes a stream that answers each request with the same. ``body`` is sent in UTF-8."""
    data = body.encode()
    typed = (("Content-Type", content_type),) if content_type else ()
    response = Response(status, typed + fields, data)
    return partial(_serving, lambda _request: response)


def health_answer(form: str) -> MakeStream:
    """What makes a stream that says how this computer is: ``json`` or ``text`` over HTTP, or
    ``plain``: the text at once.
    """
    if form == "plain":
        return lambda: TextStream(_as_text(health()))
    said, kind = (_as_json, "application/json") if form == "json" else (_as_text, "text/plain")
    fields = (("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store"))
    return partial(_serving, lambda _request: Response(200, fields, said(health())))


def _serving(answer: Callable[[Request], Response]) -> Stream:
    return AnsweringStream("http", serve(answer, partial(formatdate, usegmt=True)))


def health() -> dict[str, object]:
    """How this computer is now: ``host``, ``time`` (ISO 8601), ``uptime_seconds``, and ``load``:
    how many programs wanted to run in the last 1, 5 and 15 minutes; None where the system does not
    measure that (Windows).
    """
    import psutil  # only who answers so waits for it

    now = time.time()
    measure: Callable[[], tuple[float, float, float]] | None = getattr(os, "getloadavg", None)
    return {
        "status": "ok",
        "host": socket.gethostname(),
        "time": datetime.fromtimestamp(now).astimezone().isoformat(timespec="seconds"),
        "uptime_seconds": max(0, int(now - psutil.boot_time())),
        "load": None if measure is None else [round(each, 2) for each in measure()],
    }


def _as_json(facts: dict[str, object]) -> bytes:
    return (json.dumps(facts, ensure_ascii=False) + "\n").encode()


def _as_text(facts: dict[str, object]) -> bytes:
    return "".join(f"{name}={_worded(value)}\n" for name, value in facts.items()).encode()


def _worded(value: object) -> str:
    if value is None:
        return _NO_LOAD
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownArgumentType]
