"""Texts as people paste them, started for real: what socat or netcat would carry is carried.

A real socat is the far side; only host and port of it, and the port to listen on, are put in.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.foreign.found import Found
from bascule.spec.foreign.read import read_text
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import random_bytes, soon
from tests.helpers.corpus import Pasted, read_corpus
from tests.helpers.processes import free_port, listening, start
from tests.helpers.relays import RelayRig

LOCAL = "127.0.0.1"
SENT = random_bytes(200_000)
ECHOES = {"cat", "/bin/cat", "cat -u"}


def first(pasted: Pasted) -> Found | None:
    """The only relay of a text, if it is one."""
    if not pasted.expected[0].startswith(">"):
        return None
    found = read_text(pasted.text, system="linux").found
    return found[0] if len(found) == 1 else None


def is_plain(pasted: Pasted) -> bool:
    """Whether a text leads from a TCP port to a host without TLS or proxies, whatever stood around
    the command.
    """
    found = first(pasted)
    if found is None or found.relay is None or "web.example:80" not in pasted.text:
        return False
    source, target = found.relay.source, found.relay.target
    plain = isinstance(source, TcpListen) and source.tls is None
    return plain and isinstance(target, TcpConnect) and target.tls is None and not target.via


def is_echo(pasted: Pasted) -> bool:
    """Whether a text leads from a TCP port to a program that gives back what it is sent."""
    found = first(pasted)
    if found is None or found.relay is None:
        return False
    source = found.relay.source
    plain = isinstance(source, TcpListen) and source.tls is None
    return plain and set(found.runs) <= ECHOES and bool(found.runs)


PLAIN = [each for each in read_corpus() if is_plain(each)]
PROGRAMS = [each for each in read_corpus() if is_echo(each)]


@pytest.fixture(scope="module")
def far() -> Iterator[int]:
    """A real socat that gives back what it is sent."""
    port = free_port()
    with start(
        "socat", f"TCP-LISTEN:{port},bind={LOCAL},fork,reuseaddr", "PIPE", ready=listening(port)
    ):
        yield port


@asynccontextmanager
async def started(text: str) -> AsyncIterator[RelayRig]:
    """The relay of a text on a free port of this computer."""
    (found,) = read_text(text, system="linux").found
    assert found.relay is not None
    assert isinstance(found.relay.source, TcpListen)
    source = replace(found.relay.source, host=LOCAL, port=0)
    spec: RelaySpec = replace(found.relay, source=source)
    async with RelayRig(spec) as rig:
        yield await rig.run()


async def given_back(port: int, sent: bytes) -> bytes:
    """Send all, say that it is all, and receive until the other side has finished too."""
    reader, writer = await asyncio.open_connection(LOCAL, port)

    async def send() -> None:
        writer.write(sent)
        await writer.drain()
        writer.write_eof()

    sending = asyncio.create_task(send())
    got = await soon(asyncio.create_task(reader.read()))
    await soon(sending)
    writer.close()
    return got


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("pasted", PLAIN, ids=[each.title for each in PLAIN])
async def test_bytes_go_through_what_was_pasted(pasted: Pasted, far: int) -> None:
    text = pasted.text.replace("web.example:80", f"{LOCAL}:{far}")
    async with started(text) as rig:
        assert digest(await given_back(rig.port, SENT)) == digest(SENT)


@pytest.mark.parametrize("pasted", PROGRAMS, ids=[each.title for each in PROGRAMS])
async def test_bytes_go_through_a_program_that_was_pasted(pasted: Pasted) -> None:
    async with started(pasted.text) as rig:
        assert digest(await given_back(rig.port, SENT)) == digest(SENT)


async def test_a_pipe_of_the_shell_carries_into_the_relay(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(SENT)
    arrived: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set_result(await reader.read())
        writer.close()

    async with await asyncio.start_server(take, LOCAL, 0) as server:
        port = server.sockets[0].getsockname()[1]
        text = f"gzip -c {tmp_path / 'in'} | gzip -dc | socat -u - TCP:{LOCAL}:{port}"
        (found,) = read_text(text, system="linux").found
        assert found.relay is not None
        async with RelayRig(found.relay) as rig:
            rig.relay.start()
            assert digest(await soon(arrived)) == digest(SENT)


async def test_the_relay_carries_into_a_pipe_of_the_shell(tmp_path: Path) -> None:
    out = tmp_path / "out"
    async with started(f"socat -u TCP-LISTEN:7777,reuseaddr - | gzip -c | gzip -dc > {out}") as rig:
        _reader, writer = await asyncio.open_connection(LOCAL, rig.port)
        writer.write(SENT)
        await writer.drain()
        writer.close()
        await rig.closed()
    assert digest(out.read_bytes()) == digest(SENT)


def test_much_of_the_corpus_is_started() -> None:
    assert len(PLAIN) >= 50
    assert len(PROGRAMS) >= 2
