"""The engine's log: what is in it, how large it grows, and a disk that takes nothing more."""

from __future__ import annotations

import logging
import logging.handlers
import queue
import sys
import threading
from pathlib import Path

import pytest

from bascule.engine import logs
from bascule.engine.logs import log, open_log
from tests.helpers.contract import PATIENCE_SECONDS

SOME = logging.LogRecord("bascule", logging.INFO, "", 0, "a line", None, None)


def test_what_is_logged_and_what_is_not(tmp_path: Path):
    folder = tmp_path / "state" / "logs"
    with open_log(folder):
        log.debug("a detail")
        log.info("a %s", "fact")
        log.error("a problem")
        logging.getLogger("asyncio").warning("a lost task")
        logging.getLogger("other").error("not ours")
    log.error("too late")
    lines = (folder / "engine.log").read_text("utf-8").splitlines()
    assert [line.split(maxsplit=2)[2] for line in lines] == [
        "INFO    a fact",
        "ERROR   a problem",
        "WARNING a lost task",
    ]
    if sys.platform != "win32":  # which has no modes
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not any(isinstance(each, logs._Lines) for each in log.handlers)


def test_a_traceback_is_in_the_log(tmp_path: Path):
    with open_log(tmp_path):
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            log.exception("a bug")
    assert "ZeroDivisionError" in (tmp_path / "engine.log").read_text()


def test_the_log_goes_on_where_it_ended(tmp_path: Path):
    for text in ("one", "two"):
        with open_log(tmp_path):
            log.info(text)
    assert len((tmp_path / "engine.log").read_text().splitlines()) == 2


def test_old_lines_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logs, "_BYTES", 10_000)
    with open_log(tmp_path):
        for number in range(2000):
            log.info("line %d", number)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["engine.log", *(f"engine.log.{n}" for n in (1, 2, 3))]
    assert all(file.stat().st_size <= 10_000 for file in files)
    assert "line 1999\n" in files[0].read_text()


def test_a_folder_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "state").write_text("a file")
    refused = (NotADirectoryError, FileExistsError)  # the latter on Windows
    with pytest.raises(refused), open_log(tmp_path / "state" / "logs"):
        pass


def test_lines_that_no_disk_takes_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logs, "_LINES_WAITING", 3)
    lines = logs._Lines(queue.SimpleQueue())
    for _ in range(10):
        lines.handle(SOME)
    assert lines.lines.qsize() == 3


def test_a_stuck_disk_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    reached, freed = threading.Event(), threading.Event()

    class Stuck(logging.handlers.RotatingFileHandler):
        def emit(self, record: logging.LogRecord) -> None:
            reached.set()
            assert freed.wait(PATIENCE_SECONDS)
            super().emit(record)

    monkeypatch.setattr(logging.handlers, "RotatingFileHandler", Stuck)
    with open_log(tmp_path):
        for number in range(500):  # a write in the loop's thread would never return
            log.info("line %d", number)
        assert reached.wait(PATIENCE_SECONDS)
        assert (tmp_path / "engine.log").read_text() == ""
        freed.set()
    lines = (tmp_path / "engine.log").read_text().splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == [str(number) for number in range(500)]
