"""The command ``bascule``: the engine and the command line."""

from __future__ import annotations

import io
import sys

from bascule.cli.command import run


def _speak_utf8() -> None:
    """Write UTF-8 into pipes and files on every system; Windows would take its old code page."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None in a program without a console
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")


def main() -> int:
    """Run the command line with the words of this process; return its exit code."""
    _speak_utf8()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
