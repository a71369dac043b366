"""Programs, files, terminals and pipes against the real ones: socat, pyserial, flock, gzip, tar,
shells and what they start us with.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from bascule.errors import ErrorCode, StreamError
from bascule.streams import program_stream
from bascule.streams.base import Stream
from bascule.streams.file import FileDialer
from bascule.streams.pipe import PipeDialer
from bascule.streams.program import ProgramDialer
from bascule.streams.pty import PtyDialer
from bascule.streams.terminal_words import RATES, SYNONYMS, WORDS, Sort
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes, read_all, read_count, soon
from tests.helpers.processes import find, start

SIZE = 512 * 1024


async def feed(stream: Stream, data: bytes) -> None:
    """Send all of it, then the end."""
    for begin in range(0, len(data), 10_000):
        await stream.send(data[begin : begin + 10_000])
    await stream.send_eof()


async def ask(command: str, data: bytes, **settings: object) -> bytes:
    """Give a shell command its input; all it says."""
    arguments: dict = {"interpreter": "system", **settings}
    stream = await ProgramDialer(command, **arguments).dial()
    feeding = asyncio.ensure_future(feed(stream, data))
    try:
        return await soon(read_all(stream))
    finally:
        await soon(feeding)
        await soon(stream.aclose())


# terminals ---------------------------------------------------------------------------------------


@contextmanager
def terminal_of_socat(folder: Path, *words: str) -> Iterator[str]:
    """A pseudo terminal that socat has made with these settings."""
    link = folder / "socat"
    link.unlink(missing_ok=True)
    address = ",".join(("PTY", f"link={link}", *words))
    with start("socat", "-d", "-d", "-u", address, "STDOUT", ready=link.exists) as running:
        running.wait_for("starting data transfer")  # the link is there before the settings
        yield str(link)


def attributes_of(device: str) -> list:
    fd = os.open(device, os.O_RDWR | os.O_NOCTTY)
    try:
        *rest, characters = termios.tcgetattr(fd)
    finally:
        os.close(fd)
    return [*rest, [bytes([each]) if isinstance(each, int) else each for each in characters]]


# Not these: a pseudo terminal refuses them, Linux has no such thing, socat 1.7 does not know them,
# or (rawer) socat sets the speed to 0, which hangs up a serial line.
NOT_COMPARED = {
    *(
        "cs5",
        "cs6",
        "cs7",
        "cread=0",
        "parenb",
        "vdsusp",
        "rawer",
        "setflags",
        "tiocswinsz",
        "tiocsctty",
    ),
    *("b900", "b3600", "b7200", "ispeed", "ospeed"),
}
VALUES = {Sort.CHARACTER: "=7", Sort.NUMBER: "=3"}
COMPARED = [f"{name}{VALUES.get(word.sort, '')}" for name, word in WORDS.items()]
OFF = [f"{name}=0" for name, word in WORDS.items() if word.sort in list(Sort)[:4]]
COMBINED = [
    ("raw", "echo=0"),
    ("rawer", "b9600"),
    ("sane", "raw", "echo=0", "b115200", "cs8", "cstopb=0", "crtscts=0"),
    ("icanon=0", "opost=0", "isig=0", "hupcl", "clocal", "ixon", "onlcr", "min=1"),
    ("hup=0", "tandem", "ctlecho=0", "time=5"),
]


@pytest.mark.parametrize(
    "words",
    [
        *(
            (entry,)
            for entry in (*COMPARED, *OFF)
            if not {entry, entry.partition("=")[0]} & NOT_COMPARED
        ),
        *COMBINED,
    ],
    ids=",".join,
)
async def test_each_setting_is_that_of_socat(words: tuple[str, ...], tmp_path: Path):
    stream = await PtyDialer(str(tmp_path / "ours"), terminal=words).dial()
    ours = attributes_of(str(tmp_path / "ours"))
    with terminal_of_socat(tmp_path, *words) as device:
        theirs = attributes_of(device)
    assert ours == theirs
    await soon(stream.aclose())


def test_what_is_compared_covers_the_words():
    assert NOT_COMPARED - {*WORDS} == {"cread=0"}
    assert len(COMPARED) - len(NOT_COMPARED) > 90
    assert {f"b{rate}" for rate in RATES} <= {*COMPARED}
    assert {*SYNONYMS.values()} <= {*WORDS}


async def test_pyserial_opens_our_terminal_as_a_serial_port(tmp_path: Path):
    link = str(tmp_path / "scale")
    dialing = asyncio.ensure_future(PtyDialer(link, wait=True, terminal=("raw", "echo=0")).dial())
    while not Path(link).exists():
        await asyncio.sleep(0)
    with serial.Serial(link, 115200, timeout=20) as port:
        stream = await soon(dialing)
        port.write(b"weigh\r\n")
        assert await soon(read_count(stream, 7)) == b"weigh\r\n"
        await soon(stream.send(b"12.5 kg\r\n"))
        assert await asyncio.to_thread(port.readline) == b"12.5 kg\r\n"
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())
    assert not Path(link).is_symlink()


async def test_our_terminal_and_socat_at_its_other_end(tmp_path: Path):
    link, out = tmp_path / "link", tmp_path / "out"
    stream = await PtyDialer(str(link), terminal=("rawer",)).dial()
    data = random_bytes(SIZE)
    with start("socat", "-u", f"OPEN:{link},rawer", f"CREATE:{out}") as socat:
        await soon(asyncio.ensure_future(send_in_pieces(stream, data)))
        await asyncio.to_thread(socat.wait_until, lambda: holds(out, len(data)))
    assert hashlib.sha256(out.read_bytes()).digest() == hashlib.sha256(data).digest()
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())


async def send_in_pieces(stream: Stream, data: bytes) -> None:
    for begin in range(0, len(data), 10_000):
        await stream.send(data[begin : begin + 10_000])


def holds(path: Path, size: int) -> bool:
    return path.exists() and path.stat().st_size >= size


async def test_a_terminal_of_socat_opened_as_a_file(tmp_path: Path):
    with start(
        "socat", f"PTY,link={tmp_path / 'tty'},rawer", "EXEC:cat", ready=(tmp_path / "tty").exists
    ):
        stream = await FileDialer(str(tmp_path / "tty"), terminal=("rawer", "b9600")).dial()
        data = random_bytes(100_000)
        sending = asyncio.ensure_future(send_in_pieces(stream, data))
        assert await soon(read_count(stream, len(data))) == data
        await soon(sending)
        await soon(stream.aclose())


# programs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("join", ["socket", "pipes"])
async def test_a_stream_is_unpacked(tmp_path: Path, join: str):
    data = random_bytes(SIZE) + bytes(SIZE)
    said = await ask(
        f'gzip -dc > {tmp_path}/log && echo "OK: $(wc -c < {tmp_path}/log)"',
        gzip.compress(data),
        joined_by=join,
    )
    assert said == b"OK: %d\n" % len(data)
    assert (tmp_path / "log").read_bytes() == data


async def test_what_cannot_be_unpacked_is_told_with_the_words_of_gzip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(program_stream, "_VERDICT_SECONDS", PATIENCE_SECONDS)
    with pytest.raises(StreamError) as caught:
        await ask(f"gzip -dc > {tmp_path}/log", b"this is no archive")
    assert caught.value.code is ErrorCode.PROGRAM_FAILED
    assert "not in gzip format" in caught.value.message


async def test_an_archive_travels_by_two_programs(tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / "from" / name).mkdir(parents=True)
        (tmp_path / "from" / name / "data").write_bytes(random_bytes(SIZE))
    (tmp_path / "to").mkdir()
    packed = await ask(f"tar -cf - -C {tmp_path}/from .", b"")
    unpacking = await ProgramDialer(
        f"tar -xpf - -C {tmp_path}/to && sync {tmp_path}/to/one/data",
        interpreter="system",
        way="write",
    ).dial()
    await soon(feed(unpacking, packed))  # the end of sending waits until all is unpacked
    assert (tmp_path / "to" / "two" / "data").read_bytes() == random_bytes(SIZE)
    await soon(unpacking.aclose())


async def test_a_page_is_served_whatever_is_asked():
    page = "HTTP/1.1 503 Service Unavailable\\r\\nConnection: close\\r\\n\\r\\nLater"
    for question in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", bytes(SIZE)):
        said = await ask(f"printf '{page}'", question)
        assert said.endswith(b"\r\n\r\nLater")


async def test_socat_itself_as_our_program(tmp_path: Path):
    data = random_bytes(SIZE)
    assert await ask("socat -t20 - EXEC:cat", data) == data
    said = await ask(f"socat -u - SYSTEM:'tee {tmp_path}/log' ; cat {tmp_path}/log | wc -c", data)
    assert said == data + b"%d\n" % SIZE


async def test_an_interactive_shell_on_a_terminal():
    stream = await ProgramDialer(
        "/bin/sh -i",
        joined_by="terminal",
        controlling=True,
        stderr=True,
        terminal=("echo=0",),
        environment={"PS1": "ready> "},
    ).dial()
    said = b""
    while not said.endswith(b"ready> "):
        said += await soon(stream.receive())
    await soon(stream.send(b"tty; stty size; echo $((6 * 7))\n"))
    said = b""
    while not said.endswith(b"ready> "):
        said += await soon(stream.receive())
    assert b"/dev/pts/" in said
    assert b"42\r\n" in said
    await soon(stream.send_eof())  # Ctrl+D
    assert b"ready> " not in await soon(read_all(stream))
    await soon(stream.aclose())


# files and pipes ---------------------------------------------------------------------------------


async def test_a_file_arrives_whole(tmp_path: Path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(random_bytes(3_000_000))
    reading = await FileDialer(str(source), way="read").dial()
    writing = await FileDialer(str(target), way="write", create=True).dial()
    while data := await soon(reading.receive()):
        await soon(writing.send(data))
    await soon(reading.aclose())
    await soon(writing.aclose())
    sums = subprocess.run(
        ["sha256sum", source, target], capture_output=True, check=True, text=True
    ).stdout.split()
    assert sums[0] == sums[2]


async def test_the_lock_of_another_program_is_waited_for(tmp_path: Path):
    path, held = tmp_path / "file", tmp_path / "held"
    path.touch()
    go_on = tmp_path / "go on"
    os.mkfifo(go_on)
    command = f"touch '{held}'; cat '{go_on}'; echo theirs >> '{path}'"
    with start("flock", path, "-c", command, ready=held.exists):
        dialing = asyncio.ensure_future(
            FileDialer(str(path), way="write", append=True, lock=True).dial()
        )
        await asyncio.wait([dialing], timeout=0.3)
        assert not dialing.done()
        letting_go = await PipeDialer(str(go_on), way="write").dial()
        await soon(letting_go.aclose())
        stream = await soon(dialing)
        await soon(stream.send(b"ours\n"))
        await soon(stream.aclose())
    assert path.read_text() == "theirs\nours\n"


async def test_tail_follows_what_we_append(tmp_path: Path):
    path = tmp_path / "events"
    stream = await FileDialer(str(path), way="write", create=True, append=True).dial()
    with start("tail", "-f", path) as tail:
        for number in range(3):
            await soon(stream.send(b"event %d\n" % number))
            await asyncio.to_thread(tail.wait_for, f"event {number}\n")
    await soon(stream.aclose())


async def test_fifos_with_cat_and_socat(tmp_path: Path):
    there, back = tmp_path / "there", tmp_path / "back"
    data = random_bytes(SIZE)
    reading = await PipeDialer(str(back), way="read").dial()
    os.mkfifo(there)
    with start("sh", "-c", f"cat {there} | socat -u - OPEN:{back}"):
        writing = await PipeDialer(str(there), way="write").dial()
        feeding = asyncio.ensure_future(feed_and_close(writing, data))
        assert await soon(read_all(reading)) == data
        await soon(feeding)
    await soon(reading.aclose())
    assert not back.exists()


async def feed_and_close(stream: Stream, data: bytes) -> None:
    await feed(stream, data)
    await stream.aclose()


# what others start us with -----------------------------------------------------------------------

ECHO = """
import asyncio, sys
from bascule.streams.standard import DescriptorDialer, StandardDialer
from bascule.streams.descriptor import close_quietly
async def main():
    numbers = [int(each) for each in sys.argv[1:]]
    if numbers:
        reading = await DescriptorDialer(numbers[0], way="read").dial()
        writing = await DescriptorDialer(numbers[1], way="write").dial()
    else:
        reading = writing = await StandardDialer().dial()
    while data := await reading.receive():
        await writing.send(data.upper())
    await writing.send(b"|end")
    await writing.send_eof()
    await writing.aclose()
    await reading.aclose()
asyncio.run(main())
"""


@pytest.fixture
def echo(tmp_path: Path) -> str:
    """A command that says its standard input in capitals, with ours."""
    script = tmp_path / "echo.py"
    script.write_text(ECHO)
    return f"{sys.executable} {script}"


def run_socat(*addresses: str, data: bytes) -> bytes:
    # After the end of its input socat leaves when for so long (-t) nothing came: a program may take
    # longer to start. Over pipes, it says that end only when this patience is over. And it writes
    # without looking how much there is room for: what is more than a page (pipe(7), PIPE_BUF) may
    # have it wait for a program that waits until socat reads.
    patience = 5 if any("pipes" in each for each in addresses) else 50
    return subprocess.run(
        [find("socat"), f"-t{patience}", "-b4096", *addresses],
        input=data,
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    ).stdout


@pytest.mark.parametrize("options", ["", ",pipes", ",fdin=3,fdout=4,pipes"])
def test_socat_starts_us(echo: str, options: str):
    data = random_bytes(SIZE).replace(b"\xff", b"q")
    numbers = " 3 4" if "fdin" in options else ""
    said = run_socat("-", f"EXEC:{echo}{numbers}{options}", data=data)
    assert said == data.upper() + b"|end"


def test_socat_starts_us_on_a_terminal(echo: str):
    said = run_socat("-", f"EXEC:{echo},pty,echo=0,opost=0", data=b"line\n\x04")
    assert said == b"LINE\n|end"


def test_a_shell_starts_us_between_others(echo: str, tmp_path: Path):
    data = random_bytes(SIZE).replace(b"\xff", b"q")
    (tmp_path / "in").write_bytes(data)
    said = subprocess.run(
        ["sh", "-c", f"cat {tmp_path}/in | {echo} | head -c {SIZE} | sha256sum"],
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout
    assert said.split()[0].decode() == hashlib.sha256(data.upper()).hexdigest()


def test_nobody_reads_what_we_say(echo: str, tmp_path: Path):
    (tmp_path / "in").write_bytes(bytes(SIZE))
    done = subprocess.run(
        ["bash", "-c", f"{echo} < {tmp_path}/in | true; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        check=True,
        timeout=60,
        text=True,
    )
    assert done.stdout == "1\n"
    assert "CONNECTION_RESET" not in done.stdout
    assert "StreamError" in done.stderr


def test_script_gives_us_a_terminal(echo: str, tmp_path: Path):
    done = subprocess.run(
        ["script", "-qec", f"{echo}", "/dev/null"],
        input=b"typed\n\x04",
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert b"TYPED\r\n" in done.stdout
    assert done.stdout.rstrip().endswith(b"|end")
