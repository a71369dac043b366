"""The room: what one says all hear, in one order, and nobody can hold the others up."""

from __future__ import annotations

import asyncio
import time

import pytest

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.events import Stage, StageResult
from bascule.streams.base import EMPTY_DATAGRAM, Stream
from bascule.streams.room import (
    LINE_BYTES,
    PATIENCE_SECONDS,
    QUEUE_BYTES,
    Room,
    RoomDialer,
    RoomStream,
    RoomWords,
)
from tests.helpers import contract
from tests.helpers.clock import Clock
from tests.helpers.contract import MEBIBYTE, StreamContract, read_count, soon
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS

FRENCH = RoomWords(
    you="je suis : {name}",
    came="{name} est connecté",
    went="",
    said="Message de {name} : ",
)


class TestTwoMembers(StreamContract):
    half_closes = False
    resets = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        room = Room(announce=False, include_self=False)
        return room.enter(), room.enter()

    def message(self, data: bytes) -> bytes:
        return data[:-1] + b"\n"  # what is not yet a line is not heard

    async def test_a_stalled_reader_stops_the_sender(self):
        """Here it is shown out; see below."""


def words(member: RoomStream) -> asyncio.Future[bytes]:
    return asyncio.ensure_future(member.receive())


async def heard(member: RoomStream) -> str:
    """What is there to be heard."""
    return (await soon(member.receive())).decode()


# words --------------------------------------------------------------------------------------------


async def test_the_room_says_who_comes_goes_and_speaks():
    room = Room()
    one = room.enter()
    assert await heard(one) == "You are: 1\n"
    two = room.enter()
    assert await heard(one) == "2 is connected\n"
    assert await heard(two) == "You are: 2\n"
    await soon(two.send(b"hello\nwor"))
    await soon(two.send(b"ld\n"))
    said = "Message from 2: hello\nMessage from 2: world\n"
    assert await heard(one) == await heard(two) == said
    await soon(two.aclose())
    assert await heard(one) == "2 is gone\n"
    await soon(room.enter().aclose())
    assert await heard(one) == "3 is connected\n3 is gone\n"


async def test_the_words_are_those_of_the_course():
    room = Room(words=FRENCH)
    one, two = room.enter(), room.enter()
    assert await heard(one) == "je suis : 1\n2 est connecté\n"
    assert await heard(two) == "je suis : 2\n"
    await soon(one.send("salut à tous\n".encode()))
    assert await heard(one) == await heard(two) == "Message de 1 : salut à tous\n"
    await soon(two.aclose())
    await soon(one.send(b"encore\n"))
    assert await heard(one) == "Message de 1 : encore\n"


async def test_who_speaks_may_be_left_out():
    room = Room(announce=False, include_self=False)
    one, two, three = room.enter(), room.enter(), room.enter()
    await soon(one.send(b"from one\n"))
    await soon(two.send(b"from two\n"))
    assert await heard(one) == "from two\n"
    assert await heard(two) == "from one\n"
    assert await heard(three) == "from one\nfrom two\n"


async def test_a_last_line_without_an_end_is_heard_when_its_member_finishes():
    room = Room(announce=False)
    one, two = room.enter(), room.enter()
    await soon(one.send(b"no end"))
    await soon(one.send_eof())
    await soon(one.send_eof())
    assert await heard(two) == "no end\n"
    await soon(two.send(b"do you hear?\n"))
    assert await heard(one) == "no end\ndo you hear?\n"
    with pytest.raises(BasculeError):
        await soon(one.send(b"x\n"))


async def test_bytes_are_no_text_and_an_empty_datagram_is_no_line():
    room = Room()
    one, two = room.enter(), room.enter()
    await heard(two)
    await soon(one.send(EMPTY_DATAGRAM))
    await soon(one.send(b"\xff{name}\0\r\n\n"))
    assert await soon(two.receive()) == b"Message from 1: \xff{name}\0\r\nMessage from 1: \n"


@pytest.mark.parametrize("ending", [b"", b"\n"])
async def test_a_line_that_is_too_long_is_heard_in_pieces(ending: bytes):
    room = Room(announce=False, include_self=False)
    one, two = room.enter(), room.enter()
    sending = asyncio.ensure_future(one.send(b"x" * (2 * LINE_BYTES + 5) + ending))
    expected = [LINE_BYTES, LINE_BYTES, 5] if ending else [LINE_BYTES, LINE_BYTES]
    got = await soon(read_count(two, sum(expected) + len(expected)))
    await soon(sending)
    assert [len(line) for line in got.splitlines()] == expected


# order and pace -----------------------------------------------------------------------------------


async def test_all_hear_the_same_order():
    room = Room()
    members = [room.enter() for _ in range(5)]
    for member in members:
        await heard(member)

    async def talk(member: RoomStream) -> None:
        for number in range(200):
            await member.send(b"%d %s\n" % (number, b"." * 2000))

    size = sum(len(f"Message from {m.name}: {n} ") + 2001 for m in members for n in range(200))
    async with asyncio.timeout(contract.PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        hearing = [group.create_task(read_count(member, size)) for member in members]
        for member in members:
            group.create_task(talk(member))
    assert len({task.result() for task in hearing}) == 1
    assert len(hearing[0].result()) == size


async def test_a_long_speech_shows_nobody_out_who_keeps_listening():
    room = Room(announce=False, include_self=False)
    one, two = room.enter(), room.enter()
    speech = (b"y" * 99 + b"\n") * 50_000
    async with asyncio.timeout(contract.PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(one.send(speech))
        hearing = group.create_task(read_count(two, len(speech)))
    assert hearing.result() == speech


async def test_one_that_listens_no_more_is_shown_out_and_the_others_hear_everything():
    room = Room(announce=False, include_self=False)
    one, slow, slower, two = (room.enter() for _ in range(4))
    told: list[StreamError] = []
    moments: list[float] = []
    slow.on_shown_out = told.append
    slower.on_shown_out = lambda _error: moments.append(time.monotonic() - begun)
    speech = (b"y" * 999 + b"\n") * 1000
    begun = time.monotonic()
    async with asyncio.timeout(contract.PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(one.send(speech))
        hearing = group.create_task(read_count(two, len(speech)))
    assert hearing.result() == speech
    (taken,) = moments
    assert taken >= PATIENCE_SECONDS
    assert [error.code for error in told] == [ErrorCode.CONNECTION_BROKEN]
    assert told[0].message == "too slow: 256 KiB of the room were waiting for it"
    for gone in (slow, slower):
        for call in (gone.receive, lambda each=gone: each.send(b"x\n"), gone.send_eof):
            with pytest.raises(StreamError, match="too slow"):
                await soon(call())
        await soon(gone.aclose())


async def test_what_waits_for_a_member_is_bounded():
    room = Room(announce=False, include_self=False)
    one, slow = room.enter(), room.enter()
    await soon(one.send(b"\n" * MEBIBYTE))  # the shortest lines there are
    with pytest.raises(StreamError):
        await soon(slow.receive())
    three = room.enter()
    await soon(one.send(b"z" * (LINE_BYTES - 1) + b"\n"))
    await soon(one.send(b"z" * (LINE_BYTES - 1) + b"\n"))
    assert len(await soon(three.receive())) <= QUEUE_BYTES


async def test_all_who_listen_no_more_have_the_same_time(monkeypatch: pytest.MonkeyPatch):
    clock = Clock(monkeypatch)
    room = Room(announce=False, include_self=False)
    one, *slow = (room.enter() for _ in range(3))
    sending = asyncio.ensure_future(one.send((b"y" * 999 + b"\n") * 1000))
    await clock.goes(PATIENCE_SECONDS * 0.9)
    assert room._members == [one, *slow]
    await clock.goes(PATIENCE_SECONDS * 0.2)
    assert room._members == [one]
    await soon(sending)


async def test_who_makes_room_at_the_last_moment_stays(monkeypatch: pytest.MonkeyPatch):
    """Its time and what it does are seen in one turn of the loop, which was busy elsewhere."""
    clock = Clock(monkeypatch)
    room = Room(announce=False, include_self=False)
    one, two = room.enter(), room.enter()
    line = b"z" * (LINE_BYTES - 1) + b"\n"
    sending = asyncio.ensure_future(one.send(line * 4))
    await clock.goes(0)
    assert not sending.done()
    hearing = words(two)
    clock.now += 2 * PATIENCE_SECONDS
    await clock.goes(0)
    assert room._members == [one, two]
    assert await soon(hearing) + await soon(read_count(two, len(line))) == line * 4
    await soon(sending)


async def test_who_makes_room_in_time_stays(monkeypatch: pytest.MonkeyPatch):
    clock = Clock(monkeypatch)
    room = Room(announce=False, include_self=False)
    one, two = room.enter(), room.enter()
    line = b"z" * (LINE_BYTES - 1) + b"\n"
    for _ in range(3):
        await soon(one.send(line))
    sending = asyncio.ensure_future(one.send(line))
    await clock.goes(PATIENCE_SECONDS * 0.9)
    assert not sending.done()
    assert await soon(two.receive()) == line * 3
    await soon(sending)
    assert await soon(two.receive()) == line


async def test_one_that_makes_room_while_another_one_is_waited_for_stays(
    monkeypatch: pytest.MonkeyPatch,
):
    clock = Clock(monkeypatch)
    room = Room(announce=False, include_self=False)
    one, other, two, three = (room.enter() for _ in range(4))
    line = b"z" * (LINE_BYTES - 1) + b"\n"
    sending = asyncio.ensure_future(one.send(line * 4))
    also = asyncio.ensure_future(other.send(line * 4))
    await clock.goes(PATIENCE_SECONDS * 0.9)
    assert not sending.done()
    for member in (three, two, one, other) * 3:  # the one that is waited for first comes last
        if member._queue:
            await soon(member.receive())
        await asyncio.sleep(0)
    await soon(asyncio.gather(sending, also))
    assert room._members == [one, other, two, three]


async def test_one_that_leaves_while_the_others_wait_for_it():
    room = Room(announce=False, include_self=False)
    one, two = room.enter(), room.enter()
    line = b"z" * (LINE_BYTES - 1) + b"\n"
    sending = asyncio.ensure_future(one.send(line * 9))
    await asyncio.wait([sending], timeout=0.02)
    assert not sending.done()
    two.abort()
    await soon(sending)


async def test_what_the_room_says_itself_waits_for_nobody():
    room = Room()
    slow = room.enter()
    others: list[RoomStream] = []
    while slow in room._members:
        others.append(room.enter())
        others.pop().abort()
    with pytest.raises(StreamError, match="too slow"):
        await soon(slow.receive())


async def test_who_does_not_hear_itself_speak_is_shown_out_by_its_own_words():
    room = Room(announce=False)
    one = room.enter()
    with pytest.raises(StreamError, match="too slow"):
        await soon(one.send((b"z" * 999 + b"\n") * 1000))


async def test_several_shown_out_at_once_hear_of_each_other_in_vain():
    room = Room()
    slow = [room.enter() for _ in range(3)]
    for member in slow:
        await heard(member)
        member.hear(b"z" * QUEUE_BYTES)
    last = room.enter()
    assert room._members == [last]
    assert await heard(last) == "You are: 4\n" + "".join(f"{n} is gone\n" for n in (3, 2, 1))
    for member in slow:
        with pytest.raises(StreamError, match="too slow"):
            await soon(member.receive())


# leaving ------------------------------------------------------------------------------------------


async def test_closing_ends_whoever_waits_and_forgets_the_member():
    room = Room(announce=False)
    one, two = room.enter(), room.enter()
    waiting = words(one)
    await asyncio.sleep(0)
    await soon(one.aclose())
    with pytest.raises(BasculeError):
        await soon(waiting)
    await soon(two.send(b"x\n"))
    assert await heard(two) == "x\n"
    room.leave(one)
    assert room._members == [two]


async def test_dialing_makes_a_member():
    room = Room()
    dialer = RoomDialer(room, label="chat")
    steps: list[StageResult] = []
    one, two = await dialer.dial(steps.append), await dialer.dial()
    assert {str(one.peer), str(two.peer)} == {"room, 1", "room, 2"}
    assert not one.can_half_close
    assert [(step.stage, step.subject) for step in steps] == [(Stage.CONNECT, "chat")] * 2
