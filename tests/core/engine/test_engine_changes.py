"""Changes at the same time end as if they had come one after the other."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path

from bascule.engine.engine import Engine
from bascule.errors import ErrorCode
from bascule.events import RelayState
from bascule.places import Places
from bascule.spec.profiles import profile_from_toml
from tests.helpers.own_engine import PROFILE, edited, results, state, view

# changes at the same time --------------------------------------------------------------------


def alone(engine: Engine) -> None:
    """Nothing listens or works that no profile knows of."""
    known = {f"relay {view.id}" for view in engine.snapshot().profiles}
    found = {task.get_name() for task in asyncio.all_tasks()}
    assert {name for name in found if name.startswith("relay ")} <= known
    assert not any(name.startswith("change ") for name in found)


async def test_two_that_save_the_same_leave_one_relay(engine: Engine, places: Places):
    await engine.save(PROFILE, {})
    await engine.start_relay(PROFILE.id)
    await state(engine, RelayState.RUNNING)
    await results(*(engine.save(edited(number), {}) for number in range(1, 21)))
    seen = await state(engine, RelayState.RUNNING)
    held = seen.profile
    assert held is not None
    on_disk = profile_from_toml((places.profiles / f"{PROFILE.id}.toml").read_text())
    assert held == on_disk
    alone(engine)
    await engine.stop_relay(PROFILE.id)
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("relay ")]


async def test_a_start_during_a_save_or_a_delete_leaves_no_stray_relay(engine: Engine):
    for number in range(1, 11):
        await engine.save(PROFILE, {})
        codes = await results(
            engine.start_relay(PROFILE.id),
            engine.save(edited(number), {}),
            engine.start_relay(PROFILE.id),
            engine.delete(PROFILE.id),
            engine.start_relay(PROFILE.id),
            engine.stop_relay(PROFILE.id),
        )
        assert codes == [None] * 4 + [ErrorCode.PROFILE_UNKNOWN] * 2
        assert engine.snapshot().profiles == ()
        alone(engine)
        assert not engine.active


async def test_a_delete_and_a_restore_at_the_same_time(engine: Engine):
    await engine.save(PROFILE, {})
    codes = await results(engine.delete(PROFILE.id), engine.restore(PROFILE.id))
    assert codes == [None, None]
    assert view(engine).profile == PROFILE
    assert await results(engine.restore(PROFILE.id)) == [ErrorCode.PROFILE_UNKNOWN]


async def test_anything_at_the_same_time_ends_well(engine: Engine):
    others = [replace(PROFILE, id=f"echo-{number}") for number in range(4)]
    for profile in others:
        await engine.save(profile, {})
    choice = random.Random(5)
    work: list[Awaitable[None]] = []
    for number in range(400):
        profile = choice.choice(others)
        work.append(
            choice.choice(
                [
                    lambda id=profile.id: engine.start_relay(id),
                    lambda id=profile.id: engine.stop_relay(id),
                    lambda id=profile.id: engine.delete(id),
                    lambda id=profile.id: engine.restore(id),
                    lambda id=profile.id, n=number: engine.save(
                        replace(edited(n % 7), id=id), {"ref": str(n)}
                    ),
                ]
            )()
        )
    assert set(await results(*work)) <= {None, ErrorCode.PROFILE_UNKNOWN}
    alone(engine)
    for seen in engine.snapshot().profiles:
        assert seen.profile == profile_from_toml(Path(seen.file).read_text())
        await engine.stop_relay(seen.id)
    assert not engine.active


async def test_a_change_is_finished_though_nobody_waits_for_it(engine: Engine):
    await engine.save(PROFILE, {})
    await engine.start_relay(PROFILE.id)
    seen = await state(engine, RelayState.RUNNING)
    asked = asyncio.ensure_future(engine.save(edited(5), {}))
    await asyncio.sleep(0)
    asked.cancel()
    await engine.save(replace(edited(5), name="later"), {})  # waits for its turn
    again = await state(engine, RelayState.RUNNING)
    assert again.status.listening != seen.status.listening
    assert again.profile == replace(edited(5), name="later")


async def test_the_end_waits_for_changes(places: Places):
    engine = Engine(places, lambda: None)
    await engine.open()
    saving = asyncio.ensure_future(engine.save(PROFILE, {}))
    await asyncio.sleep(0)
    await engine.aclose()
    assert saving.done()
    assert (places.profiles / f"{PROFILE.id}.toml").is_file()


async def test_an_engine_that_never_opened_ends(places: Places):
    await Engine(places, lambda: None).aclose()
