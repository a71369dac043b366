"""The log and the dumps of `bascule relay`, in socat's form."""

from __future__ import annotations

import os
import re
import socket
import sys
from pathlib import Path

import pytest

from bascule.cli.relay_log import Level, LogOptions, RelayLog
from bascule.errors import ErrorCode, SpecError


def test_lines_as_scripts_read_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "log"
    log = RelayLog(LogOptions(verbosity=2, file=str(file), stderr=True, name="me"))
    log.write(Level.NOTICE, "listening")
    log.write(Level.INFO, "not asked for")
    log.close()
    line = file.read_text()
    stamp = r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d"
    assert re.fullmatch(rf"{stamp} me\[{os.getpid()}\] N listening\n", line)
    assert capsys.readouterr().err == line


def test_microseconds_and_the_host(capsys: pytest.CaptureFixture[str]):
    log = RelayLog(LogOptions(microseconds=True, host=True))
    log.write(Level.ERROR, "broken")
    line = capsys.readouterr().err
    assert re.search(r":\d\d\.\d{6} ", line)
    assert f" {socket.gethostname()} " in line
    assert line.endswith(" E broken\n")


@pytest.mark.parametrize(
    ("text", "hexadecimal", "body"),
    [
        (True, False, "GET /\\r\n\\x00é\n--\n"),
        (False, True, " 47 45 54 20 2f 0d 0a 00 c3 a9\n--\n"),
        (True, True, f"{' 47 45 54 20 2f 0d 0a 00 c3 a9':<50} GET /.....\n--\n"),
    ],
)
def test_dumps(text: bool, hexadecimal: bool, body: str, capsys: pytest.CaptureFixture[str]):
    log = RelayLog(LogOptions())
    log.dump("up", "GET /\r\n\0é".encode(), text=text, hexadecimal=hexadecimal)
    head, _, rest = capsys.readouterr().err.partition("\n")
    assert head.startswith("> ")
    assert head.endswith("length=10")
    assert rest == body
    log.dump("down", b"x\n", text=text, hexadecimal=hexadecimal)
    assert capsys.readouterr().err.startswith("< ")


def test_strictly_a_dump_is_not_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "log"
    for in_file in (False, True):
        log = RelayLog(LogOptions(file=str(file), dump_in_file=in_file))
        log.dump("up", b"bytes", text=True, hexadecimal=False)
        log.close()
        assert "bytes" in capsys.readouterr().err
        assert ("bytes" in file.read_text()) is in_file


@pytest.mark.parametrize("stderr", [False, True])
def test_it_changes_to_the_syslog_when_the_relay_runs(
    stderr: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    import syslog

    said: list[str] = []
    monkeypatch.setattr(syslog, "syslog", lambda _level, text: said.append(text))
    log = RelayLog(LogOptions(syslog="local3", stderr_at_first=True, stderr=stderr))
    log.write(Level.WARNING, "before")
    log.settle()
    log.settle()
    log.write(Level.WARNING, "after")
    assert said == ["after"]
    seen = capsys.readouterr().err
    assert "before" in seen
    assert ("after" in seen) is stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no disk that is always full")
def test_a_full_disk_ends_nothing():
    log = RelayLog(LogOptions(file="/dev/full"))
    log.write(Level.ERROR, "lost")
    log.close()


def test_where_it_cannot_be_written(tmp_path: Path):
    with pytest.raises(SpecError, match="cannot be written"):
        RelayLog(LogOptions(file=str(tmp_path / "no/log")))


def test_syslog(monkeypatch: pytest.MonkeyPatch):
    import syslog

    said: list[tuple[int, str]] = []
    monkeypatch.setattr(syslog, "syslog", lambda level, text: said.append((level, text)))
    log = RelayLog(LogOptions(syslog="local3"))
    log.write(Level.WARNING, "careful")
    assert said == [(syslog.LOG_WARNING, "careful")]
    with pytest.raises(SpecError, match="is not a facility"):
        RelayLog(LogOptions(syslog="nothing"))
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SpecError) as caught:
        RelayLog(LogOptions(syslog="daemon"))
    assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM
