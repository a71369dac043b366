"""Owns the answer to one question: where is this file that ships with Bascule?

It reads nothing and caches nothing. Three lives are known: frozen into an executable, installed as
a package, and run from a checkout.
"""

from __future__ import annotations

import sys
from pathlib import Path


def resource(name: str) -> Path:
    """Find a file or folder that ships with Bascule, such as ``icons/lock.svg``.

    Raises:
        FileNotFoundError: It is in none of the places where resources can be.
    """
    places = _places()
    for place in places:
        found = place / name
        if found.exists():
            return found
    looked = ", ".join(str(place) for place in places)
    raise FileNotFoundError(f"{name} is not among the resources; looked in {looked}")


def _places() -> list[Path]:
    here = Path(__file__).resolve().parent
    places = [here / "resources", here.parents[1] / "resources"]
    if getattr(sys, "frozen", False):
        beside = Path(sys.executable).resolve().parent
        unpacked = Path(getattr(sys, "_MEIPASS", beside))
        # Only what was built in counts: a folder beside a checkout must not win over it.
        places = [
            unpacked / "resources",
            unpacked / "bascule_desktop" / "resources",
            beside / "resources",
        ]
    return places
