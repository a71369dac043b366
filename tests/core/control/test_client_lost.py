"""The client whose engine is none, says what no engine says, or is gone: every caller is told, and
who asked for something else is left alone.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.control.client import Client
from bascule.control.framing import Reply, Request, decode, encode
from bascule.control.messages import LONGEST_MESSAGE_BYTES
from bascule.control.rendezvous import Meeting, Rendezvous
from bascule.errors import BasculeError, ErrorCode
from tests.helpers.contract import soon
from tests.helpers.engines import EngineProcess
from tests.helpers.ports import free_port
from tests.helpers.socks_server import LOCAL, TinyServer, reset


async def test_a_killed_engine_ends_all_that_waits(engine: EngineProcess, client: Client):
    batches = aiter(client.watch())
    await soon(asyncio.ensure_future(anext(batches)))
    waiting = asyncio.ensure_future(anext(batches))
    engine.process.kill()
    with pytest.raises(BasculeError) as caught:
        await soon(waiting)
    assert caught.value.code is ErrorCode.ENGINE_LOST
    with pytest.raises(BasculeError) as caught:
        await soon(asyncio.ensure_future(client.profiles()))
    assert caught.value.code is ErrorCode.ENGINE_LOST


async def test_where_no_engine_is(tmp_path: Path):
    rendezvous = Rendezvous(tmp_path)
    for address in ("", f"tcp:{LOCAL}:{free_port()}", f"unix:{tmp_path}/none", "tcp:x:y", "?"):
        if address:
            rendezvous.announce(Meeting(address, "00" * 32, 1, "0"))
        with pytest.raises(BasculeError) as caught:
            await Client.connect(rendezvous, name="test")
        assert caught.value.code is ErrorCode.ENGINE_NOT_RUNNING


type Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def pretended(tmp_path: Path, talk: Talk) -> AsyncIterator[Rendezvous]:
    """Somebody at the announced address who is no engine, or one that went mad."""
    async with TinyServer(talk) as server:
        rendezvous = Rendezvous(tmp_path)
        rendezvous.announce(Meeting(f"tcp:{server.address}", "00" * 32, 1, "0"))
        yield rendezvous


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b'{"method":"x","params":{}}\n',
        b'{"id":1,"result":{"pid":"x"}}\n',
        b"",
        b"x" * (3 * LONGEST_MESSAGE_BYTES),
    ],
)
async def test_somebody_else_at_the_address_is_no_engine(tmp_path: Path, answer: bytes):
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        await writer.drain()

    async with pretended(tmp_path, talk) as rendezvous:
        with pytest.raises(BasculeError) as caught:
            await soon(Client.connect(rendezvous, name="test"))
        assert caught.value.code in {
            ErrorCode.MESSAGE_MALFORMED,
            ErrorCode.ENGINE_NOT_RUNNING,
            ErrorCode.VALUE_MISSING,
            ErrorCode.VALUE_INVALID,
        }


HELLO = encode(Reply(1, {"version": "0", "pid": 1}))


@pytest.mark.parametrize(
    "line",
    [
        b"garbage\n",
        b'{"method":"events","params":{}}\n',
        b'{"method":"events","params":{"events":7}}\n',
        b'{"method":"events","params":{"events":[{"kind":"?"}]}}\n',
        b"x" * (3 * LONGEST_MESSAGE_BYTES),
    ],
)
async def test_an_engine_that_went_mad_is_lost_for_every_caller(tmp_path: Path, line: bytes):
    asked = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(HELLO)
        await reader.readline()
        asked.set()
        writer.write(line)
        await reader.read()

    async with (
        pretended(tmp_path, talk) as rendezvous,
        await soon(Client.connect(rendezvous, name="test")) as client,
    ):
        calls = [asyncio.ensure_future(client.profiles()) for _ in range(20)]
        for result in await soon(asyncio.gather(*calls, return_exceptions=True)):
            assert isinstance(result, BasculeError)
            assert result.code is ErrorCode.ENGINE_LOST


async def test_a_token_of_another_engine_is_refused(engine: EngineProcess):
    stale = engine.meeting
    Rendezvous(engine.home / "other").prepare()
    Rendezvous(engine.home / "other").announce(replace(stale, token="00" * 32))
    with pytest.raises(BasculeError) as caught:
        await soon(Client.connect(Rendezvous(engine.home / "other"), name="test"))
    assert caught.value.code is ErrorCode.TOKEN_REFUSED


async def test_what_nobody_waits_for_is_passed_over(tmp_path: Path):
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(HELLO)
        call = decode(await reader.readline())
        assert isinstance(call, Request)
        for line in (
            b'{"id":4711,"result":1}\n',
            b'{"id":null,"result":1}\n',
            b'{"method":"stage","params":{"call":99}}\n',
            b'{"method":"stage","params":{"call":[]}}\n',
            b'{"method":"of the future","params":{}}\n',
            encode(Reply(call.id, 8080)),
            encode(Reply(call.id, 8081)),
        ):
            writer.write(line)
        await reader.read()

    async with (
        pretended(tmp_path, talk) as rendezvous,
        await soon(Client.connect(rendezvous, name="test")) as client,
    ):
        assert await soon(client.free_port(LOCAL, 8080)) == 8080


async def test_an_answer_just_before_the_end_counts(tmp_path: Path):
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(HELLO)
        call = decode(await reader.readline())
        assert isinstance(call, Request)
        writer.write(encode(Reply(call.id, 8080)) + b"garbage\n")
        await reader.read()

    async with (
        pretended(tmp_path, talk) as rendezvous,
        await soon(Client.connect(rendezvous, name="test")) as client,
    ):
        assert await soon(client.free_port(LOCAL, 8080)) == 8080
        with pytest.raises(BasculeError) as caught:
            await soon(client.free_port(LOCAL, 8080))
        assert caught.value.code is ErrorCode.ENGINE_LOST


async def test_a_call_that_was_given_up_leaves_the_others_alone(tmp_path: Path):
    asked, answered = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(HELLO)
        first = decode(await reader.readline())
        asked.set()
        second = decode(await reader.readline())
        assert isinstance(first, Request)
        assert isinstance(second, Request)
        writer.write(encode(Reply(first.id, 1)) + encode(Reply(second.id, 2)))
        await answered.wait()

    async with (
        pretended(tmp_path, talk) as rendezvous,
        await soon(Client.connect(rendezvous, name="test")) as client,
    ):
        assert client.info.version == "0"
        given_up = asyncio.ensure_future(client.free_port(LOCAL, 1))
        await soon(asked.wait())
        given_up.cancel()
        assert await soon(client.free_port(LOCAL, 2)) == 2
        assert given_up.cancelled()
        answered.set()


async def test_an_engine_that_takes_nothing_more_and_goes(tmp_path: Path):
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(HELLO)
        await reader.readexactly(100)
        reset(writer)

    async with (
        pretended(tmp_path, talk) as rendezvous,
        await soon(Client.connect(rendezvous, name="test")) as client,
    ):
        # More than the sockets take, so that the callers wait for room when it ends.
        texts = ["x" * (LONGEST_MESSAGE_BYTES - 1000)] * 20
        calls = [asyncio.ensure_future(client.read_profile(text)) for text in texts]
        for result in await soon(asyncio.gather(*calls, return_exceptions=True)):
            assert isinstance(result, BasculeError)
            assert result.code is ErrorCode.ENGINE_LOST


async def test_a_killed_engine_ends_every_call(engine: EngineProcess, client: Client):
    os.kill(engine.process.pid, signal.SIGSTOP)  # so that none is answered
    calls = [asyncio.ensure_future(client.profiles()) for _ in range(50)]
    await asyncio.sleep(0)
    engine.process.kill()
    for result in await soon(asyncio.gather(*calls, return_exceptions=True)):
        assert isinstance(result, BasculeError)
        assert result.code is ErrorCode.ENGINE_LOST


async def test_who_is_cancelled_while_leaving_has_left(tmp_path: Path):
    left = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(HELLO)
        assert await reader.read() == b""
        left.set()

    async with pretended(tmp_path, talk) as rendezvous:
        client = await soon(Client.connect(rendezvous, name="test"))
        leaving = asyncio.ensure_future(client.aclose())
        await asyncio.sleep(0)  # it has begun, and waits
        leaving.cancel()
        await soon(asyncio.wait([leaving]))
        assert leaving.cancelled()
        await soon(left.wait())
