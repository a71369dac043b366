"""The demonstration's engine: private, gone afterwards, and honest when it cannot start."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from bascule.cli import demo_engine
from bascule.cli.demo_engine import PrivateEngine, engine_command
from bascule.control.rendezvous import Meeting, Rendezvous
from bascule.errors import BasculeError, ErrorCode
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from tests.helpers.engines import come_true
from tests.helpers.socks_server import TinyServer


async def test_it_is_gone_afterwards(tmp_path: Path):
    async with PrivateEngine(tmp_path) as engine:
        relay = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9))
        _id, address = await engine.run_relay("x", relay)
        assert address.startswith("127.0.0.1:")
        port = int(address.rpartition(":")[2])
        taken = RelaySpec(TcpListen(port), TcpConnect("127.0.0.1", 9))
        with pytest.raises(BasculeError) as caught:
            await engine.run_relay("y", taken)
        assert caught.value.code is ErrorCode.ADDRESS_IN_USE
    assert Rendezvous(tmp_path / "run").read() is None
    assert not psutil.pid_exists(engine.client.info.pid)


async def test_one_that_died_is_no_trouble_at_the_end(tmp_path: Path):
    async with PrivateEngine(tmp_path) as engine:
        pid = engine.client.info.pid
        psutil.Process(pid).kill()
    assert not psutil.pid_exists(pid)


async def test_one_that_ends_at_once_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demo_engine, "engine_command", lambda: [sys.executable, "-c", "exit(3)"])
    with pytest.raises(BasculeError) as caught:
        async with PrivateEngine(tmp_path):
            pass
    assert caught.value.code is ErrorCode.ENGINE_LOST
    assert "status 3" in caught.value.message


@pytest.fixture
def hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Instead of the engine, what writes its pid into this file and hangs."""
    file = tmp_path / "pid"
    code = (
        "import os, pathlib, time\n"
        f"part = pathlib.Path({str(file) + '.part'!r})\n"
        "part.write_text(str(os.getpid()))\n"
        f"part.replace({str(file)!r})\n"  # whoever finds it finds all of it
        "time.sleep(600)"
    )
    command = [sys.executable, "-c", code]
    monkeypatch.setattr(demo_engine, "engine_command", lambda: command)
    return file


async def test_one_that_hangs_is_told_and_ended(
    tmp_path: Path, hanging: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(demo_engine, "_START_SECONDS", 2.0)
    with pytest.raises(BasculeError) as caught:
        async with PrivateEngine(tmp_path):
            pass
    assert caught.value.code is ErrorCode.ENGINE_LOST
    assert "does not answer within 2 seconds" in caught.value.message
    assert not hanging.exists() or not psutil.pid_exists(int(hanging.read_text()))


async def test_somebody_else_at_its_address_is_told_and_it_is_ended(tmp_path: Path, hanging: Path):
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        await come_true(hanging.exists)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n")

    rendezvous = Rendezvous(tmp_path / "run")
    rendezvous.prepare()
    async with TinyServer(talk) as server:
        rendezvous.announce(Meeting(f"tcp:{server.address}", "00" * 32, 1, "0"))
        with pytest.raises(BasculeError) as caught:
            async with PrivateEngine(tmp_path):
                pass
    assert caught.value.code is ErrorCode.MESSAGE_MALFORMED
    assert not psutil.pid_exists(int(hanging.read_text()))


def test_the_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch):
    assert engine_command()[1:] == ["-P", "-m", "bascule", "engine"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert engine_command() == [sys.executable, "engine"]
