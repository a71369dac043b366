"""Traffic as files: every byte of what was listed, and never half a file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bascule.recording.records import Mark, Passage, Record
from bascule.whole_file import write_whole
from bascule_desktop.traffic_file import Form, pieces
from tests.helpers.tshark import complaints, followed

PASSAGES = {1: Passage(1, "10.0.0.7:5000", "10.0.0.7", 5000, "10.0.0.1", 80)}
RECORDS = [
    Record(1, 1.0e9, 1, Mark.OPENED),
    Record(2, 1.0e9, 1, Mark.UP, b"ask\x00"),
    Record(3, 1.0e9, 1, Mark.DOWN, b"answer\xff"),
    Record(4, 1.0e9, 1, Mark.UP, b"again"),
    Record(5, 1.0e9, 1, Mark.CLOSED),
]


def written(folder: Path, form: Form) -> Path:
    file = folder / f"traffic{form.suffix}"
    write_whole(file, pieces(form, RECORDS, PASSAGES))
    return file


@pytest.mark.parametrize(
    ("form", "content"),
    [
        (Form.UP, b"ask\x00again"),
        (Form.DOWN, b"answer\xff"),
        (Form.BOTH, b"ask\x00answer\xffagain"),
    ],
)
def test_the_bytes_alone(tmp_path: Path, form: Form, content: bytes) -> None:
    file = written(tmp_path, form)
    assert (file.name, file.read_bytes()) == ("traffic.bin", content)


def test_hex_and_text(tmp_path: Path) -> None:
    lines = written(tmp_path, Form.TEXT).read_text("utf-8").splitlines()
    assert len(lines) == 8
    assert lines[4].endswith("|answer.|")


def test_a_capture(tmp_path: Path) -> None:
    file = written(tmp_path, Form.PCAPNG)
    assert followed(file) == (b"ask\x00again", b"answer\xff")
    assert complaints(file) == []


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    if os.name == "posix":
        assert stat.S_IMODE(written(tmp_path, Form.TEXT).stat().st_mode) == 0o600
