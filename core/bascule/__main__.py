"""The command ``bascule``: the engine and the command line."""

from __future__ import annotations

import io
import sys

from bascule.cli.command import run


def _speak_utf8() -> None:
    """Read and write UTF-8, and write line feeds, where pipes and files are: Windows would take its
    old code page and CR LF, and what is exported there may be for a Linux.
    """
    given = sys.stdin
    if isinstance(given, io.TextIOWrapper) and not given.isatty():
        given.reconfigure(encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):  # None in a program without a console
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def main() -> int:
    """Run the command line with the words of this process; return its exit code."""
    _speak_utf8()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
