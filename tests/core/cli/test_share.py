"""`bascule share`, as a person types it: the real command, fetched by the real curl."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bascule.cli.command import run
from bascule.cli.share import minutes_of
from bascule.errors import SpecError
from bascule.qr_code import half_blocks, modules
from bascule.streams.share_file import Share
from tests.core.test_qr_code import read
from tests.helpers.certificates import make_files
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.engines import command, environment
from tests.helpers.web import curl

DATA = random_bytes(300_000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "annual report.pdf"
    path.write_bytes(DATA)
    return path


@contextmanager
def sharing(
    *words: str | Path, home: Path, stdout: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[str]]:
    """Type the command; it is ended afterwards."""
    process = subprocess.Popen(
        command("share", *map(str, words)),
        env=environment(home), stdout=stdout, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def link_of(process: subprocess.Popen[str]) -> str:
    """The first line that is printed."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_it_prints_a_link_and_ends_when_the_file_was_fetched(tmp_path: Path, file: Path):
    with sharing(file, "--host", "127.0.0.1", home=tmp_path) as process:
        link = link_of(process)
        assert link.startswith("http://127.0.0.1:")
        assert link.endswith("/annual%20report.pdf")
        secret = link.split("/")[3]
        got = curl("-f", link, "-o", "got", "--output-dir", str(tmp_path))
        assert got.returncode == 0
        assert (tmp_path / "got").read_bytes() == DATA
        rest, said = process.communicate(timeout=PATIENCE_SECONDS)
        assert (process.returncode, rest) == (0, "")  # no code where no terminal is
        assert "annual report.pdf was fetched 1 of 1 by 127.0.0.1, SHA-256 " in said
        assert secret not in said
        assert "Traceback" not in said


def test_over_tls_as_often_as_is_said(tmp_path: Path, file: Path):
    files = make_files(tmp_path)
    words = ("--certificate", files.certificate, "--key", files.key, "--downloads", "2")
    with sharing(file, "--host", "localhost", *words, home=tmp_path) as process:
        link = link_of(process)
        assert link.startswith("https://localhost:")
        for _ in range(2):
            assert curl("-f", "--cacert", files.authority, link, "-o", os.devnull).returncode == 0
        assert process.wait(PATIENCE_SECONDS) == 0


def test_on_all_addresses_the_links_are_those_that_others_can_use(tmp_path: Path, file: Path):
    with sharing(file, home=tmp_path) as process:
        link = link_of(process)
        assert "0.0.0.0" not in link
        assert curl("-f", link, "-o", os.devnull).returncode == 0
        assert process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows signals no other process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order_on_a_signal(tmp_path: Path, file: Path, number: signal.Signals):
    with sharing(file, "--host", "127.0.0.1", home=tmp_path) as process:
        link_of(process)
        process.send_signal(number)
        _rest, said = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 130
        assert "Traceback" not in said


def is_whole(shown: bytes) -> bool:
    """Whether link and code have arrived from a terminal, all lines of them."""
    link, *lines = shown.decode(errors="replace").split("\r\n")
    wanted = half_blocks(modules(link.rpartition("/")[0])) if lines else ""
    return bool(lines) and len(lines) == len(wanted.splitlines()) + 1


def test_on_a_terminal_it_draws_the_code_of_the_link(tmp_path: Path, file: Path):
    import pty  # there is none on Windows

    near, far = pty.openpty()
    shown = b""
    with sharing(file, "--host", "127.0.0.1", home=tmp_path, stdout=far) as process:
        os.close(far)
        while not is_whole(shown):
            shown += os.read(near, 65_536)
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)
    os.close(near)
    link, *lines = shown.decode().splitlines()
    drawn = [line.removeprefix("\x1b[30;107m").removesuffix("\x1b[0m") for line in lines]
    rows = [tuple(each in dark for each in line) for line in drawn for dark in ("▀█", "▄█")]
    assert read(tmp_path, tuple(rows)) == link.rpartition("/")[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{folder}"], "is a folder; pack it into one file first"),
        (["{folder}/none"], "there is no file"),
        (["{file}", "--expires", "soon"], "soon is no time: say 30m, 1h or 2d"),
        (["{file}", "--downloads", "0"], "must be from 1 to 10000"),
        (["{file}", "--certificate", "{file}"], "key"),
        (["{file}", "--host", "192.0.2.1"], "192.0.2.1"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, file: Path, words: list[str], said: str):
    typed = [word.format(folder=tmp_path, file=file) for word in words]
    with sharing(*typed, home=tmp_path) as process:
        _rest, complaint = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 1
        assert said in complaint.splitlines()[-1]
        assert "Traceback" not in complaint


def test_when_its_time_is_over_that_is_no_success(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(Share, "over", True)  # as after so many minutes
    assert run(["share", str(file), "--host", "127.0.0.1"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-2] == "the time of annual report.pdf is over: fetched 0 of 1"
    assert said[-1] == f"bascule: {file} was not fetched as often as it may be"


@pytest.mark.parametrize(
    ("span", "minutes"), [("0", 0), ("90", 90), ("30m", 30), ("1h", 60), (" 2D ", 2880)]
)
def test_a_span(span: str, minutes: int):
    assert minutes_of(span) == minutes


@pytest.mark.parametrize("span", ["", "h", "1w", "-1", "1.5h", "1h30m"])
def test_what_is_no_span(span: str):
    with pytest.raises(SpecError):
        minutes_of(span)
