"""One file by HTTP: every form of an answer, in every split, broken off everywhere; nonsense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import ErrorCode
from bascule.protocols.http_get import Answer, http_get
from bascule.protocols.steps import Steps
from tests.helpers.stepping import check_every_split, play

OK = b"HTTP/1.1 200 OK\r\n"


def ask(limit: int = 1000) -> Steps[Answer]:
    return http_get("releases.example:8443", "/a?b=c", "Bascule/1.2.3", limit)


def test_the_request() -> None:
    outcome = play(ask(), [OK + b"Content-Length: 0\r\n\r\n"])
    assert outcome.written.startswith(b"GET /a?b=c HTTP/1.1\r\nHost: releases.example:8443\r\n")
    assert outcome.written.endswith(b"\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"content-length: 6\r\n\r\n{file}",
        b"HTTP/1.0 200\nContent-Length:6\n\n{file}",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{f\r\n04\r\nile}\r\n0\r\n",
    ],
)
def test_every_form_of_a_file(answer: bytes) -> None:
    assert check_every_split(ask, answer).value == Answer(b"{file}")


def test_a_file_of_no_said_length_ends_with_the_stream() -> None:
    assert play(ask(), [OK + b"\r\n{fi", b"le}"]).value == Answer(b"{file}")


def test_where_it_is_instead() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 9\r\n\r\n"
    assert check_every_split(ask, answer).value == Answer(b"", "/b")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "the server answers 404"),
        (b"HTTP/1.1 302 Found\r\n\r\n", "the server answers 302"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "the answer is not one of a web server"),
        (b"HTTP/1.1 many\r\n\r\n", "the answer is not one of a web server"),
        (OK + b"Content-Length: -1\r\n\r\n", "the answer says no length that can be read"),
        (OK + b"Content-Length: ff\r\n\r\n", "the answer says no length that can be read"),
        (OK + b"Content-Length: 9999\r\n\r\n", "it is longer than"),
        (OK + b"\r\n" + b"x" * 2000, "it is longer than"),
        (OK + b"X: " + b"x" * 2000, "it is longer than"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n", "it is longer than"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 300, "not one of a web server"),
        (OK + b"Content-Length: 9\r\n\r\nshort", "the answer breaks off"),
        (b"", "the answer breaks off"),
    ],
)
def test_what_is_no_file(answer: bytes, why: str) -> None:
    failure = play(ask(), [answer]).failure
    assert failure.code is ErrorCode.RELEASE_UNREADABLE
    assert why in str(failure.facts["why"])


@given(st.lists(st.binary(max_size=60), max_size=4), st.booleans())
def test_anything_at_all(pieces: list[bytes], begins: bool) -> None:
    outcome = play(ask(), [OK, *pieces] if begins else pieces)
    assert outcome.error is None or outcome.error.code is ErrorCode.RELEASE_UNREADABLE
