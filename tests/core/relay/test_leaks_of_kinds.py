"""Each kind of target behind each kind of source, a few times: no task, descriptor, thread,
program, file or lent buffer stays.

``test_leaks`` does the most used of them a thousand times.
"""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

from bascule.spec.relays import RelaySpec
from bascule.streams import named_pipe
from tests.helpers.certificates import Files
from tests.helpers.descriptors import no_more_threads_than
from tests.helpers.entrances import SOURCES
from tests.helpers.far_sides import TARGETS, Place
from tests.helpers.named_pipes import StandIn
from tests.helpers.relays import RelayRig, nothing_left_behind

TIMES = 2

# Both ends would be the same: a program has but one standard input.
PAIRS = [pair for pair in product(SOURCES, TARGETS) if pair != ("standard", "standard")]


@pytest.fixture(scope="module", autouse=True)
def _only_what_is_new_is_collected() -> Iterator[None]:
    """What was there before is not searched for garbage again and again."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def pipes(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The named pipes of a system that has them."""
    stand_in = StandIn()
    monkeypatch.setattr(named_pipe, "_windows", lambda _field: stand_in)
    yield stand_in
    assert [each for each in stand_in.places if not each.closed] == []


async def visits(source: str, target: str, place: Place, times: int) -> None:
    """A relay from one to the other, and so many who come through it one after the other."""
    async with SOURCES[source](place) as entrance, TARGETS[target](place) as end:
        listens = entrance.source.listens
        spec = RelaySpec(
            entrance.source,
            end,
            once=not listens,
            half_close_seconds=0.01,
            linger_seconds=0,
            idle_seconds=60,
        )
        async with RelayRig(spec, foreground=True) as rig:
            if listens:
                await rig.run()
            for _ in range(times):
                await entrance.visit(rig)
                await rig.relay._connections.all_done()  # a device is free again
    place.pipes.close()


@pytest.mark.parametrize(("source", "target"), PAIRS)
async def test_nothing_stays(
    source: str,
    target: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: Files,
    pipes: StandIn,
):
    monkeypatch.chdir(tmp_path)
    place = Place(files, pipes)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    await visits(source, target, place, 1)  # what is opened at first use stays open
    gc.collect()
    threads, names = threading.active_count(), set(tmp_path.iterdir())
    async with nothing_left_behind():
        await visits(source, target, place, TIMES)
        gc.collect()
    await no_more_threads_than(threads)
    assert set(tmp_path.iterdir()) == names
