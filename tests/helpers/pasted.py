"""Starts what was pasted on a stage, where its ports, hosts and paths become some of this computer:
what is sent at one of its ends is received at the other.

A TCP port that a relay leads to is a real socat's, which gives back what it is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace

from bascule.spec.foreign.found import Found
from tests.helpers.contract import read_all, read_count, soon
from tests.helpers.descriptors import until
from tests.helpers.relays import RelayRig
from tests.helpers.stage import Stage
from tests.helpers.staged import CONTENT, Around, Staged


async def carry(found: Found, around: Around) -> None:
    """Start the relay that was found, and see that it carries each way that it has."""
    relay = found.relay
    assert relay is not None
    async with AsyncExitStack() as stack:
        stage = Stage(around, stack, listens=relay.listens)
        way = relay.direction
        source = await stage.staged(relay.source, {"up": "gives", "down": "takes"}.get(way, way))
        target = await stage.staged(relay.target, {"up": "takes", "down": "gives"}.get(way, way))
        # How long one way may go on when the other has ended is a matter of time: here, for ever.
        spec = replace(relay, source=source.end, target=target.end, half_close_seconds=0.0)
        rig = await stack.enter_async_context(RelayRig(spec, found.secrets, foreground=True))
        if spec.listens:
            await rig.run()
        else:
            rig.relay.start()
        for each in (source, target):
            if each.peer is not None:
                each.stream = await soon(each.peer(rig))
        ways = [(source, target)] * (way != "down") + [(target, source)] * (way != "up")
        compared = [await _compared(*each) for each in ways]
        assert any(compared)
        if source.stream is not None and target.stream is not None:
            assert all(compared)


async def _compared(giver: Staged, taker: Staged) -> bool:
    """See that what one gives is what the other takes; False where that cannot be seen."""
    stream = giver.stream
    if stream is not None and taker.echoes:
        if taker.asked:
            await soon(stream.send(taker.asked))
            assert await soon(read_count(stream, len(taker.answered))) == taker.answered
        await soon(stream.send(CONTENT))
        return _same(await soon(read_count(stream, len(CONTENT))), CONTENT)
    if stream is not None and taker.stream is not None:
        await soon(stream.send(CONTENT))
        return _same(await soon(read_count(taker.stream, len(CONTENT))), CONTENT)
    if stream is not None and taker.keeps is not None:
        await soon(stream.send(taker.sent or CONTENT))
        if taker.sent:
            await soon(stream.send_eof())
        return await _kept(taker.keeps, CONTENT)
    if giver.gives and taker.stream is not None:
        if giver.taken is not None:
            got = giver.taken(await soon(read_all(taker.stream)))
        else:
            got = await soon(read_count(taker.stream, len(giver.gives)))
        return _same(got, giver.gives)
    if giver.gives and taker.keeps is not None:
        return await _kept(taker.keeps, giver.gives)
    if giver.gives and giver.keeps is not None and taker.echoes:
        return await _kept(giver.keeps, giver.gives)
    return False


async def _kept(keeps: Callable[[], bytes], content: bytes) -> bool:
    await until(lambda: len(keeps()) >= len(content))
    return _same(keeps(), content)


def _same(got: bytes, wanted: bytes) -> bool:
    assert hashlib.sha256(got).hexdigest() == hashlib.sha256(wanted).hexdigest()
    return True
