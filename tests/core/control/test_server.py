"""The engine's door: who is let in, on both transports, and what a stranger gets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bascule.control.framing import Reply, Request, decode, encode
from bascule.control.messages import LONGEST_MESSAGE_BYTES, PROTOCOL, Method
from bascule.errors import BasculeError, ErrorCode
from bascule.snapshot import ProfileSaved, Snapshot
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import soon
from tests.helpers.engines import EngineProcess, engine_process, running, until, view_of


@pytest.fixture(params=[(), ("--tcp",)], ids=["unix", "tcp"])
async def engine(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[EngineProcess]:
    async with engine_process(tmp_path / "home", *request.param) as engine:
        yield engine


def profile(number: int = 1) -> Profile:
    relay = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9))
    return Profile(f"relay-{number:04}", f"Relay {number}", relay)


async def opened(engine: EngineProcess) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    kind, _, rest = engine.meeting.address.partition(":")
    if kind == "unix":
        return await asyncio.open_unix_connection(rest, limit=LONGEST_MESSAGE_BYTES)
    host, _, port = rest.rpartition(":")
    return await asyncio.open_connection(host, int(port), limit=LONGEST_MESSAGE_BYTES)


async def said_to(engine: EngineProcess, data: bytes) -> bytes:
    """Say something to the engine and read until it hangs up."""
    reader, writer = await opened(engine)
    writer.write(data)
    try:
        return await soon(reader.read(-1))
    except ConnectionError:
        return b""
    finally:
        writer.close()


def hello(engine: EngineProcess, **changed: object) -> bytes:
    params = {"protocol": PROTOCOL, "token": engine.meeting.token, "client": "test", **changed}
    return encode(Request(Method.HELLO, params, 1))


async def test_without_the_token_nobody_enters(engine: EngineProcess):
    listing = encode(Request(Method.LIST, {}, 2))
    for token in ("", "00" * 32, 7, None, "é"):
        answer = await said_to(engine, hello(engine, token=token) + listing)
        reply = decode(answer)
        assert answer.count(b"\n") == 1
        assert isinstance(reply, Reply) and reply.problem is not None
        assert reply.problem.code is ErrorCode.TOKEN_REFUSED


async def test_a_browser_gets_nothing_but_a_refusal(engine: EngineProcess):
    answer = await said_to(engine, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert json.loads(answer)["error"]["data"]["code"] == "message_malformed"


async def test_a_client_of_another_protocol_is_told(engine: EngineProcess):
    reader, writer = await opened(engine)
    writer.write(hello(engine, protocol=PROTOCOL + 1))
    reply = decode(await soon(reader.readline()))
    assert isinstance(reply, Reply) and reply.problem is not None
    assert reply.problem.code is ErrorCode.PROTOCOL_MISMATCH
    assert reply.problem.facts["pid"] == engine.process.pid
    assert await soon(reader.read()) == b""
    writer.close()


async def test_a_line_that_never_ends_is_cut(engine: EngineProcess):
    answer = await said_to(engine, b"x" * (3 * LONGEST_MESSAGE_BYTES))
    assert answer == b"" or b"message_too_long" in answer  # a reset may overtake the words
    client = await engine.client()  # and the engine lives
    assert await client.profiles() == ()
    await client.aclose()


async def test_garbage_after_the_greeting_ends_the_client(engine: EngineProcess):
    for line in (b"garbage\n", b'{"id":2,"result":1}\n', b'{"method":"x"}\n'):
        assert b"message_malformed" in await said_to(engine, hello(engine) + line)


async def test_wrong_parameters_are_our_errors(engine: EngineProcess):
    fine = {Method.HELLO, Method.STOP_ENGINE, Method.WATCH, Method.LIST, Method.SERIAL_PORTS}
    wrong = ({}, {"id": 1}, {"id": "nope-1", "number": "x", "port": 0, "secrets": {"a": 1}})
    reader, writer = await opened(engine)
    writer.write(hello(engine))
    await soon(reader.readline())
    for method in [*(set(Method) - fine), "never.heard.of"]:
        for params in wrong:
            writer.write(encode(Request(method, dict(params), 2)))
            reply = decode(await soon(reader.readline()))
            assert isinstance(reply, Reply) and reply.problem is not None, method
            assert reply.problem.code is not ErrorCode.INTERNAL, method
    writer.close()


async def test_two_watchers_see_the_same(engine: EngineProcess):
    clients = [await engine.client(), await engine.client()]
    seen: list[set[str]] = [set(), set()]

    async def watch(index: int) -> None:
        async for batch in clients[index].watch():
            seen[index].update(event.kind for event in batch)
            if {"snapshot", "profile_saved", "relay_changed", "log_line"} <= seen[index]:
                return

    watching = [asyncio.ensure_future(watch(index)) for index in (0, 1)]
    await clients[0].save(profile())
    await clients[1].start("relay-0001")
    await soon(asyncio.gather(*watching))
    for client in clients:
        await client.aclose()


async def test_many_profiles_fit_the_wire(tmp_path: Path):
    folder = tmp_path / "home" / "config" / "profiles"
    folder.mkdir(parents=True)
    for number in range(500):
        (folder / f"relay-{number:04}.toml").write_text(profile_to_toml(profile(number)))
    async with engine_process(tmp_path / "home") as engine:
        client = await engine.client()
        seen: set[str] = set()
        async for batch in client.watch():
            for event in batch:
                if isinstance(event, Snapshot):
                    seen |= {view.id for view in event.profiles}
                elif isinstance(event, ProfileSaved):
                    seen.add(event.view.id)
            if len(seen) == 500:
                break
        assert len(await client.profiles()) == 500
        await client.aclose()


async def test_a_watcher_that_never_reads_slows_nobody(engine: EngineProcess):
    reader, writer = await opened(engine)
    writer.write(hello(engine) + encode(Request(Method.WATCH, {}, 2)))
    await soon(reader.readline())
    client = await engine.client()
    await client.save(profile())
    for turn in range(300):  # thousands of events that nobody takes
        await client.start("relay-0001")
        await client.stop("relay-0001")
        if turn % 100 == 0:
            assert (await view_of(client, "relay-0001")).status.state == "stopped"
    writer.close()
    await client.start("relay-0001")
    assert await running(client, "relay-0001")
    await client.aclose()


async def test_it_stops_when_asked(engine: EngineProcess):
    client = await engine.client()
    await client.stop_engine()

    async def ended() -> bool:
        return engine.process.poll() is not None

    await until(ended)
    assert engine.process.returncode == 0
    assert engine.rendezvous.read() is None
    with pytest.raises(BasculeError) as caught:
        await client.profiles()
    assert caught.value.code is ErrorCode.ENGINE_LOST
    await client.aclose()
