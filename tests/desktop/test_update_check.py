"""Looking for a newer Bascule: by a real process, when it is due, and what a download is worth."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from bascule.errors import ErrorCode
from bascule.managed import ADDRESS_VARIABLE
from bascule.places import Places
from bascule.spec.releases import Release, ReleaseFile
from bascule_desktop.settings import Settings
from bascule_desktop.update_check import (
    BETWEEN_LOOKS_SECONDS,
    Looked,
    UpdateCheck,
    Verdict,
    is_due,
    judge,
    read_answer,
)
from tests.helpers.contract import PATIENCE_SECONDS

WAIT = int(PATIENCE_SECONDS * 1000)
RELEASE = {"version": "9.0.0", "date": "2026-11-20", "page": "https://d.example/"}
NOW = 1_800_000_000.0


def printing(text: str) -> list[str]:
    return [sys.executable, "-c", f"print({text!r})"]


@pytest.mark.parametrize("newer", [True, False])
def test_what_the_program_says_is_told(qtbot: QtBot, newer: bool) -> None:
    check = UpdateCheck(command=printing(json.dumps({"release": RELEASE, "newer": newer})))
    with qtbot.waitSignal(check.done, timeout=WAIT) as done:
        pass
    assert done.args == [Looked(Release("9.0.0", "2026-11-20", "https://d.example/"), newer)]


def test_our_own_program_says_that_there_is_no_place_to_look(
    qtbot: QtBot, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    check = UpdateCheck()
    with qtbot.waitSignal(check.done, timeout=WAIT) as done:
        pass
    assert done.args is not None
    assert done.args[0].problem.code is ErrorCode.UPDATES_OFF


@pytest.mark.parametrize("command", [["/nowhere/bascule"], printing("oh"), printing("[]")])
def test_a_program_that_says_nothing_of_use(qtbot: QtBot, command: list[str]) -> None:
    check = UpdateCheck(command=command)
    with qtbot.waitSignal(check.done, timeout=WAIT) as done:
        pass
    assert done.args is not None
    assert done.args[0].problem.code is ErrorCode.RELEASE_UNREADABLE


def test_it_can_be_stopped(qtbot: QtBot) -> None:
    check = UpdateCheck(command=[sys.executable, "-c", "import time; time.sleep(600)"])
    qtbot.waitUntil(lambda: check._process.processId() > 0, timeout=WAIT)
    with qtbot.assertNotEmitted(check.done):
        check.stop()
    assert check._process.processId() == 0


@pytest.mark.parametrize("answer", [{}, {"release": {}, "newer": True}, {"problem": {"code": "x"}}])
def test_an_answer_that_cannot_be_read(answer: dict[str, Any]) -> None:
    problem = read_answer(json.dumps(answer).encode()).problem
    assert problem is not None
    assert problem.code is ErrorCode.RELEASE_UNREADABLE


@pytest.mark.parametrize(
    ("wanted", "address", "last", "due"),
    [
        (True, "https://d.example", "", True),
        (True, "https://d.example", "nonsense", True),
        (True, "https://d.example", str(int(NOW) - BETWEEN_LOOKS_SECONDS), True),
        (True, "https://d.example", str(int(NOW) + 99), True),  # the clock was wrong then
        (True, "https://d.example", str(int(NOW) - BETWEEN_LOOKS_SECONDS + 1), False),
        (False, "https://d.example", "", False),
        (True, "", "", False),
    ],
)
def test_when_it_is_looked(
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    wanted: bool,
    address: str,
    last: str,
    due: bool,
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, address)
    settings = Settings(places)
    settings.looks_for_updates = wanted
    settings.looked_for_updates_at = last
    assert is_due(settings, NOW) is due


def test_a_download_is_judged_by_its_sum(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    known = ReleaseFile("bascule.deb", len(content), hashlib.sha256(content).hexdigest())
    release = Release("9.0.0", "2026-11-20", "https://d.example/", files=(known,))
    whole, cut, other = (tmp_path / name for name in ("copy (1).deb", "bascule.deb", "x.deb"))
    whole.write_bytes(content)
    cut.write_bytes(content[:-1])
    other.write_bytes(b"")
    assert judge(release, whole) == (Verdict.WHOLE, known)
    assert judge(release, cut) == (Verdict.DAMAGED, known)
    assert judge(release, other) == (Verdict.UNKNOWN, None)
    with pytest.raises(OSError, match="absent"):
        judge(release, tmp_path / "absent")
