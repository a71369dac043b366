"""Owns the package for every other Linux: one file that unpacks itself (makeself).

Who runs it without rights of root gets Bascule below the home folder; root gets it below ``/opt``.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from installer.facts import DIST, NAME, TITLE, VERSION
from installer.linux import tree


def build() -> Path:
    """Make the file of the program in ``dist``. Raises: CalledProcessError."""
    file = DIST / f"{NAME}-{VERSION}-x86_64.run"
    with tempfile.TemporaryDirectory(prefix="bascule-run-") as folder:
        root = Path(folder) / "root"
        root.mkdir()
        tree.lay_out(root)
        setup = root / "setup.sh"
        shutil.copyfile(tree.FILES / "setup.sh", setup)
        setup.chmod(0o755)
        words = ["--xz", "--quiet", "--nox11", "--sha256", "--tar-quietly"]
        words += [str(root), str(file), f"{TITLE} {VERSION}", "./setup.sh"]
        subprocess.run(["makeself", *words], check=True, stdout=subprocess.DEVNULL)
    return file
