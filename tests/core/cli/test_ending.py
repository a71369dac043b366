"""``bascule engine --stop``: what installers call; words and exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bascule.cli.command import EXIT_NO_ENGINE, run
from bascule.places import HOME_VARIABLE
from tests.helpers.engines import engine_process, forward, run_bascule, running, started


@pytest.mark.parametrize("words", [(), ("--tcp",)])
async def test_it_ends_in_order_and_says_what_ran(tmp_path: Path, words: tuple[str, ...]):
    profile = forward()
    async with engine_process(tmp_path, *words) as engine:
        client = await engine.client()
        await started(client, profile)
        done = run_bascule(tmp_path, "engine", "--stop", "--resume")
        assert (done.returncode, done.stderr) == (0, "")
        assert f"(process {engine.process.pid}) has ended" in done.stdout
        assert "relays that ran: 1; connections that were open: 0" in done.stdout
        assert "starts these relays again" in done.stdout
        assert await engine.ended() == 0
        await client.aclose()
    async with engine_process(tmp_path, *words) as engine:
        client = await engine.client()
        await running(client, profile.id)
        await client.aclose()


async def test_without_resume_nothing_runs_again(tmp_path: Path):
    async with engine_process(tmp_path) as engine:
        client = await engine.client()
        await started(client, forward())
        done = run_bascule(tmp_path, "engine", "--stop")
        assert done.returncode == 0
        assert "again" not in done.stdout
        await client.aclose()
    async with engine_process(tmp_path) as engine:
        client = await engine.client()
        assert [view.status.listening for view in await client.profiles()] == [()]
        await client.aclose()


def test_where_none_runs_it_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert run(["engine", "--stop"]) == EXIT_NO_ENGINE
    assert "is not running" in capsys.readouterr().err


def test_resume_alone_is_not_understood(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        run(["engine", "--resume"])
    assert caught.value.code == 2
    assert "--resume needs --stop" in capsys.readouterr().err
