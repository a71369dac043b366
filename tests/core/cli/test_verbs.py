"""The commands that ask the engine, as a person types them: real processes, real engine."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.control.client import Client
from bascule.events import RelayState
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.export.exported import Form
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from bascule.spec.transfer import ReceiveFiles, SendFiles
from tests.helpers.contract import soon
from tests.helpers.disks import files_end_at
from tests.helpers.engines import (
    EngineProcess,
    come_true,
    command,
    engine_process,
    environment,
    running,
    started,
)
from tests.helpers.other_programs import check

LOCAL = "127.0.0.1"
PROFILE = Profile("given-0001", "Echo", RelaySpec(TcpListen(0), TcpConnect(LOCAL, 9)))


async def typing(
    engine: EngineProcess, *words: str, stdout: int = asyncio.subprocess.PIPE
) -> asyncio.subprocess.Process:
    """Type a command that goes on."""
    return await asyncio.create_subprocess_exec(
        *command(*words),
        env=environment(engine.home),
        stdin=asyncio.subprocess.PIPE,
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
    )


async def typed(engine: EngineProcess, *words: str, stdin: str = "") -> tuple[int, str, str]:
    """Type a command; return its exit code, output and what it said."""
    process = await typing(engine, *words)
    out, said = await soon(process.communicate(stdin.encode()))
    assert process.returncode is not None
    return process.returncode, out.decode(), said.decode()


async def test_a_profile_from_import_to_export(
    engine: EngineProcess, client: Client, tmp_path: Path
):
    file = tmp_path / "echo.toml"
    file.write_text(profile_to_toml(PROFILE))
    code, out, _said = await typed(engine, "import", str(file))
    assert code == 0
    id = out.split()[0]
    assert id.startswith("echo-")
    assert out.split()[-1] == "stopped"
    assert (await typed(engine, "start", "Echo"))[0] == 0
    address = await running(client, id)
    for words in (["list"], ["status"], ["show", id]):
        code, out, _said = await typed(engine, *words)
        assert code == 0
        assert f"running on {address}" in out
    listed = json.loads((await typed(engine, "list", "--json"))[1])
    assert listed[0]["status"]["listening"] == [address]
    assert json.loads((await typed(engine, "show", "Echo", "--json"))[1])["id"] == id
    assert (await typed(engine, "stop", id))[0] == 0
    copy = tmp_path / "copy.toml"
    assert (await typed(engine, "export", "Echo", str(copy)))[0] == 0
    assert (await typed(engine, "export", "Echo"))[1] == copy.read_text()
    code, out, _said = await typed(engine, "import", "-", stdin=copy.read_text())
    assert code == 0
    code, _out, said = await typed(engine, "start", "Echo")
    assert code == 1
    assert "2 profiles are called Echo" in said


async def test_a_relay_that_cannot_start_is_told_at_once(
    engine: EngineProcess, client: Client, tmp_path: Path
):
    with socket.create_server((LOCAL, 0)) as taken:
        port = taken.getsockname()[1]
        file = tmp_path / "echo.toml"
        relay = replace(PROFILE.relay, source=TcpListen(port))
        file.write_text(profile_to_toml(replace(PROFILE, relay=relay)))
        assert (await typed(engine, "import", str(file)))[0] == 0
        code, out, said = await typed(engine, "start", "Echo")
    assert (code, out) == (1, "")
    assert f"{LOCAL}:{port}" in said
    assert (await typed(engine, "start", "Echo"))[0] == 0  # whatever it was before
    (view,) = await client.profiles()
    assert view.status.state is RelayState.RUNNING


async def test_a_profile_leaves_as_a_configuration_of_another_program(
    engine: EngineProcess, client: Client, tmp_path: Path
):
    relay = RelaySpec(TcpListen(8080), TcpConnect(LOCAL, 9), chunk_bytes=5, allow=(LOCAL,))
    await client.save(replace(PROFILE, relay=relay))
    file = tmp_path / "echo.cfg"
    code, out, said = await typed(engine, "export", "Echo", str(file), "--as", "haproxy")
    assert (code, out) == (0, "")
    assert said == "bascule: haproxy has no setting for: most bytes moved at once (5).\n"
    assert "bind 127.0.0.1:8080" in file.read_text()
    assert b"\r" not in file.read_bytes()
    assert check(Form.HAPROXY, file)
    code, out, _said = await typed(engine, "export", "Echo", "--as", "socat")
    assert (code, out.split()[0]) == (0, "socat")
    code, out, said = await typed(engine, "export", "Echo", "--as", "ser2net")
    assert (code, out) == (1, "")
    assert said.startswith("bascule: ser2net cannot do what this relay does: ")
    code, _out, said = await typed(engine, "export", "Echo", "--as", "apache")
    assert code == 2
    assert "socat, systemd, haproxy, nginx, stunnel, ser2net" in said.replace("'", "")


async def test_an_export_is_written_whole_or_not_at_all(
    engine: EngineProcess, client: Client, tmp_path: Path
):
    await client.save(PROFILE)
    file = tmp_path / "kept.toml"
    file.write_text("before")
    with files_end_at(8):
        code, _out, said = await typed(engine, "export", "Echo", str(file))
    assert code == 1
    assert f"{file} cannot be written" in said
    assert [(each.name, each.read_text()) for each in tmp_path.glob("*kept*")] == [
        ("kept.toml", "before")
    ]
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    assert (await typed(engine, "export", "Echo", str(link)))[0] == 0
    assert link.is_symlink()
    code, out, _said = await typed(engine, "export", "Echo", "/dev/stdout")
    assert (code, out) == (0, file.read_text())


async def test_what_cannot_be_done_is_said(engine: EngineProcess, client: Client, tmp_path: Path):
    code, _out, said = await typed(engine, "start", "nothing")
    assert code == 1
    assert "no profile nothing" in said
    missing = tmp_path / "none.toml"
    code, _out, said = await typed(engine, "import", str(missing))
    assert code == 1
    assert f"{missing} cannot be read" in said
    await client.save(PROFILE)
    code, _out, said = await typed(engine, "export", "Echo", str(tmp_path))
    assert code == 1
    assert "cannot be written" in said


async def test_a_damaged_profile_is_shown_with_why(tmp_path: Path):
    folder = tmp_path / "home" / "config" / "profiles"
    folder.mkdir(parents=True)
    (folder / "broken-1.toml").write_text("format = 1\nwhat")
    async with engine_process(tmp_path / "home", "--leave-after", "inf") as engine:
        code, out, _said = await typed(engine, "show", "broken-1")
        assert code == 0
        assert out.startswith("broken-1  ?  broken: ")
        assert str(folder / "broken-1.toml") in out


@pytest.mark.parametrize("json_too", [False, True])
async def test_watching_tells_what_happens(engine: EngineProcess, client: Client, json_too: bool):
    entered: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _reader, writer: entered.append(writer), LOCAL, 0)
    target = TcpConnect(LOCAL, server.sockets[0].getsockname()[1])
    profile = replace(PROFILE, relay=RelaySpec(TcpListen(0), target))
    await client.save(profile)
    watching = await typing(engine, "status", "--watch", *(["--json"] if json_too else []))
    assert watching.stdout is not None
    seen = (await soon(watching.stdout.readline())).decode()
    assert profile.id in seen  # the snapshot: it watches now

    async def see(*words: str) -> None:
        nonlocal seen
        while not all(word in seen for word in words):
            assert watching.stdout is not None
            line = await soon(watching.stdout.readline())
            assert line
            seen += line.decode()

    port = await started(client, profile)
    _reader, writer = await asyncio.open_connection(LOCAL, port)
    writer.write(b"hello")
    if json_too:
        await see("profile_saved", "relay_changed", "connection_opened", "traffic", "log_line")
    else:
        await see("Echo  stopped", "running on", " has come", " connected\n", "5 bytes up")
        await see("listening on")  # a line of its log
    writer.close()
    for each in entered:
        each.close()
    await see("connection_closed" if json_too else "#1 finished: 5 up, 0 down")
    server.close()
    await server.wait_closed()
    with contextlib.suppress(ConnectionError):  # its reset may come before we know to be connected
        _reader, writer = await asyncio.open_connection(LOCAL, port)
        writer.close()
    await see("connection_refused" if json_too else "#2 ")
    await client.save(replace(profile, name="Renamed"))
    await see("Renamed" if json_too else "Renamed  running on")
    await client.delete(profile.id)
    await see("profile_removed" if json_too else f"{profile.id}  removed")
    watching.send_signal(signal.SIGINT)
    assert await soon(watching.wait()) == 130


@pytest.mark.skipif(sys.platform == "win32", reason="makes a pipe of POSIX, presses Ctrl+C")
async def test_watching_tells_how_far_a_transfer_of_files_is(
    engine: EngineProcess, client: Client, tmp_path: Path
):
    sent = tmp_path / "photos"
    sent.mkdir()
    (sent / "one").write_bytes(b"data")
    out = str(tmp_path / "out")
    receive = RelaySpec(TcpListen(0), ReceiveFiles(folder=out, existing="rename"))
    port = await started(client, replace(PROFILE, relay=receive))
    watching = await typing(engine, "status", "--watch")
    assert watching.stdout is not None
    await soon(watching.stdout.readline())

    async def send(expect: str, port: int) -> None:
        send = RelaySpec(SendFiles(path=str(sent)), TcpConnect(LOCAL, port), once=True)
        sending = replace(PROFILE, id="given-0002", name="Sending", relay=send)
        await client.save(sending)
        await client.start(sending.id)
        assert watching.stdout is not None
        while expect not in (await soon(watching.stdout.readline())).decode():
            pass
        await soon(at_rest(sending.id))

    async def at_rest(relay: str) -> None:
        """Wait until it is over: who starts what still runs starts nothing."""
        at_rest = (RelayState.STOPPED, RelayState.FAILED)
        while any(
            view.id == relay and view.status.state not in at_rest
            for view in await client.profiles()
        ):
            await asyncio.sleep(0.02)

    digest = hashlib.sha256(b"data").hexdigest()
    complete = f"photos/one: 1 files, 4 bytes, complete; SHA-256 of the last file {digest}"
    await send(f"{PROFILE.id}  receiving {complete}", port)
    code, shown, _said = await typed(engine, "show", "Sending")
    assert code == 0
    assert f"\nsending {complete}\n" in shown
    os.mkfifo(sent / "fifo")
    await send("1 left out", port)
    refuse = replace(receive, target=ReceiveFiles(folder=out, existing="refuse"))
    refusing = await started(client, replace(PROFILE, id="given-0003", relay=refuse))
    failed = "receiving photos/one: 0 of 1 files, 0 of 4 bytes, failed: cannot receive"
    await send(f"given-0003  {failed}", refusing)
    watching.send_signal(signal.SIGINT)
    assert await soon(watching.wait()) == 130


async def test_watching_ends_with_the_engine(engine: EngineProcess, client: Client):
    watching = await typing(engine, "status", "--watch")
    assert watching.stdout is not None
    assert watching.stderr is not None
    await client.save(PROFILE)
    while b"Echo" not in await soon(watching.stdout.readline()):
        pass
    await client.stop_engine()
    assert await soon(watching.wait()) == 1
    assert b"engine is lost" in await soon(watching.stderr.read())


async def test_watching_ends_when_nobody_reads_any_more(engine: EngineProcess, client: Client):
    await client.save(PROFILE)
    ours, theirs = os.pipe()
    watching = await typing(engine, "status", "--watch", stdout=theirs)
    os.close(theirs)
    assert b"Echo" in await asyncio.to_thread(os.read, ours, 4096)  # it watches now
    os.close(ours)  # … | head -1
    assert watching.stderr is not None
    assert await soon(watching.stderr.read()) == b""
    assert await soon(watching.wait()) == 0


async def test_watching_into_a_file_goes_on(engine: EngineProcess, client: Client, tmp_path: Path):
    with (tmp_path / "said").open("wb") as said:
        watching = await typing(engine, "status", "--watch", stdout=said.fileno())
    await client.save(PROFILE)
    await come_true(lambda: "Echo" in (tmp_path / "said").read_text())
    await client.stop_engine()
    assert await soon(watching.wait()) == 1
