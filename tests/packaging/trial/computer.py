"""Another computer within this one: a Debian with the least that Debian can be, in namespaces.

Its files and processes are its own and go with it; it shares the network, so that clients outside
reach what listens in it. Making it takes rights of root.
"""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.engines import wait_until

USER, USER_ID = "alice", 1000
HOME = f"/home/{USER}"
RUNTIME = f"/run/user/{USER_ID}"
_TOP = Path(__file__).resolve().parents[3]
_COMMAND_SECONDS = 600.0
"""How long installing may take on a slow network."""

_BEGIN = """
set -e
mount --rbind /dev "$0/dev"
mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix"
mount --bind "$1" "$0/packages"
exec chroot "$0" sleep infinity
"""


class Computer:
    """A running one. ``root`` is its file system as seen from outside, but for what it mounts."""

    def __init__(self, root: Path, init: int, display: str) -> None:
        self.root = root
        self._outside = ["nsenter", f"--target={init}", "--mount", "--pid"]
        self._enter = [*self._outside, "--root", "--wd"]
        self._display = display

    def outside(self) -> list[str]:
        """Words before a command of this system that works on ``root`` and sees its processes."""
        return self._outside

    def command(self, *words: str, root: bool = False) -> list[str]:
        """A command as run in it, by its user or by root."""
        place = ["env", "-i", "LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
        if root:
            return [*self._enter, *place, "HOME=/root", "DEBIAN_FRONTEND=noninteractive", *words]
        drop = ["setpriv", f"--reuid={USER_ID}", f"--regid={USER_ID}", "--init-groups"]
        drop.append("--pdeathsig=TERM")  # nsenter does not pass a signal on
        place += [f"HOME={HOME}", f"XDG_RUNTIME_DIR={RUNTIME}", f"DISPLAY={self._display}"]
        return [*self._enter, *drop, *place, *words]

    def run(self, *words: str, root: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; what it said, on both channels, is its ``stdout``."""
        done = subprocess.run(
            self.command(*words, root=root),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        print(f"$ {' '.join(words)}\n{done.stdout[:20_000]}-> {done.returncode}")
        return done

    def must(self, *words: str, root: bool = False) -> str:
        """The same, where it has to succeed."""
        done = self.run(*words, root=root)
        assert done.returncode == 0, done.stdout
        return done.stdout

    @contextlib.contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command of the user's until the block ends."""
        process = subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)

    def processes(self, program: str) -> dict[int, str]:
        """Who runs a program (its path, as it was when it was started): number and words."""
        script = (
            'for e in /proc/[0-9]*/exe; do case $(readlink "$e") in "$1" | "$1 (deleted)") '
            'd=${e%/exe}; echo "${d#/proc/} $(tr "\\0" " " < "$d/cmdline")" ;; esac; done'
        )
        said = self.must("sh", "-c", script, "sh", program, root=True)
        return {int(line.split()[0]): line.partition(" ")[2] for line in said.splitlines()}

    def files(self, *conditions: str) -> set[str]:
        """Every file and folder of it, without what its package manager notes for itself;
        ``conditions`` are find's.
        """
        said = self.must("find", "/", "-xdev", "-mindepth", "1", *conditions, root=True)
        own = ("/var/cache/", "/var/log/", "/var/lib/apt/", "/var/lib/dpkg/", "/tmp/", "/run/")
        return {line for line in said.splitlines() if not line.startswith(own)}


@contextlib.contextmanager
def computer(folder: Path, packages: Path, display: str) -> Iterator[Computer]:
    """Make one in an empty folder, with a user, and the folder ``packages`` as ``/packages``."""
    root = folder / "computer"
    root.mkdir()
    subprocess.run(["tar", "-xf", _minimal(), "-C", root, "--exclude=./dev/*"], check=True)
    for each in ("packages", "tmp/.X11-unix", RUNTIME[1:]):
        (root / each).mkdir(parents=True, exist_ok=True)
    os.chown(root / RUNTIME[1:], USER_ID, USER_ID)
    (root / RUNTIME[1:]).chmod(0o700)
    (root / "etc" / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n", encoding="utf-8")
    # What is thrown away need not reach the disk: dpkg would wait for that after each file.
    (root / "etc" / "dpkg" / "dpkg.cfg.d" / "trial").write_text("force-unsafe-io\n", "utf-8")
    shutil.copyfile("/etc/resolv.conf", root / "etc" / "resolv.conf")
    subprocess.run(
        ["chroot", root, "useradd", "--create-home", f"--uid={USER_ID}", USER], check=True
    )
    own = ["setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--pid", "--fork"]
    own += ["--kill-child", f"--mount-proc={root}/proc"]
    process = subprocess.Popen([*own, "sh", "-c", _BEGIN, root, packages], stdin=subprocess.DEVNULL)
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        wait_until(lambda: children.read_text().split() != [])
        init = int(children.read_text().split()[0])
        wait_until(lambda: Path(f"/proc/{init}/cmdline").read_bytes().startswith(b"sleep"))
        yield Computer(root, init, display)
    finally:
        process.kill()
        process.wait()


@functools.cache
def _minimal() -> Path:
    """The archive of a minimal Debian of this system's release; made once, kept in ``build``."""
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    archive = _TOP / "build" / f"minimal-{release}.tar"
    if not archive.is_file():
        archive.parent.mkdir(exist_ok=True)
        made = archive.with_suffix(".new.tar")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", release, str(made)]
        subprocess.run(command, check=True)
        made.rename(archive)
    return archive
