"""``bascule import`` with texts of other programs, as a person types it: real processes."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bascule.control.client import Client
from bascule.events import RelayState
from bascule.spec.endpoints import TcpListen
from bascule.spec.local import Program
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import soon
from tests.helpers.engines import EngineProcess, command, environment, until


async def typed(engine: EngineProcess, *words: str, stdin: str = "") -> tuple[int, str, str]:
    """Type a command; return its exit code, output and what it said."""
    process = await asyncio.create_subprocess_exec(
        *command(*words),
        env=environment(engine.home),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await soon(process.communicate(stdin.encode()))
    assert process.returncode is not None
    return process.returncode, out.decode(), said.decode()


async def test_a_command_becomes_a_profile_that_is_stopped(engine: EngineProcess, client: Client):
    text = "sudo socat TCP-LISTEN:8080,fork TCP:web.example:80\n"
    code, out, _said = await typed(engine, "import", "-", stdin=text)
    assert code == 0
    assert out.startswith("Listens on TCP port 8080")
    assert "sudo  Left out" in out
    (view,) = await client.profiles()
    assert view.status.state is RelayState.STOPPED
    assert view.profile is not None
    assert not view.profile.unconfirmed
    assert "web.example:80" in view.profile.name


@pytest.mark.skipif(sys.platform == "win32", reason="runs a program of POSIX")
async def test_a_program_runs_only_when_it_is_confirmed(
    engine: EngineProcess, client: Client, tmp_path: Path
):
    made = tmp_path / "made"
    file = tmp_path / "run.sh"
    file.write_text(f"socat -u EXEC:'touch {made}' /dev/null\n")
    code, out, _said = await typed(engine, "import", str(file))
    assert code == 0
    id = (await client.profiles())[0].id
    assert f"It would run `touch {made}`" in out
    code, _out, said = await typed(engine, "start", id)
    assert code == 1
    assert f"touch {made}" in said
    code, out, _said = await typed(engine, "confirm", id)
    assert (code, out.splitlines()[0]) == (0, f"touch {made}")
    assert (await typed(engine, "start", id))[0] == 1
    assert not made.exists()
    code, out, _said = await typed(engine, "confirm", id, "--yes")
    assert "may run this" in out
    assert (await typed(engine, "start", id))[0] == 0
    await until(lambda: asyncio.to_thread(made.exists))
    assert "nothing that has to be confirmed" in (await typed(engine, "confirm", id))[1]


async def test_what_cannot_be_read_is_shown_with_its_place(engine: EngineProcess, client: Client):
    text = "socat TCP-LISTEN:1,fork TCP:a:1\n\tsocat TCP-LISTEN:2 TCPP:b:2\n"
    code, out, _said = await typed(engine, "import", "-", stdin=text)
    assert code == 0
    lines = out.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("line 2"))
    line, marked, caret = lines[begin : begin + 3]
    assert "TCPP" in line
    assert marked[caret.index("^") :].startswith("TCPP")
    assert len(await client.profiles()) == 1
    code, _out, said = await typed(engine, "import", "-", stdin="ssh -D 1080 gw")
    assert code == 1
    assert "SOCKS proxy" in said
    code, _out, said = await typed(engine, "import", "-", stdin="hello")
    assert code == 1
    assert "Bascule can read" in said


async def test_passwords_are_kept_apart(engine: EngineProcess, client: Client):
    text = "ncat --proxy p.example:1 --proxy-auth me:hunter2 web.example 80"
    code, out, _said = await typed(engine, "import", "-", stdin=text)
    assert code == 0
    assert "hunter2" not in out
    (view,) = await client.profiles()
    assert view.profile is not None
    exported = await client.export(view.id)
    assert "hunter2" not in exported
    assert f'password = "{view.id}-1"' in exported


async def test_what_a_program_is_told_is_in_no_name(engine: EngineProcess, client: Client):
    """A name is part of the file's, and of each line of the log."""
    text = "socat PTY,link=/tmp/a EXEC:'/usr/bin/my -phunter2'"
    assert (await typed(engine, "import", "-", stdin=text))[0] == 0
    (view,) = await client.profiles()
    assert view.profile is not None
    assert view.profile.name.endswith("to the program `my`")
    assert "hunter2" not in view.id


async def test_what_an_imported_profile_holds_is_obeyed_by_no_terminal(
    engine: EngineProcess, client: Client, tmp_path: Path
):
    """A command that hides itself is shown whole where it is to be confirmed."""
    program = Program(command="rm -rf x #\x1b[2K\rdate\u202e")
    relay = RelaySpec(TcpListen(0), program)
    file = tmp_path / "other.toml"
    file.write_text(profile_to_toml(Profile("other-0001", "a\x1b[31mb", relay)), "utf-8")
    outs = [(await typed(engine, "import", str(file)))[1]]
    (view,) = await client.profiles()
    asked = (["list"], ["status"], ["show", view.id], ["confirm", view.id])
    outs += [(await typed(engine, *words))[1] for words in asked]
    assert outs[0].count(r"\x1b") == 1
    assert outs[-1].startswith("rm -rf x #\\x1b[2K\\x0ddate\\x202e\n")
    for out in outs:
        assert out
        assert not {"\x1b", "\r", "\u202e"} & set(out)
