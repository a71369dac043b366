"""The benchmark itself: one tiny round for real, and load tools that notice what a relay spoils.

No figure decides anything here: how fast a machine is, is no property of the code.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.benchmarks.measure import Live, is_bound, listens, quiet_port
from tests.benchmarks.tools import LoadError, NotThereError, Tools
from tests.benchmarks.topics import TOPICS

TOP = Path(__file__).parents[2]
MEBIBYTE = 1024 * 1024

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the load tools need Linux")


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    return Tools(tmp_path_factory.mktemp("tools"))


@pytest.mark.timeout(240)
def test_one_tiny_round_fills_every_table(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    sizes = ["--rounds", "1", "--gib", "0.02", "--seconds", "0.1", "--idle", "50"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.run", *sizes, "--write", str(page)],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == page.read_text("utf-8") + "\n"
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines()]
    for topic in TOPICS:
        assert f"## {topic.title}" in done.stdout
        assert ["", *topic.columns] in rows
        for relay in topic.relays:
            cells = [row for row in rows if row[:1] == [relay.name] and len(row) > 1]
            assert cells, relay.name
    assert "## Start-up" in done.stdout
    complaints = [line for line in done.stderr.splitlines() if "floor missed" in line]
    assert done.returncode == (1 if complaints else 0), done.stderr
    # Every relay of these topics is there and has carried bytes that were compared.
    for topic in TOPICS:
        if topic.name in ("tcp", "small", "connections", "idle", "tls", "serial"):
            head = rows.index(["", *topic.columns])
            figures = {row[0]: row[1:] for row in rows[head + 2 :][: len(topic.relays)]}
            for relay in topic.relays:
                if relay.command is not None:
                    assert "–" not in figures[relay.name], done.stdout  # noqa: RUF001


def test_a_page_of_some_topics_only_is_not_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    words = ["--only", "tcp", "--write", str(page)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.run", *words], cwd=TOP, check=False
    )
    assert done.returncode == 2
    assert not page.exists()


# --- what the load tools notice ----------------------------------------------------------------

type Spoil = Callable[[bytes, int], bytes]
"""Makes of a piece and the number of its first byte what is passed on."""


@contextmanager
def relaying(target: int, spoil: Spoil) -> Iterator[int]:
    """A TCP relay for one connection that passes on what ``spoil`` makes of the bytes up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def carry() -> None:
            near, _ = listener.accept()
            with near, socket.create_connection(("127.0.0.1", target)) as far:
                back = threading.Thread(target=copy, args=(far, near, lambda piece, _at: piece))
                back.start()
                copy(near, far, spoil)
                back.join()

        thread = threading.Thread(target=carry)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            thread.join()


def copy(source: socket.socket, target: socket.socket, spoil: Spoil) -> None:
    at = 0
    try:
        while piece := source.recv(65_536):
            target.sendall(spoil(piece, at))
            at += len(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # the far end has seen enough
        for sock in (source, target):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def keep(piece: bytes, _at: int) -> bytes:
    return piece


def flip_a_bit(piece: bytes, at: int) -> bytes:
    where = MEBIBYTE - at
    if not 0 <= where < len(piece):
        return piece
    return piece[:where] + bytes([piece[where] ^ 1]) + piece[where + 1 :]


def lose_a_byte(piece: bytes, at: int) -> bytes:
    where = MEBIBYTE - at
    return piece[:where] + piece[where + 1 :] if 0 <= where < len(piece) else piece


def test_a_relay_that_spoils_nothing_passes(tools: Tools) -> None:
    with tools.open("tcp", "serve") as far:
        with relaying(int(far.read_line()), keep) as port:
            (seconds,) = tools.run("tcp", "bulk", port, 4 * MEBIBYTE)
    assert seconds > 0


@pytest.mark.parametrize("spoil", [flip_a_bit, lose_a_byte])
def test_a_relay_that_spoils_a_byte_is_found_out(tools: Tools, spoil: Spoil) -> None:
    with tools.open("tcp", "serve") as far:
        with relaying(int(far.read_line()), spoil) as port:
            with pytest.raises(LoadError):
                tools.run("tcp", "bulk", port, 4 * MEBIBYTE)


def test_datagrams_that_are_lost_or_damaged_are_counted(tools: Tools) -> None:
    count = 0
    with (
        tools.open("udp", "serve") as far,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as up,
    ):
        up.connect(("127.0.0.1", int(far.read_line())))
        near.bind(("127.0.0.1", 0))
        port = near.getsockname()[1]

        def carry() -> None:
            nonlocal count
            while True:
                data, peer = near.recvfrom(2048)
                if not data:
                    return
                up.send(data)
                answer = up.recv(2048)
                count += 1
                if count == 10:
                    continue
                spoiled = answer[:-1] + bytes([answer[-1] ^ 1])
                near.sendto(spoiled if count == 20 else answer, peer)

        thread = threading.Thread(target=carry)
        thread.start()
        # Long enough for more than twenty: on a busy computer each takes a tenth of a second.
        rate, lost = tools.run("udp", "flood", port, 3, 1, 4)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", port))
        thread.join()
    assert count > 20
    assert rate > 0
    assert lost == 2


# --- measuring -----------------------------------------------------------------------------------

BURN = """
import os, time
if (child := os.fork()) == 0:
    while time.process_time() < 0.2: pass
    os._exit(0)
os.waitpid(child, 0)
while time.process_time() < 0.1: pass
print("done", flush=True)
input()
"""


def test_the_time_of_children_that_are_gone_counts(tools: Tools) -> None:
    argv = [sys.executable, "-c", BURN]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with tools.open("tcp", "serve") as far:
            live = Live(0, process.pid, far)
            assert live.cpu_seconds() >= 0.2 + 0.1 - 0.02  # of the child's, whole ticks are known
            assert live.memory_kib() > 1000
        process.communicate(b"\n")
    with pytest.raises(LoadError):
        live.cpu_seconds()


def test_a_port_that_somebody_has_is_seen_without_touching_it() -> None:
    port = quiet_port()
    assert not listens(port)
    assert not is_bound(port)
    with (
        socket.create_server(("127.0.0.1", port)) as listener,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound,
    ):
        bound.bind(("127.0.0.1", port))
        listener.setblocking(False)
        assert listens(port)
        assert is_bound(port)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_tool_that_does_not_compile_says_so(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(NotThereError, match="tcp.c does not compile"):
        Tools(tmp_path).run("tcp", "serve")
