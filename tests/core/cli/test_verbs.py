"""The commands that ask the engine, as a person types them: real processes, real engine."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bascule.places import HOME_VARIABLE
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import soon
from tests.helpers.engines import EngineProcess, engine_process, running

PROFILE = Profile("given-0001", "Echo", RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9)))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[EngineProcess]:
    async with engine_process(tmp_path / "home") as engine:
        yield engine


async def typed(engine: EngineProcess, *words: str, stdin: str = "") -> tuple[int, str, str]:
    """Type a command; return its exit code, output and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bascule", *words,
        env={HOME_VARIABLE: str(engine.home), "PATH": ""},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, said = await soon(process.communicate(stdin.encode()))
    assert process.returncode is not None
    return process.returncode, out.decode(), said.decode()


async def test_a_profile_from_import_to_export(engine: EngineProcess, tmp_path: Path):
    file = tmp_path / "echo.toml"
    file.write_text(profile_to_toml(PROFILE))
    code, out, _said = await typed(engine, "import", str(file))
    assert code == 0
    id = out.split()[0]
    assert id.startswith("echo-")
    assert out.split()[-1] == "stopped"
    assert (await typed(engine, "start", "Echo"))[0] == 0
    client = await engine.client()
    address = await running(client, id)
    await client.aclose()
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


async def test_what_cannot_be_done_is_said(engine: EngineProcess, tmp_path: Path):
    code, _out, said = await typed(engine, "start", "nothing")
    assert code == 1
    assert "no profile nothing" in said
    code, _out, said = await typed(engine, "import", str(tmp_path / "none.toml"))
    assert code == 1
    (tmp_path / "echo.toml").write_text(profile_to_toml(PROFILE))
    await typed(engine, "import", str(tmp_path / "echo.toml"))
    code, _out, said = await typed(engine, "export", "Echo", str(tmp_path))
    assert code == 1
    assert "cannot be written" in said
    broken = engine.home / "config" / "profiles" / "broken-1.toml"
    assert not broken.exists()


@pytest.mark.parametrize("json_too", [False, True])
async def test_watching_tells_what_happens(engine: EngineProcess, json_too: bool):
    words = ["status", "--watch", *(["--json"] if json_too else [])]
    watching = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bascule", *words,
        env={HOME_VARIABLE: str(engine.home)},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert watching.stdout is not None
    await soon(watching.stdout.readline())  # the snapshot: it watches now
    client = await engine.client()
    await client.save(PROFILE)
    await client.start(PROFILE.id)
    address = await running(client, PROFILE.id)
    with pytest.raises(ConnectionResetError):  # nobody is at port 9; it may be told at once
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        try:
            await soon(reader.read())
        finally:
            writer.close()
    await client.stop(PROFILE.id)
    await client.delete(PROFILE.id)
    seen = ""
    while "removed" not in seen:
        seen += (await soon(watching.stdout.readline())).decode()
    for word in ("running", "refuses", "profile_saved" if json_too else "Echo"):
        assert word in seen
    await client.aclose()
    watching.terminate()
    await soon(watching.wait())
