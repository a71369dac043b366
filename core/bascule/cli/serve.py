"""Owns the life of the engine's process: lock, log, engine, server, and leaving in order."""

from __future__ import annotations

import asyncio

from bascule.cli.loop import run_until_done
from bascule.control.rendezvous import Rendezvous
from bascule.control.server import Server
from bascule.engine.engine import Engine
from bascule.engine.logs import log, open_log
from bascule.engine.secrets import system_keyring
from bascule.places import find_places


def serve(*, tcp: bool = False) -> int:
    """Be the engine until nobody needs it.

    Raises:
        ControlError: ENGINE_ALREADY_RUNNING.
    """
    places = find_places()
    rendezvous = Rendezvous(places.runtime)
    rendezvous.claim()
    try:
        listener = open_log(places.logs)
        try:
            run_until_done(_serve(Engine(places, system_keyring), rendezvous, tcp=tcp))
        except KeyboardInterrupt:
            log.info("engine leaves on a signal")
        finally:
            listener.stop()
    finally:
        rendezvous.leave()
    return 0


async def _serve(engine: Engine, rendezvous: Rendezvous, *, tcp: bool) -> None:
    server = Server(engine, rendezvous, tcp=tcp or None)
    try:
        await engine.open()
        await server.run()
    finally:
        await asyncio.shield(engine.aclose())
