"""`bascule relay` as a person types it: real processes, real clients, socat's exit codes.

What the commands of the runbooks do is in ``tests/interop/test_runbook_*``.
"""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.cli.command import run
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.engines import environment, wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import find
from tests.helpers.relaying import COMMAND, ask, relaying


def test_one_connection_and_its_end(tmp_path: Path):
    port = free_port()
    data = random_bytes(300_000)
    with relaying(tmp_path, f"TCP-LISTEN:{port},bind=127.0.0.1", "PIPE") as relay:
        relay.heard("listening on")
        assert hashlib.sha256(ask(port, data)).digest() == hashlib.sha256(data).digest()
        assert relay.ends() == 0


def test_a_target_that_refuses_is_exit_code_1(tmp_path: Path):
    port = free_port()
    done = subprocess.run(
        [*COMMAND, "PIPE", f"TCP:127.0.0.1:{port}"],
        capture_output=True, text=True, env=environment(tmp_path), check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"127.0.0.1:{port} refuses the connection" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="runs a shell of POSIX")
def test_a_program_answers_each_client_as_its_author_meant(tmp_path: Path):
    port = free_port()
    program = r"""SYSTEM:printf "Service=demo\nPeer=%s\n" "$SOCAT_PEERADDR" """
    listens = f"TCP-LISTEN:{port},bind=127.0.0.1,fork"
    with relaying(tmp_path, "-t", "60", listens, program) as relay:  # it may be slow to start
        relay.heard("listening on")
        for _ in range(2):
            assert ask(port) == b"Service=demo\nPeer=127.0.0.1\n"
        relay.process.send_signal(signal.SIGTERM)
        assert relay.ends() == 128 + signal.SIGTERM


@pytest.mark.skipif(sys.platform == "win32", reason="runs a shell of POSIX")
def test_the_log_says_where_socat_would_read_a_command_differently(tmp_path: Path):
    program = r"""SYSTEM:printf "%s-" a "b c" """
    ran = {
        way: subprocess.run(
            [*COMMAND, *way.split(), "-u", program, "-"],
            capture_output=True,
            text=True,
            env=environment(tmp_path),
            check=True,
        )
        for way in ("", "--strict")
    }
    assert ran[""].stdout == "a-b c-"
    assert "SYSTEM: The command is taken as it was meant. Socat 1.8 would" in ran[""].stderr
    socat = subprocess.run([find("socat"), "-u", program, "-"], capture_output=True, check=True)
    assert ran["--strict"].stdout == socat.stdout.decode() == "a-b-c-"
    assert "as it was meant" not in ran["--strict"].stderr


AS_ON_WINDOWS = """
import sys
from bascule.cli.command import run
from bascule.relay import run as running
from bascule.spec.socat import command
running.this_system = command.this_system = lambda: "windows"
sys.exit(run(["relay", *sys.argv[1:]]))
"""


def test_what_a_system_has_not_is_told_once_and_by_the_word_of_the_command(tmp_path: Path):
    (tmp_path / "in").write_bytes(b"carried")
    done = subprocess.run(
        [sys.executable, "-c", AS_ON_WINDOWS, "-u", "OPEN:in", "CREATE:out,perm=600"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(tmp_path),
        check=True,
    )
    assert (tmp_path / "out").read_bytes() == b"carried"
    (warned,) = [line for line in done.stderr.splitlines() if " W " in line]
    assert "perm=600: Windows has no such permissions" in warned


def test_standard_input_to_a_file(tmp_path: Path):
    reading, writing = os.pipe()
    data = random_bytes(200_000)
    with relaying(tmp_path, "-u", "-", "CREATE:out", stdin=reading) as relay:
        os.close(reading)
        with open(writing, "wb") as pipe:  # noqa: PTH123 - a descriptor
            pipe.write(data)
        assert relay.ends() == 0
    assert (tmp_path / "out").read_bytes() == data


def test_datagrams_keep_their_boundaries(tmp_path: Path):
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far:
        far.bind(("127.0.0.1", 0))
        far.settimeout(PATIENCE_SECONDS)
        target = f"UDP:127.0.0.1:{far.getsockname()[1]}"
        with relaying(tmp_path, f"UDP-LISTEN:{port},bind=127.0.0.1,fork", target) as relay:
            relay.heard("listening on")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(PATIENCE_SECONDS)
                client.connect(("127.0.0.1", port))
                for message in (b"one", b"", b"x" * 60_000):
                    client.send(message)
                    got, sender = far.recvfrom(70_000)
                    assert got == message
                    far.sendto(b"re:" + got[:100], sender)
                    assert client.recv(70_000) == b"re:" + message[:100]


def test_socat_itself_at_both_sides(tmp_path: Path):
    outside, inside = free_port(), free_port()
    data = random_bytes(500_000)
    socat = find("socat")
    echo = subprocess.Popen([socat, "-t60", f"TCP-LISTEN:{inside},bind=127.0.0.1,fork", "PIPE"])
    try:
        with relaying(
            tmp_path, f"TCP-LISTEN:{outside},bind=127.0.0.1,fork", f"TCP:127.0.0.1:{inside},retry=9"
        ) as relay:
            relay.heard("listening on")
            client = [socat, "-t60", "-", f"TCP:127.0.0.1:{outside}"]
            done = subprocess.run(client, input=data, capture_output=True, check=True)
        assert hashlib.sha256(done.stdout).digest() == hashlib.sha256(data).digest()
    finally:
        echo.terminate()
        echo.wait()


def test_dumps_and_records(tmp_path: Path):
    port = free_port()
    words = ["-v", "-x", "-lf", "wire.log", "-r", "up.raw", "-R", "down.raw"]
    with relaying(tmp_path, *words, f"TCP-LISTEN:{port},bind=127.0.0.1", "PIPE") as relay:
        wait_until(lambda: "listening" in _text(tmp_path / "wire.log"))
        assert ask(port, b"GET /\r\n") == b"GET /\r\n"
        assert relay.ends() == 0
        assert "47 45 54 20 2f 0d 0a" in relay.said
    assert "47 45 54 20 2f 0d 0a" in _text(tmp_path / "wire.log")
    assert (tmp_path / "up.raw").read_bytes() == b"GET /\r\n"
    assert (tmp_path / "down.raw").read_bytes() == b"GET /\r\n"


def test_what_goes_one_way_is_recorded_and_nothing_shown(tmp_path: Path):
    port = free_port()
    with relaying(tmp_path, "-r", "up.raw", f"TCP-L:{port},bind=127.0.0.1", "PIPE") as relay:
        relay.heard("listening on")
        assert ask(port, b"only up") == b"only up"
        assert relay.ends() == 0
        assert "length=" not in relay.said
    assert (tmp_path / "up.raw").read_bytes() == b"only up"


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_a_lock_keeps_a_second_one_away_and_is_given_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    lock = tmp_path / "lock"
    lock.write_text("1\n")
    assert run(["relay", "-L", str(lock), "PIPE", "PIPE"]) == 1
    assert "another one holds the lock" in capsys.readouterr().err
    lock.unlink()
    port = free_port()
    with relaying(tmp_path, "-L", str(lock), f"TCP-LISTEN:{port},bind=127.0.0.1", "PIPE") as relay:
        relay.heard("listening on")
        assert lock.read_text() == f"{relay.process.pid}\n"
        waiting = relaying(tmp_path, "-W", str(lock), f"TCP-LISTEN:{port},bind=127.0.0.1", "PIPE")
        with waiting as second:
            assert ask(port, b"x") == b"x"
            assert relay.ends() == 0
            second.heard("listening on")
            assert lock.read_text() == f"{second.process.pid}\n"
    assert not lock.exists() or sys.platform == "win32"  # which ends a process without asking it


@pytest.mark.parametrize("option", ["-L", "-lf", "-r"])
def test_a_file_that_cannot_be_written_is_told(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["relay", option, str(tmp_path / "no/file"), "PIPE", "PIPE"]) == 1
    assert "No such file" in capsys.readouterr().err


def test_words_about_it(capsys: pytest.CaptureFixture[str]):
    assert run(["relay"]) == 0
    assert "usage: bascule relay" in capsys.readouterr().out
    assert run(["relay", "--explain", "TCP-LISTEN:1,fork", "TCP:h:2"]) == 0
    assert "joins each connection to h:2" in capsys.readouterr().out
    assert run(["relay", "--strict", "EXEC:a:b", "PIPE"]) == 1
    assert run(["relay", "TCP-LSTEN:1", "PIPE"]) == 1
    assert "did you mean TCP-LISTEN" in capsys.readouterr().err


def test_statistics(tmp_path: Path):
    port = free_port()
    words = ["--statistics", f"TCP-LISTEN:{port},bind=127.0.0.1", "PIPE"]
    with relaying(tmp_path, *words) as relay:
        relay.heard("listening on")
        assert ask(port, b"12345") == b"12345"
        assert relay.ends() == 0
        assert "5 bytes up, 5 bytes down" in relay.said
