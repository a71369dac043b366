"""What others start us with: socat by sockets, pipes and terminals, shells between other programs,
and script.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.contract import random_bytes
from tests.helpers.processes import find

SIZE = 512 * 1024


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
