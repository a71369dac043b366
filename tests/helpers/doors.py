"""What is said to an engine by whoever comes to its door."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

NO_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows' engine listens in TCP only")
DOORS = (pytest.param((), id="unix", marks=NO_UNIX), pytest.param(("--tcp",), id="tcp"))


def code_of(answer: bytes | dict[str, Any]) -> str:
    """The code of the one error that was answered."""
    data = json.loads(answer) if isinstance(answer, bytes) else answer
    return data["error"]["data"]["code"]
