#!/usr/bin/env python3
"""Tries what the installer for one person does besides installing: PATH, and a folder that has two names.

usage: wishes.py DIR      DIR is the rig of make.sh; the program that is installed does nothing (``firewall.py``)
"""

from __future__ import annotations

import ast
import sys

from tools import PYTHON
from firewall import ALONE, ELSEWHERE, inside, pack, setup, uninstall
from trial import OLDER, Trial, timed, try_out

from installer.facts import VERSION

SEMICOLON = r"C:\Here;there"
_READ = (
    "import winreg\n"
    "key = winreg.OpenKey(winreg.HKEY_CURRENT_USER, 'Environment')\n"
    "try: print(winreg.QueryValueEx(key, 'Path'))\n"
    "except FileNotFoundError: print(None)\n"
)
_WRITE = (
    "import sys, winreg\n"
    "key = winreg.CreateKey(winreg.HKEY_CURRENT_USER, 'Environment')\n"
    "text, kind = open(r'Z:\\rig\\packages\\path.txt', encoding='utf-8').read(), int(sys.argv[1])\n"
    "winreg.SetValueEx(key, 'Path', 0, kind, text) if kind else winreg.DeleteValue(key, 'Path')\n"
)
TEXT, EXPANDED = 1, 2
LONG = ";".join(rf"C:\tools-é\{number:04}" for number in range(400))
"""Of more characters than a text of NSIS has, and than Windows' own dialog once had."""


def path(trial: Trial) -> tuple[str, int] | None:
    """The PATH of that person as it stands in the registry, and of which kind it is."""
    (trial.output / "read.py").write_text(_READ, "utf-8")
    said = trial.says(PYTHON, "-X", "utf8", r"Z:\rig\packages\read.py").strip()
    held: tuple[str, int] | None = ast.literal_eval(said)
    return held


def give(trial: Trial, text: str, kind: int) -> None:
    """Make it that; of kind 0: take it away."""
    (trial.output / "path.txt").write_text(text, "utf-8")
    (trial.output / "write.py").write_text(_WRITE, "utf-8")
    trial.says(PYTHON, r"Z:\rig\packages\write.py", str(kind))


# steps -------------------------------------------------------------------------------------------


def nobody_wishes(trial: Trial) -> None:
    """Where nobody wishes it, PATH is as it was."""
    give(trial, "before", TEXT)
    give(trial, "", 0)
    assert trial.sets_up(setup(OLDER), "/S") == (0, "")
    assert path(trial) is None


def comes_and_goes(trial: Trial) -> None:
    """It is added behind what is there, an upgrade keeps it, and it goes alone, whatever is there and however long."""
    for kind, before in (
        (EXPANDED, LONG),
        (EXPANDED, r"%USERPROFILE%\bin;C:\a;"),
        (TEXT, r"D:\tools\a b"),
        (EXPANDED, rf"C:\a;{ALONE}\more;{ALONE[:-1]}"),
    ):
        give(trial, before, kind)
        assert trial.sets_up(setup(OLDER), "/S", "/PATH") == (0, "")
        assert path(trial) == (f"{before};{ALONE}", kind)
        for words in ((), ("/PATH",)):
            assert trial.sets_up(setup(VERSION), "/S", *words) == (0, "")
            assert path(trial) == (f"{before};{ALONE}", kind)
        give(trial, f"{before};{ALONE};C:\\later", kind)
        assert uninstall(trial, ALONE) == (0, "")
        assert path(trial) == (f"{before};C:\\later", kind)


def is_alone(trial: Trial) -> None:
    """Where there was none, or nothing in it, there is none afterwards."""
    for kind in (0, EXPANDED):
        give(trial, "", EXPANDED)
        if not kind:
            give(trial, "", 0)
        assert trial.sets_up(setup(VERSION), "/S", "/PATH") == (0, "")
        assert path(trial) == (ALONE, EXPANDED)
        assert trial.sets_up(setup(VERSION), "/S", "/PATH=no") == (0, "")
        assert path(trial) is None


def moves(trial: Trial) -> None:
    """It goes with the program to another folder; what somebody has taken out is not added again."""
    give(trial, LONG, EXPANDED)
    assert trial.sets_up(setup(VERSION), "/S", "/PATH") == (0, "")
    assert trial.sets_up(setup(VERSION), "/S", f"/D={ELSEWHERE}") == (0, "")
    assert path(trial) == (f"{LONG};{ELSEWHERE}", EXPANDED)
    give(trial, LONG, EXPANDED)
    assert trial.sets_up(setup(VERSION), "/S") == (0, "")
    assert path(trial) == (LONG, EXPANDED)
    assert uninstall(trial, ELSEWHERE) == (0, "")
    assert path(trial) == (LONG, EXPANDED)


def stays(trial: Trial) -> None:
    """A folder that the person has in it already is theirs: it is neither doubled nor taken out."""
    own = f"C:\\a;{ALONE.upper()};C:\\b"
    give(trial, own, TEXT)
    assert trial.sets_up(setup(VERSION), "/S", "/PATH") == (0, "")
    assert path(trial) == (own, TEXT)
    assert uninstall(trial, ALONE) == (0, "")
    assert path(trial) == (own, TEXT)


def refuses(trial: Trial) -> None:
    """What cannot stand in PATH, and a PATH that is no text or too long, are left alone, and told; everything else is done."""
    for kind, before, words in (
        (EXPANDED, r"C:\a", (f"/D={SEMICOLON}",)),
        (EXPANDED, "x" * 31_000, ()),
    ):
        give(trial, before, kind)
        code, said = trial.sets_up(setup(VERSION), "/S", "/PATH", *words)
        assert code == 9 and said.startswith("A terminal does not find the command bascule yet"), (code, said)
        assert path(trial) == (before, kind)
        assert uninstall(trial, SEMICOLON if words else ALONE) == (0, "")
        assert path(trial) == (before, kind)
    give(trial, "", 0)


def same_folder(trial: Trial) -> None:
    """A folder that is installed into again by another name keeps the program."""
    other = inside(trial, ELSEWHERE)
    assert trial.sets_up(setup(OLDER), "/S") == (0, "")
    other.symlink_to(inside(trial, ALONE).relative_to(trial.drive))
    try:
        assert trial.sets_up(setup(VERSION), "/S", f"/D={ELSEWHERE}") == (0, "")
        there = {each.name for each in inside(trial, ALONE).iterdir()}
        assert there == {"_internal", "bascule.exe", "bascule-desktop.exe", "uninstall.exe"}
    finally:
        other.unlink()
    assert trial.sets_up(setup(VERSION), "/S", f"/D={ALONE}") == (0, "")
    assert uninstall(trial, ALONE) == (0, "")
    assert trial.traces("HKCU") == []


STEPS = (pack, nobody_wishes, comes_and_goes, is_alone, moves, stays, refuses, same_folder)


def try_all(trial: Trial) -> None:
    """All steps, one after the other."""
    for step in STEPS:
        timed(step, trial, f"wishes, {step.__name__}")


if __name__ == "__main__":
    sys.exit(try_out(try_all))
