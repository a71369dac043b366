"""`bascule check`, as a person types it: the real command against real programs."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import command, environment
from tests.helpers.ports import free_port
from tests.helpers.processes import listening, start


def typed(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("check", *words),
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def test_each_stage_has_a_line_and_the_exit_code_says_how_it_ended(tmp_path: Path) -> None:
    port = free_port()
    argv = ["socat", f"TCP-LISTEN:{port},bind=127.0.0.1,fork", "SYSTEM:echo hello"]
    with start(*argv, ready=listening(port)):
        done = typed(tmp_path, "--first-byte", f"127.0.0.1:{port}")
        broken = typed(tmp_path, f"OPENSSL:127.0.0.1:{port}")
    assert done.returncode == 0, done.stderr
    lines = [line.split()[:2] for line in done.stdout.splitlines()]
    assert lines[0] == ["connect", "ok"]
    assert lines[1] == ["first", "byte"]
    assert "6 bytes" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("it answers")
    assert broken.returncode == 1
    assert "TLS        FAILED" in broken.stdout
    assert broken.stdout.splitlines()[-1].startswith("it does not answer: 127.0.0.1:")


@pytest.mark.parametrize("address", ["TCPP:host:1", "TCP:host", "127.0.0.1:99999", ""])
def test_what_is_no_address_is_said(tmp_path: Path, address: str) -> None:
    done = typed(tmp_path, address)
    assert done.returncode == 1
    assert done.stderr.startswith("bascule: ")
    assert "Traceback" not in done.stderr


def test_a_name_without_a_port_is_told_what_it_lacks(tmp_path: Path) -> None:
    done = typed(tmp_path, "intranet.example")
    assert done.returncode == 1
    assert "type host:port, such as intranet.example:443" in done.stderr


def test_again_and_again_until_it_is_interrupted(tmp_path: Path) -> None:
    argv = command("check", "--every", "0.05", f"127.0.0.1:{free_port()}")
    with subprocess.Popen(
        argv, env=environment(tmp_path), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(9)]
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(PATIENCE_SECONDS) == 130
    assert sum(line.startswith("it does not answer") for line in said) == 3
