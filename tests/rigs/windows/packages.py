#!/usr/bin/env python3
"""Tries what people install on Windows as they do: build it, install, use, upgrade, uninstall, and each thing that goes wrong.

usage: packages.py DIR [--keep]     DIR is the rig of `make.sh DIR --packages`; --keep: with the program built last time

PyInstaller runs on the Windows Python, makensis on Linux; the installer runs under wine. The steps follow one another, the
first that fails ends it with 1. A picture of the window and the installers are left in DIR/packages.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ends import BULK, HERE, PATIENCE_SECONDS, PYTHON, Ends, Relay, answer, connected, echoed, port_of, same, wait_for
from session import com_port, read_exactly

from installer import program  # ends.py has put the checkout on the path
from installer.facts import PUBLISHER, VERSION
from installer.windows import nsis

OLDER = "0.0.1"
USER = Path("chroot/opt/wine/drive_c/users/root")
PROGRAM = "AppData/Local/Programs/Bascule"
PROFILES = "AppData/Roaming/bascule"
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Bascule"
RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
LARGEST_SETUP = 30 * 2**20
SMALL_DISK = 60 * 2**20


class Trial:
    """The rig, the two installers, and what is installed there."""

    def __init__(self, rig: Path) -> None:
        self.rig = rig
        self.ends = Ends(rig)
        self.output = rig / "packages"
        self.output.mkdir(exist_ok=True)
        self.user = rig / USER
        self.built = rig / "bascule" / "dist" / "bascule"
        self.setup: dict[str, Path] = {}
        self.clean: set[str] = set()
        self.ports: dict[str, int] = {}

    def command(self, *words: str) -> list[str]:
        return [str(HERE / "run.sh"), str(self.rig), *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a Windows program to its end. What it prints goes to a file: a pipe would wait for whom it leaves behind."""
        said = self.output / "said.txt"
        with said.open("wb") as file:
            done = subprocess.run(
                self.command(*words), stdin=subprocess.DEVNULL, stdout=file, stderr=file, check=False, timeout=600
            )
        return subprocess.CompletedProcess(words, done.returncode, said.read_text("utf-8", "replace"))

    def says(self, *words: str) -> str:
        """What the installed command line prints; it has to go well."""
        done = self.run(self.installed("bascule.exe"), *words)
        assert done.returncode == 0, (words, done.returncode, done.stdout)
        return done.stdout

    def shut_down(self) -> None:
        """End that Windows with all its processes; the next program starts it again."""
        server = ["env", "WINEPREFIX=/opt/wine", "/usr/lib/wine/wineserver64", "--kill"]
        subprocess.run(["chroot", str(self.rig / "chroot"), *server], check=False)  # where none runs it says so
        wait_for(lambda: not self._runs())

    def _runs(self) -> bool:
        for root in Path("/proc").glob("[0-9]*/root"):
            with contextlib.suppress(OSError):  # it has just ended
                if root.readlink() == self.rig / "chroot":
                    return True
        time.sleep(0.2)
        return False

    def install(self, version: str, *words: str) -> tuple[int, str]:
        """Run an installer silently; its exit code, and why not."""
        log = self.output / "setup.txt"
        log.unlink(missing_ok=True)
        code = self.run(self.setup[version].as_posix(), "/S", r"/LOG=Z:\rig\packages\setup.txt", *words).returncode
        return code, log.read_text("utf-16").strip() if log.exists() else ""

    def installed(self, name: str) -> str:
        return f"C:/users/root/{PROGRAM}/{name}"

    def registry(self, key: str) -> str:
        """What stands below a key; empty where there is no such key."""
        done = self.run("reg", "query", key, "/s")
        return done.stdout if done.returncode == 0 else ""

    def files(self) -> set[str]:
        """Everything the person has, but what any program makes."""
        return {
            path.relative_to(self.user).as_posix()
            for path in self.user.rglob("*")
            if not path.relative_to(self.user).as_posix().startswith("AppData/Local/Temp/")
        }

    def is_whole(self, version: str) -> None:
        """That this version is installed, with every file of it, and nothing of another one."""
        there = {path.relative_to(self.built).as_posix() for path in self.built.rglob("*")}
        folder = self.user / PROGRAM
        assert {path.relative_to(folder).as_posix() for path in folder.rglob("*")} == there | {"uninstall.exe"}
        assert f"DisplayVersion    REG_SZ    {version}\n" in self.registry(UNINSTALL).replace("\r", "")

    def relays_answer(self) -> None:
        """That bytes pass through both relays, whoever started them."""
        context = ssl.create_default_context(cafile=self.ends.tls.authority)
        wait_for(lambda: self._listens("tls") and self._listens("com"))
        with context.wrap_socket(connected(self.ports["tls"]), server_hostname="localhost") as client:
            same(echoed(client, BULK), BULK)

    def _listens(self, name: str) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.ports[name]), 5):
            return True
        time.sleep(0.2)
        return False


@contextmanager
def window(trial: Trial, display: str) -> Iterator[None]:
    """The installed window on a screen of its own, until it has ended by itself."""
    with subprocess.Popen(["Xvfb", display, "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL) as screen:
        wait_for(Path("/tmp/.X11-unix", f"X{display[1:]}").exists)
        trial.shut_down()  # a Windows that began without a screen never looks for one
        os.environ["DISPLAY"] = display
        try:
            with (trial.output / "window.txt").open("wb") as file:
                words = trial.command(trial.installed("bascule-desktop.exe"))
                process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
            wait_for(lambda: shows(display))
            yield
            process.wait(PATIENCE_SECONDS)
        finally:
            del os.environ["DISPLAY"]
            screen.terminate()


def shows(display: str) -> bool:
    tree = subprocess.run(["xwininfo", "-display", display, "-root", "-tree"], capture_output=True, text=True, check=False)
    time.sleep(0.2)
    return '"Bascule"' in tree.stdout


# steps -------------------------------------------------------------------------------------------


def build(trial: Trial) -> None:
    """The program is built on that Windows, and passes its own test there."""
    if "--keep" not in sys.argv or not trial.built.is_dir():
        code = "from installer import program; program.build()"
        subprocess.run([str(HERE / "run.sh"), str(trial.rig)], check=True)
        done = trial.run(PYTHON, "-c", code)
        assert done.returncode == 0, done.stdout
    print(f"  program: {program.size(trial.built) / 2**20:.1f} MiB")
    report = trial.output / "selftest.txt"
    report.unlink(missing_ok=True)
    window = (trial.built / "bascule-desktop.exe").relative_to(trial.rig)
    done = trial.run(f"Z:/rig/{window}", "--selftest", "Z:/rig/packages/selftest.txt", "-platform", "offscreen")
    said = report.read_text("utf-8")
    assert (done.returncode, said.splitlines()[-1]) == (0, "3 passed, 0 failed"), said


def pack(trial: Trial) -> None:
    """Two installers, this version's at most 30 MiB."""
    for version in (OLDER, VERSION):
        trial.setup[version] = nsis.build(trial.built, version, trial.output)
    size = trial.setup[VERSION].stat().st_size
    print(f"  {trial.setup[VERSION].name}: {size / 2**20:.1f} MiB")
    assert size <= LARGEST_SETUP
    for version, file in trial.setup.items():
        trial.setup[version] = Path("Z:/rig") / file.relative_to(trial.rig)
    for path in (PROGRAM, PROFILES, "AppData/Local/Temp/bascule"):  # what a trial that failed has left
        shutil.rmtree(trial.user / path, ignore_errors=True)
    for key in (UNINSTALL, r"HKCU\Software\Classes\.bascule", r"HKCU\Software\Classes\Bascule.Profile"):
        trial.run("reg", "delete", key, "/f")
    trial.run("reg", "delete", RUN, "/v", "Bascule", "/f")
    trial.clean = trial.files()


def refuse_damaged(trial: Trial) -> None:
    """One byte is wrong: nothing is installed."""
    damaged = trial.output / "damaged.exe"
    data = bytearray((trial.output / trial.setup[VERSION].name).read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(data)
    assert trial.run("Z:/rig/packages/damaged.exe", "/S").returncode == 2
    assert trial.files() == trial.clean


def refuse_folder(trial: Trial) -> None:
    """A folder that may not be written: said in the language that was asked for."""
    code, said = trial.install(VERSION, r"/D=Z:\proc\Bascule")
    assert (code, said.partition(". ")[0]) == (5, r"You may not write to the folder Z:\proc\Bascule")
    code, said = trial.install(VERSION, "/LANG=1036", r"/D=Z:\proc\Bascule")
    assert (code, said.partition(". ")[0]) == (5, r"Vous n'avez pas le droit d'écrire dans le dossier Z:\proc\Bascule")
    assert trial.files() == trial.clean


def refuse_full_disk(trial: Trial) -> None:
    """No room: said with figures, and nothing is left on that disk."""
    with disk(trial, f"size={SMALL_DISK}"):
        code, said = trial.install(VERSION, r"/D=Z:\mnt\Bascule")
    assert code == 6 and said.startswith("Bascule needs ") and " has 60 MB left. Nothing was changed." in said, said


def refuse_faulty_disk(trial: Trial) -> None:
    """A disk that takes some files and then no more: said, and nothing is left on it."""
    with disk(trial, "size=1g,nr_inodes=30"):
        code, said = trial.install(VERSION, r"/D=Z:\mnt\Bascule")
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
    assert trial.install(OLDER, "/AUTOSTART") == (0, "")
    trial.is_whole(OLDER)
    assert (trial.user / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Bascule.lnk").is_file()
    window = rf"C:\users\root\{PROGRAM}\bascule-desktop.exe".replace("/", "\\")
    assert f'"{window}" --hidden' in trial.registry(RUN)
    assert f'"{window}" "%1"' in trial.registry(r"HKCU\Software\Classes\Bascule.Profile")
    assert "Bascule.Profile" in trial.registry(r"HKCU\Software\Classes\.bascule")
    assert PUBLISHER in trial.registry(UNINSTALL)


def use(trial: Trial) -> None:
    """The window opens; relays of TLS and of a COM port, made of pasted commands, move bytes."""
    wait_for(lambda: trial.run(trial.installed("bascule.exe"), "list").returncode == 0)  # the window starts the engine
    pem, key = (trial.ends.windows(name) for name in ("pem", "key"))
    ends = {
        "tls": (f"OPENSSL-LISTEN:{{}},cert={pem},key={key},verify=0,fork", f"TCP:127.0.0.1:{trial.ends.echo}"),
        "com": ("TCP-LISTEN:{},fork", "COM5,raw,b115200"),
    }
    for name, (source, target) in ends.items():
        with socket.create_server(("127.0.0.1", 0)) as free:
            trial.ports[name] = port_of(free)
        pasted = trial.output / f"{name}.txt"
        pasted.write_text(f"socat {source.format(trial.ports[name])} {target}\n", "utf-8")
        trial.says("import", f"Z:/rig/packages/{name}.txt")
    for relay in json.loads(trial.says("list", "--json")):
        trial.says("start", relay["id"])
    trial.relays_answer()


def use_com(trial: Trial, far: int) -> None:
    with connected(trial.ports["com"]) as client:
        client.sendall(BULK[:40_000])
        same(read_exactly(far, 40_000), BULK[:40_000])
        os.write(far, BULK[:4000])
        with client.makefile("rb") as received:
            same(received.read(4000), BULK[:4000])


def refuse_in_use(trial: Trial) -> None:
    """A relay in the foreground is nobody's to end: the older version stays, and what ran runs again."""
    holder = Relay(trial.rig, "TCP-LISTEN:0", "PIPE", program=trial.installed("bascule.exe"))
    port = holder.port()
    code, said = trial.install(VERSION)
    assert code == 4 and said.startswith("Bascule is still running"), (code, said)
    trial.is_whole(OLDER)
    same(answer(connected(port), BULK), BULK)  # and then it ends by itself
    assert holder.result()[0] == 0
    trial.relays_answer()


def upgrade(trial: Trial) -> None:
    """The newer version takes the place of the older while both relays run; they run again, and the setting stays."""
    assert trial.install(VERSION) == (0, "")
    trial.is_whole(VERSION)
    assert "--hidden" in trial.registry(RUN)
    trial.relays_answer()


def refuse_older(trial: Trial) -> None:
    """The older version does not go over the newer."""
    code, said = trial.install(OLDER)
    assert code == 3 and said.startswith(f"Bascule {VERSION} is installed, which is newer than this {OLDER}."), (code, said)
    trial.is_whole(VERSION)
    trial.relays_answer()


def uninstall(trial: Trial) -> None:
    """Nothing is left but the profiles; and with /PURGE, nothing."""
    kept = remove(trial)
    assert kept and all(path.startswith(PROFILES) for path in kept), kept
    assert len([path for path in kept if path.endswith(".toml")]) == 2, kept
    assert trial.install(VERSION, "/AUTOSTART=no") == (0, "")
    assert trial.registry(RUN).find("--hidden") == -1
    assert remove(trial, "/PURGE") == set()


def remove(trial: Trial, *words: str) -> set[str]:
    """Uninstall silently; the files that were not there before anything was installed."""
    # It copies itself elsewhere and returns, unless it is told where it stands.
    folder = rf"_?=C:\users\root\{PROGRAM}".replace("/", "\\")
    assert trial.run(trial.installed("uninstall.exe"), "/S", *words, folder).returncode == 0
    found = trial.run("reg", "query", "HKCU", "/s", "/f", "bascule").stdout.lower()
    assert r"\bascule" not in found and "bascule-desktop" not in found, found
    shutil.rmtree(trial.user / PROGRAM, ignore_errors=True)  # itself alone, as it may not go while it runs
    return trial.files() - trial.clean


def main() -> int:
    """Run all steps; the exit code."""
    trial = Trial(Path(sys.argv[1]).resolve())
    trial.shut_down()
    try:
        for step in (build, pack, refuse_damaged, refuse_folder, refuse_full_disk, refuse_faulty_disk, install):
            timed(step, trial)
        with com_port(trial.ends) as far:
            with window(trial, ":93"):
                timed(use, trial)
                timed(lambda trial: use_com(trial, far), trial, "use_com")
                picture = str(trial.output / "window.png")
                subprocess.run(["import", "-display", ":93", "-window", "root", picture], check=True)
                for step in (refuse_in_use, upgrade, refuse_older):
                    timed(step, trial)
                timed(uninstall, trial)
    except (AssertionError, subprocess.SubprocessError) as exc:
        print(f"FAILED: {exc}")
        return 1
    finally:
        trial.shut_down()
    print("0 failed")
    return 0


def timed(step: Callable[[Trial], None], trial: Trial, name: str = "") -> None:
    begun = time.monotonic()
    step(trial)
    print(f"{name or step.__name__:18} {time.monotonic() - begun:5.0f} s  passed", flush=True)


if __name__ == "__main__":
    sys.exit(main())
