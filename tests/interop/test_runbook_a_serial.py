"""The first runbook's serial device as a port of the network, and the terminal of who uses it."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.cable import socat_cable
from tests.helpers.contract import MEBIBYTE, PATIENCE_SECONDS, random_bytes
from tests.helpers.engines import environment, wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import find
from tests.helpers.relaying import COMMAND, relaying
from tests.helpers.runbooks import words_of


@contextmanager
def device(folder: Path) -> Iterator[tuple[Path, int]]:
    """A serial device that socat makes, still set for people to type at; and its far end."""
    near, far = folder / "ttyUSB0", folder / "far"
    with socat_cable(near, far, near_is=""):
        line = os.open(far, os.O_RDWR | os.O_NOCTTY)
        try:
            yield near, line
        finally:
            os.close(line)


@contextmanager
def served(folder: Path, path: Path) -> Iterator[int]:
    """A19, listening; its port."""
    port = free_port()
    changes = {":2001": f":{port}", "/dev/ttyUSB0": path}
    with relaying(folder, *words_of("A19", changes)) as relay:
        relay.heard("listening on")
        yield port


def read_exactly(line: int, count: int) -> bytes:
    data = b""
    while len(data) < count:
        readable, _, _ = select.select([line], [], [], PATIENCE_SECONDS)
        assert readable, f"only {len(data)} bytes: {data[-100:]!r}"
        data += os.read(line, count - len(data))
    return data


EVERY_BYTE = bytes(range(256)) * 4
"""Among them what a terminal that is not raw would change, echo, keep or take for an order."""


def test_a19_every_byte_passes_both_ways_for_one_client_after_the_other(tmp_path: Path):
    with device(tmp_path) as (path, line), served(tmp_path, path) as port:
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client:
                client.sendall(EVERY_BYTE)
                assert read_exactly(line, len(EVERY_BYTE)) == EVERY_BYTE
                os.write(line, EVERY_BYTE)
                got = client.recv(len(EVERY_BYTE), socket.MSG_WAITALL)
                assert got == EVERY_BYTE


def test_a19_the_line_is_set_as_the_command_says(tmp_path: Path):
    with device(tmp_path) as (path, line), served(tmp_path, path) as port:
        with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client:
            client.sendall(b"x")
            assert read_exactly(line, 1) == b"x"
            looking = os.open(path, os.O_RDWR | os.O_NOCTTY)
            try:
                _, output, control, local, into, out_of, _ = termios.tcgetattr(looking)
            finally:
                os.close(looking)
    assert (into, out_of) == (termios.B115200, termios.B115200)
    assert control & termios.CSIZE == termios.CS8
    assert not control & (termios.PARENB | termios.CSTOPB)
    assert not local & (termios.ECHO | termios.ICANON | termios.ISIG)
    assert not output & termios.OPOST


@pytest.mark.parametrize("client", ["ours", "socat"])
def test_a19_a_command_is_sent_and_answered(client: str, tmp_path: Path):
    with device(tmp_path) as (path, line), served(tmp_path, path) as port:
        program = COMMAND if client == "ours" else [find("socat")]
        send = words_of("A20b", {"IP_SERVEUR:9000": f"127.0.0.1:{port}"})
        asking = subprocess.Popen(
            [*program, "-t", str(PATIENCE_SECONDS), *send], env=environment(tmp_path),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            assert asking.stdin
            assert asking.stdout
            asking.stdin.write(b"AT\n")
            asking.stdin.flush()
            assert read_exactly(line, 3) == b"AT\n"
            os.write(line, b"OK\r\n")
            assert asking.stdout.readline() == b"OK\r\n"
        finally:
            asking.kill()
            asking.communicate(timeout=PATIENCE_SECONDS)


def test_a19_who_sits_at_a_terminal_types_to_the_device_itself(tmp_path: Path):
    person, terminal = os.openpty()
    before = termios.tcgetattr(terminal)
    with device(tmp_path) as (path, line), served(tmp_path, path) as port:
        words = words_of("A19b", {"IP_SERVEUR:2001": f"127.0.0.1:{port}"})
        client = subprocess.Popen(
            [*COMMAND, *words], env=environment(tmp_path), stdin=terminal, stdout=terminal
        )
        try:
            wait_until(lambda: not termios.tcgetattr(terminal)[3] & termios.ICANON)
            wait_until(lambda: not termios.tcgetattr(terminal)[3] & termios.ECHO)
            os.write(person, b"\x03\x04\x1a")  # keys that are orders elsewhere
            assert read_exactly(line, 3) == b"\x03\x04\x1a"
            os.write(line, b"> ready\n")
            assert read_exactly(person, 8) == b"> ready\n"  # nothing echoed, no line end changed
        finally:
            client.terminate()
            client.wait(PATIENCE_SECONDS)
        assert termios.tcgetattr(terminal) == before  # as the person had it
    os.close(terminal)
    os.close(person)


def test_a19_what_is_longer_than_the_line_holds_arrives_whole(tmp_path: Path):
    data = random_bytes(MEBIBYTE)
    with device(tmp_path) as (path, line), served(tmp_path, path) as port:
        send = [find("socat"), "-u", "-", f"TCP:127.0.0.1:{port}"]
        sending = subprocess.Popen(send, stdin=subprocess.PIPE)
        assert sending.stdin
        (tmp_path / "data").write_bytes(data)
        feeding = subprocess.Popen(["cat", tmp_path / "data"], stdout=sending.stdin)
        sending.stdin.close()
        assert read_exactly(line, len(data)) == data
        assert feeding.wait(PATIENCE_SECONDS) == 0
        sending.kill()
        sending.wait(PATIENCE_SECONDS)
