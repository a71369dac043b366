"""The HTTP CONNECT client: what it sends, what it makes of every answer, and what it never does.

Bytes are written out as RFC 9112 draws them, not taken from the code under test.
"""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, HandshakeError, SpecError
from bascule.protocols.http_connect import MAXIMUM_HEADER_BYTES, http_connect
from bascule.protocols.socks5 import BoundAddress
from bascule.protocols.steps import Steps
from tests.helpers.stepping import SURPLUS, check_every_split, play

OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def connect(
    host: str = "db.example", port: int = 5432, username: str = "", password: str = ""
) -> Steps[BoundAddress]:
    return http_connect(host, port, username, password)


def signed_in() -> Steps[BoundAddress]:
    return connect(username="ann", password="s3cret")


def requested(host: str, port: int = 80) -> bytes:
    return play(connect(host, port), [OPENED]).written


def refusal(answer: bytes) -> BasculeError:
    """The error for an answer, in every split."""
    return check_every_split(connect, answer).failure


# what travels -------------------------------------------------------------------------------------


def test_the_request_names_the_target_twice():
    outcome = check_every_split(connect, OPENED)
    assert outcome.sent == [
        (0, b"CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n\r\n")
    ]
    assert outcome.value == BoundAddress("", 0)
    assert not outcome.value.known


def test_user_name_and_password_travel_with_the_request():
    outcome = check_every_split(signed_in, OPENED)
    assert outcome.written == (
        b"CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n"
        b"Proxy-Authorization: Basic YW5uOnMzY3JldA==\r\n\r\n"
    )
    assert outcome.value.authenticated


@pytest.mark.parametrize(
    ("username", "password"),
    [("ann", ""), ("Jos\u00e9", "\u20ac:\u00e9"), ("a" * 300, "p:q:r")],
)
def test_credentials_are_utf8_and_only_the_user_name_has_no_colon(username: str, password: str):
    written = play(connect(username=username, password=password), [OPENED]).written
    packed = written.rpartition(b"Basic ")[2].rstrip()
    assert base64.b64decode(packed, validate=True).decode() == f"{username}:{password}"


@pytest.mark.parametrize(
    ("host", "authority"),
    [
        ("10.1.2.3", b"10.1.2.3:80"),
        ("\uff11\uff10.1.2.3", b"10.1.2.3:80"),
        ("::1", b"[::1]:80"),
        ("[2001:DB8::7]", b"[2001:db8::7]:80"),
        ("fe80::1%eth0", b"[fe80::1]:80"),
        ("b\u00fccher.example", b"xn--bcher-kva.example:80"),
        ("under_score.example.", b"under_score.example.:80"),
        ("site.onion", b"site.onion:80"),
    ],
)
def test_hosts_as_they_stand_in_a_request(host: str, authority: bytes):
    expected = b"CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (authority, authority)
    assert requested(host) == expected


@pytest.mark.parametrize(
    ("host", "port", "username", "password", "field", "code"),
    [
        ("", 80, "", "", "host", ErrorCode.VALUE_MISSING),
        ("a\r\nX: y", 80, "", "", "host", ErrorCode.VALUE_INVALID),
        ("a b", 80, "", "", "host", ErrorCode.VALUE_INVALID),
        ("a/b", 80, "", "", "host", ErrorCode.VALUE_INVALID),
        ("u@a", 80, "", "", "host", ErrorCode.VALUE_INVALID),
        ("a:1", 80, "", "", "host", ErrorCode.VALUE_INVALID),
        ("a", 0, "", "", "port", ErrorCode.VALUE_INVALID),
        ("a", 65536, "", "", "port", ErrorCode.VALUE_INVALID),
        ("a", 80, "ann:b", "", "username", ErrorCode.VALUE_INVALID),
        ("a", 80, "ann\r\n", "", "username", ErrorCode.VALUE_INVALID),
        ("a", 80, "ann", "s3cret\x7f", "password", ErrorCode.VALUE_INVALID),
        ("a", 80, "\ud800", "", "username", ErrorCode.VALUE_INVALID),
        ("a", 80, "ann", "\ud800", "password", ErrorCode.VALUE_INVALID),
        ("a", 80, "", "s3cret", "username", ErrorCode.VALUE_MISSING),
    ],
)
def test_what_cannot_travel_is_refused_before_anything_is_sent(
    host: str, port: int, username: str, password: str, field: str, code: ErrorCode
):
    with pytest.raises(SpecError) as caught:
        http_connect(host, port, username, password)  # not one step was performed
    assert (caught.value.field, caught.value.code) == (field, code)
    assert "s3cret" not in str(caught.value)


# answers that open the tunnel ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 Connection established\r\n\r\n",
        b"HTTP/1.1 200\r\n\r\n",
        b"HTTP/1.1 200 \r\n\r\n",
        b"HTTP/1.1  204  No body\r\n\r\n",
        b"HTTP/1.1 299 Odd\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.0 200 OK\n\n",
        b"HTTP/1.0 200 OK\nProxy-Agent: old\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n folded: yes\r\nX: \xff\x00\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\n" + OPENED,
    ],
    ids=repr,
)
def test_any_2xx_opens_the_tunnel_and_what_follows_belongs_to_it(answer: bytes):
    outcome = check_every_split(connect, answer)
    assert outcome.value == BoundAddress("", 0)
    assert outcome.surplus == SURPLUS


def test_a_header_of_the_longest_length_is_read():
    begin, end = b"HTTP/1.1 200 OK\r\nX: ", b"\r\n\r\n"
    filling = b"x" * (MAXIMUM_HEADER_BYTES - len(begin) - len(end))
    assert play(connect(), [begin + filling + end]).value
    error = play(connect(), [begin + filling + b"x" + end]).failure
    assert (error.code, error.facts["why"]) == (ErrorCode.PROXY_FAILED, "its answer has no end")


@pytest.mark.parametrize(
    "endless", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 9]
)
def test_no_end_is_not_waited_for(endless: bytes):
    outcome = play(connect(), [endless * 10_000])
    assert outcome.failure.code is ErrorCode.PROXY_FAILED
    assert outcome.read <= MAXIMUM_HEADER_BYTES + 1


# refusals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (101, ErrorCode.PROXY_FAILED),
        (400, ErrorCode.PROXY_FAILED),
        (401, ErrorCode.PROXY_FORBIDDEN),
        (403, ErrorCode.PROXY_FORBIDDEN),
        (404, ErrorCode.PROXY_HOST_UNREACHABLE),
        (405, ErrorCode.PROXY_UNSUPPORTED),
        (408, ErrorCode.PROXY_TIMED_OUT),
        (418, ErrorCode.PROXY_FAILED),
        (429, ErrorCode.PROXY_FORBIDDEN),
        (500, ErrorCode.PROXY_FAILED),
        (501, ErrorCode.PROXY_UNSUPPORTED),
        (502, ErrorCode.PROXY_HOST_UNREACHABLE),
        (503, ErrorCode.PROXY_HOST_UNREACHABLE),
        (504, ErrorCode.PROXY_TIMED_OUT),
        (999, ErrorCode.PROXY_FAILED),
        (0, ErrorCode.PROXY_FAILED),
    ],
)
def test_every_other_status_is_a_refusal_that_names_the_target(status: int, code: ErrorCode):
    error = refusal(b"HTTP/1.1 %03d So it is\r\nServer: x\r\n\r\n" % status)
    assert isinstance(error, HandshakeError)
    assert (error.code, error.field) == (code, "host")
    assert error.facts["status"] == status
    assert error.facts["reason"] == "So it is"
    assert error.message.startswith("the proxy does not connect to db.example:5432: ")
    assert error.message.endswith(f"({status} So it is)")


def test_a_refusal_without_a_reason():
    error = refusal(b"HTTP/1.0 500\r\n\r\n")
    assert error.message == (
        "the proxy does not connect to db.example:5432: it gives no reason (500)"
    )


@pytest.mark.parametrize("cut", [b"", b"\r\n", b"\r\nX: y", b"\r\nX: y\r\n"])
def test_a_refusal_counts_however_its_header_ends(cut: bytes):
    error = play(connect(), [b"HTTP/1.1 403 Forbidden\r\n" + cut.removeprefix(b"\r\n")]).failure
    assert error.code is ErrorCode.PROXY_FORBIDDEN


def test_a_refusal_without_end_counts_too():
    error = play(connect(), [b"HTTP/1.1 403 Forbidden\r\n" + b"x" * 100_000]).failure
    assert error.code is ErrorCode.PROXY_FORBIDDEN


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_being_sent_elsewhere_is_explained(status: int):
    place = b"http://login.example/?token=hunter2"
    error = refusal(b"HTTP/1.1 %d Moved\r\nLocation: %s\r\n\r\n" % (status, place))
    assert error.code is ErrorCode.PROXY_FAILED
    assert "sends us to http://login.example/ instead" in error.message
    assert "sign in with a browser" in error.message
    assert "hunter2" not in f"{error.message} {error.facts}"
    assert "another place" in refusal(b"HTTP/1.1 302 Found\r\n\r\n").message


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (b"Proxy-Status: gate; error=connection_refused", ErrorCode.PROXY_CONNECTION_REFUSED),
        (b"Proxy-Status: a; received-status=1, b; error=dns_error", 1),
        (b'proxy-status: gate; error="connection_timeout"', ErrorCode.PROXY_TIMED_OUT),
        (b"Proxy-Status: gate; error=destination_ip_unroutable", 2),
        (b"Proxy-Status: gate; error=of_our_own", ErrorCode.PROXY_HOST_UNREACHABLE),
        (b"X-Squid-Error: ERR_CONNECT_FAIL 111", ErrorCode.PROXY_CONNECTION_REFUSED),
        (b"X-Squid-Error: ERR_CONNECT_FAIL 110", ErrorCode.PROXY_TIMED_OUT),
        (b"X-Squid-Error: ERR_CONNECT_FAIL 5", ErrorCode.PROXY_HOST_UNREACHABLE),
        (b"X-Squid-Error: ERR_DNS_FAIL 0", ErrorCode.PROXY_HOST_UNREACHABLE),
        (b"X-Squid-Error: ERR_ACCESS_DENIED 0", ErrorCode.PROXY_FORBIDDEN),
    ],
)
def test_fields_say_it_more_exactly_than_the_status(field: bytes, code: ErrorCode | int):
    named = {1: ErrorCode.PROXY_HOST_UNREACHABLE, 2: ErrorCode.PROXY_NETWORK_UNREACHABLE}
    error = refusal(b"HTTP/1.1 503 Unavailable\r\n" + field + b"\r\n\r\n")
    assert error.code is (named[code] if isinstance(code, int) else code)


# signing in ---------------------------------------------------------------------------------------


def challenge(*values: bytes) -> bytes:
    fields = b"".join(b"Proxy-Authenticate: " + value + b"\r\n" for value in values)
    return b"HTTP/1.1 407 Proxy Authentication Required\r\n" + fields + b"\r\n"


@pytest.mark.parametrize(
    ("values", "realm"),
    [
        ([b'Basic realm="The Office"'], "The Office"),
        ([b'basic realm="a \\"b\\" c, Digest d", charset="UTF-8"'], 'a "b" c, Digest d'),
        ([b"Basic realm=office"], "office"),
        ([b"Basic Realm = office"], "office"),
        ([b"Negotiate", b'Basic realm="x"'], "x"),
        ([b'Negotiate, NTLM, Basic realm="x"'], "x"),
        ([b"Basic"], ""),
        ([], ""),
        ([b'Basic realm="\xc3\xa9\x1b[0m"'], "\u00e9\ufffd[0m"),
    ],
)
def test_without_credentials_the_realm_says_whose_are_wanted(values: list[bytes], realm: str):
    error = refusal(challenge(*values))
    assert (error.code, error.field) == (ErrorCode.PROXY_CREDENTIALS_REQUIRED, "username")
    assert error.facts["realm"] == realm
    named = f' for "{realm}"' if realm else ""
    assert error.message == (
        f"the proxy does not let you in without a user name and password{named}"
    )


def test_credentials_that_are_not_taken():
    outcome = check_every_split(signed_in, challenge(b'Basic realm="The Office"'))
    error = outcome.failure
    assert (error.code, error.field) == (ErrorCode.PROXY_CREDENTIALS_REFUSED, "username")
    assert error.message == 'the proxy refuses the user name and password for "The Office"'
    assert "s3cret" not in f"{error} {error.facts}"


def test_credentials_that_are_not_taken_by_a_proxy_that_says_401():
    outcome = check_every_split(signed_in, b"HTTP/1.0 401 Unauthorized\r\n\r\n")
    assert outcome.failure.code is ErrorCode.PROXY_CREDENTIALS_REFUSED


@pytest.mark.parametrize(
    ("values", "schemes"),
    [
        ([b"Negotiate"], "Negotiate"),
        ([b"Negotiate", b"NTLM TlRMTVNTUAAC"], "Negotiate, NTLM"),
        ([b'Digest realm="Basic x", nonce="y"'], "Digest"),
    ],
)
def test_a_sign_in_that_is_not_offered(values: list[bytes], schemes: str):
    error = refusal(challenge(*values))
    assert error.code is ErrorCode.PROXY_UNSUPPORTED
    assert error.facts["schemes"] == schemes


# peers of another kind ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "looks_like"),
    [
        (b"\x05\xff", "SOCKS 5"),
        (b"\x00\x5b", "SOCKS 4"),
        (b"\x04\x5b", "SOCKS 4"),
        (b"\x15\x03\x01", "TLS"),
        (b"\x16\x03\x01", "TLS"),
        (b"220 mail.example ESMTP\r\n", "a mail or file server"),
        (b"SSH-2.0-OpenSSH\r\n", "SSH"),
        (b"HTTP/2 200\r\n\r\n", "another version of HTTP"),
        (b"HTTP/0.9", "another version of HTTP"),
        (b"Hello", ""),
        (b"<html>", ""),
    ],
)
def test_a_peer_that_is_no_http_proxy_is_known_by_its_first_bytes(answer: bytes, looks_like: str):
    error = refusal(answer)
    assert (error.code, error.field) == (ErrorCode.PROXY_FAILED, None)
    looks = f"; its answer looks like {looks_like}" if looks_like else ""
    assert error.message == f"this is not an HTTP proxy{looks}"
    assert error.facts["looks_like"] == looks_like
    assert error.facts["first_byte"] == answer[0]


@pytest.mark.parametrize("line", [b"HTTP/1.1", b"HTTP/1.1 20", b"HTTP/1.x 200", b"HTTP/1.1 2000"])
def test_a_status_line_that_is_none(line: bytes):
    error = refusal(line + b"\r\n\r\n")
    assert error.code is ErrorCode.PROXY_FAILED
    assert error.facts["answer"] == line.decode()


def test_what_a_peer_says_is_shown_short_and_harmless():
    error = refusal(b"HTTP/1.1 400 \x1b[31m" + b"x" * 1000 + b"\r\n\r\n")
    reason = str(error.facts["reason"])
    assert reason.startswith("\ufffd[31mxxx")
    assert len(reason) == 201


@pytest.mark.parametrize("answer", [b"", b"HTT", b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nX:"])
def test_a_proxy_that_goes_away(answer: bytes):
    error = play(connect(), [answer]).failure
    assert error.code is ErrorCode.HANDSHAKE_CUT
    assert error.message.startswith("the proxy closed the connection ")


@given(st.lists(st.binary(max_size=64)))
def test_arbitrary_bytes_raise_nothing_but_ours(pieces: list[bytes]):
    play(connect(), pieces)


@given(
    st.sampled_from([b"HTTP/1.1 200", b"HTTP/1.0 407 X\r\nProxy-Authenticate: ", b"HTTP/1.1 3"]),
    st.lists(st.binary(max_size=64)),
)
def test_arbitrary_bytes_after_a_good_beginning(begin: bytes, pieces: list[bytes]):
    play(signed_in(), [begin, *pieces])


@given(
    st.text(max_size=20),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_arbitrary_values_travel_or_are_refused(host: str, username: str, password: str):
    try:
        steps = http_connect(host, 80, username, password)
    except SpecError:
        return
    written = play(steps, [OPENED]).written
    assert written.endswith(b"\r\n\r\n")
    assert written.count(b"\r\n") == (4 if username else 3)
