"""The account of a transfer, as whoever tells of it sees it."""

from __future__ import annotations

from bascule.errors import ErrorCode, StreamError
from bascule.events import TransferState
from bascule.streams.transfer import Transfer, shown_name

BROKEN = StreamError("it broke", code=ErrorCode.CONNECTION_BROKEN)


def test_one_that_has_just_begun():
    status = Transfer(sending=True).status(3, 0)
    assert (status.number, status.sending, status.state) == (3, True, TransferState.RUNNING)
    assert (status.name, status.bytes_done, status.files_done) == ("", 0, 0)
    assert (status.total_bytes, status.total_files) == (None, None)
    assert status.since <= status.at


def test_what_is_done_adds_up():
    transfer = Transfer(sending=False)
    transfer.expect(2, 10)
    transfer.begin("a")
    transfer.count(3)
    transfer.count(4)
    transfer.finish_file("00ff")
    transfer.pass_over()
    transfer.begin("b")
    status = transfer.status(1, 12.5)
    assert (status.name, status.bytes_done, status.files_done) == ("b", 7, 1)
    assert (status.total_files, status.total_bytes, status.passed_over) == (2, 10, 1)
    assert (status.sha256, status.bytes_per_second) == ("00ff", 12.5)


def test_how_it_ends_is_settled_once():
    ends: list[str] = []
    done, broken = Transfer(sending=True), Transfer(sending=True)
    done.on_end = lambda: ends.append("done")
    broken.on_end = lambda: ends.append("broken")
    done.complete()
    done.fail(BROKEN)
    broken.fail(BROKEN)
    broken.complete()
    assert ends == ["done", "broken"]
    assert done.over
    assert done.status(1, 0).state is TransferState.COMPLETE
    assert done.status(1, 0).problem is None
    assert broken.status(1, 0).state is TransferState.FAILED
    assert broken.status(1, 0).problem == BROKEN.problem


def test_at_the_end_nothing_moves_any_more():
    transfer = Transfer(sending=True)
    transfer.count(1000)
    transfer.complete()
    first = transfer.status(1, 77)
    assert transfer.status(1, 0) == first
    assert first.bytes_per_second != 77  # that of the whole


def test_a_name_that_is_no_text_and_one_without_end():
    transfer = Transfer(sending=True)
    transfer.begin("a\udcff")
    assert transfer.status(1, 0).name == shown_name("a\udcff") == "a?"
    transfer.begin("x" * 1000 + "/end")
    shown = transfer.status(1, 0).name
    assert len(shown) == 241
    assert shown.startswith("…x")
    assert shown.endswith("x/end")
