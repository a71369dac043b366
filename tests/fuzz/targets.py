"""What is fuzzed: functions that take any bytes and raise nothing but our errors.

A target also checks what has to hold for whatever it has made of them. Its seeds are what other
tests read anyway: that is where a fuzzer begins.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
import lzma
import ssl
import tarfile
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography.utils import CryptographyDeprecationWarning

from bascule.certificates.inspect import facts_of_der
from bascule.control.framing import decode, encode
from bascule.control.recordings import recorded_from_data, recorded_to_data
from bascule.errors import BasculeError
from bascule.protocols.http_connect import http_connect
from bascule.protocols.http_server import Response, serve
from bascule.protocols.log_lines import CONTINUED, GOES_ON, LINE_BYTES, LogLines
from bascule.protocols.proxy_header import read_proxy_header, write_proxy_header
from bascule.protocols.socks4 import socks4_connect
from bascule.protocols.socks5 import socks5_connect
from bascule.recording.pcapng import pcapng
from bascule.recording.records import Mark, Passage, Record, Recorded
from bascule.recording.text import text as recording_text
from bascule.spec.codec import from_data, to_data
from bascule.spec.export.exported import Form
from bascule.spec.export.write import write
from bascule.spec.foreign.read import read_text
from bascule.spec.profiles import Profile, profile_from_toml, profile_to_toml
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import parse_command
from bascule.streams.transfer import Transfer
from bascule.streams.unpack import EXISTING, unpack
from tests.helpers.certificates import make_files
from tests.helpers.corpus import read_corpus
from tests.helpers.seeds import SEEDS, shell_words
from tests.helpers.stepping import play

ANSWER = Response(200, (("Content-Type", "text/plain"),), b"hello")


@dataclass(frozen=True)
class Target:
    """``take`` is called with any bytes; ``seeds`` are some that mean something to it."""

    name: str
    take: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _pasted(data: bytes) -> None:
    """What people paste; each relay in it can be kept, and written or refused in each form."""
    try:
        found = read_text(_text(data), system=("linux", "windows", "macos")[len(data) % 3]).found
    except BasculeError:
        return
    for each in found:
        assert (each.relay is None) == (each.problem is not None)
        if each.relay is not None:
            assert from_data(RelaySpec, to_data(each.relay)) == each.relay
            _export(each.relay)


def _export(relay: RelaySpec) -> None:
    for form in Form:
        with contextlib.suppress(BasculeError):
            write(form, relay, name="one\ntwo")


def _command(data: bytes) -> None:
    """The words of a command line of socat, one a line; the first says how strictly."""
    first, *words = _text(data).split("\n")
    with contextlib.suppress(BasculeError):
        parse_command(words, strict=first == "strict", system="linux")


def _profile(data: bytes) -> None:
    """The text of a profile's file; what is one is the same when it was written and read."""
    try:
        profile = profile_from_toml(_text(data))
    except BasculeError:
        return
    assert profile_from_toml(profile_to_toml(profile)) == profile
    _export(profile.relay)


def _message(data: bytes) -> None:
    """A line of the control API; what is one survives being sent on."""
    with contextlib.suppress(BasculeError):
        message = decode(data)
        if message == message:  # noqa: PLR0124 - what holds a NaN is unlike itself
            assert decode(encode(message)) == message


def _recording(data: bytes) -> None:
    """A recording as it travels; what is one can be looked at and saved."""
    try:
        recorded = recorded_from_data(json.loads(data))
    except (ValueError, RecursionError, BasculeError):
        return
    assert recorded_from_data(recorded_to_data(recorded)) == recorded
    passages = {each.connection: each for each in recorded.passages}
    for hexadecimal in (True, False):
        for line in recording_text(recorded.records, passages, hexadecimal=hexadecimal):
            assert "\n" not in line
    size = _blocks(b"".join(pcapng(recorded.records, passages)))
    assert size >= 2


def _blocks(file: bytes) -> int:
    """How many blocks a pcapng file has; each says its length before and behind (§3.1)."""
    count = at = 0
    while at < len(file):
        length = int.from_bytes(file[at + 4 : at + 8], "little")
        assert length >= 12 and length % 4 == 0
        assert file[at + length - 4 : at + length] == file[at + 4 : at + 8]
        at += length
        count += 1
    return count


def _requests(data: bytes) -> None:
    """What clients of HTTP ask; nothing but the end ends it without an answer."""
    outcome = play(serve(lambda _request: ANSWER, lambda: "Thu, 01 Jan 1970 00:00:00 GMT"), [data])
    assert outcome.error is None
    for _before, answer in outcome.sent:
        assert answer.startswith(b"HTTP/1.1 ")


def _proxies(data: bytes) -> None:
    """What proxies answer; the first byte says which kind."""
    kind, answer = data[:1], data[1:]
    if kind == b"4":
        play(socks4_connect("10.0.0.1", 80, "me", by_name=False), [answer])
    elif kind == b"5":
        play(socks5_connect("host.example", 80, "me", "secret"), [answer])
    else:
        play(http_connect("host.example", 80, "me", "secret"), [answer])


def _proxy_header(data: bytes) -> None:
    """A PROXY header; what its addresses say is the same when they were written and read."""
    header = play(read_proxy_header(), [data]).result
    if header is None or header.source is None or header.target is None:
        return
    if header.source.port is None or header.target.port is None:
        return  # a path
    written = write_proxy_header(
        header.version,
        (ip_address(header.source.host), header.source.port),
        (ip_address(header.target.host), header.target.port),
    )
    assert play(read_proxy_header(), [written]).value == header


def _log_lines(data: bytes) -> None:
    """What senders of logs say, in two pieces: no byte of a line is lost, no line is too long."""
    lines = LogLines()
    half = len(data) // 2
    written = lines.feed(data[:half]) + lines.feed(data[half:]) + lines.finish()
    assert max(map(len, written.split(b"\n"))) <= LINE_BYTES + len(GOES_ON) + len(CONTINUED)
    whole = written.replace(GOES_ON + b"\n" + CONTINUED, b"")
    expected = data.replace(b"\r\n", b"\n").removesuffix(b"\r")
    ended = not data or data.endswith(b"\n")
    if GOES_ON not in data:
        assert whole == expected + (b"" if ended else b"\n")


def _archive(data: bytes) -> None:
    """A tar archive; nothing is made beside the folder, and no half file stays in it."""
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top, "here")
        folder.mkdir()
        existing = EXISTING[len(data) % len(EXISTING)]
        with contextlib.suppress(BasculeError):
            unpack(
                io.BytesIO(data),
                folder,
                existing=existing,
                tell=lambda _made: None,
                transfer=Transfer(sending=False),
            )
        assert [path.name for path in Path(top).iterdir()] == ["here"]
        assert not list(folder.rglob(".*.part"))


def _certificate(data: bytes) -> None:
    """A certificate in DER form, which a server or a file gives."""
    # It warns of serial numbers that a later version of it will refuse.
    with warnings.catch_warnings(action="ignore", category=CryptographyDeprecationWarning):
        with contextlib.suppress(ValueError):
            facts_of_der(data)


# seeds ----------------------------------------------------------------------------------------


def _of_corpus() -> list[bytes]:
    return [each.text.encode() for each in read_corpus()]


def _of_commands() -> list[bytes]:
    words = [shell_words(command) for command in SEEDS.values()]
    return ["\n".join([first, *each]).encode() for each in words for first in ("", "strict")]


def _of_profiles() -> list[bytes]:
    relays = [
        each.relay
        for pasted in read_corpus()
        if not pasted.expected[0].startswith("!")
        for each in read_text(pasted.text, system="linux").found
        if each.relay is not None
    ]
    return [
        profile_to_toml(Profile(f"a-{number}", "name", relay)).encode()
        for number, relay in enumerate(relays)
    ]


def _of_messages() -> list[bytes]:
    problem = {"code": "value_invalid", "message": "no", "field": "a.b", "facts": {"why": "x"}}
    error = {"code": -32000, "message": "no", "data": problem}
    messages: list[dict[str, object]] = [
        {"id": 1, "method": "relay.start", "params": {"id": "a-1"}},
        {"id": 1, "result": [None, True, 1.5, "é"]},
        {"id": 1, "error": error},
    ]
    return [json.dumps({"jsonrpc": "2.0", **each}).encode() for each in messages]


def _of_recordings() -> list[bytes]:
    records = tuple(
        Record(number, 1e9 + number, 1, mark, b"x" * number)
        for number, mark in enumerate((Mark.OPENED, Mark.UP, Mark.DOWN, Mark.CLOSED))
    )
    passages = (Passage(1, "a", "::1", 1, "10.0.0.1", 2), Passage(2, "b", datagrams=True))
    recorded = Recorded(True, records, passages, dropped=3)
    return [json.dumps(recorded_to_data(each)).encode() for each in (recorded, Recorded(False))]


def _of_requests() -> list[bytes]:
    return [
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
        b"PUT / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3;a=b\r\nabc\r\n0\r\nT: x\r\n\r\n",
        b"\r\nHEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    ]


def _of_proxies() -> list[bytes]:
    return [
        b"4\x00\x5a\x00\x50\x0a\x00\x00\x01",
        b"5\x05\x02\x01\x00\x05\x00\x00\x01\x0a\x00\x00\x01\x00\x50",
        b"5\x05\x00\x05\x00\x00\x03\x01a\x00\x50",
        b"5\x05\x00\x05\x05\x00\x04" + bytes(18),
        b"hHTTP/1.1 200 Connection established\r\nServer: x\r\n\r\n",
        b'hHTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="a", Digest b=c\r\n\r\n',
        b"hHTTP/1.0 503 No\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\nContent-Length: 3\r\n\r\nabc",
    ]


def _of_headers() -> list[bytes]:
    pairs = (("10.0.0.1", "10.0.0.2"), ("::1", "fe80::2"))
    return [
        write_proxy_header(version, (ip_address(source), 1), (ip_address(target), 65535))
        for version in (1, 2)
        for source, target in pairs
    ] + [write_proxy_header(version, None, None) for version in (1, 2)]


def _of_logs() -> list[bytes]:
    return [
        b"<34>one\r\ntwo\n\nthree",
        ("é" * LINE_BYTES).encode(),
        b"x" * (LINE_BYTES + 1) + b"\r",
    ]


def _of_archives() -> list[bytes]:
    formats = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
    plain = [_packed(each) for each in formats]
    return [*plain, *(pack(plain[2]) for pack in (gzip.compress, bz2.compress, lzma.compress))]


def _packed(form: int) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for name, kind in (
            ("d", tarfile.DIRTYPE),
            (f"d/{'é' * 60}/{'x' * 60}", tarfile.REGTYPE),
            ("link", tarfile.SYMTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.mtime = kind, 1_000_000_000
            member.linkname = "../out" if kind == tarfile.SYMTYPE else ""
            data = b"hello" if kind == tarfile.REGTYPE else b""
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def _of_certificates() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        files = make_files(Path(folder), ["db.example", "10.0.0.7"])
        pems = [Path(path).read_text("ascii") for path in (files.certificate, files.authority)]
    return [ssl.PEM_cert_to_DER_cert(pem) for pem in pems]


TARGETS = (
    Target("pasted", _pasted, _of_corpus),
    Target("command", _command, _of_commands),
    Target("profile", _profile, _of_profiles),
    Target("message", _message, _of_messages),
    Target("recording", _recording, _of_recordings),
    Target("requests", _requests, _of_requests),
    Target("proxies", _proxies, _of_proxies),
    Target("proxy-header", _proxy_header, _of_headers),
    Target("log-lines", _log_lines, _of_logs),
    Target("archive", _archive, _of_archives),
    Target("certificate", _certificate, _of_certificates),
)
