"""Owns ``bascule engine --stop``: what installers call before they replace files."""

from __future__ import annotations

import asyncio

from bascule.control.handover import end_engine
from bascule.control.rendezvous import Rendezvous
from bascule.places import find_places


def end(*, resume: bool) -> int:
    """End the running engine of this user and say what that ended.

    Raises:
        ControlError: ENGINE_NOT_RUNNING; ENGINE_LOST where it does not answer or does not end.
    """
    ended = asyncio.run(end_engine(Rendezvous(find_places().runtime), resume=resume))
    relays, connections = len(ended.was.relays), ended.was.connections
    print(f"engine {ended.version} (process {ended.pid}) has ended")
    print(f"relays that ran: {relays}; connections that were open: {connections}")
    if resume and relays:
        print("the next engine starts these relays again")
    return 0
