"""Owns a running program's way to its own modules after another version took its place on the disk.

PyInstaller opens the program by its path for each module that it loads, and after an upgrade it
would read a piece of the new version there. ``/proc/self/exe`` is the file that was started, also
when nothing else leads to it any more (proc(5)). PyInstaller runs this before the program.
"""

import pyimod02_importers  # pyright: ignore[reportMissingImports] - only in a built program

pyimod02_importers.pyz_archive._filename = "/proc/self/exe"
