"""The command ``bascule``: the engine and the command line."""

from __future__ import annotations

import sys

from bascule.cli.command import run


def main() -> int:
    """Run the command line with the words of this process; return its exit code."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
