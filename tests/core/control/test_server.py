"""The engine's door: who is let in, what a stranger gets, and that no client troubles another.

Most of it runs against a real engine on both transports; what needs a hand on the engine's inside
(a clock, a gate) runs against the same server in this process.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from pathlib import Path

import psutil
import pytest

from bascule.control import server as module
from bascule.control.messages import LONGEST_MESSAGE_BYTES, PROTOCOL, Method
from bascule.errors import BasculeError, ErrorCode
from bascule.spec.profiles import Profile
from tests.helpers.contract import soon
from tests.helpers.doors import code_of
from tests.helpers.engines import (
    EngineProcess,
    Raw,
    come_true,
    engine_process,
    forward,
    serving,
    started,
)


async def said_to(home: Path, data: bytes) -> bytes:
    """Say something to the engine and read until it hangs up."""
    async with Raw(home) as raw:
        raw.writer.write(data)
        return await raw.rest()


@pytest.fixture
def engine(engine_by_each_door: EngineProcess) -> EngineProcess:
    return engine_by_each_door


# the door ---------------------------------------------------------------------------------------


async def test_without_the_token_nobody_enters(engine: EngineProcess):
    for token in ("", "00" * 32, 7, None, "\u00e9", "\ud800", ["a"], engine.meeting.token[:-1]):
        async with Raw(engine.home) as raw:
            raw.write(Method.HELLO, raw.hello(token=token), 1)
            assert code_of(await raw.rest()) == ErrorCode.TOKEN_REFUSED
        async with Raw(engine.home) as raw:
            raw.write(Method.HELLO, raw.hello(token=token), 1)
            raw.write(Method.STOP_ENGINE, {})
            assert b"result" not in await raw.rest()  # a reset may overtake the refusal
    async with Raw(engine.home) as raw:
        hello = raw.hello()
        del hello["token"]
        raw.write(Method.HELLO, hello, 1)
        assert code_of(await raw.rest()) == ErrorCode.TOKEN_REFUSED


@pytest.mark.parametrize("protocol", [PROTOCOL + 1, 0, True, 1.0, None, "1", "x" * 100_000])
async def test_a_client_of_another_protocol_is_told(tmp_path: Path, protocol: object):
    async with serving(tmp_path), Raw(tmp_path) as raw:
        raw.write(Method.HELLO, raw.hello(protocol=protocol), 1)
        reply = json.loads(await raw.rest())
        assert code_of(reply) == ErrorCode.PROTOCOL_MISMATCH
        assert reply["id"] == 1
        assert reply["error"]["data"]["facts"]["ours"] == PROTOCOL
        assert len(reply["error"]["message"]) < 200


STRANGE = [
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n",
    b"\n",
    b"\0\0\n",
    b"[]\n",
    b"[" * 200_000 + b"\n",
    b'{"jsonrpc":"2.0","id":1,"result":{}}\n',
    b'{"jsonrpc":"2.0","id":1,"method":"profile.list","params":{}}\n',
    b'{"jsonrpc":"2.0","method":"engine.hello","params":{}}\n',
    b'{"jsonrpc":"2.0","id":' + b"9" * 5000 + b',"method":"engine.hello","params":{}}\n',
]


async def test_a_stranger_gets_nothing_but_a_refusal(engine: EngineProcess):
    for line in STRANGE:
        answer = await said_to(engine.home, line)
        assert code_of(answer) == ErrorCode.MESSAGE_MALFORMED, line[:50]
    async with Raw(engine.home) as raw:  # who says nothing and goes is no news
        raw.writer.write(b'{"half a li')
        raw.writer.write_eof()
        assert await raw.rest() == b""


async def test_a_line_that_never_ends_is_cut(engine: EngineProcess):
    line = b"x" * (2 * LONGEST_MESSAGE_BYTES) + b"\n"
    answer = await said_to(engine.home, line)
    assert answer == b"" or code_of(answer) == ErrorCode.MESSAGE_TOO_LONG  # a reset may overtake it
    async with Raw(engine.home) as raw:
        await raw.enter()
        raw.writer.write(line)
        answer = await raw.rest()
        assert answer == b"" or code_of(answer) == ErrorCode.MESSAGE_TOO_LONG


async def test_half_a_line_and_then_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with serving(tmp_path), Raw(tmp_path) as good:
        await good.enter()
        monkeypatch.setattr(module, "HELLO_SECONDS", 0.1)
        async with Raw(tmp_path) as slow:
            slow.writer.write(b'{"jsonrpc": "2.0", ')
            assert await slow.rest() == b""
        assert "result" in await good.ask(Method.LIST)  # who has entered may be silent


async def test_garbage_after_the_greeting_ends_the_client(engine: EngineProcess):
    for line in (b"garbage\n", b'{"id":2,"result":1}\n', b'{"method":"x"}\n'):
        async with Raw(engine.home) as raw:
            await raw.enter()
            raw.writer.write(line)
            assert code_of(await raw.rest()) == ErrorCode.MESSAGE_MALFORMED


async def test_the_token_is_told_to_nobody(engine: EngineProcess):
    token = engine.meeting.token
    assert re.fullmatch("[0-9a-f]{64}", token)
    async with await engine.client(name=token[:20]) as client:
        await client.save(forward())
        assert token not in str(await client.profiles())
    said = engine.home / "state" / "logs" / "engine.log"
    await come_true(lambda: "has come" in said.read_text())
    for path in engine.home.rglob("*"):
        if path.is_file() and path.name != "engine.json":
            assert token.encode() not in path.read_bytes(), path
    assert token not in " ".join(psutil.Process(engine.process.pid).cmdline())


async def test_a_path_too_long_for_a_socket_means_tcp(tmp_path: Path):
    home = tmp_path / ("x" * 100)
    async with serving(home, tcp=None) as served:
        meeting = served.rendezvous.read()
        assert meeting is not None
        assert meeting.address.startswith("tcp:127.0.0.1:")
        async with await served.client() as client:
            assert await client.profiles() == ()


# the end ----------------------------------------------------------------------------------------


async def test_it_stops_when_asked(tmp_path: Path):
    async with engine_process(tmp_path) as engine, await engine.client() as client:
        await client.stop_engine()
        assert await engine.ended() == 0
        assert engine.rendezvous.read() is None
        with pytest.raises(BasculeError) as caught:
            await client.profiles()
        assert caught.value.code is ErrorCode.ENGINE_LOST


async def test_it_leaves_when_nobody_needs_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    caplog.set_level(logging.INFO, "bascule")
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.02)
    async with serving(tmp_path, leave_seconds=0.1) as served:
        await soon(asyncio.shield(served.ended))
    assert "nobody needs the engine" in caplog.text


async def test_a_client_or_a_relay_is_need_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.02)
    async with serving(tmp_path) as served:
        async with await served.client() as client:
            served.server._leave_seconds = 0.05
            profile: Profile = forward()
            await started(client, profile)
            assert not served.ended.done()
        for _ in range(5):  # it looks that often, and finds the relay
            done, _left = await asyncio.wait((served.ended,), timeout=0.05)
            assert not done
        await served.engine.stop_relay(profile.id)
        await soon(asyncio.shield(served.ended))


async def test_clients_are_sent_away_at_the_end(tmp_path: Path):
    async with serving(tmp_path) as served:
        raw = await Raw(tmp_path).__aenter__()
        await raw.enter()
        await raw.ask(Method.WATCH)
        served.server.stop()
        await soon(asyncio.shield(served.ended))
        await raw.rest()
        await raw.__aexit__()
