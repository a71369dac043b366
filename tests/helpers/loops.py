"""The event loops that streams are tested on: the one of this system, and asyncio's own, which
macOS uses: there the loop itself watches the descriptors.
"""

from __future__ import annotations

import asyncio

from bascule.cli.loop import loop_factory

LOOPS = {"ours": loop_factory(), "asyncio": asyncio.new_event_loop}
