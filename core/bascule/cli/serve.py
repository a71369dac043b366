"""Owns the life of the engine's process: lock, log, engine, server, and leaving in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import ExitStack, suppress

from bascule.cli.loop import run_until_done
from bascule.control.handover import take_over
from bascule.control.rendezvous import Rendezvous
from bascule.control.server import Server
from bascule.engine.engine import Engine
from bascule.engine.logs import log, open_log
from bascule.engine.secrets import Keyring, system_keyring
from bascule.places import find_places

type Stop = Callable[[], None]


def serve(
    *,
    tcp: bool,
    leave_seconds: float,
    find_keyring: Callable[[], Keyring | None] = system_keyring,
    entered: Callable[[Stop], None] | None = None,
) -> int:
    """Be the engine until nobody has needed it for ``leave_seconds``. ``entered`` is given a
    function that ends it in order, from any thread, as soon as its profiles are read.

    Raises:
        ControlError: ENGINE_ALREADY_RUNNING.
        OSError: its folders cannot be written.
    """
    places = find_places()
    rendezvous = Rendezvous(places.runtime)
    rendezvous.claim()
    with ExitStack() as stack:
        stack.callback(rendezvous.leave)
        stack.enter_context(open_log(places.logs))
        stack.callback(rendezvous.leave)  # first of all: the log may have to wait for the disk
        server = Server(
            engine := Engine(places, find_keyring),
            rendezvous,
            tcp=tcp or None,
            leave_seconds=leave_seconds,
        )
        try:
            run_until_done(_serve(engine, server, take_over(rendezvous), entered))
        except KeyboardInterrupt:
            log.info("engine leaves on a signal")
    return 0


async def _serve(
    engine: Engine,
    server: Server,
    again: Collection[str],
    entered: Callable[[Stop], None] | None,
) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        log.info("engine leaves: the system asks it to")
        with suppress(RuntimeError):  # the loop is closed: it has ended already
            loop.call_soon_threadsafe(server.stop)

    try:
        await engine.open(again)
        if entered is not None:
            entered(stop)
        await server.run()
    finally:
        await asyncio.shield(engine.aclose())
