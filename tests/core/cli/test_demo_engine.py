"""The demonstration's engine: private, gone afterwards, and honest when it cannot start."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bascule.cli import demo_engine
from bascule.cli.demo_engine import PrivateEngine, engine_command
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError, ErrorCode
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec


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


async def test_one_that_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demo_engine, "engine_command", lambda: [sys.executable, "-c", "exit(3)"])
    with pytest.raises(BasculeError) as caught:
        async with PrivateEngine(tmp_path):
            pass
    assert caught.value.code is ErrorCode.ENGINE_LOST


def test_the_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch):
    assert engine_command()[1:] == ["-P", "-m", "bascule", "engine"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert engine_command() == [sys.executable, "engine"]
