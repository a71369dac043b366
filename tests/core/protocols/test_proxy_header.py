"""The PROXY header, versions 1 and 2: every form of it, everything that is none, and writing it.

Bytes are written out as haproxy's ``proxy-protocol.txt`` draws them.
"""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, HandshakeError
from bascule.protocols.proxy_header import (
    MAXIMUM_LINE_BYTES,
    Ip,
    Place,
    ProxyHeader,
    read_proxy_header,
    write_proxy_header,
)
from tests.helpers.stepping import check_every_split, play

SIGNATURE = b"\x0d\x0a\x0d\x0a\x00\x0d\x0a\x51\x55\x49\x54\x0a"
IPV4 = bytes([192, 168, 0, 1, 10, 0, 0, 2]) + b"\xdc\x04\x01\xbb"  # 56324 to 443
IPV6 = (
    ipaddress.ip_address("2001:db8::7").packed
    + ipaddress.ip_address("::1").packed
    + b"\0\x50\0\x51"
)


def binary(command: int, family: int, rest: bytes, *, version: int = 2) -> bytes:
    return SIGNATURE + bytes([version << 4 | command, family]) + len(rest).to_bytes(2) + rest


def parsed(header: bytes) -> ProxyHeader:
    """What a header says, in every split."""
    return check_every_split(read_proxy_header, header).value


def refusal(header: bytes) -> BasculeError:
    return check_every_split(read_proxy_header, header).failure


# version 1 ----------------------------------------------------------------------------------------


def test_version_1_ipv4():
    assert parsed(b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n") == ProxyHeader(
        1, Place("192.168.0.1", 56324), Place("192.168.0.11", 443)
    )
    longest = b"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"
    assert parsed(longest).source == Place("255.255.255.255", 65535)
    assert parsed(b"PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n").target == Place("0.0.0.0", 0)


def test_version_1_ipv6():
    assert parsed(b"PROXY TCP6 2001:DB8:0:0:0:0:0:7 ::1 80 81\r\n") == ProxyHeader(
        1, Place("2001:db8::7", 80), Place("::1", 81)
    )
    host = b"ffff:" * 7 + b"ffff"
    longest = b"PROXY TCP6 " + host + b" " + host + b" 65535 65535\r\n"
    assert len(longest) == 104
    assert parsed(longest).source == Place(host.decode(), 65535)


@pytest.mark.parametrize(
    "rest", [b"", b" ", b" ::1 ::1 1 1", b" anything \xff", b" " + b"x" * 91], ids=repr
)
def test_version_1_unknown(rest: bytes):
    assert parsed(b"PROXY UNKNOWN" + rest + b"\r\n") == ProxyHeader(1)


@pytest.mark.parametrize(
    "line",
    [
        b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\n",
        b"PROXY TCP4 192.168.0.1 192.168.0.11 56324\r\n",
        b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443 1\r\n",
        b"PROXY TCP4  192.168.0.1 192.168.0.11 56324 443\r\n",
        b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443 \r\n",
        b"PROXY TCP4 192.168.0.01 192.168.0.11 56324 443\r\n",
        b"PROXY TCP4 192.168.0.256 192.168.0.11 56324 443\r\n",
        b"PROXY TCP4 192.168.1 192.168.0.11 56324 443\r\n",
        b"PROXY TCP4 ::1 ::1 56324 443\r\n",
        b"PROXY TCP6 1.2.3.4 1.2.3.4 56324 443\r\n",
        b"PROXY TCP6 fe80::1%eth0 ::1 56324 443\r\n",
        b"PROXY TCP6 1:2 ::1 56324 443\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 056 443\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 65536 443\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 -1 443\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 \xc2\xb2 443\r\n",
        b"PROXY UDP4 1.2.3.4 1.2.3.4 1 1\r\n",
        b"PROXY tcp4 1.2.3.4 1.2.3.4 1 1\r\n",
        b"PROXY \r\n",
        b"PROXY UNKNOWNX\r\n",
    ],
    ids=repr,
)
def test_lines_that_are_not_exactly_so(line: bytes):
    error = refusal(line)
    assert isinstance(error, HandshakeError)
    assert error.code is ErrorCode.PROXY_HEADER_WRONG
    assert error.message.startswith("this is not a PROXY header: ")
    assert error.message.isprintable()


def test_a_line_of_107_bytes_is_the_longest():
    filling = b"x" * (MAXIMUM_LINE_BYTES - len(b"PROXY UNKNOWN \r\n"))
    assert parsed(b"PROXY UNKNOWN " + filling + b"\r\n") == ProxyHeader(1)
    outcome = play(read_proxy_header(), [b"PROXY UNKNOWN " + filling + b"x\r\n"])
    assert outcome.failure.facts["why"] == "its line does not end within 107 bytes"
    assert outcome.read == MAXIMUM_LINE_BYTES


# version 2 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", [1, 2])
@pytest.mark.parametrize("extensions", [b"", b"\x04\x00\x03abc", b"\x20\x00\x01\x00\xff"])
def test_version_2_addresses(transport: int, extensions: bytes):
    assert parsed(binary(1, 0x10 | transport, IPV4 + extensions)) == ProxyHeader(
        2, Place("192.168.0.1", 56324), Place("10.0.0.2", 443)
    )
    assert parsed(binary(1, 0x20 | transport, IPV6 + extensions)) == ProxyHeader(
        2, Place("2001:db8::7", 80), Place("::1", 81)
    )


def test_version_2_of_the_greatest_length():
    header = binary(1, 0x11, IPV4 + b"\xee" * (65535 - len(IPV4)))
    outcome = play(read_proxy_header(), [header + b"tail"])
    assert outcome.value.source == Place("192.168.0.1", 56324)
    assert outcome.surplus == b"tail"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (b"/run/a.sock", b"/run/b.sock", (Place("/run/a.sock", None), Place("/run/b.sock", None))),
        (b"\0a\0b", b"/b", (Place("@a", None), Place("/b", None))),
        (b"p" * 108, b"", (Place("p" * 108, None), Place("@", None))),
        (b"/\x1b\xff", b"/b", (Place("/\ufffd\ufffd", None), Place("/b", None))),
        (b"", b"/b", (None, None)),
    ],
)
def test_version_2_paths(source: bytes, target: bytes, expected: tuple[Place | None, Place | None]):
    block = source.ljust(108, b"\0") + target.ljust(108, b"\0")
    outcome = play(read_proxy_header(), [binary(1, 0x31, block + b"\x04\x00\x00")])
    assert outcome.value == ProxyHeader(2, *expected)


@pytest.mark.parametrize("family", [0x00, 0x11, 0x21, 0x31, 0xFF])
@pytest.mark.parametrize("rest", [b"", b"x", IPV4, IPV6])
def test_version_2_local_means_the_connection_itself(family: int, rest: bytes):
    assert parsed(binary(0, family, rest)) == ProxyHeader(2)


@pytest.mark.parametrize("family", [0x00, 0x01, 0x02, 0x10, 0x20, 0x30])
def test_version_2_unspecified_means_the_connection_itself(family: int):
    assert parsed(binary(1, family, b"whatever")) == ProxyHeader(2)


@pytest.mark.parametrize(
    "header",
    [
        binary(1, 0x11, IPV4, version=1),
        binary(1, 0x11, IPV4, version=3),
        binary(2, 0x11, IPV4),
        binary(15, 0x11, IPV4),
        binary(1, 0x41, IPV4),
        binary(1, 0xF1, IPV4),
        binary(1, 0x13, IPV4),
        binary(1, 0x03, IPV4),
        binary(1, 0x11, IPV4[:-1]),
        binary(1, 0x11, b""),
        binary(1, 0x21, IPV6[:-1]),
        binary(1, 0x31, b"/" * 215),
    ],
    ids=repr,
)
def test_binary_headers_that_are_none(header: bytes):
    assert refusal(header).code is ErrorCode.PROXY_HEADER_WRONG


# anything else ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "begin",
    [
        b"GET / HTTP/1.1\r\n",
        b"PROXIES",
        b"PROXY\t",
        b"\x16\x03\x01",
        b"\r\n\r\nX",
        SIGNATURE[:-1] + b"\r",
    ],
    ids=repr,
)
def test_what_begins_otherwise_is_known_by_the_first_byte_that_differs(begin: bytes):
    outcome = check_every_split(read_proxy_header, begin)
    assert outcome.failure.facts["why"] == "it does not begin with one"
    assert outcome.sent == []


@pytest.mark.parametrize(
    "begin", [b"", b"P", b"PROXY TCP4 1.2.3.4", b"\r", SIGNATURE, binary(1, 0x11, IPV4)[:-1]]
)
def test_a_peer_that_goes_away(begin: bytes):
    assert play(read_proxy_header(), [begin]).failure.code is ErrorCode.HANDSHAKE_CUT


@given(st.lists(st.binary(max_size=64)))
def test_arbitrary_bytes_raise_nothing_but_ours(pieces: list[bytes]):
    play(read_proxy_header(), pieces)


@given(st.sampled_from([b"PROXY ", b"PROXY TCP6 ", SIGNATURE, SIGNATURE + b"!"]), st.binary())
def test_arbitrary_bytes_after_a_good_beginning(begin: bytes, rest: bytes):
    play(read_proxy_header(), [begin, rest])


# writing ------------------------------------------------------------------------------------------


def at(host: str, port: int) -> tuple[Ip, int]:
    return ipaddress.ip_address(host), port


def test_writing_version_1():
    source, target = at("192.168.0.1", 56324), at("192.168.0.11", 443)
    assert write_proxy_header(1, source, target) == (
        b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n"
    )
    assert write_proxy_header(1, at("fe80::1%3", 80), at("::1", 81)) == (
        b"PROXY TCP6 fe80::1 ::1 80 81\r\n"
    )


def test_writing_version_2():
    assert write_proxy_header(2, at("192.168.0.1", 56324), at("10.0.0.2", 443)) == (
        SIGNATURE + b"\x21\x11\x00\x0c" + IPV4
    )
    assert write_proxy_header(2, at("2001:db8::7", 80), at("::1", 81)) == (
        SIGNATURE + b"\x21\x21\x00\x24" + IPV6
    )


@pytest.mark.parametrize("version", [1, 2])
def test_two_families_become_one(version: int):
    header = write_proxy_header(version, at("10.0.0.1", 80), at("::1", 81))
    found = parsed(header)
    assert found.source is not None
    assert ipaddress.ip_address(found.source.host) == ipaddress.ip_address("::ffff:10.0.0.1")
    assert found.target == Place("::1", 81)


def test_peers_of_another_kind():
    here = at("10.0.0.1", 80)
    for source, target in ((None, here), (here, None), (None, None)):
        assert write_proxy_header(1, source, target) == b"PROXY UNKNOWN\r\n"
        assert write_proxy_header(2, source, target) == SIGNATURE + b"\x20\x00\x00\x00"


@given(
    st.sampled_from([1, 2]),
    st.tuples(st.ip_addresses(v=4), st.integers(0, 65535)),
    st.tuples(st.ip_addresses(v=4), st.integers(0, 65535)),
)
def test_what_is_written_is_read_again(
    version: int, source: tuple[Ip, int], target: tuple[Ip, int]
):
    found = play(read_proxy_header(), [write_proxy_header(version, source, target)]).value
    assert found == ProxyHeader(
        version, Place(str(source[0]), source[1]), Place(str(target[0]), target[1])
    )


@given(
    st.sampled_from([1, 2]),
    st.tuples(st.ip_addresses(v=6), st.integers(0, 65535)),
    st.tuples(st.ip_addresses(v=6), st.integers(0, 65535)),
)
def test_what_is_written_of_ipv6_is_read_again(
    version: int, source: tuple[Ip, int], target: tuple[Ip, int]
):
    header = write_proxy_header(version, source, target)
    assert len(header) <= 16 + 36 if version == 2 else MAXIMUM_LINE_BYTES
    found = play(read_proxy_header(), [header]).value
    assert found.source is not None
    assert found.target is not None
    hosts = [ipaddress.ip_address(place.host) for place in (found.source, found.target)]
    assert hosts == [source[0], target[0]]
