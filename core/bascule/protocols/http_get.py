"""Owns fetching one small file by HTTP/1.1 (RFC 9112): one request, and the answer to its end.

Not a byte beyond the answer is waited for, as many servers end their connections without a word. No
socket and no clock here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bascule.errors import ErrorCode, HandshakeError
from bascule.protocols.steps import EndOfStream, Read, Steps, Write

_BEGIN = b"HTTP/1."
_STATUS_LINE = re.compile(r"HTTP/1\.[01] (\d{3})(?: .*)?")
_NUMBER = re.compile(r"[0-9A-Fa-f]{1,8}")
_LONGEST_CHUNK_LINE_BYTES = 256
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: the file, or in ``location`` where it is instead (then ``body`` is empty)."""

    body: bytes
    location: str = ""


def http_get(host: str, path: str, agent: str, limit_bytes: int) -> Steps[Answer]:
    """Ask for a file; ``host`` with its port where that is not the usual one, ``path`` with its
    query. Header and file together may have ``limit_bytes``.

    Raises: HandshakeError RELEASE_UNREADABLE: what came is no such file, with the fact ``why``.
    """
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", f"User-Agent: {agent}"]
    lines += ["Accept: */*", "Accept-Encoding: identity", "Connection: close", "", ""]
    yield Write("\r\n".join(lines).encode("ascii"))
    try:
        head = yield from _head(limit_bytes)
        status, fields = _read_head(head)
        if status in _REDIRECTIONS and fields.get("location"):
            return Answer(b"", fields["location"])
        if status != 200:
            raise _not_that(f"the server answers {status}")
        return Answer((yield from _body(fields, limit_bytes - len(head))))
    except EndOfStream as exc:
        raise _not_that("the answer breaks off") from exc


def _head(limit_bytes: int) -> Steps[bytes]:
    head = b""
    while not head.endswith((b"\n\r\n", b"\n\n")):
        if len(head) >= limit_bytes:
            raise _too_long(limit_bytes)
        head += yield Read(1)
        if len(head) == len(_BEGIN) and head != _BEGIN:
            raise _not_that("the answer is not one of a web server")
    return head


def _read_head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").splitlines()
    found = _STATUS_LINE.fullmatch(first)
    if found is None:
        raise _not_that("the answer is not one of a web server")
    named = (line.partition(":") for line in lines)
    return int(found[1]), {name.strip().lower(): value.strip() for name, _, value in named}


def _body(fields: dict[str, str], limit_bytes: int) -> Steps[bytes]:
    """The file itself: as chunks, of a length that is said, or to the end (RFC 9112 §6.3)."""
    if fields.get("transfer-encoding", "").lower() == "chunked":
        return (yield from _chunks(limit_bytes))
    if "content-length" in fields:
        count = _number(fields["content-length"], 10)
        if count > limit_bytes:
            raise _too_long(limit_bytes)
        return (yield Read(count))
    try:
        yield Read(limit_bytes + 1)
    except EndOfStream as end:
        return end.partial
    raise _too_long(limit_bytes)


def _chunks(limit_bytes: int) -> Steps[bytes]:
    """What chunks hold (RFC 9112 §7.1); fields behind the last one are left unread."""
    body = b""
    while True:
        line = b""
        while not line.endswith(b"\n"):
            if len(line) >= _LONGEST_CHUNK_LINE_BYTES:
                raise _not_that("the answer is not one of a web server")
            line += yield Read(1)
        count = _number(line.partition(b";")[0].decode("latin-1").strip(), 16)
        if count == 0:
            return body
        if len(body) + count > limit_bytes:
            raise _too_long(limit_bytes)
        body += (yield Read(count + len(b"\r\n")))[:count]


def _number(text: str, base: int) -> int:
    if not _NUMBER.fullmatch(text):
        raise _not_that("the answer says no length that can be read")
    try:
        return int(text, base)
    except ValueError as exc:
        raise _not_that("the answer says no length that can be read") from exc


def _too_long(limit_bytes: int) -> HandshakeError:
    return _not_that(f"it is longer than {limit_bytes} bytes")


def _not_that(why: str) -> HandshakeError:
    return HandshakeError(
        f"what is said of the newest release cannot be read: {why}",
        code=ErrorCode.RELEASE_UNREADABLE,
        why=why,
    )
