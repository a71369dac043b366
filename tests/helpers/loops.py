"""The event loops that streams are tested on: the one of this system, and one of other systems."""

from __future__ import annotations

import uvloop

from bascule.cli.loop import loop_factory

LOOPS = {"ours": loop_factory(), "uvloop": uvloop.new_event_loop}
