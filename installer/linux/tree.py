"""Owns which files an installed Bascule has on Linux, and where (FHS 3.0, XDG specifications).

Every package is made of this tree, so that all of them install the same.
"""

from __future__ import annotations

import gzip
import re
import shutil
import string
from pathlib import Path

from bascule.service import systemd
from installer import icons
from installer.facts import (
    APP_ID,
    BUILT,
    NAME,
    PUBLISHER,
    SUMMARY,
    SUMMARY_FR,
    TITLE,
    TOP,
    VERSION,
)
from installer.linux import man

FILES = Path(__file__).resolve().parent / "files"
_ICON_SIZES = (32, 48, 64, 128, 256)


def lay_out(root: Path, program: Path) -> None:
    """Fill an empty folder with everything that is installed, as seen from ``/``."""
    usr, share = root / "usr", root / "usr" / "share"
    shutil.copytree(program, usr / "lib" / NAME, symlinks=True)
    (usr / "bin").mkdir()
    for name in (NAME, f"{NAME}-desktop"):
        (usr / "bin" / name).symlink_to(f"../lib/{NAME}/{name}")
    _write(share / "applications" / f"{NAME}.desktop", fill("bascule.desktop"))
    _write(share / "metainfo" / f"{APP_ID}.metainfo.xml", fill("metainfo.xml"))
    _write(share / "mime" / "packages" / f"{NAME}.xml", fill("mime.xml"))
    engine = [f"/usr/lib/{NAME}/{NAME}", "engine", "--leave-after", "inf"]
    _write(usr / "lib" / "systemd" / "user" / systemd.UNIT, systemd.unit(engine))
    _write(share / "doc" / NAME / "copyright", fill("copyright") + _license())
    for page, text in man.pages().items():
        _compressed(share / "man" / "man1" / f"{page}.gz", text)
    hicolor = share / "icons" / "hicolor"
    _write(
        hicolor / "scalable" / "apps" / f"{NAME}.svg",
        (TOP / "resources" / "icons" / "app.svg").read_text(encoding="utf-8"),
    )
    for size, png in icons.draw(_ICON_SIZES).items():
        file = hicolor / f"{size}x{size}" / "apps" / f"{NAME}.png"
        file.parent.mkdir(parents=True)
        file.write_bytes(png)
    settle(root)


def fill(name: str) -> str:
    """A text of ``files/`` with the facts in it."""
    text = (FILES / name).read_text(encoding="utf-8")
    return string.Template(text).substitute(
        app_id=APP_ID,
        name=NAME,
        publisher=PUBLISHER,
        released=f"{BUILT:%Y-%m-%d}",
        summary=SUMMARY,
        summary_fr=SUMMARY_FR,
        title=TITLE,
        version=VERSION,
    )


def script(name: str, when: str = "") -> str:
    """A script of ``files/`` that a package manager runs, with what it shares with the others.

    ``when`` takes the place of its condition: rpm counts versions where dpkg says a word.
    """
    shared, own = ((FILES / each).read_text(encoding="utf-8") for each in ("engines.sh", name))
    if when:
        own = re.sub(r"^if .*; then$", f"if {when}; then", own, flags=re.MULTILINE)
    return f"#!/bin/sh\n{shared}\n{own}"


def settle(root: Path) -> None:
    """Give files and folders the rights of an installed system: 0755 and 0644."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable and _may_run(path) else 0o644)


def _may_run(path: Path) -> bool:
    return path.is_dir() or ".so" not in path.name


def _license() -> str:
    lines = (TOP / "LICENSE").read_text(encoding="utf-8").splitlines()
    return "".join(f" {line}\n" if line.strip() else " .\n" for line in lines)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _compressed(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Without time and name: the same source gives the same package.
    file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
