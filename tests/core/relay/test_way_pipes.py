"""The pipes through which a bulky way moves pages: lent, given back, unused if somebody looks."""

from __future__ import annotations

import asyncio

import pytest

from bascule.relay import way as way_module
from bascule.relay.way import _Pipes
from tests.helpers.contract import MEBIBYTE, PATIENCE_SECONDS, random_bytes, read_count, soon
from tests.helpers.exhaustion import no_descriptors_left
from tests.helpers.loops import LOOPS
from tests.helpers.quick import (
    Rig,
    carried,
    pipes,
    pours,
    stalls,
    turns_bulky,
)

LOOP_FACTORIES = LOOPS


async def test_a_pipe_is_lent_while_there_is_much_and_given_back_when_there_is_little():
    async with carried() as rig:
        open_pipes = pipes()
        for _ in range(2):
            await turns_bulky(rig.client, rig.service)
            assert (_Pipes.lent, pipes()) == (1, open_pipes + 2)
            for index in range(100):
                await soon(rig.client.send(b"%3d" % index))
                assert await soon(rig.service.receive()) == b"%3d" % index
            assert (_Pipes.lent, pipes()) == (0, open_pipes)


async def test_a_little_now_and_then_does_not_take_it_away():
    async with carried() as rig:
        await turns_bulky(rig.client, rig.service)
        for _ in range(3):
            for _ in range(40):
                await pours(rig.client, rig.service, 3)
            await pours(rig.client, rig.service, 200_000)
        assert _Pipes.lent == 1


async def test_never_more_are_lent_than_all_may_have():
    """Of thirty that have much to carry, some copy; when others have ended, they may have one."""
    rigs = [Rig() for _ in range(30)]
    open_pipes = pipes()
    for rig in rigs:
        rig.start()

    async def pour(rig: Rig, most: int) -> None:
        for _ in range(3):
            await pours(rig.client, rig.service)
            assert _Pipes.lent <= most
            assert pipes() - open_pipes <= 2 * most

    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(pour(rig, way_module._MOST_PIPES) for rig in rigs))
        assert _Pipes.lent == way_module._MOST_PIPES == 24
        for rig in rigs[:24]:
            rig.close()
        await asyncio.gather(*(pour(rig, 6) for rig in rigs[24:]))
        assert _Pipes.lent == 6
    for rig in rigs:
        rig.close()
    assert pipes() == open_pipes


@pytest.mark.parametrize("stalled", [False, True])
async def test_a_pipe_is_given_back_when_it_is_stopped(stalled: bool):
    async with carried() as rig:
        await turns_bulky(rig.client, rig.service)
        await turns_bulky(rig.service, rig.client)
        if stalled:  # there is something inside
            await stalls(rig.client, rig)
        assert _Pipes.lent == 2
        rig.path.stop()
        assert _Pipes.lent == 0
        assert await rig.is_over() is None


# who looks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("inside", [False, True], ids=["empty pipe", "full pipe"])
async def test_who_begins_to_look_sees_all_that_is_read_from_then_on(way: int, inside: bool):
    """Also where pages are moved unseen until then; and when nobody looks any more, they are."""
    async with carried() as rig:
        sender, reader = rig.ways[way]
        await turns_bulky(sender, reader)
        before = await stalls(sender, rig) if inside else 0
        seen: list[tuple[str, bytes]] = []
        rig.counters.observe = lambda *what: seen.append(what)
        after = random_bytes(3 * MEBIBYTE)
        sending = asyncio.ensure_future(sender.send(after))
        got = await soon(read_count(reader, before + len(after)))
        await soon(sending)
        assert _Pipes.lent == 0
        shown = b"".join(data for _, data in seen)
        assert {direction for direction, _ in seen} == {("up", "down")[way]}
        assert len(shown) >= len(after)
        assert (len(got), got[-len(after) :] == after) == (before + len(after), True)
        assert got.endswith(shown)
        count = len(seen)
        rig.counters.observe = None
        await turns_bulky(sender, reader)
        assert len(seen) == count


async def test_without_descriptors_for_a_pipe_it_copies():
    async with carried() as rig:
        await pours(rig.client, rig.service, 10)
        with no_descriptors_left():
            for _ in range(4):
                await pours(rig.client, rig.service)
        assert rig.counters.up == 10 + 32 * MEBIBYTE
        await turns_bulky(rig.client, rig.service)
