"""Programs, files and pipes against the real ones: socat, flock, gzip, tar, tail and shells."""

from __future__ import annotations

import asyncio
import gzip
import os
import subprocess
from pathlib import Path

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams import program_stream
from bascule.streams.base import Stream
from bascule.streams.file import FileDialer
from bascule.streams.pipe import PipeDialer
from bascule.streams.program import ProgramDialer
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes, read_all, soon
from tests.helpers.processes import start

SIZE = 512 * 1024


async def feed(stream: Stream, data: bytes) -> None:
    """Send all of it, then the end."""
    for begin in range(0, len(data), 10_000):
        await stream.send(data[begin : begin + 10_000])
    await stream.send_eof()


async def ask(command: str, data: bytes, **settings: object) -> bytes:
    """Give a shell command its input; all it says."""
    arguments: dict = {"interpreter": "system", **settings}
    stream = await ProgramDialer(command, **arguments).dial()
    feeding = asyncio.ensure_future(feed(stream, data))
    try:
        return await soon(read_all(stream))
    finally:
        await soon(feeding)
        await soon(stream.aclose())


# programs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("join", ["socket", "pipes"])
async def test_a_stream_is_unpacked(tmp_path: Path, join: str):
    data = random_bytes(SIZE) + bytes(SIZE)
    said = await ask(
        f'gzip -dc > {tmp_path}/log && echo "OK: $(wc -c < {tmp_path}/log)"',
        gzip.compress(data),
        joined_by=join,
    )
    assert said == b"OK: %d\n" % len(data)
    assert (tmp_path / "log").read_bytes() == data


async def test_what_cannot_be_unpacked_is_told_with_the_words_of_gzip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(program_stream, "_VERDICT_SECONDS", PATIENCE_SECONDS)
    with pytest.raises(StreamError) as caught:
        await ask(f"gzip -dc > {tmp_path}/log", b"this is no archive")
    assert caught.value.code is ErrorCode.PROGRAM_FAILED
    assert "not in gzip format" in caught.value.message


async def test_an_archive_travels_by_two_programs(tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / "from" / name).mkdir(parents=True)
        (tmp_path / "from" / name / "data").write_bytes(random_bytes(SIZE))
    (tmp_path / "to").mkdir()
    packed = await ask(f"tar -cf - -C {tmp_path}/from .", b"")
    unpacking = await ProgramDialer(
        f"tar -xpf - -C {tmp_path}/to && sync {tmp_path}/to/one/data",
        interpreter="system",
        way="write",
    ).dial()
    await soon(feed(unpacking, packed))  # the end of sending waits until all is unpacked
    assert (tmp_path / "to" / "two" / "data").read_bytes() == random_bytes(SIZE)
    await soon(unpacking.aclose())


async def test_a_page_is_served_whatever_is_asked():
    page = "HTTP/1.1 503 Service Unavailable\\r\\nConnection: close\\r\\n\\r\\nLater"
    for question in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", bytes(SIZE)):
        said = await ask(f"printf '{page}'", question)
        assert said.endswith(b"\r\n\r\nLater")


async def test_socat_itself_as_our_program(tmp_path: Path):
    data = random_bytes(SIZE)
    assert await ask("socat -t20 - EXEC:cat", data) == data
    said = await ask(f"socat -u - SYSTEM:'tee {tmp_path}/log' ; cat {tmp_path}/log | wc -c", data)
    assert said == data + b"%d\n" % SIZE


async def test_an_interactive_shell_on_a_terminal():
    stream = await ProgramDialer(
        "/bin/sh -i",
        joined_by="terminal",
        controlling=True,
        stderr=True,
        terminal=("echo=0",),
        environment={"PS1": "ready> "},
    ).dial()
    said = b""
    while not said.endswith(b"ready> "):
        said += await soon(stream.receive())
    await soon(stream.send(b"tty; stty size; echo $((6 * 7))\n"))
    said = b""
    while not said.endswith(b"ready> "):
        said += await soon(stream.receive())
    assert b"/dev/pts/" in said
    assert b"42\r\n" in said
    await soon(stream.send_eof())  # Ctrl+D
    assert b"ready> " not in await soon(read_all(stream))
    await soon(stream.aclose())


# files and pipes ---------------------------------------------------------------------------------


async def test_a_file_arrives_whole(tmp_path: Path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(random_bytes(3_000_000))
    reading = await FileDialer(str(source), way="read").dial()
    writing = await FileDialer(str(target), way="write", create=True).dial()
    while data := await soon(reading.receive()):
        await soon(writing.send(data))
    await soon(reading.aclose())
    await soon(writing.aclose())
    sums = subprocess.run(
        ["sha256sum", source, target], capture_output=True, check=True, text=True
    ).stdout.split()
    assert sums[0] == sums[2]


async def test_the_lock_of_another_program_is_waited_for(tmp_path: Path):
    path, held = tmp_path / "file", tmp_path / "held"
    path.touch()
    go_on = tmp_path / "go on"
    os.mkfifo(go_on)
    command = f"touch '{held}'; cat '{go_on}'; echo theirs >> '{path}'"
    with start("flock", path, "-c", command, ready=held.exists):
        dialing = asyncio.ensure_future(
            FileDialer(str(path), way="write", append=True, lock=True).dial()
        )
        await asyncio.wait([dialing], timeout=0.3)
        assert not dialing.done()
        letting_go = await PipeDialer(str(go_on), way="write").dial()
        await soon(letting_go.aclose())
        stream = await soon(dialing)
        await soon(stream.send(b"ours\n"))
        await soon(stream.aclose())
    assert path.read_text() == "theirs\nours\n"


async def test_tail_follows_what_we_append(tmp_path: Path):
    path = tmp_path / "events"
    stream = await FileDialer(str(path), way="write", create=True, append=True).dial()
    with start("tail", "-f", path) as tail:
        for number in range(3):
            await soon(stream.send(b"event %d\n" % number))
            await asyncio.to_thread(tail.wait_for, f"event {number}\n")
    await soon(stream.aclose())


async def test_fifos_with_cat_and_socat(tmp_path: Path):
    there, back = tmp_path / "there", tmp_path / "back"
    data = random_bytes(SIZE)
    reading = await PipeDialer(str(back), way="read").dial()
    os.mkfifo(there)
    with start("sh", "-c", f"cat {there} | socat -u - OPEN:{back}"):
        writing = await PipeDialer(str(there), way="write").dial()
        feeding = asyncio.ensure_future(feed_and_close(writing, data))
        assert await soon(read_all(reading)) == data
        await soon(feeding)
    await soon(reading.aclose())
    assert not back.exists()


async def feed_and_close(stream: Stream, data: bytes) -> None:
    await feed(stream, data)
    await stream.aclose()
