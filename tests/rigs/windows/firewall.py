#!/usr/bin/env python3
"""Tries the rule of the firewall that both installers offer: when netsh is called, by whom, with which words.

usage: firewall.py DIR      DIR is the rig of make.sh

wine has no firewall, so netsh is a stand-in (``netsh.py``), and so is the program that is installed: it notes what it is told and ends
with 1, which no installer minds but one that installs the service, or with 0 where it ``obeys``. Whether Windows asks for consent wine
cannot show: nobody is asked.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netsh import compiled, rules_of
from tools import HERE, PATIENCE_SECONDS, wait_for
from trial import DISPLAY, OLDER, Trial, screen, timed, try_out

from installer.facts import TITLE, VERSION
from installer.windows import msi, nsis

ALONE = r"C:\users\root\AppData\Local\Programs\Bascule"
ELSEWHERE = r"C:\Here&there-é"
PERCENT = r"C:\100%real"
EVERYBODY = rf"C:\Program Files\{TITLE}"
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Bascule"
CHOSEN = rf"HKLM\Software\{TITLE}"
ADDED = ["delete", "add", "add"]
SILENT = "a silent setup asks nobody, and this one was not run by an administrator"
REFUSED = 1627 & 0xFF
"""What wine's msiexec ends with where an action refuses (Windows: 1603), of which Linux sees one byte."""

LEAST_WIDTH = 500
"""Pixels; the pages have 579, what NSIS says has less."""

_FOLDER = "firewall"
_PROGRAM = r"""
#include <stdio.h>
#define IN "Z:\\rig\\packages\\firewall\\"
int main(int count, char **words)
{
    FILE *told = fopen(IN "told.txt", "a");
    for (int each = 1; told && each < count; each++) fprintf(told, "%s%s", words[each], each + 1 < count ? " " : "\n");
    if (told) fclose(told);
    return fopen(IN "obeys", "r") ? 0 : 1;
}
"""
_NOBODY = rf"Z:\rig\packages\{_FOLDER}\as_nobody.exe"


def inside(trial: Trial, folder: str) -> Path:
    """A folder of that Windows as Linux sees it."""
    return trial.drive / folder.removeprefix("C:\\").replace("\\", "/")


def program(folder: str) -> str:
    """The program that others may reach."""
    return rf"{folder}\bascule.exe"


def setup(version: str) -> str:
    """The installer for one person."""
    return rf"Z:\rig\packages\{_FOLDER}\bascule-{version}-setup.exe"


def package(version: str) -> str:
    """The one for administrators."""
    return rf"Z:\rig\packages\{_FOLDER}\bascule-{version}.msi"


def remembered(trial: Trial) -> str:
    """The program that the installer for one person has had the rule made for."""
    shown = trial.registry(UNINSTALL).replace("\ufffd", "é")  # reg writes as a console has it
    lines = [line.split("REG_SZ") for line in shown.splitlines()]
    return next((text.strip() for name, *rest in lines for text in rest if name.strip() == "Firewall"), "")


def uninstall(trial: Trial, folder: str, *runner: str) -> tuple[int, str]:
    """Its exit code, and what it says."""
    done = trial.sets_up(*runner, rf"{folder}\uninstall.exe", "/S", f"_?={folder}")
    shutil.rmtree(inside(trial, folder))  # itself alone, as it may not go while it runs
    return done


# steps -------------------------------------------------------------------------------------------


def pack(trial: Trial) -> None:
    """Installers of two versions of a program that does nothing."""
    folder = trial.output / _FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    built = folder / "bascule"
    (built / "_internal").mkdir(parents=True)
    (folder / "ends.c").write_text(_PROGRAM, "utf-8")
    for name in ("bascule", "bascule-desktop"):
        compiled(folder / "ends.c", built / f"{name}.exe")
    (built / "_internal" / "file.txt").write_text("a file\n", "utf-8")
    compiled(HERE / "as_nobody.c", folder / "as_nobody.exe")
    for version in (OLDER, VERSION):
        nsis.build(built, version, folder)
        msi.build(built, version, folder)
        trial.run("msiexec", "/x", package(version), "/qn")  # what a trial that failed has left
    trial.run("reg", "delete", UNINSTALL, "/f")
    trial.run("reg", "delete", CHOSEN, "/f", "/reg:64")
    for place in (ALONE, ELSEWHERE, PERCENT):
        shutil.rmtree(inside(trial, place), ignore_errors=True)
    trial.netsh.forget()


def add(trial: Trial) -> None:
    """Where nobody chooses it, netsh is not called; where somebody does, the rule is for that program, and is remembered."""
    assert trial.sets_up(setup(OLDER), "/S") == (0, "")
    assert trial.netsh.verbs() == []
    assert trial.sets_up(setup(OLDER), "/S", "/FIREWALL") == (0, "")
    assert trial.netsh.verbs() == ADDED
    assert trial.netsh.rules() == rules_of(program(ALONE))
    assert remembered(trial) == program(ALONE)


def keep(trial: Trial) -> None:
    """An upgrade leaves it as it is, and asks nobody; so does one that wishes it again."""
    for words in ((), ("/FIREWALL",)):
        assert trial.sets_up(_NOBODY, setup(VERSION), "/S", *words) == (0, "")
        assert trial.netsh.verbs() == ["show"]
        assert remembered(trial) == program(ALONE)
    assert trial.netsh.rules() == rules_of(program(ALONE))


def move(trial: Trial) -> None:
    """Where the program goes to another folder, the rule goes as well."""
    assert trial.sets_up(setup(VERSION), "/S", f"/D={ELSEWHERE}") == (0, "")
    assert trial.netsh.verbs() == ["show", "delete", *ADDED]
    assert trial.netsh.rules() == rules_of(program(ELSEWHERE))
    assert remembered(trial) == program(ELSEWHERE)


def stay(trial: Trial) -> None:
    """Who is no administrator is told that it could not be removed; who is one removes it."""
    code, said = trial.sets_up(_NOBODY, setup(VERSION), "/S", "/FIREWALL=no")
    assert code == 9 and said.startswith(f"Windows Firewall still has the rule {TITLE}, which lets other"), (code, said)
    assert f"{program(ELSEWHERE)}: {SILENT}. Everything else is done." in said, said
    assert remembered(trial) == program(ELSEWHERE)
    assert trial.netsh.verbs() == ["show"]
    assert trial.sets_up(setup(VERSION), "/S", "/FIREWALL=no") == (0, "")
    assert trial.netsh.verbs() == ["show", "delete"]
    assert (trial.netsh.rules(), remembered(trial)) == (set(), "")


def refuse(trial: Trial) -> None:
    """Who is no administrator, and whom the firewall refuses, have everything but the rule, and are told so in their language."""
    code, said = trial.sets_up(_NOBODY, setup(VERSION), "/S", "/FIREWALL")
    assert code == 9 and said.startswith(f"Windows Firewall does not let other computers reach relays yet: {SILENT}."), said
    assert trial.netsh.verbs() == []
    with trial.netsh.refusing():
        code, said = trial.sets_up(setup(VERSION), "/S", "/FIREWALL", "/LANG=1036")
    assert code == 9 and "Windows l'a refusé (code 1). Bascule est installé" in said, (code, said)
    assert trial.netsh.verbs() == ["refused delete", "refused add", "refused delete"]
    assert f"DisplayVersion    REG_SZ    {VERSION}\n" in trial.registry(UNINSTALL)
    assert remembered(trial) == ""


def forget(trial: Trial) -> None:
    """A rule that somebody has removed is neither made again nor asked about."""
    assert trial.sets_up(setup(VERSION), "/S", "/FIREWALL") == (0, "")
    assert trial.netsh.verbs() == ADDED
    trial.netsh.forget()
    with trial.netsh.refusing():  # so does netsh where there is none
        assert trial.sets_up(setup(VERSION), "/S") == (0, "")
    assert trial.netsh.verbs() == ["refused show"]
    assert remembered(trial) == ""


def forge(trial: Trial) -> None:
    """What other programs have written in the registry, or a folder is called, is no command of an administrator's."""
    mark = trial.output / _FOLDER / "forged"
    for value in (rf'x" & copy nul Z:\rig\packages\{_FOLDER}\forged & rem "', program(r"C:\%COMSPEC%")):
        assert trial.sets_up(setup(VERSION), "/S", "/FIREWALL") == (0, "")
        assert trial.netsh.verbs() in (ADDED, ["show"])
        trial.run("reg", "add", UNINSTALL, "/v", "Firewall", "/d", value, "/f")
        assert remembered(trial) == value
        assert trial.sets_up(setup(VERSION), "/S", "/FIREWALL=no") == (0, "")
        assert (trial.netsh.verbs(), remembered(trial), mark.exists()) == ([], "", False)
        trial.netsh.forget()
    code, said = trial.sets_up(setup(VERSION), "/S", "/FIREWALL", f"/D={PERCENT}")
    assert code == 9 and "its folder has a percent sign in its name" in said, (code, said)
    assert trial.netsh.verbs() == []
    assert trial.sets_up(setup(VERSION), "/S", f"/D={ELSEWHERE}") == (0, "")
    shutil.rmtree(inside(trial, PERCENT), ignore_errors=True)


def remove(trial: Trial) -> None:
    """The rule goes with the program, where it may."""
    assert uninstall(trial, ELSEWHERE) == (0, "")
    assert trial.netsh.verbs() == []  # none was left
    for runner, code in (((_NOBODY,), 9), ((), 0)):
        assert trial.sets_up(setup(VERSION), "/S", "/FIREWALL") == (0, "")
        assert trial.netsh.verbs() == ADDED
        assert uninstall(trial, ALONE, *runner)[0] == code
        assert trial.netsh.verbs() == (["show"] if code else ["show", "delete"])
    assert trial.netsh.rules() == set()
    assert trial.traces("HKCU") == []


def ask(trial: Trial) -> None:
    """A person who ticks it is told where the firewall refuses; where nobody ticks it, netsh is not called."""
    with screen(trial), trial.netsh.refusing():
        for ticked in (False, True):
            with opened(trial) as process:
                wait_for(lambda: any(map(is_pages, windows())))
                [pages] = filter(is_pages, windows())
                refuse_second(trial)
                press("Return", pages)  # the folder is as it should be
                if ticked:
                    press("alt+l", pages)
                picture(trial.output / f"wishes-{ticked:d}.png")
                press("alt+i", pages)
                if ticked:
                    wait_for(lambda: len(windows()) == 2)  # it says that there is no rule
                    picture(trial.output / "no-rule.png")
                    [told] = windows() - {pages}
                    press("Return", told)
                    wait_for(lambda: windows() == {pages})
                wait_for((inside(trial, ALONE) / "uninstall.exe").exists)
                wait_for(lambda: f"DisplayVersion    REG_SZ    {VERSION}\n" in trial.registry(UNINSTALL))
                press("alt+f", pages)
                process.wait(PATIENCE_SECONDS)
            verbs = ["refused delete", "refused add", "refused delete"] if ticked else []
            assert (process.returncode, trial.netsh.verbs()) == (0, verbs)
            assert remembered(trial) == ""
            assert uninstall(trial, ALONE) == (0, "")


def refuse_second(trial: Trial) -> None:
    """While a setup is open, another one is refused in words, and nothing is put anywhere."""
    code, said = trial.sets_up(setup(VERSION), "/S")
    assert code == 4 and said.startswith("Another setup or removal of Bascule is open."), (code, said)
    assert not inside(trial, ALONE).exists()


@contextmanager
def opened(trial: Trial) -> Iterator[subprocess.Popen[bytes]]:
    """The installer with its window, which is not waited for where something has failed."""
    with subprocess.Popen(trial.command(setup(VERSION)), stdin=subprocess.DEVNULL) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def windows() -> set[str]:
    """Those of the installer that are on the screen. Their numbers do not tell which is the newest."""
    words = ["xdotool", "search", "--onlyvisible", "--name", "^Bascule Setup ?$"]
    return set(subprocess.run(words, capture_output=True, text=True, check=False).stdout.split())


def is_pages(window: str) -> bool:
    """Whether a window is that of the pages: until it is there, NSIS may show a smaller one while it reads itself."""
    words = ["xdotool", "getwindowgeometry", "--shell", window]
    said = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    return any(int(line[6:]) > LEAST_WIDTH for line in said.split() if line.startswith("WIDTH="))


def press(key: str, window: str) -> None:
    """Press a key in one of its windows, and wait until what comes of it stands still."""
    before = pixels()
    subprocess.run(["xdotool", "windowfocus", window, "key", key], check=True)
    wait_for(lambda: pixels() != before)
    wait_for(stands_still)


def pixels() -> bytes:
    """What is on the screen."""
    return subprocess.run(["import", "-display", DISPLAY, "-window", "root", "rgb:-"], capture_output=True, check=True).stdout


def stands_still() -> bool:
    """Whether nothing changes for a moment."""
    before = pixels()
    time.sleep(0.5)
    return pixels() == before


def picture(file: Path) -> None:
    """Keep what is on the screen, for who wants to look at it."""
    subprocess.run(["import", "-display", DISPLAY, "-window", "root", file], check=True)


def msi_life(trial: Trial) -> None:
    """The feature brings the rule and takes it away; an upgrade keeps it."""
    netsh = trial.netsh
    netsh.forget()
    plain, chosen = "ADDLOCAL=Program", "ADDLOCAL=Program,Firewall"
    assert trial.run("msiexec", "/i", package(OLDER), "/qn").returncode == 0
    assert netsh.verbs() == [] and "Firewall" not in trial.registry(CHOSEN)
    assert trial.run("msiexec", "/i", package(OLDER), "/qn", "ADDLOCAL=Firewall").returncode == 0
    assert netsh.verbs() == ADDED
    assert netsh.rules() == rules_of(program(EVERYBODY))
    assert trial.run("msiexec", "/i", package(VERSION), "/qn", chosen).returncode == 0  # wine forgets what it was
    assert netsh.verbs() == ["delete", *ADDED]
    assert netsh.rules() == rules_of(program(EVERYBODY))
    assert trial.run("msiexec", "/i", package(VERSION), "/qn", "REMOVE=Firewall").returncode == 0
    assert netsh.verbs() == ["delete"] and "Firewall" not in trial.registry(CHOSEN)
    assert trial.run("msiexec", "/i", package(VERSION), "/qn", "ADDLOCAL=Firewall").returncode == 0
    assert trial.run("msiexec", "/x", package(VERSION), "/qn").returncode == 0
    assert netsh.verbs() == [*ADDED, "delete"]
    assert netsh.rules() == set()
    assert trial.run("msiexec", "/i", package(VERSION), "/qn", plain).returncode == 0
    assert trial.run("msiexec", "/x", package(VERSION), "/qn").returncode == 0
    assert netsh.verbs() == []


def msi_refused(trial: Trial) -> None:
    """What cannot be installed leaves the rule as it was, whether netsh itself refuses or the service after it."""
    netsh = trial.netsh
    with netsh.refusing():
        assert trial.run("msiexec", "/i", package(VERSION), "/qn", "ADDLOCAL=Program,Firewall").returncode == REFUSED
    assert netsh.verbs() == ["refused delete", "refused add", "refused delete"]
    assert trial.run("msiexec", "/i", package(VERSION), "/qn", "ADDLOCAL=Program,Firewall,Service").returncode == REFUSED
    assert netsh.verbs() == [*ADDED, "delete"]
    assert netsh.rules() == set()
    assert trial.run("msiexec", "/i", package(VERSION), "/qn", "ADDLOCAL=Program,Firewall").returncode == 0
    other = ("REMOVE=Firewall", "ADDLOCAL=Service")
    assert trial.run("msiexec", "/i", package(VERSION), "/qn", *other).returncode == REFUSED
    assert netsh.verbs() == [*ADDED, "delete", *ADDED]
    assert netsh.rules() == rules_of(program(EVERYBODY))
    # wine undoes what actions did, and nothing else: it takes the feature for one that went.
    assert trial.run("msiexec", "/i", package(VERSION), "/qn", "ADDLOCAL=Firewall").returncode == 0
    assert trial.run("msiexec", "/x", package(VERSION), "/qn").returncode == 0
    assert netsh.rules() == set()
    assert trial.registry(CHOSEN) == ""


def msi_service(trial: Trial) -> None:
    """Where a removal of the service is undone, it is installed again and goes on."""
    obeys, told = (trial.output / _FOLDER / name for name in ("obeys", "told.txt"))
    told.unlink(missing_ok=True)
    obeys.touch()
    assert trial.run("msiexec", "/i", package(VERSION), "/qn", "ADDLOCAL=Program,Service").returncode == 0
    assert asked_of_service(told) == ["install", "start"]
    with trial.netsh.refusing():
        other = ("REMOVE=Service", "ADDLOCAL=Firewall")
        assert trial.run("msiexec", "/i", package(VERSION), "/qn", *other).returncode == REFUSED
    assert asked_of_service(told) == ["remove", "install", "start"]
    trial.netsh.forget()
    assert trial.run("msiexec", "/x", package(VERSION), "/qn").returncode == 0
    obeys.unlink()


def asked_of_service(told: Path) -> list[str]:
    """What the program was told to do about its service since this was asked last."""
    lines = told.read_text("utf-8").splitlines()
    told.unlink()
    return [line.split()[1] for line in lines if line.startswith("service ")]


STEPS = (pack, add, keep, move, stay, refuse, forget, forge, remove, ask, msi_life, msi_refused, msi_service)


def try_all(trial: Trial) -> None:
    """All steps, one after the other."""
    for step in STEPS:
        timed(step, trial, f"firewall, {step.__name__}")


if __name__ == "__main__":
    sys.exit(try_out(try_all))
