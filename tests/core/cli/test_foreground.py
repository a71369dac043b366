"""``bascule run FILE``: one relay in the foreground moves bytes, or says why it cannot."""

from __future__ import annotations

import codecs
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.cli.foreground import read_profile_file
from bascule.errors import ErrorCode, SpecError
from bascule.places import HOME_VARIABLE
from bascule.spec.built_in import Discard
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.local import Program
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import command, environment, run_bascule
from tests.helpers.ports import free_port
from tests.helpers.processes import listening, start

LOCAL = "127.0.0.1"


def write(path: Path, source: TcpListen, target: TcpConnect) -> Path:
    path.write_text(profile_to_toml(Profile("echo-0001", "Echo", RelaySpec(source, target))))
    return path


def test_it_moves_bytes_until_it_is_ended(tmp_path: Path):
    port, far = free_port(), free_port()
    file = write(tmp_path / "echo.toml", TcpListen(port), TcpConnect(LOCAL, far))
    echo = ["socat", f"TCP-LISTEN:{far},bind={LOCAL},fork,reuseaddr", "PIPE"]
    env = {HOME_VARIABLE: str(tmp_path / "home")}
    argv = [sys.executable, "-m", "bascule", "run", str(file)]
    with start(*echo, ready=listening(far)), start(*argv, ready=listening(port), env=env) as run:
        with socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker:
            talker.sendall(b"hello")
            assert talker.recv(5) == b"hello"
        run.process.terminate()
        assert run.process.wait(PATIENCE_SECONDS) == 130
        assert f"listening on {LOCAL}:{port}" in run.output
    assert not (tmp_path / "home" / "run").exists()  # no engine was involved


def test_a_connection_nobody_uses_is_closed(tmp_path: Path):
    with socket.create_server((LOCAL, 0)) as service:
        target = TcpConnect(LOCAL, service.getsockname()[1])
        port = free_port()
        relay = RelaySpec(TcpListen(port), target, idle_seconds=1.0)
        (tmp_path / "x.toml").write_text(profile_to_toml(Profile("echo-0001", "Echo", relay)))
        with start(
            *command("run", str(tmp_path / "x.toml")),
            env=environment(tmp_path / "home"),
        ) as run:
            run.wait_for("listening on")
            with socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker:
                assert talker.recv(1) == b""


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None):
    file = tmp_path / "x.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SpecError, match=re.escape(f"{file} cannot be read")) as caught:
        read_profile_file(str(file))
    assert caught.value.code is ErrorCode.PROFILE_DAMAGED


def test_the_mark_that_windows_editors_begin_with_is_no_part_of_it(tmp_path: Path):
    text = profile_to_toml(Profile("x-1", "été", RelaySpec(TcpListen(0), Discard())))
    (tmp_path / "x.toml").write_bytes(codecs.BOM_UTF8 + text.encode())
    assert read_profile_file(str(tmp_path / "x.toml")).name == "été"
    damaged = "\ufeffformat = 1\nnonsense\n"
    done = run_bascule(tmp_path, "run", "-", stdin=damaged)
    assert "line 2" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names in folders")
def test_a_pipe_that_nobody_writes_to_is_said_to_be_waited_for(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for words in (("run",), ("import",)):
        with start(*command(*words, str(pipe)), env=environment(tmp_path / "home")) as run:
            run.wait_for(f"waiting for {pipe}")
            assert "Ctrl+C gives up" in run.output
            run.process.send_signal(signal.SIGINT)
            assert run.process.wait(PATIENCE_SECONDS) == 130


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names in folders")
@pytest.mark.parametrize("given", ["pipe", "/dev/stdin", "<(…)"])
def test_a_file_may_be_a_pipe_that_somebody_writes_to(tmp_path: Path, given: str):
    text = "format = 1\nnonsense\n"
    bascule = shlex.join(command("run"))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    script = {
        "pipe": f'printf %s "$0" > {pipe} & {bascule} {pipe}',
        "/dev/stdin": f'printf %s "$0" | {bascule} /dev/stdin',
        "<(…)": f'{bascule} <(printf %s "$0")',
    }[given]
    done = subprocess.run(
        ["bash", "-c", script, text],
        env=environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert "line 2" in done.stderr
    assert "waiting" not in done.stderr


def test_a_profile_may_come_through_a_pipe(tmp_path: Path):
    done = run_bascule(tmp_path, "run", "-", stdin="nonsense")
    assert done.returncode == 1
    assert "not a profile" in done.stderr


def test_a_port_that_is_taken_ends_it_with_a_sentence(tmp_path: Path):
    with socket.create_server((LOCAL, 0)) as holder:
        port = holder.getsockname()[1]
        file = write(tmp_path / "echo.toml", TcpListen(port), TcpConnect(LOCAL, 9))
        with start(sys.executable, "-m", "bascule", "run", str(file)) as run:
            assert run.process.wait(PATIENCE_SECONDS) == 1
            assert f"{LOCAL}:{port} is already in use" in run.output


def test_a_password_that_is_not_here_is_said(tmp_path: Path):
    hop = ProxyHop("5", LOCAL, 1, username="ann", password="never-kept")
    file = write(tmp_path / "x.toml", TcpListen(free_port()), TcpConnect(LOCAL, 9, via=(hop,)))
    env = {HOME_VARIABLE: str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    with start(sys.executable, "-m", "bascule", "run", str(file), env=env) as run:
        assert run.process.wait(PATIENCE_SECONDS) == 1
        assert "keyring" in run.output


def test_a_command_that_nobody_has_confirmed_does_not_run(tmp_path: Path):
    made = tmp_path / "made"
    relay = RelaySpec(Program(command=f"touch {made}"), Discard(), once=True)
    file = tmp_path / "x.toml"
    file.write_text(profile_to_toml(Profile("x-1", "X", relay, unconfirmed=True)))
    with start(sys.executable, "-m", "bascule", "run", str(file)) as run:
        assert run.process.wait(PATIENCE_SECONDS) == 1
        assert f"touch {made}" in run.output
    assert not made.exists()
