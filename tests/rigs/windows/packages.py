#!/usr/bin/env python3
"""Tries what people install on Windows as they do: build it, install, use, upgrade, uninstall, and each thing that goes wrong.

usage: packages.py DIR [--keep]     DIR is the rig of `make.sh DIR --packages`; --keep: with the program built last time

PyInstaller runs on the Windows Python, makensis and wixl on Linux; the installers run under wine. The steps follow one another,
the first that fails ends it with 1; those of the firewall's rule are in ``firewall.py``, those of PATH in ``wishes.py``, those of the MSI in ``msi.py``.
A picture of the window and the installers are left in DIR/packages.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import firewall
import msi
import wishes
from tools import BULK, HERE, PATIENCE_SECONDS, PYTHON, Relay, answer, connected, port_of, same, wait_for
from session import com_port, read_exactly
from trial import DISPLAY, OLDER, Trial, screen, shows, timed, try_out

from installer import program  # tools.py has put the checkout on the path
from installer.facts import PUBLISHER, VERSION
from installer.windows import nsis

PROGRAM = "users/root/AppData/Local/Programs/Bascule"
PROFILES = "users/root/AppData/Roaming/bascule"
MENU = "users/root/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Bascule.lnk"
FOLDER = "C:\\" + PROGRAM.replace("/", "\\")
COMMAND, WINDOW = rf"{FOLDER}\bascule.exe", rf"{FOLDER}\bascule-desktop.exe"
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Bascule"
RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
CLASSES = r"HKCU\Software\Classes"
SERVICES = r"HKLM\System\CurrentControlSet\Services"
LARGEST_SETUP = 30 * 2**20
SMALL_DISK = 60 * 2**20
BUILD_SECONDS = 3600
STARTS = 5


def install_silently(trial: Trial, version: str, *words: str) -> tuple[int, str]:
    """Run an installer; its exit code, and why not."""
    return trial.sets_up(trial.setup[version], "/S", *words)


def is_installed(trial: Trial, version: str) -> None:
    """That this version is installed, with every file of it, and nothing of another one."""
    trial.is_whole(trial.drive / PROGRAM, "uninstall.exe")
    assert f"DisplayVersion    REG_SZ    {version}\n" in trial.registry(UNINSTALL)


@contextmanager
def window(trial: Trial) -> Iterator[None]:
    """The installed window, until it has ended by itself."""
    with (trial.output / "window.txt").open("wb") as file:
        process = subprocess.Popen(trial.command(WINDOW), stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    wait_for(shows)
    yield
    process.wait(PATIENCE_SECONDS)


# steps -------------------------------------------------------------------------------------------


def build(trial: Trial) -> None:
    """The program is built on that Windows, and passes its own test there."""
    if "--keep" not in sys.argv or not trial.built.is_dir():
        code = "from installer import program; program.build()"
        subprocess.run([str(HERE / "run.sh"), str(trial.rig)], check=True)
        done = trial.run(PYTHON, "-c", code, seconds=BUILD_SECONDS)
        assert done.returncode == 0, done.stdout
    print(f"  program: {program.size(trial.built) / 2**20:.1f} MiB")
    trial.tests_itself(f"Z:/rig/{(trial.built / 'bascule-desktop.exe').relative_to(trial.rig)}")


def pack(trial: Trial) -> None:
    """Two installers, this version's at most 30 MiB."""
    for version in (OLDER, VERSION):
        file = nsis.build(trial.built, version, trial.output)
        trial.setup[version] = f"Z:/rig/{file.relative_to(trial.rig)}"
    print(f"  {file.name}: {file.stat().st_size / 2**20:.1f} MiB")
    assert file.stat().st_size <= LARGEST_SETUP
    for path in (
        PROGRAM,
        PROFILES,
        "users/root/AppData/Local/Temp/bascule",
    ):  # what a trial that failed has left
        shutil.rmtree(trial.drive / path, ignore_errors=True)
    (trial.drive / PROGRAM).parent.mkdir(parents=True, exist_ok=True)  # Windows' own (UserProgramFiles)
    (trial.drive / MENU).unlink(missing_ok=True)
    for key in (UNINSTALL, rf"{CLASSES}\.bascule", rf"{CLASSES}\Bascule.Profile"):
        trial.run("reg", "delete", key, "/f")
    trial.run("reg", "delete", RUN, "/v", "Bascule", "/f")
    trial.clean = trial.files()


def refuse_damaged(trial: Trial) -> None:
    """One byte is wrong: nothing is installed."""
    damaged = trial.output / "damaged.exe"
    data = bytearray((trial.output / Path(trial.setup[VERSION]).name).read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(data)
    assert trial.run("Z:/rig/packages/damaged.exe", "/S").returncode == 2
    assert trial.files() == trial.clean


def refuse_folder(trial: Trial) -> None:
    """A folder that may not be written: said in the language that was asked for."""
    code, said = install_silently(trial, VERSION, r"/D=Z:\proc\Bascule")
    assert (code, said.partition(". ")[0]) == (
        5,
        r"You may not write to the folder Z:\proc\Bascule",
    )
    code, said = install_silently(trial, VERSION, "/LANG=1036", r"/D=Z:\proc\Bascule")
    assert (code, said.partition(". ")[0]) == (
        5,
        r"Vous n'avez pas le droit d'écrire dans le dossier Z:\proc\Bascule",
    )
    assert trial.files() == trial.clean


def refuse_others_folder(trial: Trial) -> None:
    """A folder with another program in it, made as ours is: said, and nothing in it is touched."""
    other = trial.drive / "other"
    (other / "_internal").mkdir(parents=True)
    (other / "_internal" / "base.dll").write_text("theirs")
    before = trial.files()
    code, said = install_silently(trial, VERSION, r"/D=C:\other")
    assert code == 10 and said.startswith(r"The folder C:\other holds something else than Bascule"), (code, said)
    assert trial.files() == before
    shutil.rmtree(other)
    assert trial.files() == trial.clean


def refuse_full_disk(trial: Trial) -> None:
    """No room: said with figures, and nothing is left on that disk."""
    with disk(trial, f"size={SMALL_DISK}"):
        code, said = install_silently(trial, VERSION, r"/D=Z:\mnt\Bascule")
    assert code == 6 and said.startswith("Bascule needs ") and " has 60 MB left. Nothing was changed." in said, said


def refuse_faulty_disk(trial: Trial) -> None:
    """A disk that takes some files and then no more: said, and nothing is left on it."""
    with disk(trial, "size=1g,nr_inodes=30"):
        code, said = install_silently(trial, VERSION, r"/D=Z:\mnt\Bascule")
    assert code == 8 and said.startswith("A file of Bascule could not be written to "), said


@contextmanager
def disk(trial: Trial, options: str) -> Iterator[None]:
    """A disk of its own at Z:\\mnt, on which nothing may be left."""
    mount = trial.rig / "chroot" / "mnt"
    trial.shut_down()  # a Windows that runs does not see what is mounted now
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "trial", mount], check=True)
    try:
        yield
        assert list(mount.iterdir()) == []
        assert trial.files() == trial.clean
    finally:
        trial.shut_down()
        subprocess.run(["umount", mount], check=True)


def install(trial: Trial) -> None:
    """It is installed, and everything of Windows that should know of it does."""
    assert install_silently(trial, OLDER, "/AUTOSTART") == (0, "")
    is_installed(trial, OLDER)
    trial.leads_to_window(trial.drive / MENU, FOLDER)
    assert f'"{WINDOW}" --hidden' in trial.registry(RUN)
    assert f'"{WINDOW}" "%1"' in trial.registry(rf"{CLASSES}\Bascule.Profile")
    assert "Bascule.Profile" in trial.registry(rf"{CLASSES}\.bascule")
    assert PUBLISHER in trial.registry(UNINSTALL)
    assert trial.traces(SERVICES) == []
    assert trial.netsh.verbs() == []  # neither a service nor a rule of the firewall: nobody was asked for rights


def start(trial: Trial) -> None:
    """How long the window takes, from the start of its process; said, not judged, as wine is no Windows."""
    took: list[float] = []
    computed: list[float] = []
    with trial.stays_on():
        for _ in range(STARTS):
            begun, before = time.monotonic(), trial.computed()
            with window(trial):
                took.append(time.monotonic() - begun)
                computed.append(trial.computed() - before)
                trial.says(WINDOW, "--leave")
            trial.run(COMMAND, "engine", "--stop")
    print(
        f"  window: {statistics.median(took):.2f} s (of {min(took):.2f} to {max(took):.2f}; "
        f"{statistics.median(computed):.2f} s of processor; load {os.getloadavg()[0]:.1f} on {os.cpu_count()})"
    )


def use(trial: Trial) -> None:
    """The window opens; relays of TLS and of a COM port, made of pasted commands, move bytes."""
    wait_for(lambda: trial.run(COMMAND, "list").returncode == 0)  # the window starts the engine
    trial.paste(trial.tls_relay("tls"), COMMAND)
    with socket.create_server(("127.0.0.1", 0)) as free:
        trial.ports["com"] = port_of(free)
    trial.paste(f"socat TCP-LISTEN:{trial.ports['com']},fork COM5,raw,b115200", COMMAND)
    for relay in listed(trial):
        trial.says(COMMAND, "start", relay)
    trial.relays_answer()
    # No terminal finds `bascule`, so what is advised to type has the whole path.
    assert f"`{COMMAND} list` shows all" in trial.run(COMMAND, "show", "nothing").stdout


def use_com(trial: Trial, far: int) -> None:
    with connected(trial.ports["com"]) as client:
        client.sendall(BULK[:40_000])
        same(read_exactly(far, 40_000), BULK[:40_000])
        os.write(far, BULK[:4000])
        with client.makefile("rb") as received:
            same(received.read(4000), BULK[:4000])


def children(trial: Trial) -> None:
    """A program that it starts looks for libraries where everybody does, not among Bascule's own."""
    (trial.output / "looks.py").write_text(
        "import ctypes, os\n"
        "folder = ctypes.create_unicode_buffer(1000)\n"
        "ctypes.windll.kernel32.GetDllDirectoryW(1000, folder)\n"
        "own = [name for name in os.environ if name.startswith(('_PYI_', 'QT_', 'QML'))]\n"
        "print([folder.value, own, '_internal' in os.environ['PATH']], flush=True)\n",
        "utf-8",
    )
    program = PYTHON.replace(":", r"\:").replace("/", r"\\")
    said = trial.says(COMMAND, "relay", "-u", rf"EXEC:{program} Z\:\\rig\\packages\\looks.py", "STDOUT")
    assert "['', [], False]" in said, said


def listed(trial: Trial) -> list[str]:
    """The identifiers of all relays."""
    return [relay["id"] for relay in json.loads(trial.says(COMMAND, "list", "--json"))]


def refuse_in_use(trial: Trial) -> None:
    """A relay in the foreground is nobody's to end: the older version stays, and what ran runs again."""
    holder = Relay(trial.rig, "TCP-LISTEN:0", "PIPE", program=COMMAND)
    port = holder.port()
    code, said = install_silently(trial, VERSION)
    assert code == 4 and said.startswith("Bascule is still running"), (code, said)
    is_installed(trial, OLDER)
    same(answer(connected(port), BULK), BULK)  # and then it ends by itself
    assert holder.result()[0] == 0
    trial.relays_answer()


def upgrade(trial: Trial) -> None:
    """The newer version takes the place of the older while both relays run; they run again, and the setting stays."""
    assert install_silently(trial, VERSION) == (0, "")
    is_installed(trial, VERSION)
    assert "--hidden" in trial.registry(RUN)
    assert trial.netsh.verbs() == []
    trial.relays_answer()


def refuse_older(trial: Trial) -> None:
    """The older version does not go over the newer."""
    code, said = install_silently(trial, OLDER)
    assert code == 3 and said.startswith(f"Bascule {VERSION} is installed, which is newer than this {OLDER}."), (code, said)
    is_installed(trial, VERSION)
    trial.relays_answer()


def uninstall(trial: Trial) -> None:
    """Nothing is left but the profiles; and with /PURGE, nothing."""
    kept = remove(trial)
    assert kept and all(path.startswith(PROFILES) for path in kept), kept
    assert len([path for path in kept if path.endswith(".toml")]) == 2, kept
    assert install_silently(trial, VERSION, "/AUTOSTART=no") == (0, "")
    assert trial.registry(RUN).find("--hidden") == -1
    assert remove(trial, "/PURGE") == set()
    assert trial.netsh.verbs() == []


def remove(trial: Trial, *words: str) -> set[str]:
    """Uninstall silently; the files that were not there before anything was installed."""
    # It copies itself elsewhere and returns, unless it is told where it stands.
    assert trial.run(rf"{FOLDER}\uninstall.exe", "/S", *words, f"_?={FOLDER}").returncode == 0
    assert trial.traces("HKCU") == []
    shutil.rmtree(trial.drive / PROGRAM, ignore_errors=True)  # itself alone, as it may not go while it runs
    return trial.files() - trial.clean


def run_all(trial: Trial) -> None:
    """The steps, one after the other."""
    for step in (
        build,
        pack,
        refuse_damaged,
        refuse_folder,
        refuse_others_folder,
        refuse_full_disk,
        refuse_faulty_disk,
        install,
    ):
        timed(step, trial)
    with screen(trial), com_port(trial.ends) as far:
        timed(start, trial)
        with window(trial):
            timed(use, trial)
            timed(lambda trial: use_com(trial, far), trial, "use_com")
            timed(children, trial)
            picture = str(trial.output / "window.png")
            subprocess.run(["import", "-display", DISPLAY, "-window", "root", picture], check=True)
            for step in (refuse_in_use, upgrade, refuse_older):
                timed(step, trial)
            timed(uninstall, trial)
    firewall.try_all(trial)
    wishes.try_all(trial)
    with screen(trial):
        for step in msi.STEPS:
            timed(step, trial)


if __name__ == "__main__":
    sys.exit(try_out(run_all))
