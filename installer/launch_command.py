"""Owns the start of the built ``bascule``: the engine and the command line."""

import sys

from bascule.__main__ import main

sys.exit(main())
