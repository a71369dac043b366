"""Owns how the command line prints what somebody else may have written: no terminal obeys it."""

from __future__ import annotations

import sys

from bascule.recording.text import seen


def say(text: str, *, aside: bool = False) -> None:
    r"""Print a text, what is no character that can be seen as ``\x1b``; ``aside``: as an error."""
    shown = "\n".join(map(seen, text.split("\n")))
    print(shown, file=sys.stderr if aside else sys.stdout, flush=True)
