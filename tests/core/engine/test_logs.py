"""The log is written to a file, and rotates before it grows without end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.engine.logs import log, open_log


@pytest.fixture
def _quiet_afterwards() -> Iterator[None]:
    before = list(log.handlers)
    yield
    for handler in [each for each in log.handlers if each not in before]:
        log.removeHandler(handler)


@pytest.mark.usefixtures("_quiet_afterwards")
def test_lines_reach_the_file_and_old_ones_go(tmp_path: Path):
    listener = open_log(tmp_path / "logs")
    log.info("the first line")
    log.debug("too fine to keep")
    for _ in range(60):
        log.log(logging.WARNING, "x" * 100_000)
    log.error("the last line")
    listener.stop()
    listener.handlers[0].close()
    files = sorted((tmp_path / "logs").iterdir())
    assert [each.name for each in files][0] == "engine.log"
    assert len(files) == 4
    assert "the last line" in files[0].read_text()
    assert all(each.stat().st_size < 1_200_000 for each in files)
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("_quiet_afterwards")
def test_levels_are_kept(tmp_path: Path):
    listener = open_log(tmp_path)
    log.info("told")
    log.debug("not told")
    listener.stop()
    listener.handlers[0].close()
    text = (tmp_path / "engine.log").read_text()
    assert "INFO    told" in text
    assert "not told" not in text
