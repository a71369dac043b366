"""One file that is handed out: who gets it, how long, and never a mixture of two."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import DialError, ErrorCode, StreamError
from tests.helpers.contract import read_all, soon
from tests.helpers.loops import LOOPS
from tests.helpers.shares import DATA, NAME, SUM, Rig

LOOP_FACTORIES = LOOPS

pytestmark = pytest.mark.usefixtures("nothing_stays_open")


async def test_it_is_fetched_once_and_that_is_told_with_its_sum(path: Path):
    rig = Rig(path)
    await soon(rig.dialer.check())
    before = rig.share.facts
    assert (before.name, before.size, before.downloads, before.fetched) == (NAME, len(DATA), 1, 0)
    assert (before.ends_at, before.changed) == (1060.0, False)
    assert await rig.fetch() == (200, DATA)
    assert rig.said == [f"{NAME} was fetched 1 of 1 by 10.0.0.7, SHA-256 {SUM}"]
    assert rig.share.facts == replace(before, fetched=1)
    assert rig.finished >= 1
    status, words = await rig.fetch()
    assert (status, words) == (
        410,
        b"This file is not handed out any more. Ask for a new link.\n",
    )


async def test_the_way_is_new_each_time_and_nobody_guesses_it(path: Path):
    ways = {Rig(path).share.facts.path for _ in range(100)}
    assert len(ways) == 100
    assert all(re.fullmatch("/[A-Za-z0-9_-]{22}", way) for way in ways)  # 128 bits


async def test_whoever_does_not_know_the_way_learns_nothing(path: Path):
    rig = Rig(path)
    way = rig.share.facts.path
    told = set[tuple[int, bytes]]()
    for wrong in (
        "/", "*", "//", way[1:], way[:-1], f"{way}x", way.swapcase(), f"{way}/../x", f"{way}/x",
        f"{way}//", f"/{quote(NAME)}", f"/x{way}", f"{way}?x", f"/%2e%2e{way}", f"{way}%2f",
        "/etc/passwd", "/../../etc/passwd", f"http://h/x{way}", f"ftp://h{way}",
    ):  # fmt: skip
        for method in ("GET", "HEAD", "POST", "DELETE"):
            status, words = await rig.fetch(method=method, path=wrong)
            told.add((status, words if method != "HEAD" else b"There is nothing here.\n"))
    assert told == {(404, b"There is nothing here.\n")}
    assert (rig.said, rig.share.facts.fetched) == ([], 0)


async def test_the_way_with_the_name_leads_there_too(path: Path):
    rig = Rig(path, downloads=3)
    way = rig.share.facts.path
    for known in (f"{way}/", f"{way}/a%20b.%C3%A9", f"http://h:1/{way[1:]}"):
        assert await rig.fetch(path=known) == (200, DATA)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_no_other_text_is_the_way(text: str):
    share = Rig(Path("other")).share
    assert not share.knows(text)
    assert not share.knows(f"{share.facts.path}/x{text}")


async def test_the_way_is_in_nothing_that_is_said(path: Path):
    rig = Rig(path, downloads=2)
    await rig.fetch()
    path.write_bytes(b"changed")
    await rig.fetch()
    rig.now += 60
    await rig.share.care()
    secret = rig.share.facts.path[1:]
    assert len(rig.said) == 2
    assert len(rig.warned) == 1
    assert secret not in repr((rig.said, rig.warned, rig.dialer.label, repr(rig.share)))


async def test_a_download_under_way_at_the_end_of_its_time_is_finished(path: Path):
    rig = Rig(path)
    stream = await rig.come()
    await rig.ask(stream)
    head = await soon(stream.receive())
    rig.now += 60
    await rig.share.care()
    await rig.share.care()
    assert rig.said == [f"the time of {NAME} is over: fetched 0 of 1; who is fetching it gets all"]
    assert rig.finished == 0
    assert (await rig.fetch(host="10.0.0.8"))[0] == 410
    assert rig.finished == 0
    got = head + await soon(read_all(stream))
    assert got.partition(b"\r\n\r\n")[2] == DATA
    assert rig.finished >= 1
    await soon(stream.aclose())
    assert rig.said[1:] == [f"{NAME} was fetched 1 of 1 by 10.0.0.7, SHA-256 {SUM}"]


async def test_its_time_ends_also_where_nobody_comes(path: Path):
    rig = Rig(path)
    rig.now += 59.9
    await rig.share.care()
    assert (rig.said, rig.finished) == ([], 0)
    rig.now += 0.1
    await rig.share.care()
    assert (rig.said, rig.finished) == ([f"the time of {NAME} is over: fetched 0 of 1"], 1)


async def test_one_without_a_time_never_ends(path: Path):
    rig = Rig(path, seconds=0)
    rig.now += 1e9
    await rig.share.care()
    assert (rig.finished, rig.share.facts.ends_at) == (0, None)


def write_in_place(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"xx")
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))  # a clock may be coarse


def put_another(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(DATA)
    other.replace(path)


@pytest.mark.parametrize("change", [write_in_place, put_another, Path.unlink])
async def test_a_file_that_has_changed_is_not_handed_out(path: Path, change: object):
    rig = Rig(path)
    await soon(rig.dialer.check())
    assert callable(change)
    change(path)
    for _ in range(2):
        status, words = await rig.fetch()
        assert (status, words) == (
            410,
            b"This file has changed or is gone. Ask for a new link.\n",
        )
    assert (await rig.fetch(path="/x"))[0] == 404
    assert rig.share.facts.changed
    assert len(rig.warned) == 1  # once
    assert str(path) in rig.warned[0].message
    assert rig.said == []


@pytest.mark.parametrize("cut", [False, True])
async def test_a_file_that_changes_half_way_breaks_off(path: Path, cut: bool):
    rig = Rig(path)
    stream = await rig.come()
    await rig.ask(stream)
    await soon(stream.receive())
    if cut:
        os.truncate(path, 10)
    write_in_place(path)
    with pytest.raises(StreamError, match="changed while it was fetched"):
        await soon(read_all(stream))
    await soon(stream.aclose())
    assert rig.share.facts.fetched == 0
    assert rig.share.facts.changed


async def test_an_empty_file_can_be_fetched(tmp_path: Path):
    (tmp_path / "empty").touch()
    rig = Rig(tmp_path / "empty")
    assert await rig.fetch() == (200, b"")
    assert rig.said == [
        f"empty was fetched 1 of 1 by 10.0.0.7, SHA-256 {hashlib.sha256().hexdigest()}"
    ]


@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        ("nothing", ErrorCode.FILE_MISSING, "there is no file"),
        ("folder", ErrorCode.FILE_FAILED, "is a folder; pack it into one file first"),
        ("pipe", ErrorCode.FILE_FAILED, "is no file"),
    ],
)
async def test_what_is_no_file_is_refused_at_the_start(
    tmp_path: Path, what: str, code: ErrorCode, words: str
):
    path = tmp_path / what
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    rig = Rig(path)
    for call in (rig.dialer.check, rig.dialer.dial):
        with pytest.raises(DialError, match=words) as caught:
            await soon(call())
        assert (caught.value.code, caught.value.field) == (code, "target.path")


async def test_a_receive_that_was_cancelled_has_lost_nothing(path: Path):
    rig = Rig(path)
    stream = await rig.come()
    await rig.ask(stream)
    got = await soon(stream.receive())
    while not got.endswith(DATA[-100:]):
        receiving = asyncio.ensure_future(stream.receive())
        await asyncio.sleep(0)
        receiving.cancel()
        await asyncio.wait([receiving])
        got += b"" if receiving.cancelled() else receiving.result()
        got += await soon(stream.receive())
    assert got.partition(b"\r\n\r\n")[2] == DATA
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())
    assert rig.said[0].endswith(SUM)


async def test_closing_while_it_is_read_frees_the_file(path: Path):
    rig = Rig(path)
    stream = await rig.come()
    await rig.ask(stream)
    await soon(stream.receive())
    receiving = asyncio.ensure_future(stream.receive())
    await asyncio.sleep(0)
    await soon(stream.aclose())
    await soon(stream.aclose())
    with pytest.raises(StreamError):
        await soon(receiving)
