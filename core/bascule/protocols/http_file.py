"""Owns how one file is handed out over HTTP (RFC 9110): which part of it answers a request.

No file here: only what is known of one. The rules:

- one range is answered with that part (§14); several at once, or a range that is none, with the
  whole file, as §14.2 allows; one that begins behind the end with 416;
- ``If-Range`` and the preconditions of §13 are kept: who resumes never gets a mixture;
- a browser saves it under its name and shows nothing of it, asks no one else, keeps no copy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from urllib.parse import quote

from bascule.protocols.http_server import PLAIN_TEXT, Request, Response
from bascule.protocols.steps import Body

_RANGE = re.compile(r"bytes=[ \t]*(\d{0,19})-(\d{0,19})[ \t]*", re.IGNORECASE)
_TAGS = re.compile(r'(W/)?("[!#-~\x80-\xff]*")')
_ATTRIBUTE = "!#$&+-.^_`|~"  # RFC 8187 §3.2.1, beside letters and digits

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file. ``size`` in bytes; ``modified`` in seconds since the epoch;
    ``tag`` is another one as soon as any byte is (a strong validator, RFC 9110 §8.8.1).
    """

    name: str
    size: int
    modified: float
    tag: str

    @property
    def etag(self) -> str:
        """The tag as it travels."""
        return f'"{self.tag}"'

    @property
    def last_modified(self) -> str:
        """The time as it travels (RFC 9110 §5.6.7); whole seconds."""
        return formatdate(int(self.modified), usegmt=True)


@dataclass(frozen=True, slots=True)
class Part:
    """So many bytes (``length``) of a file, from ``start`` on; ``total`` are in all of it."""

    start: int
    length: int
    total: int

    @property
    def whole(self) -> bool:
        """Whether it is all of the file."""
        return self.length == self.total


def answer_file(request: Request, facts: FileFacts, body: Callable[[Part], Body]) -> Response:
    """Answer a request for a file; ``body`` gives the part of it that is asked for."""
    if request.method not in ("GET", "HEAD"):
        return refusal(405, "A file can only be fetched.", ("Allow", "GET, HEAD"))
    if (status := _precondition(request, facts)) is not None:
        return Response(status, (*_ALWAYS, ("ETag", facts.etag)), last=True)
    part = _part(request, facts)
    if part is None:
        where = ("Content-Range", f"bytes */{facts.size}")
        return refusal(416, f"The file has {facts.size} bytes.", where)
    fields = [
        ("Content-Type", "application/octet-stream"),
        ("Content-Disposition", disposition(facts.name)),
        ("Accept-Ranges", "bytes"),
        ("ETag", facts.etag),
        ("Last-Modified", facts.last_modified),
        *_ALWAYS,
    ]
    status = 200
    if not part.whole:
        status, last = 206, part.start + part.length - 1
        fields.append(("Content-Range", f"bytes {part.start}-{last}/{facts.size}"))
    return Response(status, tuple(fields), body(part), last=True)


def refusal(status: int, why: str, *fields: tuple[str, str]) -> Response:
    """Say in a sentence why there is no file."""
    return Response(status, (PLAIN_TEXT, *_ALWAYS, *fields), f"{why}\n".encode(), last=True)


def disposition(name: str) -> str:
    """Under which name it is saved (RFC 6266), in ASCII and, where that is not all, in UTF-8
    (RFC 8187).
    """
    plain = "".join(each if " " <= each <= "~" and each not in '"\\%' else "_" for each in name)
    said = f'attachment; filename="{plain}"'
    if plain != name:
        said += f"; filename*=UTF-8''{quote(name, safe=_ATTRIBUTE)}"
    return said


def path_of(target: str) -> str:
    """The path that is asked for, also where a proxy's form names the host (RFC 9112 §3.2.2)."""
    scheme, separator, rest = target.partition("://")
    if separator and scheme.lower() in ("http", "https"):
        return "/" + rest.partition("/")[2]
    return target


# which part -------------------------------------------------------------------------------------


def _part(request: Request, facts: FileFacts) -> Part | None:
    """The part that is asked for; None where it begins behind the end (RFC 9110 §14.1.2)."""
    whole = Part(0, facts.size, facts.size)
    matched = _RANGE.fullmatch(request.fields.get("range", ""))
    if request.method != "GET" or matched is None or not _is_same(request, facts):
        return whole
    first, last = matched[1], matched[2]
    if not first and not last:
        return whole
    if not first:  # so many of the last bytes
        length = min(int(last), facts.size)
        return Part(facts.size - length, length, facts.size) if length else None
    start, end = int(first), facts.size - 1
    if last:
        if int(last) < start:
            return whole  # no range
        end = min(int(last), end)
    return Part(start, end - start + 1, facts.size) if start < facts.size else None


def _is_same(request: Request, facts: FileFacts) -> bool:
    """Whether who resumes has the beginning of this very file (If-Range, RFC 9110 §13.1.5)."""
    condition = request.fields.get("if-range")
    return condition in (None, facts.etag, facts.last_modified)


def _precondition(request: Request, facts: FileFacts) -> int | None:
    """The status that a condition demands instead of the file (RFC 9110 §13.2.2)."""
    fields = request.fields
    if "if-match" in fields:
        if not _names(fields["if-match"], facts, strongly=True):
            return 412
    else:
        seconds = _seconds(fields.get("if-unmodified-since"))
        if seconds is not None and int(facts.modified) > seconds:
            return 412
    if "if-none-match" in fields:
        return 304 if _names(fields["if-none-match"], facts) else None
    seconds = _seconds(fields.get("if-modified-since"))
    return 304 if seconds is not None and int(facts.modified) <= seconds else None


def _names(condition: str, facts: FileFacts, *, strongly: bool = False) -> bool:
    """Whether a list of tags, or ``*``, names the file; ``strongly``: weak ones name nothing."""
    tags = _TAGS.findall(condition)
    named = any(tag == facts.etag and not (weak and strongly) for weak, tag in tags)
    return named or condition.strip() == "*"


def _seconds(date: str | None) -> float | None:
    """The time a date says; None where it says none, which is as if it were not there."""
    try:
        return None if date is None else parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
