"""Which names a certificate is for; what servers see is in ``relay/test_build_network``."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from bascule.certificates.inspect import read_certificate
from bascule.certificates.issue import new_key
from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.streams.base import Stream
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls import TlsDialer, TlsListener, client_context, server_context
from bascule.streams.unasked_name import NamedTlsDialer, is_for, without_name
from tests.helpers.certificates import make_files
from tests.helpers.contract import soon
from tests.helpers.relays import Service


@pytest.mark.parametrize(
    ("names", "name", "expected"),
    [
        (["a.example"], "a.example", True),
        (["A.Example"], "a.example", True),
        (["a.example"], "b.example", False),
        (["a.example"], "x.a.example", False),
        (["*.a.example"], "x.a.example", True),
        (["*.a.example"], "a.example", False),
        (["*.a.example"], "x.y.a.example", False),
        (["192.0.2.1"], "192.0.2.1", True),
        (["192.0.2.1"], "192.0.2.2", False),
        (["2001:db8::1"], "2001:db8:0::1", True),
        (["a.example"], "192.0.2.1", False),
        (["192.0.2.1"], "a.example", False),
    ],
)
def test_names(names: list[str], name: str, expected: bool, tmp_path: Path):
    certificate = read_certificate(make_files(tmp_path, names).certificate)
    assert is_for(certificate, name) is expected


def test_the_star_never_stands_for_a_whole_top_domain():
    assert not is_for(_certificate(x509.DNSName("*.example")), "a.example")


def test_a_name_written_like_an_address_is_not_the_address():
    assert not is_for(_certificate(x509.DNSName("192.0.2.1")), "192.0.2.1")


def test_a_certificate_without_names_is_for_nobody():
    assert not is_for(_certificate(), "a.example")


def _certificate(*names: x509.GeneralName) -> x509.Certificate:
    """One that nobody would issue."""
    key = new_key()
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a.example")])
    builder = x509.CertificateBuilder(
        who,
        who,
        key.public_key(),
        1,
        datetime(2020, 1, 1, tzinfo=UTC),
        datetime(2040, 1, 1, tzinfo=UTC),
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key, SHA256())


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST.", "127.0.0.1", "[::1]"])
async def test_the_right_one_is_connected(name: str, tmp_path: Path):
    await _dial(name, tmp_path)


async def test_the_wrong_one_is_told_of_with_what_it_showed(tmp_path: Path):
    with pytest.raises(BasculeError) as caught:
        await _dial("other.example", tmp_path)
    error = caught.value
    assert (error.code, error.field) == (ErrorCode.TLS_NAME_MISMATCH, "target.tls")
    assert error.facts["names"] == "localhost, 127.0.0.1, ::1"
    assert error.facts["self_signed"] is False


async def test_what_is_no_name_is_told_before_anybody_is_reached(tmp_path: Path):
    inner = TcpDialer("127.0.0.1", 1)
    context = without_name(client_context(authority=make_files(tmp_path).authority))
    dialer = NamedTlsDialer(TlsDialer(inner, context, ""), ".", field="target.tls")
    await dialer.check()
    with pytest.raises(SpecError) as caught:
        await soon(dialer.dial())
    assert caught.value.field == "target.tls.server_name"


async def _dial(name: str, folder: Path) -> None:
    files = make_files(folder)
    context = without_name(client_context(authority=files.authority))
    secured = server_context(files.certificate, files.key)
    arrivals = TlsListener(TcpListener("127.0.0.1", 0), secured)
    async with Service() as service:
        inner = TlsDialer(TcpDialer("127.0.0.1", service.port), context, "", field="target.tls")
        dialer = NamedTlsDialer(inner, name, field="target.tls")
        dialing = asyncio.ensure_future(dialer.dial())
        # A server whose name is refused may have agreed already, or hear of it before.
        welcoming = asyncio.ensure_future(arrivals.welcome(await service.next()))
        try:
            stream = await soon(dialing)
            await soon(stream.send(b"word"))
            assert await soon((await soon(welcoming)).receive()) == b"word"
            stream.abort()
            await soon(stream.aclose())
        finally:
            (welcomed,) = await soon(asyncio.gather(welcoming, return_exceptions=True))
            if isinstance(welcomed, Stream):
                welcomed.abort()
                await soon(welcomed.aclose())
