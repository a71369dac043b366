"""What a built program leaves to those that it starts is what it was started with itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHILDREN = Path(__file__).parents[2] / "installer" / "children.py"
PROGRAM = f"""
import json, os, runpy
runpy.run_path({str(CHILDREN)!r})
print(json.dumps(dict(os.environ)))
"""


def inherited(**variables: str) -> dict[str, str]:
    """The environment that is left where PyInstaller has set these variables."""
    found = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**found, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_nothing_of_its_own_start():
    left = inherited(_PYI_ARCHIVE_FILE="/opt/bascule", _PYI_PARENT_PROCESS_LEVEL="1", OTHER="kept")
    assert not [name for name in left if name.startswith("_PYI_")]
    assert left["OTHER"] == "kept"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such variable")
class TestLibraries:
    def test_its_own_folder_is_taken_away(self):
        assert "LD_LIBRARY_PATH" not in inherited(LD_LIBRARY_PATH="/opt/bascule/_internal")

    def test_those_of_the_person_stay(self):
        left = inherited(
            LD_LIBRARY_PATH="/opt/bascule/_internal:/opt/own", LD_LIBRARY_PATH_ORIG="/opt/own"
        )
        assert left["LD_LIBRARY_PATH"] == "/opt/own"
        assert "LD_LIBRARY_PATH_ORIG" not in left
