"""Owns the server's side of HTTP/1.1 (RFC 9112): reads requests, skips bodies, writes answers.

No socket and no clock. The rules:

- connections go on after an answer as the request says (§9.3); the next one may be there already;
- what a request brings is read and thrown away; who waits for ``100 Continue`` gets it;
- who begins a connection and does not ask in time is told so (408, RFC 9110 §15.5.9); where an
  answered one is quiet for long, it ends without a word (RFC 9112 §9.5);
- what is no request, or has no safe meaning (two lengths, a length and chunks), is refused and is
  the last: nobody can know where the next one would begin (§6.3, §11.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from bascule.protocols.steps import (
    Body,
    Deliver,
    EndOfStream,
    NotRead,
    Read,
    Serving,
    Steps,
    TooLate,
    Within,
    Write,
)

LINE_BYTES = 8 * 1024
"""Most bytes of a line: RFC 9112 §3 asks for 8000 for the first."""

HEAD_BYTES = 32 * 1024
"""Most bytes of all header fields of a request, or of all trailer fields."""

HEAD_SECONDS = 30.0
"""How long the first request of a connection may take up to its blank line."""

KEPT_SECONDS = 75.0
"""How long a connection stays after an answer until the next request is there: who asks once a
minute is not cut off.
"""

PLAIN_TEXT = ("Content-Type", "text/plain; charset=utf-8")

_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
"""They have no body (RFC 9110 §6.4.1), whatever is given."""

_SKIPPED_BYTES = 64 * 1024
_LONGEST_LENGTH = 18  # digits; nobody sends more

_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/(\d)\.(\d)")
_FIELD_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN_IN_VALUE = re.compile(rb"[\x00\r]")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. Names of fields are in small letters, repeated ones joined by commas;
    ``minor`` is the version's: 1 of HTTP/1.1.
    """

    method: str
    target: str
    minor: int
    fields: Mapping[str, str]

    @property
    def keeps(self) -> bool:
        """Whether the connection goes on after it (RFC 9112 §9.3)."""
        options = _listed(self.fields.get("connection", ""))
        return "close" not in options and (self.minor >= 1 or "keep-alive" in options)


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered. ``fields`` are those beside what says how it is carried. ``last``: the
    connection ends after it, whatever was asked for.
    """

    status: int
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes | Body = b""
    last: bool = False


type Answer = Callable[[Request], Response]


class _Refused(Exception):
    """A request that cannot be answered as it was meant; ``why`` is a sentence for who sent it."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def serve(answer: Answer, date: Callable[[], str]) -> Serving:
    """Answer one request after the other, until either side has enough. ``date`` gives the time
    now in the form of RFC 9110 §5.6.7.
    """
    seconds = HEAD_SECONDS
    while True:
        try:
            yield Within(seconds)
            request = yield from _request(kept=seconds == KEPT_SECONDS)
            if request is None:
                return
            yield Within(None)
            yield from _skip_body(request)
        except _Refused as refused:
            body = f"{refused.why}\n".encode()
            response = Response(refused.status, (PLAIN_TEXT,), body)
            yield Write(_head(response, date(), closes=True) + body)
            return
        except EndOfStream:
            return
        # A 2xx for CONNECT would make a tunnel of it (RFC 9110 §9.3.6).
        response = Response(501) if request.method == "CONNECT" else answer(request)
        closes = response.last or not request.keeps
        head = _head(response, date(), closes=closes, tells_keeping=request.minor == 0)
        body = response.body
        if request.method == "HEAD" or response.status in _WITHOUT_BODY:
            yield Write(head)
        elif isinstance(body, bytes):
            yield Write(head + body)
        else:
            yield Write(head)
            yield Deliver(body)
        if closes:
            return
        seconds = KEPT_SECONDS


# reading ------------------------------------------------------------------------------------------


def _request(*, kept: bool) -> Steps[Request | None]:
    """Read a request up to its blank line; None where nobody asks any more. ``kept``: one was
    answered before.
    """
    try:
        line = yield from _line(414)
        while not line:  # RFC 9112 §2.2: empty lines before a request are passed over
            line = yield from _line(414)
    except EndOfStream as end:
        if end.partial.strip():
            raise _Refused(400, "The request ends in its first line.") from None
        return None
    except TooLate as late:
        if kept and not late.partial:
            return None
        raise _late() from None
    matched = _REQUEST_LINE.fullmatch(line)
    if matched is None:
        raise _Refused(400, "This is no request of HTTP.")
    method, target, major, minor = matched.groups()
    if major != b"1":
        raise _Refused(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
    try:
        fields = yield from _fields()
    except EndOfStream:
        raise _Refused(400, "The request ends before its blank line.") from None
    except TooLate:
        raise _late() from None
    request = Request(method.decode(), target.decode(), int(minor), fields)
    if "," in fields.get("host", "") or (request.minor >= 1 and "host" not in fields):
        raise _Refused(400, "A request names one host (RFC 9112 §3.2).")
    return request


def _late() -> _Refused:
    return _Refused(408, "The request did not come in time.")


def _fields() -> Steps[dict[str, str]]:
    """Read header or trailer fields (RFC 9112 §5) up to their blank line."""
    fields: dict[str, str] = {}
    left = HEAD_BYTES
    while line := (yield from _line(431)):
        left -= len(line)
        if left < 0:
            raise _Refused(431, f"A request has at most {HEAD_BYTES} bytes of header fields.")
        name, colon, value = line.partition(b":")
        if not colon or not _FIELD_NAME.fullmatch(name) or _FORBIDDEN_IN_VALUE.search(value):
            raise _Refused(400, "A header field has the form “Name: value”, in one line.")
        key, text = name.decode().lower(), value.strip(b" \t").decode("latin-1")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _line(too_long: int) -> Steps[bytes]:
    """Read a line without its end: CRLF, or LF alone (RFC 9112 §2.2). ``too_long`` is the status
    for one that has no end. Raises NotRead with what there was of it.
    """
    line = bytearray()
    while not line.endswith(b"\n"):
        if len(line) > LINE_BYTES:
            raise _Refused(too_long, f"A line of a request has at most {LINE_BYTES} bytes.")
        try:
            line += yield Read(1)
        except NotRead as cut:
            raise type(cut)(bytes(line)) from None
    return bytes(line[:-1]).removesuffix(b"\r")


def _skip_body(request: Request) -> Steps[None]:
    """Read what a request brings, as long as it says (RFC 9112 §6.3), and throw it away."""
    coding = request.fields.get("transfer-encoding")
    length = request.fields.get("content-length")
    if coding is not None:
        if length is not None or request.minor == 0:
            raise _Refused(400, "A request says in one way how long it is (RFC 9112 §6.1).")
        if _listed(coding) != ["chunked"]:
            raise _Refused(501, "Only chunks are understood as a transfer coding.")
    count = 0 if length is None else _length(length)
    expected = request.fields.get("expect", "")
    if expected and request.minor >= 1:
        if expected.lower() != "100-continue":
            raise _Refused(417, "Only “100-continue” can be expected here.")
        if coding is not None or count:
            yield Write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if coding is not None:
        yield from _skip_chunks()
    else:
        yield from _skip(count)


def _length(text: str) -> int:
    """A Content-Length; the same one said several times is one (RFC 9110 §8.6)."""
    said = {each.strip() for each in text.split(",")}
    digits = said.pop()
    if said or not (digits.isascii() and digits.isdecimal()) or len(digits) > _LONGEST_LENGTH:
        raise _Refused(400, "Content-Length is a number (RFC 9110 §8.6).")
    return int(digits)


def _skip(count: int) -> Steps[None]:
    while count:
        size = min(count, _SKIPPED_BYTES)
        yield Read(size)
        count -= size


def _skip_chunks() -> Steps[None]:
    """Chunks up to the last one, and the trailer fields after them (RFC 9112 §7.1)."""
    while True:
        line = yield from _line(400)
        matched = _CHUNK_SIZE.fullmatch(line)
        if matched is None:
            raise _Refused(400, "A chunk begins with its length (RFC 9112 §7.1).")
        size = int(matched[1], 16)
        if not size:
            yield from _fields()
            return
        yield from _skip(size)
        if (yield from _line(400)):
            raise _Refused(400, "A chunk is as long as it says (RFC 9112 §7.1).")


def _listed(text: str) -> list[str]:
    """The members of a list (RFC 9110 §5.6.1), in small letters."""
    return [each.strip().lower() for each in text.split(",") if each.strip()]


# writing ------------------------------------------------------------------------------------------


def _head(response: Response, date: str, *, closes: bool, tells_keeping: bool = False) -> bytes:
    """What travels before the body."""
    fields = [*response.fields, ("Date", date)]
    if response.status not in _WITHOUT_BODY:
        body = response.body
        length = len(body) if isinstance(body, bytes) else body.length
        fields.append(("Content-Length", str(length)))
    if closes:
        fields.append(("Connection", "close"))
    elif tells_keeping:
        fields.append(("Connection", "keep-alive"))
    lines = [f"HTTP/1.1 {response.status} {phrase(response.status)}"]
    lines += [f"{name}: {value}" for name, value in fields]
    return "\r\n".join([*lines, "", ""]).encode()


def phrase(status: int) -> str:
    """The usual words for a status; empty for one that has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
