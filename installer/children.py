"""Owns what a built program leaves to the programs that it starts: nothing of its own libraries.

PyInstaller's executables find their libraries by ``LD_LIBRARY_PATH`` or by the folder given to
SetDllDirectory, and who is started inherits both: ``ssh``, ``curl`` or ``systemctl`` would load
Bascule's OpenSSL in place of the system's. What the loader has read by now stays in force here, and
modules find what lies beside them. Run before the program, by PyInstaller.

See "Launching external programs from the frozen application" in PyInstaller's manual.
"""

import os
import sys
from pathlib import Path


def give_back() -> None:
    """Make the environment that others inherit the one that this program was started with."""
    for name in [name for name in os.environ if name.startswith("_PYI_")]:
        del os.environ[name]  # one of Bascule's own is a start of its own, too
    if sys.platform == "win32":
        import ctypes

        if Path(sys.executable).stem.lower() == "bascule":  # Qt looks there for as long as it runs
            ctypes.windll.kernel32.SetDllDirectoryW(None)
        return
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)


give_back()
