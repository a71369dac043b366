"""A file over HTTP: the part that is asked for, under its name, and never a mixture."""

from __future__ import annotations

from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.protocols.http_file import (
    FileFacts,
    Part,
    answer_file,
    disposition,
    path_of,
    refusal,
)
from bascule.protocols.http_server import Request, Response, serve
from tests.helpers.stepping import play, splits

DATA = b"0123456789" * 10
FACTS = FileFacts("a.bin", len(DATA), 1_700_000_000.9, "t-1")
MODIFIED = "Tue, 14 Nov 2023 22:13:20 GMT"
BEFORE, AFTER = "Mon, 13 Nov 2023 22:13:20 GMT", "Wed, 15 Nov 2023 22:13:20 GMT"


class InMemory:
    """A part of the file, seven bytes at a time."""

    def __init__(self, part: Part) -> None:
        self.length = part.length
        self._rest = DATA[part.start : part.start + part.length]

    async def read(self) -> bytes:
        piece, self._rest = self._rest[:7], self._rest[7:]
        return piece


def asked(method: str = "GET", **fields: str) -> tuple[int, dict[str, str], bytes]:
    """What a request is answered with, as it travels: status, fields, body."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    request = "\r\n".join([f"{method} /x HTTP/1.1", "Host: h", *lines, "", ""]).encode("latin-1")
    said = play(serve(lambda req: answer_file(req, FACTS, InMemory), lambda: MODIFIED), [request])
    head, _blank, body = said.written.partition(b"\r\n\r\n")
    status, *rest = head.decode().split("\r\n")
    return int(status.split()[1]), dict(line.split(": ", 1) for line in rest), body


def test_the_whole_file():
    status, fields, body = asked()
    assert (status, body) == (200, DATA)
    assert fields == {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": 'attachment; filename="a.bin"',
        "Accept-Ranges": "bytes",
        "ETag": '"t-1"',
        "Last-Modified": MODIFIED,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Date": MODIFIED,
        "Content-Length": "100",
        "Connection": "close",
    }
    assert asked("HEAD") == (200, fields, b"")
    assert asked("HEAD", Range="bytes=1-2") == (200, fields, b"")  # §14.2: it is for GET alone


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("BYTES=10-", 10, 100),
        ("bytes= 90-4711 ", 90, 100),
        ("bytes=-1", 99, 100),
        ("bytes=-99", 1, 100),
    ],
)
def test_a_part_of_it(said: str, start: int, end: int):
    status, fields, body = asked(Range=said)
    assert (status, body) == (206, DATA[start:end])
    assert fields["Content-Range"] == f"bytes {start}-{end - 1}/100"
    assert fields["Content-Length"] == str(end - start)
    assert fields["ETag"] == '"t-1"'


@pytest.mark.parametrize(
    "said",
    ["bytes=0-99", "bytes=-100", "bytes=-500", "bytes=-", "bytes=5-4", "bytes=0-1,5-6", "lines=1-2",
     "bytes=x-", "bytes=+1-2", "bytes=0x1-", "bytes", "", f"bytes=0-{'9' * 20}"],
)  # fmt: skip
def test_what_is_all_of_it_or_no_range(said: str):
    status, fields, body = asked(Range=said)
    assert (status, body) == (200, DATA)
    assert "Content-Range" not in fields


@pytest.mark.parametrize("said", ["bytes=100-", "bytes=4711-4712", "bytes=-0"])
def test_a_part_behind_the_end(said: str):
    status, fields, body = asked(Range=said)
    assert (status, body) == (416, b"The file has 100 bytes.\n")
    assert fields["Content-Range"] == "bytes */100"


def test_an_empty_file_has_no_part():
    empty = FileFacts("empty", 0, 0.0, "t")
    for said, status in (("bytes=0-", 416), ("bytes=-1", 416), ("", 200)):
        answer = answer_file(Request("GET", "/", 1, {"range": said}), empty, InMemory)
        assert answer.status == status


@pytest.mark.parametrize(
    ("condition", "status"),
    [('"t-1"', 206), (MODIFIED, 206), ('W/"t-1"', 200), ('"t-2"', 200), (AFTER, 200), ("x", 200)],
)
def test_who_resumes_gets_no_mixture(condition: str, status: int):
    got, _fields, body = asked(Range="bytes=50-", If_Range=condition)
    assert (got, body) == (status, DATA[50:] if status == 206 else DATA)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"If_Match": '"t-1"'}, 200),
        ({"If_Match": '"a", "t-1"'}, 200),
        ({"If_Match": "*"}, 200),
        ({"If_Match": '"t-2"'}, 412),
        ({"If_Match": 'W/"t-1"'}, 412),
        ({"If_Match": '"t-1"', "If_Unmodified_Since": BEFORE}, 200),
        ({"If_Unmodified_Since": BEFORE}, 412),
        ({"If_Unmodified_Since": MODIFIED}, 200),
        ({"If_Unmodified_Since": "yesterday"}, 200),
        ({"If_None_Match": '"t-1"'}, 304),
        ({"If_None_Match": 'W/"t-1"'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"t-2"', "If_Modified_Since": AFTER}, 200),
        ({"If_Modified_Since": MODIFIED}, 304),
        ({"If_Modified_Since": BEFORE}, 200),
        ({"If_Modified_Since": "Fri, 31 Dec 9999 99:99:99 GMT"}, 200),
    ],
)
def test_conditions(fields: dict[str, str], status: int):
    got, answered, body = asked(**fields)
    assert (got, body) == (status, DATA if status == 200 else b"")
    assert answered["ETag"] == '"t-1"'
    assert answered["Cache-Control"] == "no-store"


def test_it_can_only_be_fetched():
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"):
        status, fields, body = asked(method)
        assert (status, fields["Allow"], body) == (
            405,
            "GET, HEAD",
            b"A file can only be fetched.\n",
        )


def test_a_refusal_is_the_last_word():
    said = refusal(404, "Nothing.")
    assert (said.status, said.body, said.last) == (404, b"Nothing.\n", True)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a/b?c", "/a/b?c"),
        ("http://h:8000/a", "/a"),
        ("HTTPS://[::1]/a/b", "/a/b"),
        ("http://h", "/"),
        ("ftp://h/a", "ftp://h/a"),
        ("*", "*"),
    ],
)
def test_the_path_that_is_asked_for(target: str, path: str):
    assert path_of(target) == path


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_every_name_is_one_field_and_arrives(name: str):
    said = disposition(name)
    assert said.isascii()
    assert said.isprintable()
    read = Message()
    read["Content-Disposition"] = said
    plain, _separator, full = said.partition("; filename*=UTF-8''")
    assert (unquote(full, errors="strict") if full else name) == name
    assert plain.count('"') == 2
    assert read.get_content_disposition() == "attachment"


@given(st.sampled_from(["GET", "HEAD"]), st.text('bytes=0123456789-, W/"t*', max_size=30))
def test_whatever_is_asked_is_answered_with_bytes_of_the_file(method: str, said: str):
    fields = {"range": said, "if-range": said} if len(said) % 2 else {"range": f"bytes={said}"}
    answer: Response = answer_file(Request(method, "/", 1, fields), FACTS, InMemory)
    assert answer.status in (200, 206, 416)
    if not isinstance(answer.body, bytes):
        assert 0 < answer.body.length <= 100


def test_the_same_in_every_split():
    request = b"GET /x HTTP/1.1\r\nHost: h\r\nRange: bytes=3-6\r\n\r\n"
    for pieces in splits(request):
        steps = serve(lambda req: answer_file(req, FACTS, InMemory), lambda: MODIFIED)
        assert play(steps, pieces).written.endswith(b"\r\n\r\n3456")
