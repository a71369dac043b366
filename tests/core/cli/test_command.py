"""What can be typed, and the exit codes that tell how it went."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from bascule.cli import demo
from bascule.cli.command import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_NO_ENGINE, run
from bascule.places import HOME_VARIABLE
from bascule.spec.profiles import profile_to_toml
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import command, engine_process, environment, forward
from tests.helpers.processes import start


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))


def test_without_an_engine_it_says_so(capsys: pytest.CaptureFixture[str]):
    assert run(["list"]) == EXIT_NO_ENGINE
    said = capsys.readouterr().err
    assert "engine is not running" in said
    assert "Open the window, or type `bascule engine`" in said
    assert run(["engine", "--stop"]) == EXIT_NO_ENGINE
    assert "Open the window" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["start"],
        ["list", "--nonsense"],
        ["engine", "--leave-after", "-1"],
        ["engine", "--leave-after", "nan"],
        ["engine", "--leave-after", "soon"],
    ],
)
def test_what_is_not_understood_ends_with_2(words: list[str]):
    with pytest.raises(SystemExit) as caught:
        run(words)
    assert caught.value.code == 2


def test_a_time_that_is_none_is_told_in_words(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        run(["check", "a:1", "--within", "soon"])
    assert "must be a number of seconds, 0 or more" in capsys.readouterr().err


def test_a_file_that_is_no_profile_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["run", str(tmp_path / "none.toml")]) == EXIT_FAILED
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "bad.toml").write_text("nonsense")
    assert run(["run", str(tmp_path / "bad.toml")]) == EXIT_FAILED
    assert "not a profile" in capsys.readouterr().err


def test_an_engine_that_nobody_needs_ends_with_0(tmp_path: Path):
    assert run(["engine", "--tcp", "--leave-after", "0"]) == 0
    assert "tcp:127.0.0.1:" in (tmp_path / "state" / "logs" / "engine.log").read_text()


def test_an_engine_without_a_place_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "file"))
    assert run(["engine"]) == EXIT_FAILED
    said = capsys.readouterr().err
    assert said.startswith(f"bascule: {tmp_path / 'file'}")  # Windows names the parent
    assert said.count("\n") == 1


def test_a_demonstration_that_shows_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(demo, "SHOWS", ())
    assert run(["demo"]) == EXIT_FAILED
    assert capsys.readouterr().out == "0 passed, 0 failed\n"


def test_it_may_be_cut_short(tmp_path: Path):
    file = tmp_path / "web.toml"
    file.write_text(profile_to_toml(forward()))
    with start(*command("run", str(file)), env=environment(tmp_path)) as running:
        running.wait_for("listening on")
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(PATIENCE_SECONDS) == EXIT_INTERRUPTED
        assert "Traceback" not in running.output


async def test_a_reader_that_is_gone_is_no_failure(tmp_path: Path):
    async with engine_process(tmp_path) as engine, await engine.client() as client:
        await client.save(forward())
        ours, theirs = os.pipe()
        os.close(ours)
        with os.fdopen(theirs) as output:
            done = subprocess.run(
                command("list"),
                env=environment(tmp_path),
                stdout=output,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert (done.returncode, done.stderr) == (0, b"")
