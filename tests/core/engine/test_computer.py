"""What the engine is asked about the computer it runs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bascule.engine.computer import Computer
from bascule.errors import BasculeError, ErrorCode
from bascule.places import Places

LOCAL = "127.0.0.1"


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(Places(tmp_path / "config", tmp_path / "state", tmp_path / "run"))


async def test_what_the_computer_offers(computer: Computer):
    assert isinstance(await computer.serial_ports(), tuple)
    assert await computer.free_port(LOCAL, 50_000) >= 50_000
    made = await computer.create_certificate(("a.example",), 30, own_authority=True)
    assert (await computer.certificate_facts(made.certificate, made.key)).key_matches


async def test_no_free_port_is_told(computer: Computer):
    with pytest.raises(BasculeError) as caught:
        await computer.free_port("192.0.2.77", 8000)
    assert caught.value.code is ErrorCode.LISTEN_FAILED
