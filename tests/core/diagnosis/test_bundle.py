"""A diagnosis is one file, whole or not there."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from bascule.diagnosis.bundle import write_bundle
from bascule.diagnosis.collect import Entry
from bascule.errors import StreamError


def test_each_text_is_a_file_of_it(tmp_path: Path):
    file = tmp_path / "made.zip"
    write_bundle(file, (Entry("a.txt", "é\n"), Entry("logs/b.txt", "half \ud800")))
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "a.txt": b"\xc3\xa9\n",
            "logs/b.txt": b"half ?",
        }
    if sys.platform != "win32":  # which has no modes
        assert file.stat().st_mode & 0o777 == 0o600


def test_where_it_cannot_be_written_nothing_is_left(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(StreamError, match="cannot be written"):
        write_bundle(tmp_path / "folder", (Entry("a.txt", "x"),))
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
