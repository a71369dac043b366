"""Owns the rig of the trials of packages: what is built and installed there, and what that Windows knows of it.

``packages.py`` tries the installer for one person with it, ``msi.py`` the one for administrators.
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import BULK, HERE, PATIENCE_SECONDS, PYTHON, Ends, connected, echoed, port_of, same, wait_for
from processes import running, shut_down
from netsh import Netsh

OLDER = "0.0.1"
DISPLAY = ":93"
DRIVE = Path("chroot/opt/wine/drive_c")
_OF_WINE = r"\\?\Z:" + "\\"
"""How values begin in which wine notes the menus of Linux that it has made."""

_SECONDS = 600


class Trial:
    """The rig, the installers of two versions, and what is installed there."""

    def __init__(self, rig: Path) -> None:
        self.rig = rig
        self.ends = Ends(rig)
        self.output = rig / "packages"
        self.output.mkdir(exist_ok=True)
        self.drive = rig / DRIVE
        self.netsh = Netsh(self.drive / "windows")
        self.built = rig / "bascule" / "dist" / "bascule"
        self.setup: dict[str, str] = {}
        """The installer of each version, as Windows names it."""

        self.clean: set[str] = set()
        self.ports: dict[str, int] = {}

    def command(self, *words: str) -> list[str]:
        return [str(HERE / "run.sh"), str(self.rig), *words]

    def run(self, *words: str, seconds: float = _SECONDS) -> subprocess.CompletedProcess[str]:
        """Run a Windows program to its end. What it prints goes to a file: a pipe would wait for whom it leaves behind."""
        said = self.output / "said.txt"
        with said.open("wb") as file:
            done = subprocess.run(
                self.command(*words),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                check=False,
                timeout=seconds,
            )
        return subprocess.CompletedProcess(words, done.returncode, said.read_text("utf-8", "replace"))

    def says(self, *words: str) -> str:
        """What a program prints; it has to go well."""
        done = self.run(*words)
        assert done.returncode == 0, (words, done.returncode, done.stdout)
        return done.stdout

    def sets_up(self, *words: str) -> tuple[int, str]:
        """Run an installer or an uninstaller silently; its exit code, and what it says."""
        log = self.output / "setup.txt"
        log.unlink(missing_ok=True)
        after = words.index("/S") + 1  # another word may have to be the last
        code = self.run(*words[:after], r"/LOG=Z:\rig\packages\setup.txt", *words[after:]).returncode
        return code, log.read_text("utf-16").strip() if log.exists() else ""

    def tests_itself(self, window: str) -> None:
        """That the program passes its own test where it lies."""
        report = self.output / "selftest.txt"
        report.unlink(missing_ok=True)
        done = self.run(window, "--selftest", r"Z:\rig\packages\selftest.txt", "-platform", "offscreen")
        said = report.read_text("utf-8")
        assert (done.returncode, said.splitlines()[-1]) == (0, "4 passed, 0 failed"), said

    def shut_down(self) -> None:
        """End that Windows with all its processes; the next program starts it again."""
        shut_down(self.rig)

    def computed(self) -> float:
        """The seconds of processor that all that runs there has had (proc_pid_stat(5), fields 14 and 15)."""
        ticks = 0
        for process in running(self.rig):
            with contextlib.suppress(OSError):
                ticks += sum(map(int, (process / "stat").read_text().rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def stays_on(self) -> Iterator[None]:
        """That Windows runs, with its services, whatever else begins and ends there."""
        words = self.command(PYTHON, "-c", "import sys; print('on', flush=True); sys.stdin.read()")
        # What wine itself has to say when it is ended is nobody's concern.
        quiet = subprocess.DEVNULL
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet) as process:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == b"on"
            yield
            process.communicate(timeout=PATIENCE_SECONDS)

    def registry(self, key: str) -> str:
        """What stands below a key, as programs of 64 bits see it; empty where there is no such key."""
        done = self.run("reg", "query", key, "/s", "/reg:64")
        return done.stdout.replace("\r", "") if done.returncode == 0 else ""

    def traces(self, *keys: str) -> list[str]:
        """The lines of the registry below those keys, which there have to be, that speak of Bascule."""
        lines: list[str] = []
        for key in keys:
            said = self.registry(key).splitlines()
            assert len(said) > 100, f"{key} could not be read"
            lines += map(str.strip, said)
        return [line for line in lines if "bascule" in line.lower() and not line.startswith(_OF_WINE)]

    def files(self) -> set[str]:
        """Everything on the disk but Windows itself, and what any program makes."""
        passing = ("windows/", "pyc/", "users/root/AppData/Local/Temp/", "users/root/Temp/")
        found = (path.relative_to(self.drive).as_posix() for path in self.drive.rglob("*"))
        return {name for name in found if not name.startswith(passing)}

    def is_whole(self, folder: Path, *besides: str) -> None:
        """That every file that was built is installed there, and nothing of another version."""
        there = {path.relative_to(self.built).as_posix() for path in self.built.rglob("*")}
        assert {path.relative_to(folder).as_posix() for path in folder.rglob("*")} == there | {*besides}

    def leads_to_window(self, shortcut: Path, folder: str) -> None:
        """That an entry of the Start menu opens the window in that folder (LocalBasePath of MS-SHLLINK, 2.3)."""
        window = rf"{folder}\bascule-desktop.exe"
        assert f"{window}\0".encode() in shortcut.read_bytes(), shortcut

    def tls_relay(self, name: str) -> str:
        """A relay that ends TLS and leads to the echo, as a pasted command; its port is kept by that name."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.ports[name] = port_of(free)
        pem, key = (self.ends.windows(file) for file in ("pem", "key"))
        certificate = f"cert={pem},key={key},verify=0"
        return f"socat OPENSSL-LISTEN:{self.ports[name]},{certificate},fork TCP:127.0.0.1:{self.ends.echo}"

    def paste(self, command: str, *program: str) -> None:
        """Import a command by an installed command line."""
        pasted = self.output / "pasted.txt"
        pasted.write_text(f"{command}\n", "utf-8")
        self.says(*program, "import", "Z:/rig/packages/pasted.txt")

    def relays_answer(self) -> None:
        """That all relays listen and bytes pass through the one of TLS, whoever started them."""
        context = ssl.create_default_context(cafile=self.ends.tls.authority)
        wait_for(lambda: all(map(self.listens, self.ports.values())))
        with context.wrap_socket(connected(self.ports["tls"]), server_hostname="localhost") as client:
            same(echoed(client, BULK), BULK)

    @staticmethod
    def listens(port: int) -> bool:
        """Whether somebody answers at a port of this computer; if not, a moment passes."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return True
        time.sleep(0.2)
        return False


@contextmanager
def screen(trial: Trial) -> Iterator[None]:
    """A screen of its own for the windows of that Windows, which starts anew."""
    with subprocess.Popen(["Xvfb", DISPLAY, "-noreset", "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL) as server:
        wait_for(lambda: server.poll() is not None or _serves(server.pid))
        assert server.poll() is None, f"the screen {DISPLAY} is another's"
        trial.shut_down()  # a Windows that began without a screen never looks for one
        os.environ["DISPLAY"] = DISPLAY
        try:
            yield
        finally:
            del os.environ["DISPLAY"]
            server.terminate()


def _serves(process: int) -> bool:
    """Whether the screen is that process's: it writes its number down, then it listens."""
    lock = Path(f"/tmp/.X{DISPLAY[1:]}-lock")
    with contextlib.suppress(OSError):
        return lock.read_text().strip() == str(process) and Path("/tmp/.X11-unix", f"X{DISPLAY[1:]}").exists()
    return False


def shows(title: str = "Bascule") -> bool:
    """Whether a window of that title is on the screen (mapped)."""
    words = ["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def timed(step: Callable[[Trial], None], trial: Trial, name: str = "") -> None:
    """Do one step, and say how long it took."""
    begun = time.monotonic()
    step(trial)
    print(f"{name or step.__name__:18} {time.monotonic() - begun:5.0f} s  passed", flush=True)


def try_out(steps: Callable[[Trial], None]) -> int:
    """Do the steps in the rig that the command line names; the exit code."""
    trial = Trial(Path(sys.argv[1]).resolve())
    trial.shut_down()
    try:
        with trial.netsh.stands_in(trial.output):
            steps(trial)
    except (AssertionError, subprocess.SubprocessError):
        print(f"FAILED\n{traceback.format_exc()}")
        return 1
    finally:
        trial.shut_down()
    print("0 failed")
    return 0
