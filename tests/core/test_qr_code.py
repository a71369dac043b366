"""QR codes: what a real reader makes of them, also of those in a terminal."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bascule.qr_code import QUIET_MODULES, Modules, half_blocks, modules
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.processes import find

LINK = "https://[2001:db8::7]:18443/kT3v-9_xAbCdEfGhIjKlMn/R%C3%A9sum%C3%A9.pdf"


def read(folder: Path, rows: Modules, scale: int = 4) -> str:
    """What a camera would read: the code as a picture (PGM), through zbar."""
    wide = [bytes(0 if dark else 255 for dark in row for _ in range(scale)) for row in rows]
    lines = [line for line in wide for _ in range(scale)]
    picture = folder / "code.pgm"
    picture.write_bytes(b"P5 %d %d 255\n" % (len(lines[0]), len(lines)) + b"".join(lines))
    return subprocess.run(
        [find("zbarimg"), "-q", "--raw", str(picture)],
        capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS,
    ).stdout.removesuffix("\n")  # fmt: skip


@pytest.mark.parametrize("text", [LINK, "http://10.0.0.7:8000/x", "x" * 300])
def test_a_reader_reads_the_text(tmp_path: Path, text: str):
    assert read(tmp_path, modules(text)) == text


def test_it_is_square_with_a_light_border():
    rows = modules(LINK)
    assert {len(row) for row in rows} == {len(rows)}
    for border in (rows[:QUIET_MODULES], rows[-QUIET_MODULES:]):
        assert not any(dark for row in border for dark in row)
    assert not any(row[at] for row in rows for at in (*range(QUIET_MODULES), -4, -3, -2, -1))


def test_a_reader_reads_it_from_a_terminal(tmp_path: Path):
    lines = half_blocks(modules(LINK)).split("\n")
    assert all(line.startswith("\x1b[30;107m") and line.endswith("\x1b[0m") for line in lines)
    shown = [line.removeprefix("\x1b[30;107m").removesuffix("\x1b[0m") for line in lines]
    rows = [tuple(each in dark for each in line) for line in shown for dark in ("▀█", "▄█")]
    assert read(tmp_path, tuple(rows)) == LINK
