"""Starting programs: the stream contract over each way to join one, commands, what cannot start."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.errors import DialError, ErrorCode, SpecError
from bascule.events import Stage, StageResult
from bascule.streams import program as module
from bascule.streams.base import Stream
from bascule.streams.program import (
    ProgramDialer,
    find_program,
    label_of_line,
    split,
    start_error,
)
from bascule.streams.program_stream import ProgramStream
from bascule.streams.unix import UnixListener
from tests.helpers.contract import StreamContract, random_bytes, read_all, soon
from tests.helpers.descriptors import children, descriptors, no_other_threads_than, running_threads
from tests.helpers.loops import LOOPS
from tests.helpers.pty import SerialContract

LOOP_FACTORIES = LOOPS


PASSING = Path(__file__).parents[2] / "helpers" / "passing_program.py"


async def passing(folder: Path, join: str, *terminal: str) -> tuple[Stream, Stream]:
    """A program that only passes bytes on, and the stream at its far side."""
    path = folder / f"socket-{len(list(folder.iterdir()))}"
    listener, arrived = UnixListener(str(path)), asyncio.get_running_loop().create_future()
    await listener.start(arrived.set_result)
    dialer = ProgramDialer(
        f"{sys.executable} {PASSING} {path}", joined_by=join, terminal=terminal, grace_seconds=0.2
    )
    stream = await dialer.dial()
    far = await soon(arrived)
    await listener.aclose()
    path.touch()  # the name is used
    return stream, far


class TestContractOverSockets(StreamContract):
    resets = False

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path):
        self.folder = tmp_path

    async def open_pair(self) -> tuple[Stream, Stream]:
        return await passing(self.folder, "socket")


class TestContractOverPipes(TestContractOverSockets):
    async def open_pair(self) -> tuple[Stream, Stream]:
        return await passing(self.folder, "pipes")


class TestContractOverATerminal(SerialContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path):
        self.folder = tmp_path

    async def open_pair(self) -> tuple[Stream, Stream]:
        return await passing(self.folder, "terminal", "rawer")

    async def test_a_stalled_reader_stops_the_sender(self):
        # The program holds more than a serial line does.
        await StreamContract.test_a_stalled_reader_stops_the_sender(self)


async def said_by(command: str, **settings: object) -> bytes:
    """All that a program says."""
    arguments: dict = settings
    stream = await ProgramDialer(command, **arguments).dial()
    await soon(stream.send_eof())
    said = await soon(read_all(stream))
    await soon(stream.aclose())
    return said


# commands ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("cat", ["cat"]),
        (" ssh  -W  host:22 gate ", ["ssh", "-W", "host:22", "gate"]),
        ("sh -c 'echo \"a b\"; exit'", ["sh", "-c", 'echo "a b"; exit']),
        ('echo "a b" c\\ d', ["echo", "a b", "c d"]),
        ("echo '' end", ["echo", "", "end"]),
        ("sh -c \\\n 'a \\\n b'", ["sh", "-c", "a \\\n b"]),  # only a shell's own lines are joined
        ('sh -c "it\'s \\\n\\"b\\""', ["sh", "-c", 'it\'s "b"']),
        ("a\\\\\nb", ["a\\", "b"]),
    ],
)
def test_a_command_is_split_as_in_a_shell(command: str, words: list[str]):
    assert split(command, "none", "command") == words


def test_a_shell_takes_the_command_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SHELL", "/bin/bash")
    assert split("a | b", "system", "command") == ["/bin/sh", "-c", "a | b"]
    assert split("a | b", "user", "command") == ["/bin/bash", "-c", "a | b"]
    monkeypatch.delenv("SHELL")
    assert split("a | b", "user", "command") == ["/bin/sh", "-c", "a | b"]


@pytest.mark.parametrize(
    ("command", "code"),
    [('cat "x', ErrorCode.VALUE_INVALID), ("  ", ErrorCode.VALUE_MISSING)],
)
def test_a_command_that_cannot_be_read(command: str, code: ErrorCode):
    with pytest.raises(SpecError) as caught:
        ProgramDialer(command, field="target.command")
    assert caught.value.code is code
    assert caught.value.field == "target.command"


def test_settings_of_a_terminal_are_read_before():
    with pytest.raises(SpecError) as caught:
        ProgramDialer("cat", terminal=("rwa",), field="target.command")
    assert caught.value.field == "target.terminal"


@pytest.mark.parametrize(
    ("command", "interpreter", "label"),
    [
        ("cat", "none", "cat"),
        ("'/opt/my tools/curl' -u me:hunter2 x", "none", "curl …"),
        ("PASSWORD=/etc/hunter2 curl x", "none", "PASSWORD=…"),
        ("PASSWORD=hunter2 curl x", "system", "sh -c …"),
        ("while read x; do \\\n  echo $x\n\ndone\n", "user", "bash -c …"),
    ],
)
def test_what_a_program_is_told_is_in_no_label(
    command: str, interpreter: str, label: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SHELL", "/bin/bash")
    assert ProgramDialer(command, interpreter=interpreter).label == label


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("curl.exe", "curl.exe"),
        ("curl -u me:hunter2 x", "curl …"),
        (r'"C:\Program Files\x\plink.exe" -pw hunter2', "plink.exe …"),
        (r'C:\Windows\system32\cmd.exe /d /s /c "set P=hunter2"', "cmd.exe …"),
        ("PASSWORD=hunter2", "PASSWORD=…"),
        ("", ""),
    ],
)
def test_nor_of_a_line_of_windows(line: str, label: str):
    assert label_of_line(line) == label


# what it is started with -------------------------------------------------------------------------


async def test_the_step_is_reported():
    steps = list[StageResult]()
    stream = await ProgramDialer("cat").dial(steps.append)
    assert isinstance(stream, ProgramStream)
    assert [(step.stage, step.subject, step.done) for step in steps] == [
        (Stage.OPEN_DEVICE, "cat", False),
        (Stage.OPEN_DEVICE, "cat", True),
    ]
    assert steps[1].detail == f"process {stream.child.pid}"
    assert str(stream.peer) == "cat"
    await soon(stream.aclose())


async def test_its_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("FROM_US", "ours")
    live = {"SOCAT_PEERADDR": "10.0.0.7"}
    dialer = ProgramDialer("env", environment=live)
    for address in ("10.0.0.7", "10.0.0.8"):
        live["SOCAT_PEERADDR"] = address
        stream = await dialer.dial()
        lines = (await soon(read_all(stream))).decode().splitlines()
        assert {"FROM_US=ours", f"SOCAT_PEERADDR={address}"} <= set(lines)
        await soon(stream.aclose())


async def test_where_it_is_looked_for(tmp_path: Path):
    script = tmp_path / "bascule-test"
    script.write_text('#!/bin/sh\necho "$PATH"')
    script.chmod(0o755)
    said = await said_by("bascule-test", search_path=f"/nowhere:{tmp_path}")
    assert said.decode().strip() == f"/nowhere:{tmp_path}"


async def test_a_login_shell():
    said = await said_by("sh -c 'echo $0'", login=True)
    assert said == b"-sh\n"


async def test_other_descriptors():
    command = "cat <&4 >&3; echo on three >&3"
    assert (
        await said_by(command, interpreter="system", input_descriptor=4, output_descriptor=3)
        == b"on three\n"
    )


async def test_standard_error_is_carried_as_well():
    command = "echo out; echo err >&2"
    for join in ("socket", "pipes"):
        said = await said_by(command, interpreter="system", stderr=True, joined_by=join)
        assert said == b"out\nerr\n"
    said = await said_by(command, interpreter="system", stderr=True, joined_by="terminal")
    assert said.split() == [b"out", b"err"]
    assert await said_by(command, interpreter="system") == b"out\n"


async def test_a_session_and_a_controlling_terminal():
    said = await said_by("ps -o sid= -p $$; echo $$", interpreter="system", new_session=True)
    first, second = said.split()
    assert first == second
    for words in ({"controlling": True}, {"terminal": ("ctty",)}):
        said = await said_by(
            "test -t 0 && exec 3</dev/tty && echo controlled",
            interpreter="system",
            joined_by="terminal",
            **words,
        )
        assert said.split() == [b"controlled"]


async def test_a_controlling_terminal_needs_all_of_standard_error():
    # 2 is opened by the program itself: it is not what is kept.
    said = await said_by(
        "test -t 2 && echo terminal >&2",
        interpreter="system",
        joined_by="terminal",
        controlling=True,
        stderr=True,
    )
    assert said.split() == [b"terminal"]


def test_in_the_foreground_the_rest_is_ours(tmp_path: Path):
    # As socat: what is not joined is the standard input, output and error of who started us.
    code = """
import asyncio
from bascule.streams.program import ProgramDialer
async def main():
    for way in ("write", "read"):
        stream = await ProgramDialer(
            "cat; echo says $(ps -o pgid= -p $$) >&2", interpreter="system", way=way,
            keep_stderr=False,
        ).dial()
        if way == "write":
            await stream.send(b"written;")
        await stream.send_eof()
        while data := await stream.receive():
            print(f"got {data}", flush=True)
        await stream.aclose()
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"input", capture_output=True, check=True, timeout=30
    )
    assert done.stdout == b"written;got b'input'\n"
    said = [line for line in done.stderr.decode().splitlines() if line.startswith("says")]
    assert said == [f"says {os.getpgrp()}"] * 2


# what cannot start -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("no-such-program-here", ErrorCode.PROGRAM_NOT_FOUND),
        ("/no/such/program", ErrorCode.PROGRAM_NOT_FOUND),
        ("/etc/passwd", ErrorCode.PROGRAM_FORBIDDEN),
        ("/etc", ErrorCode.PROGRAM_NOT_FOUND),
    ],
)
async def test_what_is_no_program(command: str, code: ErrorCode):
    before = descriptors()
    with pytest.raises(DialError) as caught:
        await ProgramDialer(command, field="target.command").dial()
    assert caught.value.code is code
    assert caught.value.field == "target.command"
    assert caught.value.facts["program"] == command
    assert descriptors() == before


async def test_a_variable_before_a_program_is_no_program_and_keeps_its_value():
    with pytest.raises(DialError) as caught:
        await ProgramDialer("PASSWORD=hunter2 curl").dial()
    assert caught.value.message == "there is no program PASSWORD=…"
    assert "hunter2" not in str(caught.value.facts)


def test_one_that_is_not_executable_is_passed_over(tmp_path: Path):
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        (folder / "tool").touch()
    path = f"{first}{os.pathsep}{second}"
    with pytest.raises(DialError) as caught:
        find_program("tool", path, "command")
    assert caught.value.code is ErrorCode.PROGRAM_FORBIDDEN
    (second / "tool").chmod(0o755)
    assert find_program("tool", path, "command") == second / "tool"


@pytest.mark.parametrize("join", ["socket", "pipes", "terminal"])
@pytest.mark.parametrize("keep_stderr", [True, False])
async def test_one_that_cannot_start_leaves_nothing(tmp_path: Path, join: str, keep_stderr: bool):
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    dialer = ProgramDialer(str(script), joined_by=join, keep_stderr=keep_stderr)
    with pytest.raises(DialError):
        await dialer.dial()
    before = descriptors()
    with pytest.raises(DialError):
        await dialer.dial()
    assert descriptors() == before


async def test_when_the_system_has_no_descriptors_left(monkeypatch: pytest.MonkeyPatch):
    def none_left() -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(socket, "socketpair", none_left)
    with pytest.raises(DialError) as caught:
        await ProgramDialer("cat").dial()
    assert caught.value.code is ErrorCode.PROGRAM_FAILED
    assert caught.value.facts["why"] == "Too many open files"


def test_errors_of_starting():
    assert start_error(PermissionError(13, "x"), "p", "f").code is ErrorCode.PROGRAM_FORBIDDEN
    assert start_error(FileNotFoundError(2, "x"), "p", "f").code is ErrorCode.PROGRAM_NOT_FOUND
    assert start_error(OSError(7, "Argument list too long"), "p", "f").message == (
        "cannot start p: Argument list too long"
    )


async def test_windows_has_no_terminals(monkeypatch: pytest.MonkeyPatch):
    dialer = ProgramDialer("cat", joined_by="terminal")
    monkeypatch.setattr(module.sys, "platform", "win32")
    with pytest.raises(SpecError) as caught:
        await dialer.dial()
    assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM


async def test_a_cycle_leaves_nothing():
    async def cycles(count: int, **settings: object) -> None:
        arguments: dict = settings
        dialer = ProgramDialer("cat", **arguments)
        for index in range(count):
            stream = await dialer.dial()
            await stream.send(b"x\n")
            if index % 2:
                assert await soon(stream.receive())
                await stream.send_eof()
            await soon(stream.aclose())

    for join in ("socket", "pipes", "terminal"):
        await cycles(2, joined_by=join)
        before, threads, programs = descriptors(), running_threads(), children()
        await cycles(200, joined_by=join)
        assert descriptors() == before
        assert children() <= programs
        await no_other_threads_than(threads)


async def test_bulk_through_a_program():
    stream = await ProgramDialer("tr a-z A-Z").dial()
    data = random_bytes(4_000_000).replace(b"\xff", b"q")

    async def feed() -> None:
        await stream.send(data)
        await stream.send_eof()

    feeding = asyncio.ensure_future(feed())
    assert await soon(read_all(stream)) == data.upper()
    await feeding
    await soon(stream.aclose())
