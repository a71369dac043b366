"""Parts of a file that is handed out: what counts as fetched, who resumes, who waits for whom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bascule.errors import StreamError
from tests.helpers.contract import read_all, soon
from tests.helpers.loops import LOOPS
from tests.helpers.shares import DATA, NAME, SUM, Rig

LOOP_FACTORIES = LOOPS

pytestmark = pytest.mark.usefixtures("nothing_stays_open")


async def test_who_only_looks_or_takes_the_beginning_has_not_fetched_it(path: Path):
    rig = Rig(path)
    assert await rig.fetch(method="HEAD") == (200, b"")
    assert await rig.fetch("Range: bytes=0-999998") == (206, DATA[:-1])
    assert (await rig.fetch(f"Range: bytes={len(DATA)}-"))[0] == 416
    assert (await rig.fetch(method="POST"))[0] == 405
    assert (rig.said, rig.finished, rig.share.facts.fetched) == ([], 0, 0)


async def test_who_takes_all_but_the_end_does_not_have_it_for_ever(path: Path):
    rig = Rig(path)
    but_the_end = f"Range: bytes=0-{len(DATA) - 2}"
    for _ in range(3):
        assert await rig.fetch(but_the_end) == (206, DATA[:-1])
    assert (rig.said, rig.finished) == ([], 0)
    stream = await rig.come()
    await rig.ask(stream, but_the_end)
    head = await soon(stream.receive())
    with pytest.raises(StreamError):
        await soon(read_all(stream))
    assert head.startswith(b"HTTP/1.1 206 ")
    await soon(stream.aclose())
    why = f"parts of {NAME} were fetched too often, it is not handed out any more"
    assert rig.said == [f"{why}: fetched 0 of 1"]
    assert rig.finished >= 1
    assert (await rig.fetch())[0] == 410
    await rig.share.care()
    assert len(rig.said) == 1


async def test_whoever_breaks_off_has_used_up_what_they_got(path: Path):
    rig = Rig(path, downloads=2)
    taken = 0
    while (answer := await break_off(rig)).startswith(b"HTTP/1.1 200 "):
        taken += len(answer.partition(b"\r\n\r\n")[2])
    assert answer.startswith(b"HTTP/1.1 410 ")
    assert 5 * len(DATA) < taken <= 6 * len(DATA)


async def break_off(rig: Rig) -> bytes:
    """Somebody fetches it and leaves before its end: what they got."""
    stream = await rig.come()
    await rig.ask(stream)
    got = b""
    try:
        while len(got) < 900_000 and (piece := await soon(stream.receive())):
            got += piece
    except StreamError:
        pass  # there is no more
    stream.abort()
    await soon(stream.aclose())
    return got


async def test_one_that_broke_off_is_resumed_and_its_sum_is_that_of_all(path: Path):
    rig = Rig(path)
    stream = await rig.come()
    await rig.ask(stream)
    got = b""
    while len(got) < 300_000:
        got += await soon(stream.receive())
    stream.abort()
    await soon(stream.aclose())
    assert (rig.said, rig.share.facts.fetched) == ([], 0)
    tag = re.search(rb'ETag: (".*")\r\n', got)
    assert tag is not None
    begun = got.partition(b"\r\n\r\n")[2]
    start = len(begun) - 1000
    condition = f"If-Range: {tag[1].decode()}"
    status, rest = await rig.fetch(f"Range: bytes={start}-", condition)
    assert (status, begun[:start] + rest) == (206, DATA)
    (said,) = rig.said
    assert said == f"{NAME} was fetched 1 of 1 by 10.0.0.7 (resumed at byte {start}), SHA-256 {SUM}"


async def test_the_end_alone_has_no_sum(path: Path):
    rig = Rig(path)
    assert await rig.fetch("Range: bytes=-10", host="") == (206, DATA[-10:])
    assert rig.said == [f"{NAME} was fetched 1 of 1 (resumed at byte 999990)"]


async def test_while_somebody_fetches_the_last_one_others_are_asked_to_come_again(path: Path):
    rig = Rig(path)
    first = await rig.come("10.0.0.7")
    await rig.ask(first)
    await soon(first.receive())
    assert (await rig.fetch(host="10.0.0.8"))[0] == 503
    assert await rig.fetch("Range: bytes=0-9", host="10.0.0.7") == (206, DATA[:10])
    assert (await rig.fetch(host="10.0.0.8"))[0] == 503
    assert (await rig.fetch(host="10.0.0.8", method="HEAD"))[0] == 200
    first.abort()
    await soon(first.aclose())
    assert await rig.fetch(host="10.0.0.8") == (200, DATA)


async def test_who_got_nothing_of_it_keeps_nobody_waiting(path: Path):
    rig = Rig(path)
    stream = await rig.come("10.0.0.7")
    await rig.ask(stream, "If-None-Match: *")
    assert (await soon(read_all(stream))).startswith(b"HTTP/1.1 304 ")
    assert await rig.fetch(host="10.0.0.8") == (200, DATA)
    await soon(stream.aclose())
