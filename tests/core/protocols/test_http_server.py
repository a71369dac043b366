"""HTTP as a server speaks it: what is a request, what is none, and where the next one begins."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.protocols.http_server import (
    HEAD_BYTES,
    HEAD_SECONDS,
    KEPT_SECONDS,
    LINE_BYTES,
    Request,
    Response,
    phrase,
    serve,
)
from bascule.protocols.steps import Read, Within, Write
from tests.helpers.stepping import play, splits

DATE = "Sat, 21 Nov 2026 12:00:00 GMT"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
GET = b"GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n"


def answered(*pieces: bytes, response: Response | None = None) -> tuple[bytes, list[Request]]:
    """All that is said to who sends the pieces and then ends, and what was understood of them."""
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return response or Response(200, (("Content-Type", "text/plain"),), b"hello")

    return play(serve(answer, lambda: DATE), pieces).written, asked


def ok(*fields: str, body: bytes = b"hello", status: str = "200 OK") -> bytes:
    """An answer as it is expected."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/plain", f"Date: {DATE}", "Content-Length: 5"]
    return "\r\n".join([*lines, *fields, "", ""]).encode() + body


CLOSE = "Connection: close"


def statuses(said: bytes) -> list[int]:
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", said)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (GET, ok()),
        (GET * 3, ok() * 3),
        (b"\r\n\n" + GET, ok()),
        (GET.replace(b"\r\n", b"\n"), ok()),
        (b"GET / HTTP/1.1\r\nHost:\r\nConnection: x, Close\r\n\r\n" + GET, ok(CLOSE)),
        (b"GET / HTTP/1.0\r\n\r\n" + GET, ok(CLOSE)),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", ok("Connection: keep-alive")),
        (b"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + GET, ok(body=b"") + ok()),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\nGET / H" + GET, ok() * 2),
        (b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc" + GET, ok() * 2),
        (b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000 + GET,
         ok() * 2),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
         b'3;a="b"\r\nabc\r\nA \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n' + GET, ok() * 2),
        (b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx",
         CONTINUE + ok()),
        ((b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
         b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), CONTINUE + ok()),
        (b"GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n", ok()),
        (b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx", ok(CLOSE)),
        (b"", b""),
        (b"\r\n", b""),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\nabc", b""),
    ],
)  # fmt: skip
def test_what_is_asked_is_answered(asked: bytes, said: bytes):
    assert answered(asked)[0] == said
    if len(asked) < 1000:
        for pieces in splits(asked) if asked else []:
            assert answered(*pieces)[0] == said


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\n", 400),
        (b"GET / HTTP/1.1 \r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nA: b\0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost", 400),
        (b"GET / HT", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 4\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -3\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + b"9" * 19 + b"\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
         400),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nExpect: cake\r\nContent-Length: 1\r\n\r\nx", 417),
        (b"GET /" + b"a" * LINE_BYTES + b" HTTP/1.1\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * LINE_BYTES + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * HEAD_BYTES, 431),
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused_and_the_last(asked: bytes, status: int):
    said, understood = answered(asked + GET if asked.endswith(b"\n") else asked)
    assert understood == []
    assert statuses(said) == [status]
    head, _blank, body = said.partition(b"\r\n\r\n")
    assert b"Connection: close" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert body.decode().endswith(".\n")


def test_the_longest_line_there_may_be():
    line = b"GET /" + b"a" * (LINE_BYTES - 16) + b" HTTP/1.1\r\n"
    assert len(line) == LINE_BYTES
    assert answered(line + b"Host: h\r\n\r\n")[0] == ok()


def test_what_is_understood():
    _said, (request,) = answered(b"GET /a?b HTTP/1.1\r\nHOST:\t h \r\nA: 1\r\na:2\r\n\r\n")
    assert request == Request("GET", "/a?b", 1, {"host": "h", "a": "1, 2"})
    assert request.keeps


@pytest.mark.parametrize(("status", "length"), [(204, False), (304, False), (404, True)])
def test_some_answers_have_no_body(status: int, length: bool):
    said, _asked = answered(GET, response=Response(status, (), b"hello"))
    assert statuses(said) == [status]
    assert (b"Content-Length: 5" in said) == said.endswith(b"hello") == length


def test_nobody_gets_a_tunnel():
    said, understood = answered(b"CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n")
    assert (statuses(said), understood) == ([501], [])


def test_a_status_without_usual_words():
    assert (phrase(503), phrase(599)) == ("Service Unavailable", "")
    said, _asked = answered(GET, response=Response(599))
    assert said.startswith(b"HTTP/1.1 599 \r\n")


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([GET, b"\r\n", b"HTTP/1.1"]))))
def test_whatever_comes_is_answered_or_refused(pieces: Iterable[bytes]):
    said, understood = answered(*pieces)
    refusals = [status for status in statuses(said) if status != 200]
    assert len(refusals) <= 1
    assert statuses(said)[: len(understood)] == [200] * len(understood)


def answered_late(*pieces: bytes) -> bytes:
    """All that is said to who sends the pieces and then nothing more, but stays."""
    answers = serve(lambda _request: Response(200, body=b"hello"), lambda: DATE)
    return play(answers, pieces, stays=True).written


@pytest.mark.parametrize(
    "asked", [b"", b"\r\n", b"GE", GET[:20], GET[:-2], GET + GET[:1], GET + GET[:-1]]
)
def test_what_does_not_come_in_time_is_told_so_and_the_last(asked: bytes):
    said = answered_late(asked)
    assert statuses(said) == [200] * asked.count(b"GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n") + [408]
    assert said.endswith(b"The request did not come in time.\n")
    assert b"Connection: close" in said


def test_a_kept_connection_that_is_quiet_ends_without_a_word():
    assert statuses(answered_late(GET, GET)) == [200, 200]


def test_what_a_request_brings_may_take_its_time():
    wanted: list[float | None] = []
    steps = serve(lambda _request: Response(200), lambda: DATE)
    coming = GET[:-2] + b"Content-Length: 3\r\n\r\n" + b"abc"
    request = next(steps)
    while coming:
        if isinstance(request, Within):
            wanted.append(request.seconds)
            request = steps.send(b"")
        else:
            assert isinstance(request, Read)
            data, coming = coming[: request.count], coming[request.count :]
            request = steps.send(data)
    assert isinstance(request, Write)
    assert wanted == [HEAD_SECONDS, None]
    assert steps.send(b"") == Within(KEPT_SECONDS)
    assert KEPT_SECONDS > 60 > HEAD_SECONDS
