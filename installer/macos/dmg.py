"""Owns the disk image: Bascule.app beside a link to Applications, signed and notarised where asked.

Never run, as no Mac was at hand. The tools are those of macOS and its Command Line Tools: ditto(1),
hdiutil(1), codesign(1), "notarytool" and "stapler" (TN3147).
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

from installer import program
from installer.facts import BUILD, DIST, NAME, TITLE, VERSION
from installer.macos.app import APP, EXECUTABLES, IDENTITY

NOTARY_PROFILE = os.environ.get("BASCULE_NOTARY_PROFILE", "")
"""What ``xcrun notarytool store-credentials`` has put into the keychain; empty: not notarised."""

_ATTEMPTS = 4
"""How often an image is tried: the system's scanner may hold the volume ("Resource busy",
github.com/actions/runner-images/issues/7522)."""


def build() -> Path:
    """Make the image; the file.

    Raises:
        CalledProcessError: A tool refuses, or the application does not pass its own test.
        TimeoutExpired: The application does not come to the end of its own test.
        ValueError: It leaves something of its own test out.
    """
    run("codesign", "--verify", "--deep", "--strict", "--verbose=2", str(APP))
    program.prove(EXECUTABLES)
    folder = BUILD / "dmg"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    run("ditto", str(APP), str(folder / APP.name))  # keeps links and signatures
    (folder / "Applications").symlink_to("/Applications")
    image = DIST / f"{NAME}-{VERSION}-macos-{platform.machine()}.dmg"
    _image(folder, image)
    run("hdiutil", "verify", str(image))
    if IDENTITY:
        run("codesign", "--sign", IDENTITY, "--timestamp", str(image))
    if NOTARY_PROFILE:
        words = ("--keychain-profile", NOTARY_PROFILE, "--wait")
        run("xcrun", "notarytool", "submit", str(image), *words)
        run("xcrun", "stapler", "staple", str(image))
    return image


def run(*command: str) -> None:
    """Run one of the system's tools. Raises: CalledProcessError."""
    subprocess.run(command, check=True)


def _image(folder: Path, image: Path) -> None:
    words = ["-volname", TITLE, "-srcfolder", str(folder), "-fs", "HFS+", "-format", "UDZO"]
    for attempt in range(_ATTEMPTS):
        try:
            run("hdiutil", "create", *words, "-ov", str(image))
        except subprocess.CalledProcessError:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return
