"""Owns the start of the built ``bascule-desktop``: the window."""

import sys

from bascule_desktop.__main__ import main

sys.exit(main())
