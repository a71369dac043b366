"""The event loops that streams are tested on: the one of this system, and asyncio's own, which
macOS uses: there the loop itself watches the descriptors. Windows' own is not among them: Bascule
never runs on it where it is installed as it should be, and it cannot abort a connection (it tells
the end first).
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from bascule.cli.loop import loop_factory

if TYPE_CHECKING:
    from bascule.streams.poll_loop import PollSelector

LOOPS = {"ours": loop_factory()}
if sys.platform != "win32":
    LOOPS["asyncio"] = asyncio.new_event_loop


def selector() -> PollSelector:
    """What our running loop looks at descriptors with."""
    from bascule.streams.poll_loop import PollSelector  # not on every system

    found = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
    assert isinstance(found, PollSelector)
    return found
