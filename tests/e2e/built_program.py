"""A copy of Bascule that is for Python what the built program is: frozen, with two executables in
one folder. Of any version.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bascule import __version__

_TOP = Path(__file__).resolve().parents[2]
_PROGRAM = """#!{python} -P
import sys
sys.frozen = True
sys.executable = __file__
sys._MEIPASS = {top!r}
import bascule
bascule.__version__ = {version!r}
from {package}.__main__ import main
sys.exit(main())
"""


def put_program(folder: Path, version: str = __version__) -> Path:
    """Put a program into a folder, in place of one that is there as packages do it; its window."""
    folder.mkdir(exist_ok=True)
    for name, package in (("bascule", "bascule"), ("bascule-desktop", "bascule_desktop")):
        new = folder / f"{name}.new"
        new.write_text(
            _PROGRAM.format(python=sys.executable, top=str(_TOP), version=version, package=package),
            "utf-8",
        )
        new.chmod(0o755)
        new.replace(folder / name)
    return folder / "bascule-desktop"
