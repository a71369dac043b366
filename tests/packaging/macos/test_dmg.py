"""How the disk image is made: with stand-ins for the tools of macOS, which write down what they are
told and do as little as possible. What the real ones would say is not known here.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from installer import program
from installer.macos import dmg

TOOL = """#!/bin/sh
printf '%s\\n' "${{0##*/}} $*" >> '{log}'
case "${{0##*/}} $1" in
    "ditto "*) cp -a "$1" "$2" ;;
    "hdiutil create")
        [ "$(grep -c '^hdiutil create' '{log}')" -gt '{busy}' ] || exit 1
        while [ $# -gt 1 ]; do [ "$1" = -srcfolder ] && folder=$2; shift; done
        tar -C "$folder" -cf "$1" . ;;
esac
"""
DESKTOP = """#!/bin/sh
[ "$1" = --selftest ] && printf '{said}' > "$2"
exit {status}
"""
SAID = "".join(f"✓ {title}: x\\n" for title in program.PROVED)


class Mac:
    """A folder that stands for a Mac with a built application."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.dist = folder / "dist"
        self._log = folder / "log"
        self._tools = folder / "tools"
        self._executables = self.dist / "Bascule.app" / "Contents" / "MacOS"
        for made in (folder / "build", self._tools, self._executables):
            made.mkdir(parents=True)
        (self._executables.parent / "link").symlink_to("MacOS")
        patch.setenv("PATH", f"{self._tools}{os.pathsep}{os.environ['PATH']}")
        patch.setattr(dmg, "APP", self.dist / "Bascule.app")
        patch.setattr(dmg, "EXECUTABLES", self._executables)
        patch.setattr(dmg, "BUILD", folder / "build")
        patch.setattr(dmg, "DIST", self.dist)
        patch.setattr(dmg.program, "BUILD", folder / "build")
        self.prepare()

    def prepare(self, *, busy: int = 0, status: int = 0) -> None:
        """How often the volume is busy, and how the application's own test ends."""
        for name in ("ditto", "hdiutil", "codesign", "xcrun"):
            self._write(self._tools / name, TOOL.format(log=self._log, busy=busy))
        self._write(self._executables / "bascule-desktop", DESKTOP.format(said=SAID, status=status))

    def heard(self) -> list[str]:
        """The first two words of each command, in order."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [" ".join(line.split()[:2]) for line in lines]

    def told(self, tool: str) -> list[str]:
        """All words of the commands to one tool."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.startswith(tool)]

    @staticmethod
    def _write(file: Path, text: str) -> None:
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)


@pytest.fixture
def mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mac:
    return Mac(tmp_path, monkeypatch)


def names_in(image: Path) -> dict[str, str]:
    """What the image of the stand-in holds, with where each link leads."""
    listing = subprocess.run(["tar", "-tvf", image], capture_output=True, text=True, check=True)
    held = [line.split(maxsplit=5)[5].partition(" -> ") for line in listing.stdout.splitlines()]
    return {name.removeprefix("./"): target for name, _, target in held}


def test_an_image_holds_the_application_and_a_link_to_applications(mac: Mac) -> None:
    image = dmg.build()
    assert image.parent == mac.dist
    assert image.suffix == ".dmg"
    held = names_in(image)
    assert held["Applications"] == "/Applications"
    assert held["Bascule.app/Contents/link"] == "MacOS"
    assert "Bascule.app/Contents/MacOS/bascule-desktop" in held
    assert mac.heard()[0] == "codesign --verify"
    assert mac.heard()[-2:] == ["hdiutil create", "hdiutil verify"]


def test_an_application_that_fails_its_own_test_gets_no_image(mac: Mac) -> None:
    mac.prepare(status=1)
    with pytest.raises(subprocess.CalledProcessError):
        dmg.build()
    assert mac.told("hdiutil") == []


def test_a_busy_volume_is_tried_again(mac: Mac) -> None:
    mac.prepare(busy=3)
    dmg.build()
    assert len(mac.told("hdiutil create")) == 4


def test_what_stays_busy_is_an_error(mac: Mac) -> None:
    mac.prepare(busy=99)
    with pytest.raises(subprocess.CalledProcessError):
        dmg.build()
    assert mac.told("hdiutil verify") == []


def test_it_is_signed_before_it_is_notarised(mac: Mac, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dmg, "IDENTITY", "Developer ID Application: Somebody")
    monkeypatch.setattr(dmg, "NOTARY_PROFILE", "bascule")
    image = dmg.build()
    assert mac.heard()[-3:] == ["codesign --sign", "xcrun notarytool", "xcrun stapler"]
    asked, stapled = mac.told("xcrun")
    assert asked == f"xcrun notarytool submit {image} --keychain-profile bascule --wait"
    assert stapled == f"xcrun stapler staple {image}"
