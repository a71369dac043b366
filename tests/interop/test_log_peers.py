"""The log collector with real senders of log messages: logger of util-linux, and socat."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import find
from tests.helpers.relaying import relaying

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def run(*words: str, said: bytes = b"") -> None:
    subprocess.run([find(words[0]), *words[1:]], input=said, check=True, timeout=PATIENCE_SECONDS)


def whole_lines(path: Path, count: int) -> list[str]:
    """So many lines, once they are there."""
    wait_until(lambda: path.exists() and path.read_bytes().count(b"\n") >= count)
    return path.read_text().splitlines()


@pytest.mark.parametrize(("source", "way"), [("TCP-LISTEN", "--tcp"), ("UDP-LISTEN", "--udp")])
def test_what_logger_sends_is_a_line_with_its_priority(tmp_path: Path, source: str, way: str):
    log, port = tmp_path / "events.log", free_port()
    messages = ("the first", "the second")
    address = f"LOG-COLLECTOR:{log},stamp=utc"
    with relaying(tmp_path, f"{source}:{port},bind=127.0.0.1,fork", address) as relay:
        relay.heard("listening on")
        for message in messages:
            run("logger", way, "-n", "127.0.0.1", "-P", str(port), "-p", "local3.err",
                "-t", "scale", "--rfc5424=notime,notq,nohost", message)  # fmt: skip
        lines = whole_lines(log, 2)
    assert [re.sub(STAMP, "TIME", line, count=1) for line in lines] == [
        f"TIME 127.0.0.1 <155>1 - - scale - - - {message}" for message in messages
    ]


def test_many_of_socat_at_once_are_all_there(tmp_path: Path):
    log, port = tmp_path / "events.log", free_port()
    address = f"LOG-COLLECTOR:{log},stamp=none,sender=none"
    with relaying(tmp_path, f"TCP-LISTEN:{port},bind=127.0.0.1,fork", address) as relay:
        relay.heard("listening on")
        sent = [[f"sender {at}, line {line}" for line in range(500)] for at in range(4)]
        senders = [
            subprocess.Popen(
                [find("socat"), "-u", "-", f"TCP:127.0.0.1:{port}"], stdin=subprocess.PIPE
            )
            for _ in sent
        ]
        for sender, lines in zip(senders, sent, strict=True):
            sender.communicate("\r\n".join(lines).encode(), timeout=PATIENCE_SECONDS)
        got = whole_lines(log, 2000)
    for at, lines in enumerate(sent):
        assert [line for line in got if line.startswith(f"sender {at},")] == lines
    assert len(got) == 2000
