"""TLS dialer and listener over real TCP: what they agree on."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.events import Stage, StageResult
from bascule.streams.tls import TlsStream, client_context, server_context, tls_name
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import soon
from tests.helpers.tls_listener import exchange, serving
from tests.helpers.tls_pairs import VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
async def test_dialing_says_what_was_agreed(files: Files, version: ssl.TLSVersion):
    context = server_context(files.certificate, files.key)
    context.maximum_version = version
    steps: list[StageResult] = []
    async with serving(context) as rig:
        dialer = rig.dialer(lambda: client_context(authority=files.authority))
        assert dialer.label == f"127.0.0.1:{rig.port}"
        await dialer.check()
        for _ in range(2):
            await exchange(await soon(dialer.dial(steps.append)))
            await soon(rig.welcomed.get())
    tls = [step for step in steps if step.stage is Stage.TLS]
    assert [step.done for step in tls] == [False, True] * 2
    assert {step.subject for step in tls} == {dialer.label}
    for step in tls[1::2]:
        number, cipher, certificate = step.detail.split(", ")
        assert number == {"TLSv1_2": "TLS 1.2", "TLSv1_3": "TLS 1.3"}[version.name]
        assert "AES" in cipher or "CHACHA" in cipher
        assert certificate.startswith("certificate of localhost until 20")


async def test_the_context_is_made_once_and_in_a_thread(files: Files):
    made: list[str] = []

    def make() -> ssl.SSLContext:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        made.append("client")
        return client_context(authority=files.authority)

    async with serving(server_context(files.certificate, files.key)) as rig:
        dialer = rig.dialer(make)
        streams = await soon(asyncio.gather(*(dialer.dial() for _ in range(3))))
        for stream in streams:
            await soon(stream.aclose())
    assert made == ["client"]


@pytest.mark.parametrize("name", ["localhost.", "LocalHost", "127.0.0.1", "[::1]"])
async def test_names_and_addresses_are_verified(files: Files, name: str):
    async with serving(server_context(files.certificate, files.key)) as rig:
        dialer = rig.dialer(client_context(authority=files.authority), name)
        await exchange(await soon(dialer.dial()))


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Bücher.Example.", "xn--bcher-kva.example"),
        ("127.0.0.1", None),
        ("::1", None),
    ],
)
async def test_what_is_asked_for_by_sni(files: Files, name: str, asked: str | None):
    seen: list[str | None] = []
    context = server_context(files.certificate, files.key)
    context.sni_callback = lambda _object, found, _context: seen.append(found)
    async with serving(context) as rig:
        stream = await soon(rig.dialer(client_context(verify=False), name).dial())
        await exchange(stream)
    assert seen == [asked]


async def test_no_name_is_needed_where_nothing_is_verified(files: Files):
    async with serving(server_context(files.certificate, files.key)) as rig:
        await exchange(await soon(rig.dialer(client_context(verify=False), "").dial()))
        stream = rig.welcomed.get_nowait()
        assert isinstance(stream, TlsStream)


@pytest.mark.parametrize("version", VERSIONS)
async def test_client_certificates(files: Files, version: ssl.TLSVersion):
    mine = make_files(Path(files.authority).parent, ["somebody"], client=True)
    context = server_context(files.certificate, files.key, client_authority=files.authority)
    context.maximum_version = version
    async with serving(context) as rig:
        ours = client_context(authority=files.authority, certificate=mine.certificate, key=mine.key)
        stream = await soon(rig.dialer(ours).dial())
        arrived = await soon(rig.welcomed.get())
        assert isinstance(arrived, TlsStream)
        assert arrived.peer_certificate is not None
        await exchange(stream)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("A.Example.", "a.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("[fe80::1%eth0]", "fe80::1"),
        ("10.0.0.1", "10.0.0.1"),
        ("_sip.example", "_sip.example"),
    ],
)
def test_names_as_tls_writes_them(host: str, name: str):
    assert tls_name(host) == name


@pytest.mark.parametrize("host", ["", ".", ".example", "a\0b", "ü" * 70 + ".example"])
def test_names_no_certificate_carries(host: str):
    with pytest.raises(SpecError) as caught:
        tls_name(host)
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_INVALID, "server_name")


async def test_a_pinned_certificate_is_trusted_as_it_stands(files: Files):
    async with serving(server_context(files.certificate, files.key)) as rig:
        stream = await soon(rig.dialer(client_context(authority=files.certificate)).dial())
        await exchange(stream)
