"""Owns the life of the engine's process: lock, log, engine, server, and leaving in order."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import ExitStack

from bascule.cli.loop import run_until_done
from bascule.control.handover import take_over
from bascule.control.rendezvous import Rendezvous
from bascule.control.server import Server
from bascule.engine.engine import Engine
from bascule.engine.logs import log, open_log
from bascule.engine.secrets import system_keyring
from bascule.places import find_places


def serve(*, tcp: bool, leave_seconds: float) -> int:
    """Be the engine until nobody has needed it for ``leave_seconds``.

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
            engine := Engine(places, system_keyring),
            rendezvous,
            tcp=tcp or None,
            leave_seconds=leave_seconds,
        )
        try:
            run_until_done(_serve(engine, server, take_over(rendezvous)))
        except KeyboardInterrupt:
            log.info("engine leaves on a signal")
    return 0


async def _serve(engine: Engine, server: Server, again: Collection[str]) -> None:
    try:
        await engine.open(again)
        await server.run()
    finally:
        await asyncio.shield(engine.aclose())
