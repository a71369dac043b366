"""`bascule traffic`, typed at a real engine whose relay carries real bytes."""

from __future__ import annotations

import asyncio
import signal
import stat
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bascule.control.client import Client
from bascule.spec.profiles import Profile
from tests.helpers.contract import random_bytes, soon
from tests.helpers.engines import (
    EngineProcess,
    command,
    environment,
    forward,
    run_bascule,
    started,
    until,
    view_of,
)
from tests.helpers.relays import echo
from tests.helpers.tshark import complaints, followed

LOCAL = "127.0.0.1"


@pytest.fixture
async def relayed(client: Client) -> AsyncIterator[tuple[Profile, int]]:
    """A relay to an echo, and its port."""
    async with echo(patient=True) as port:
        profile = forward("Echo", port)
        yield profile, await started(client, profile)
        await client.stop(profile.id)


async def showing(engine: EngineProcess, *words: str) -> Process:
    """Type it, and wait until it says that it records."""
    process = await asyncio.create_subprocess_exec(
        *command("traffic", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(engine.home),
    )
    assert process.stderr is not None
    assert b"what passes Echo is recorded" in await soon(process.stderr.readline())
    return process


async def there_and_back(port: int, data: bytes) -> None:
    reader, writer = await asyncio.open_connection(LOCAL, port)
    writer.write(data)
    assert await soon(reader.readexactly(len(data))) == data
    writer.close()
    await writer.wait_closed()


async def interrupted(process: Process) -> str:
    """What it still complained of."""
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    complaint = await soon(process.stderr.read())
    assert await soon(process.wait()) == 130
    return complaint.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts a process")
@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "00000000  68 65 6c 6c 6f 1b 5b 6d                           |hello.[m|"),
        (("--text",), "hello\\x1b[m"),
    ],
)
async def test_what_passes_is_shown_as_it_passes(
    engine: EngineProcess,
    client: Client,
    relayed: tuple[Profile, int],
    words: tuple[str, ...],
    line: str,
):
    profile, port = relayed
    process = await showing(engine, "Echo", *words)
    await there_and_back(port, b"hello\x1b[m")
    lines: list[str] = []
    while not any(each.startswith("- ") for each in lines):
        assert process.stdout is not None
        lines.append((await soon(process.stdout.readline())).decode().rstrip("\n"))
    assert [each[0] for each in lines if each[1] == " "] == ["+", ">", "<", "-"]
    assert lines.count(line) == 2
    assert await interrupted(process) == ""
    assert not (await view_of(client, profile.id)).recording


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts a process")
async def test_a_file_for_wireshark_grows_with_what_passes(
    engine: EngineProcess, client: Client, relayed: tuple[Profile, int], tmp_path: Path
):
    profile, port = relayed
    await client.record(profile.id, True)  # by somebody else, who goes on
    file = tmp_path / "echo.pcapng"
    process = await showing(engine, profile.id, "--save", str(file))
    data = random_bytes(300_000)
    await there_and_back(port, data)

    async def complete() -> bool:
        return file.stat().st_size > 2 * len(data)

    await until(complete)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert await interrupted(process) == ""
    up, down = followed(file)
    assert (up, down) == (data, data)
    assert complaints(file) == []
    assert (await view_of(client, profile.id)).recording


async def test_a_file_that_cannot_be_written_is_said_before_anything_is_recorded(
    engine: EngineProcess, client: Client, relayed: tuple[Profile, int], tmp_path: Path
):
    file = tmp_path / "nowhere" / "a.pcapng"
    done = await asyncio.to_thread(run_bascule, engine.home, "traffic", "Echo", "--save", str(file))
    assert done.returncode == 1
    assert done.stderr == f"bascule: {file}: No such file or directory\n"
    assert not (await view_of(client, relayed[0].id)).recording


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts a process")
async def test_who_was_there_before_is_seen_too_and_nothing_is_lost_at_the_end(
    engine: EngineProcess, relayed: tuple[Profile, int]
):
    reader, writer = await asyncio.open_connection(LOCAL, relayed[1])
    writer.write(b"before")
    assert await soon(reader.readexactly(6)) == b"before"
    process = await showing(engine, "Echo")
    writer.write(b"and then")
    assert await soon(reader.readexactly(8)) == b"and then"
    assert await interrupted(process) == ""  # perhaps before it has looked
    assert process.stdout is not None
    shown = (await soon(process.stdout.read())).decode()
    assert "before" not in shown
    assert shown.count("|and then|") == 2
    writer.close()
