"""What an archive says ahead of itself: read by ours, passed over by the real tar."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from bascule.streams.packed import totals_header, totals_said
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.processes import find


def archive(ahead: bytes) -> bytes:
    made = io.BytesIO(ahead)
    made.seek(len(ahead))
    with tarfile.open(fileobj=made, mode="w") as tar:
        info = tarfile.TarInfo("file")
        info.size = 4
        tar.addfile(info, io.BytesIO(b"data"))
    return made.getvalue()


@pytest.mark.parametrize("totals", [(0, 0), (12, 3456), (10**15 - 1, 10**18 - 1)])
def test_what_is_said_is_read(totals: tuple[int, int]):
    with tarfile.open(fileobj=io.BytesIO(archive(totals_header(*totals)))) as tar:
        assert tar.getnames() == ["file"]
        assert totals_said(tar.pax_headers) == totals


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"comment": "4f0c2f1e"},  # as git archive says
        {"comment": "bascule: 1 files, 2 bytes and more"},
        {"comment": "bascule: 9999999999999999 files, 2 bytes"},
        {"path": "bascule: 1 files, 2 bytes"},
    ],
)
def test_what_others_say_there_is_nothing_to_us(headers: dict[str, str]):
    assert totals_said(headers) is None


def test_the_real_tar_says_nothing_of_it(tmp_path: Path):
    data = archive(totals_header(1, 4))
    done = subprocess.run(
        [find("tar"), "-xvf", "-", "-C", str(tmp_path)],
        input=data,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"file\n", b"")
    assert (tmp_path / "file").read_bytes() == b"data"
