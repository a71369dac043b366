"""What of a service can be tested where."""

from __future__ import annotations

import sys

if sys.platform == "win32":  # files and commands of the others
    collect_ignore = ["test_entry.py", "test_launchd.py", "test_systemd.py"]
