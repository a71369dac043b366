"""For whom a task dials."""

from __future__ import annotations

import asyncio

from bascule.streams.base import Address
from bascule.streams.origin import Origin, get_origin, set_origin


async def test_each_task_dials_for_its_own():
    assert get_origin() == Origin(Address(""), Address(""))

    async def dial(port: int) -> int | None:
        set_origin(Origin(Address("10.0.0.1", port), Address("10.0.0.2", 80)))
        await asyncio.sleep(0)
        return get_origin().peer.port

    assert await asyncio.gather(dial(1), dial(2)) == [1, 2]
    assert get_origin().peer == Address("")
