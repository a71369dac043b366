"""The event loops that streams are tested on: the one of this system, and asyncio's own, which
macOS uses: there the loop itself watches the descriptors. Windows' own is not among them: Bascule
never runs on it where it is installed as it should be, and it cannot abort a connection (it tells
the end first).
"""

from __future__ import annotations

import asyncio
import sys

from bascule.cli.loop import loop_factory

LOOPS = {"ours": loop_factory()}
if sys.platform != "win32":
    LOOPS["asyncio"] = asyncio.new_event_loop
