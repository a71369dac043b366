"""Owns which event loop the core runs on, how it ends on a signal, and one relay to its end."""

from __future__ import annotations

import asyncio
import gc
import importlib
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from bascule.relay.connections import TICK_SECONDS

if TYPE_CHECKING:
    from bascule.relay.relay import Relay

_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """The fastest loop there is: ours on Linux, winloop on Windows where installed."""
    if sys.platform == "linux":
        from bascule.streams.poll_loop import PollLoop

        return PollLoop
    if sys.platform == "win32":
        try:
            return importlib.import_module("winloop").new_event_loop
        except ImportError:
            pass
    return asyncio.new_event_loop


def run_until_done[T](main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; SIGTERM cancels it as Ctrl+C does.

    Raises: KeyboardInterrupt on either signal, after the coroutine has cleaned up.
    """
    terminated = False
    # What is loaded stays. What connections are made of is freed by counting: looking for cycles
    # in it after every few hundred objects would cost a tenth of the time of a busy relay.
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)

    async def watched() -> T:
        task = asyncio.current_task()
        assert task is not None

        def terminate() -> None:
            nonlocal terminated
            terminated = True
            task.cancel()

        if sys.platform != "win32":  # there, nobody sends it
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate)
        return await main

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        try:
            return runner.run(watched())
        except asyncio.CancelledError:
            if terminated:
                raise KeyboardInterrupt from None
            raise


async def run_to_its_end(relay: Relay) -> None:
    """Run a relay until it stops by itself; however this ends, it is stopped."""
    relay.start()
    try:
        while relay.active:
            try:
                async with asyncio.timeout(TICK_SECONDS):
                    await relay.ended()
            except TimeoutError:
                # By the loop, which reports a fault; the relay ends because of it, and says so.
                asyncio.get_running_loop().call_soon(relay.tick, time.monotonic())
    finally:
        if relay.active:
            await relay.stop()
