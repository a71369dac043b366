"""The recipes for serial devices, files, logs and finding faults, each with its own command."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import socket
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bascule.errors import ErrorCode
from bascule.events import Checked, Measured, Outcome, RelayState, TransferState
from tests.helpers.contract import digest, random_bytes, soon
from tests.helpers.engines import come_true
from tests.helpers.ports import free_port
from tests.helpers.pty import Line
from tests.helpers.recipes import Cooked, cooked
from tests.helpers.relays import echo
from tests.helpers.sockets import listener
from tests.interop.test_recipes import WANTED, is_answered, page

BIG = random_bytes(3_000_000)


# serial -----------------------------------------------------------------------------------------


async def test_serial_share(tmp_path: Path):
    line = Line()
    try:
        async with (
            cooked("serial-share", tmp_path, target__device=line.device) as made,
            made.typing() as person,
        ):
            await person.says(b"weigh\n")
            asked = b""
            while len(asked) < 6:
                asked += await soon(line.receive())
            assert asked == b"weigh\n"
            await line.send(b"12.5 kg\r\n")
            assert await person.hears(9) == b"12.5 kg\r\n"
    finally:
        line.abort()


async def test_serial_send(tmp_path: Path):
    line = Line()
    values = {
        "source__device": line.device,
        "target__host": "127.0.0.1",
        "target__port": free_port(),
    }
    try:
        async with (
            cooked("serial-send", tmp_path, waits=True, **values) as made,
            made.typing() as server,
        ):
            await made.rig.reach(RelayState.RUNNING)  # it tries until the server is there
            await line.send(b"12.5 kg\r\n")
            assert await server.hears(9) == b"12.5 kg\r\n"
    finally:
        line.abort()


# files and logs ---------------------------------------------------------------------------------


OURS = {"bascule relay": f"{sys.executable} -m bascule relay"}


def assert_told(made: Cooked, *, sending: bool, files: int, size: int, total: bool) -> None:
    """What a window would show in the end."""
    (told,) = made.rig.relay.findings.transfers.statuses
    assert (told.state, told.sending) == (TransferState.COMPLETE, sending)
    assert (told.files_done, told.bytes_done) == (files, size)
    assert (told.total_files, told.total_bytes) == ((files, size) if total else (None, None))


async def test_receive_file(tmp_path: Path):
    for number, unpack in enumerate((bytes, gzip.decompress, bytes)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "big.log").write_bytes(BIG)
        got = folder / "got"
        async with cooked(
            "receive-file", folder, target__folder=str(got), target__file_name="kept.log"
        ) as made:
            assert (await made.type(number, OURS if number == 2 else None)).status == 0
            await made.rig.reach(RelayState.STOPPED)
            kept = (got / "kept.log").read_bytes()
            assert_told(made, sending=False, files=1, size=len(kept), total=False)
            assert made.rig.relay.findings.transfers.statuses[0].sha256 == digest(kept)
        assert digest(unpack(kept)) == digest(BIG)


def folder_to_send(folder: Path) -> int:
    """Make a folder with two files, one of them further in, and a link; the bytes of the files."""
    sent = folder / "data_to_send"
    (sent / "inner").mkdir(parents=True)
    (sent / "one").write_bytes(BIG)
    (sent / "inner" / "two").write_text("two")
    (sent / "inner" / "two").chmod(0o640)
    (sent / "link").symlink_to("one")
    return len(BIG) + 3


def assert_arrived(got: Path, *, with_link: bool) -> None:
    assert digest((got / "one").read_bytes()) == digest(BIG)
    assert (got / "inner" / "two").read_text() == "two"
    assert (got / "inner" / "two").stat().st_mode & 0o777 == 0o640
    assert (got / "link").is_symlink() is with_link


async def test_receive_folder(tmp_path: Path):
    size = folder_to_send(tmp_path)
    for number in range(2):
        got = tmp_path / f"got {number}"
        async with cooked("receive-folder", tmp_path, target__folder=str(got)) as made:
            ours = number == 1
            assert (await made.type(number, OURS if ours else None)).status == 0
            await made.rig.reach(RelayState.STOPPED)
            assert_told(made, sending=False, files=2, size=size, total=ours)
        assert_arrived(got / "data_to_send", with_link=False)


async def test_send_file(tmp_path: Path):
    (tmp_path / "big.log").write_bytes(BIG)
    for number, got in enumerate(("received.log", "received/received.log")):
        values = {
            "source__path": str(tmp_path / "big.log"),
            "target__host": "127.0.0.1",
            "target__port": free_port(),
        }
        async with cooked("send-file", tmp_path, waits=True, **values) as made:
            assert (await made.type(number, OURS if number else None)).status == 0
            await made.rig.reach(RelayState.STOPPED)
            assert_told(made, sending=True, files=1, size=len(BIG), total=True)
        assert digest((tmp_path / got).read_bytes()) == digest(BIG)


async def test_send_folder(tmp_path: Path):
    size = folder_to_send(tmp_path)
    for number, got in enumerate((".", "received")):
        there = tmp_path / f"there {number}"
        values = {
            "source__path": str(tmp_path / "data_to_send"),
            "target__host": "127.0.0.1",
            "target__port": free_port(),
        }
        async with cooked("send-folder", there, waits=True, **values) as made:
            assert (await made.type(number, OURS if number else None)).status == 0
            await made.rig.reach(RelayState.STOPPED)
            assert_told(made, sending=True, files=2, size=size, total=True)
        assert_arrived(there / got / "data_to_send", with_link=number == 0)


async def test_hand_out_file(tmp_path: Path):
    given = tmp_path / "archive.tar.gz"
    given.write_bytes(BIG)
    received = tmp_path / "received"
    values = {"target__path": str(given), "target__downloads": 3}
    async with cooked("hand-out-file", received, **values) as made:
        share = made.rig.relay.findings.share
        assert share is not None
        secret = {"LINK": share.path.removeprefix("/")}
        shown = await made.type(0, {"http://": "curl http://", **secret})  # as a browser would
        assert digest(shown.output) == digest(BIG)
        assert (await made.type(1, secret)).status == 0
        assert digest((received / "archive.tar.gz").read_bytes()) == digest(BIG)
        (received / "copy").write_bytes(BIG[:1_000_000])  # it broke off
        assert (await made.type(2, secret)).status == 0
        assert digest((received / "copy").read_bytes()) == digest(BIG)
        await made.rig.reach(RelayState.STOPPED)
    windows = made.command(3, secret)
    assert windows.startswith("Invoke-WebRequest http://127.0.0.1:")
    assert windows.endswith(f"{share.path} -OutFile copy")


async def test_collect_tcp(tmp_path: Path):
    kept = tmp_path / "events.txt"
    async with cooked("collect-tcp", tmp_path, target__path=str(kept)) as made:
        assert (await made.type()).status == 0
        await made.rig.closed()
        port = made.filled.value("source.port")
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"from Windows\r\n")
        writer.close()
        await made.rig.closed(2)
    first, second = kept.read_text().splitlines()
    assert first.endswith(f" 127.0.0.1 event from {socket.gethostname()}")
    assert second.endswith(" 127.0.0.1 from Windows")
    assert datetime.fromisoformat(second.split()[0]).tzinfo is not None


async def test_collect_udp(tmp_path: Path):
    kept = tmp_path / "udp_events.log"
    async with cooked("collect-udp", tmp_path, target__path=str(kept)) as made:
        for number in (1, 2):
            assert (await made.type()).status == 0
            await come_true(
                lambda: kept.exists() and kept.read_bytes().count(b" <14>test message\n") == number  # noqa: B023 - awaited here
            )


async def test_log_to_several(tmp_path: Path):
    kept = tmp_path / "local.log"
    program = tmp_path / "my_program"
    program.write_text("#!/bin/sh\necho started\necho ready\n")
    program.chmod(0o755)
    with listener() as (server, port):
        server.setblocking(False)
        async with cooked(
            "log-to-several",
            tmp_path,
            target__targets__0__path=str(kept),
            target__targets__1__host="127.0.0.1",
            target__targets__1__port=port,
        ) as made:
            made.variables["PATH"] = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
            assert (await made.type()).status == 0
            loop = asyncio.get_running_loop()
            connection, _ = await soon(loop.sock_accept(server))
            with connection:
                connection.setblocking(False)
                got = b""
                while chunk := await soon(loop.sock_recv(connection, 100)):
                    got += chunk
            await made.rig.closed()
        assert got == b"started\nready\n"
        assert kept.read_bytes() == got


# trying out and finding faults ------------------------------------------------------------------


async def test_see_traffic(tmp_path: Path):
    async with (
        echo() as port,
        cooked("see-traffic", tmp_path, target__host="127.0.0.1", target__port=port) as made,
        made.typing() as person,
    ):
        await is_answered(person, BIG[:20_000])


async def test_throughput(tmp_path: Path):
    async with cooked("throughput", tmp_path) as made:
        typed = await made.type(changes={"count=512": "count=16"})
        assert typed.status == 0
        assert (await made.rig.closed()).up == 16 * 1024 * 1024


PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
"""With this Bascule on it."""


@pytest.mark.parametrize("number", [0, 1], ids=["Bascule", "socat"])
async def test_measure_route(tmp_path: Path, number: int):
    port = free_port()
    async with cooked(
        "measure-route",
        tmp_path,
        waits=True,
        target__host="127.0.0.1",
        target__port=port,
        source__seconds=0.2,
    ) as made:
        made.variables["PATH"] = PATH
        await soon(made.rig.relay.ended())  # nobody is there yet
        async with made.typing(number):
            while made.rig.relay.status.state is not RelayState.STOPPED:
                made.rig.relay.start()
                await soon(made.rig.relay.ended())
        result = made.rig.of(Measured)[-1].measurement
        assert result.outcome is Outcome.CONFIRMED
        assert result.sent > 0


async def test_reachable(tmp_path: Path):
    with listener() as (_silent, port):
        async with cooked(
            "reachable", tmp_path, target__host="127.0.0.1", target__port=port
        ) as made:
            assert made.rig.of(Checked)[-1].check.problem is None
            made.variables["PATH"] = PATH
            typed = await made.type()
            assert (typed.status, typed.output.splitlines()[-1][:10]) == (0, b"it answers")


async def test_echo(tmp_path: Path):
    async with cooked("echo", tmp_path) as made, made.typing() as person:
        await is_answered(person)
        await is_answered(person, b"again\n")


async def test_strict_timeout(tmp_path: Path):
    with listener() as (_silent, port):
        async with (
            cooked(
                "strict-timeout",
                tmp_path,
                idle_seconds=0.5,
                target__host="127.0.0.1",
                target__port=port,
            ) as made,
            made.typing(),
        ):
            ended = await made.rig.closed()
            assert ended.problem is not None
            assert ended.problem.code is ErrorCode.IDLE_EXPIRED


async def test_slow_line(tmp_path: Path):
    with page(tmp_path / "web") as port:
        async with cooked(
            "slow-line",
            tmp_path,
            target__host="127.0.0.1",
            target__port=port,
            down_bytes_per_second=2_000_000,
        ) as made:
            assert (await made.type()).status == 0
            assert digest((tmp_path / "answer").read_bytes()) == WANTED
            assert made.rig.spec.down_bytes_per_second == 2_000_000


async def test_never_answers(tmp_path: Path):
    async with cooked("never-answers", tmp_path) as made:
        typed = await made.type(changes={"--max-time 3": "--max-time 1"})
        assert typed.status == 28  # curl has given up waiting
        assert typed.output == b""


async def test_maintenance(tmp_path: Path):
    async with cooked("maintenance", tmp_path) as made:
        head, _, body = (await made.type()).output.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert body == b"Maintenance. Please try again later.\n"


async def test_web_page(tmp_path: Path):
    async with cooked("web-page", tmp_path) as made:
        typed = await made.type()
        assert typed.status == 0
        assert b"<h1>Hello</h1>" in typed.output


async def test_health_http(tmp_path: Path):
    async with cooked("health-http", tmp_path) as made:
        typed = await made.type()
        assert typed.status == 0
        told = json.loads(typed.output)
        assert (told["status"], told["host"]) == ("ok", socket.gethostname())
        assert told["uptime_seconds"] > 0


async def test_health_text(tmp_path: Path):
    async with cooked("health-text", tmp_path) as made, made.typing() as probe:
        assert await probe.hears_line() == b"status=ok\n"
        assert await probe.hears_line() == f"host={socket.gethostname()}\n".encode()
        await made.rig.closed()


async def test_banner(tmp_path: Path):
    async with cooked("banner", tmp_path) as made, made.typing() as person:
        assert await person.hears(18) == b"Service=demo\nBye.\n"
        assert (await made.rig.closed()).down == 18


async def test_room(tmp_path: Path):
    async with cooked("room", tmp_path) as made:
        async with made.typing() as anna, made.typing() as ben:
            await made.rig.connected(2)
            await anna.says(b"good morning\n")
            while b"good morning" not in await ben.hears_line():
                pass
