"""What may be wrong between a TLS dialer and listener over real TCP, and how each side says so."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, HandshakeError, SpecError
from bascule.events import Stage, StageResult
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.tcp import TcpDialer
from bascule.streams.tls import TlsDialer, TlsListener, client_context, server_context
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import read_all, soon
from tests.helpers.tls_listener import serving
from tests.helpers.tls_pairs import VERSIONS


class Untouched(Dialer):
    """A way that must not be taken."""

    label = "db.example:5432"

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        pytest.fail("reached out")


@pytest.mark.parametrize(
    ("make", "name", "field"),
    [
        (lambda: client_context(authority="/no/such/file.pem"), "db.example", "tls.authority"),
        (lambda: client_context(verify=False, certificate="/no", key="/no"), "", "tls.certificate"),
        (client_context, "", "tls.server_name"),
    ],
)
async def test_wrong_settings_show_before_anybody_is_reached(
    make: Callable[[], ssl.SSLContext], name: str, field: str
):
    steps: list[StageResult] = []
    with pytest.raises(SpecError) as caught:
        await soon(TlsDialer(Untouched(), make, name).dial(steps.append))
    assert caught.value.field == field
    assert steps[-1].stage is Stage.TLS
    assert steps[-1].problem == caught.value.problem


async def test_wrong_files_show_before_the_port_is_taken(files: Files):
    class Unstarted(Listener):
        async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
            pytest.fail("listens")

        async def aclose(self) -> None:
            pass

    def make() -> ssl.SSLContext:
        raise SpecError("no field", code=ErrorCode.VALUE_INVALID)

    for source, field in [
        (lambda: server_context("/no/such/file.pem", files.key), "tls.certificate"),
        (make, "tls"),
    ]:
        with pytest.raises(SpecError) as caught:
            await soon(TlsListener(Unstarted(), source).start(lambda _: None))
        assert caught.value.field == field


async def failing(dialer: Dialer) -> BasculeError:
    """The error of a dial, which is also the problem of its last step."""
    steps: list[StageResult] = []
    with pytest.raises(BasculeError) as caught:
        await soon(dialer.dial(steps.append))
    assert steps[-1].stage is Stage.TLS
    assert steps[-1].problem == caught.value.problem
    return caught.value


async def test_an_unknown_authority(files: Files, tmp_path: Path):
    stranger = make_files(tmp_path)
    async with serving(server_context(files.certificate, files.key)) as rig:
        error = await failing(rig.dialer(client_context(authority=stranger.authority)))
        heard = await rig.refused()
    assert isinstance(error, HandshakeError)
    assert (error.code, error.field) == (ErrorCode.TLS_UNTRUSTED, "tls")
    assert error.facts["subject"] == "localhost"
    assert error.facts["peer"] == f"127.0.0.1:{rig.port}"
    assert str(error.facts["issuer"]).startswith("Bascule authority")
    assert (heard.code, heard.facts["whose"]) == (ErrorCode.TLS_UNTRUSTED, "own")


async def test_the_system_does_not_trust_what_we_made(files: Files):
    async with serving(server_context(files.certificate, files.key)) as rig:
        error = await failing(rig.dialer(client_context))
    assert error.code is ErrorCode.TLS_UNTRUSTED


async def test_an_expired_certificate(files: Files):
    old = make_files(Path(files.authority).parent, expired=True)
    async with serving(server_context(old.certificate, old.key)) as rig:
        error = await failing(rig.dialer(client_context(authority=old.authority)))
    assert error.code is ErrorCode.TLS_EXPIRED
    assert "until 20" in error.message
    assert isinstance(error.facts["not_after"], float)


@pytest.mark.parametrize("name", ["other.example", "10.9.9.9"])
async def test_a_certificate_for_another_name(files: Files, name: str):
    async with serving(server_context(files.certificate, files.key)) as rig:
        error = await failing(rig.dialer(client_context(authority=files.authority), name))
    assert error.code is ErrorCode.TLS_NAME_MISMATCH
    assert error.facts["asked"] == name
    assert error.facts["names"] == "localhost, 127.0.0.1, ::1"


async def test_a_missing_client_certificate_shows_on_first_read(files: Files):
    context = server_context(files.certificate, files.key, client_authority=files.authority)
    async with serving(context) as rig:
        stream = await soon(rig.dialer(client_context(authority=files.authority)).dial())
        with pytest.raises(BasculeError) as caught:
            await soon(stream.receive())
        await soon(stream.aclose())
        heard = await rig.refused()
    assert caught.value.code is ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED
    assert caught.value.field == "tls.certificate"
    assert caught.value.facts["given"] is False
    assert heard.code is ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED
    assert isinstance(heard, HandshakeError)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_client_certificate_of_a_stranger(
    files: Files, tmp_path: Path, version: ssl.TLSVersion
):
    stranger = make_files(tmp_path, ["stranger"], client=True)
    context = server_context(files.certificate, files.key, client_authority=files.authority)
    context.maximum_version = version
    ours = client_context(
        authority=files.authority, certificate=stranger.certificate, key=stranger.key
    )
    async with serving(context) as rig:
        with pytest.raises(BasculeError) as caught:
            await soon(_dial_and_read(rig.dialer(ours)))
        heard = await rig.refused()
    assert caught.value.code is ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED
    assert caught.value.facts["given"] is True
    assert heard.code is ErrorCode.TLS_UNTRUSTED
    assert heard.facts["whose"] == "peer"


async def _dial_and_read(dialer: Dialer) -> None:
    stream = await dialer.dial()
    try:
        await stream.receive()
    finally:
        await stream.aclose()


async def test_a_client_that_speaks_http(files: Files):
    async with serving(server_context(files.certificate, files.key)) as rig:
        stream = await soon(TcpDialer("127.0.0.1", rig.port).dial())
        await soon(stream.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        heard = await rig.refused()
        with pytest.raises(BasculeError):
            await soon(stream.receive())
        await soon(stream.aclose())
    assert (heard.code, heard.facts["spoken"]) == (ErrorCode.TLS_NOT_TLS, "HTTP")


async def test_a_client_that_says_nothing(files: Files):
    context = server_context(files.certificate, files.key)
    async with serving(context, timeout_seconds=0.05) as rig:
        stream = await soon(TcpDialer("127.0.0.1", rig.port).dial())
        heard = await rig.refused()
        await soon(stream.aclose())
    assert isinstance(heard, HandshakeError)
    assert heard.code is ErrorCode.TIMED_OUT
    assert heard.facts["seconds"] == 0.05


class Given(Dialer):
    """A way that leads to a stream of the test."""

    label = "quiet:1"

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        return self.stream


async def test_a_target_that_says_nothing(files: Files):
    near, far = memory_pair()
    context = client_context(authority=files.authority)
    dialer = TlsDialer(Given(near), context, "quiet", timeout_seconds=0.05)
    error = await failing(dialer)
    assert isinstance(error, DialError)
    assert (error.code, error.field) == (ErrorCode.TIMED_OUT, "tls")
    assert await closed(far)


async def test_a_cancelled_dial_closes_what_it_opened(files: Files):
    near, far = memory_pair()
    dialing = asyncio.ensure_future(
        TlsDialer(Given(near), client_context(authority=files.authority), "quiet").dial()
    )
    assert await soon(far.receive())
    dialing.cancel()
    await asyncio.wait([dialing])
    assert await closed(far)


async def closed(far: MemoryStream) -> bool:
    """Whether the other end of a stream was closed in any way."""
    try:
        await soon(read_all(far))
    except BasculeError as exc:
        return exc.code is ErrorCode.CONNECTION_RESET
    return True
