"""Owns making the installer for one person: the facts, then ``setup.nsi``, then makensis.

makensis is the same on every system, so the installer of a program that was built on Windows can be
made on Linux as well. The script names no folder of a person's: what a dollar means there depends
on what is around it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from installer import icons, program
from installer.facts import DIST, NAME, PROGRAM, PUBLISHER, SUMMARY, TITLE, VERSION
from installer.windows import firewall, signing
from installer.windows.version_info import COPYRIGHT, numbers

SCRIPT = Path(__file__).with_name("setup.nsi")
SENTENCES = SCRIPT.with_name("sentences.nsh")
_MIB = 2**20
_SPARE_MIB = 20
"""What the system should have left when everything is unpacked."""


def build(folder: Path = PROGRAM, version: str = VERSION, dist: Path = DIST) -> Path:
    """Make the installer of the program in ``folder``; its file in ``dist``.

    Raises:
        FileNotFoundError: There is no makensis; the message says where to get it.
        CalledProcessError: makensis or the signing command refused; its words are on the output.
    """
    makensis = _makensis()
    file = dist / f"{NAME}-{version}-setup.exe"
    dist.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bascule-nsis-") as made:
        work = Path(made).resolve()
        icons.write_ico(work / f"{NAME}.ico")
        for each in (*SCRIPT.parent.glob("*.nsh"), Path(signing.__file__)):
            shutil.copy(each, work)
        script = work / f"{NAME}.nsi"
        told = facts_of(folder, version, work)
        facts = "".join(f"!define {name} {_quoted(value)}\n" for name, value in told.items())
        # With a mark of the byte order: makensis would take it for the system's code page.
        script.write_text(facts + SCRIPT.read_text(encoding="utf-8"), encoding="utf-8-sig")
        option = "/" if sys.platform == "win32" else "-"
        options = [f"{option}{word}" for word in ("V2", "WX", "NOCD")]
        subprocess.run([makensis, *options, str(script)], cwd=folder, check=True)
        shutil.move(told["OUTPUT"], file)
    signing.sign(file)
    return file


def facts_of(folder: Path, version: str, work: Path) -> dict[str, str]:
    """What the script has to be told, by the names it has for it. It is compiled in ``folder``;
    all else it needs is in ``work``.
    """
    size = program.size(folder)
    facts = {
        "NAME": NAME,
        "TITLE": TITLE,
        "VERSION": version,
        "NUMBERS": ".".join(map(str, numbers(version))),
        "PUBLISHER": PUBLISHER,
        "COPYRIGHT": COPYRIGHT,
        "SUMMARY": SUMMARY,
        "PROGRAM": ".",
        "SIZE_KB": str(size // 1024),
        "SIZE_MB": str(size // _MIB + _SPARE_MIB),
        "ICON": str(work / f"{NAME}.ico"),
        "OUTPUT": str(work / f"{NAME}-{version}-setup.exe"),  # Windows mistrusts a mere setup.exe
        "SOURCE": str(work),
        "RULE": firewall.NAME,
        "RULE_SHOW": firewall.SHOW,
        "RULE_DELETE": firewall.DELETE,
        "RULE_DELETE_ALL": firewall.DELETE_ALL,
        "RULE_ADD": firewall.ADD,
    }
    if os.environ.get(signing.VARIABLE):
        # The uninstaller is written by the installer, so makensis has to have it signed.
        signs = work / Path(signing.__file__).name
        facts["SIGN"] = f'"{Path(sys.executable).as_posix()}" "{signs.as_posix()}" "%1"'
    return facts


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "$\\'") + "'"


def _makensis() -> str:
    """The compiler: on the PATH, or where its own installer puts it."""
    usual = Path(os.environ.get("ProgramFiles(x86)", ""), "NSIS", "makensis.exe")  # noqa: SIM112
    found = shutil.which("makensis") or (str(usual) if usual.is_file() else None)
    if found is None:
        raise FileNotFoundError(
            "makensis, which makes the installer, is not here; get NSIS 3.08 or newer from "
            "https://nsis.sourceforge.io (Debian: apt-get install nsis), then try again"
        )
    return found
