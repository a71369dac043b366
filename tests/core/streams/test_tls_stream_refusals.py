"""Handshakes in TLS that fail, and what each side hears of it."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from bascule.certificates.inspect import certificate_facts
from bascule.errors import ErrorCode, HandshakeError
from bascule.streams import tls_stream
from bascule.streams.tls_context import client_context
from bascule.streams.tls_stream import TlsStream, read_facts
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import read_all, soon
from tests.helpers.tls_pairs import NAME, VERSIONS, BarePeer, Contexts, roomy_pair

# handshakes that fail --------------------------------------------------------------------------


async def refusal(ours: TlsStream) -> HandshakeError:
    """Shake hands in vain and leave, as dialer and listener do."""
    with pytest.raises(HandshakeError) as caught:
        await soon(ours.handshake())
    ours.abort()
    await soon(ours.aclose())
    return caught.value


async def test_both_sides_know_what_was_agreed(contexts: Contexts, files: Files):
    ours, far = await contexts.agree(*roomy_pair())
    assert (ours.version, far.version) == ("TLS 1.3", "TLS 1.3")
    assert ours.cipher.startswith("TLS_")
    assert far.peer_certificate is None
    shown = ours.peer_certificate
    assert shown is not None
    assert read_facts(shown) == certificate_facts(files.certificate)
    assert read_facts(b"damaged") is None


@pytest.mark.parametrize("server_side", [True, False])
@pytest.mark.parametrize(
    ("first", "spoken"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "SSH"),
        (b"220 ready\r\n", ""),
        (b"\xff\xfb\x01", ""),
        (b"\x16 it begins like a record and is none", ""),
    ],
)
async def test_a_peer_that_speaks_no_tls(
    contexts: Contexts, first: bytes, spoken: str, *, server_side: bool
):
    inner, outer = roomy_pair()
    if server_side:
        ours = TlsStream(inner, contexts.server, server_side=True)
    else:
        ours = TlsStream(inner, contexts.client, server_name=NAME)
    await soon(outer.send(first))
    draining = asyncio.ensure_future(read_all(outer))
    error_of = asyncio.ensure_future(refusal(ours))
    await asyncio.wait([draining, error_of], return_when=asyncio.FIRST_COMPLETED)
    await soon(outer.aclose())
    error = await soon(error_of)
    assert error.code is ErrorCode.TLS_NOT_TLS
    assert error.facts["spoken"] == spoken
    await asyncio.wait([draining])
    draining.exception()


async def test_a_peer_that_leaves_during_the_handshake(contexts: Contexts):
    inner, outer = roomy_pair()
    ours = TlsStream(inner, contexts.client, server_name=NAME)
    await soon(outer.send_eof())
    error = await refusal(ours)
    assert error.code is ErrorCode.HANDSHAKE_CUT
    assert error.facts["peer"] == str(inner.peer)


async def test_a_peer_that_resets_during_the_handshake(contexts: Contexts):
    inner, outer = roomy_pair()
    outer.abort()
    error = await refusal(TlsStream(inner, contexts.server, server_side=True))
    assert error.code is ErrorCode.HANDSHAKE_CUT
    assert "reset" in str(error.facts["why"])


async def test_a_certificate_we_do_not_trust_and_what_the_server_hears(
    contexts: Contexts, files: Files, tmp_path: Path
):
    stranger = make_files(tmp_path).authority
    inner, outer = roomy_pair()
    ours = TlsStream(inner, client_context(authority=stranger), server_name=NAME)
    far = TlsStream(outer, contexts.server, server_side=True)
    error_of = asyncio.ensure_future(refusal(far))
    error = await refusal(ours)
    assert error.code is ErrorCode.TLS_UNTRUSTED
    assert error.facts["subject"] == "localhost"
    assert error.facts["names"] == "localhost, 127.0.0.1, ::1"
    heard = await soon(error_of)
    assert heard.code is ErrorCode.TLS_UNTRUSTED
    assert heard.facts["whose"] == "own"


async def test_a_refused_peer_that_stays_is_left(
    contexts: Contexts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tls_stream, "_ALERT_SECONDS", 0.05)
    inner, outer = roomy_pair()
    client = client_context(authority=make_files(tmp_path).authority)
    ours = TlsStream(inner, client, server_name=NAME)
    peer = BarePeer(outer, contexts.server, server_side=True)
    error_of = asyncio.ensure_future(refusal(ours))
    with pytest.raises(ssl.SSLError, match="UNKNOWN_CA"):
        await soon(peer.shake_hands())
    await soon(outer.send(b"and it goes on"))
    assert (await soon(error_of)).code is ErrorCode.TLS_UNTRUSTED


@pytest.mark.parametrize("version", VERSIONS)
async def test_no_agreement_on_a_version(files: Files, version: ssl.TLSVersion):
    contexts = Contexts(files)
    contexts.server.maximum_version = contexts.server.minimum_version = version
    other = VERSIONS[1 - VERSIONS.index(version)]
    contexts.client.minimum_version, contexts.client.maximum_version = other, other
    inner, outer = roomy_pair()
    ours = TlsStream(inner, contexts.client, server_name=NAME)
    far = TlsStream(outer, contexts.server, server_side=True)
    errors = await soon(asyncio.gather(refusal(ours), refusal(far)))
    assert {error.code for error in errors} == {ErrorCode.TLS_FAILED}
    assert all("protocol" in str(error.facts["why"]) for error in errors)
