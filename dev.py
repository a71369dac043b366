#!/usr/bin/env python3
"""The developer's one command: sets up what is missing, then does what it is asked.

  python3 dev.py run          open Bascule (where there is no display: the demonstration)
  python3 dev.py test         the checks and every test; with words: only pytest, with these words;
                              --windows FOLDER: on a Windows Python under wine, made in FOLDER;
                              --windows FOLDER --packages: what is installed there, tried;
                              --packages: those that were built, on a minimal Debian in a chroot
  python3 dev.py check        lint, format, types, import contracts
  python3 dev.py bench        measure against socat, haproxy, nginx and others
  python3 dev.py package      build the program that people install
  python3 dev.py release      check the packages of all systems and draft a release of them
  python3 dev.py fuzz         let a fuzzer loose on everything that reads what others wrote (Linux)
  python3 dev.py screenshots  take a picture of each view

Further words are passed on: python3 dev.py test tests/core -k socks

It needs any Python from 3.9 on and nothing else. It finds CPython 3.13 or 3.12 and uv (or fetches
them), makes .venv from uv.lock, and on Debian and Ubuntu installs missing system packages.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TOP = Path(__file__).resolve().parent
VENV = TOP / ".venv"
TOOLS = TOP / ".venv-tools"
STAMP = VENV / "dev-stamp.json"
BIN, EXE = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
PYTHON = VENV / BIN / f"python{EXE}"
PYTHONS = ("3.13", "3.12")  # in order of preference
UV = (0, 13, 8)
"""The uv that is fetched where none is found; one of an older minor version is not used."""

GROUPS: dict[str, set[str]] = {  # every other verb: {"dev"}
    "run": set(),
    "package": {"package"},
    "release": set(),
    "fuzz": {"dev", "fuzz"},
}
MADE_BY = {
    "bench": "tests/benchmarks/run.py",
    "fuzz": "tests/fuzz/run.py",
    "package": "installer/__main__.py",
    "release": "installer/release.py",
    "screenshots": "tests/e2e/screenshots.py",
}
LINT_IMPORTS = "import sys, importlinter.cli as c; sys.exit(c.lint_imports(no_logo=True))"
CHECKS = (
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("pyright", ["-m", "pyright"]),
    ("import contracts", ["-c", LINT_IMPORTS]),
)
# Half of the time a test waits for a program: one process for each processor, four where many.
AT_ONCE = ["-n", "logical", "--maxprocesses", "4", "--no-loadscope-reorder"]

# Debian and Ubuntu packages. Qt's wheel brings Qt; these are what it links to.
QT = """libglib2.0-0 libegl1 libgl1 libfontconfig1 libfreetype6 libdbus-1-3 libx11-6 libxkbcommon0
    libgssapi-krb5-2 libbrotli1 libx11-xcb1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4
    libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
    libxcb-xkb1 libwayland-client0 libwayland-cursor0 libwayland-egl1"""
SCREEN = """xvfb openbox trayer xdotool imagemagick dbus dbus-bin dbus-daemon at-spi2-core
    python3-pyatspi gir1.2-atspi-2.0 x11-utils x11-xserver-utils procps
    fonts-dejavu-core"""
BENCH = "socat haproxy gcc libc6-dev libssl-dev nginx-light libnginx-mod-stream stunnel4 ser2net"
PEERS = f"""curl openssl microsocks dante-server squid tinyproxy openssh-server
    dnsmasq-base bind9-dnsutils netcat-openbsd systemd tshark zbar-tools putty-tools
    {BENCH}"""
VALIDATORS = (
    "appstream binutils desktop-file-utils groff-base rpm shared-mime-info shellcheck xz-utils"
)
PACKAGING = f"dpkg-dev lintian {VALIDATORS}"
TRIAL = f"{PACKAGING} {SCREEN} mmdebstrap socat"
ON_WINE = """mmdebstrap unzip gcc-mingw-w64-x86-64-win32 binutils-mingw-w64-x86-64
    fonts-dejavu-core"""
FOR_WINDOWS = "nsis wixl msitools osslsigncode"  # they make and sign its installer on any system
SERVICES = {
    "microsocks": "microsocks",
    "squid": "squid",
    "tinyproxy": "tinyproxy",
    "dante-server": "danted",
    "haproxy": "haproxy",
    "nginx-light": "nginx",
    "stunnel4": "stunnel4",
    "ser2net": "ser2net",
    "openssh-server": "ssh",
}
# The programs the tests run, where there is no apt to ask.
PROGRAMS = """socat curl openssl microsocks danted squid tinyproxy haproxy gcc nginx sshd dnsmasq
    dig nc tshark zbarimg plink puttygen"""
SCREEN_PROGRAMS = "Xvfb openbox trayer xdotool import dbus-run-session setpriv xmodmap"


def say(words: str) -> None:
    print(f"dev.py: {words}", flush=True)


def call(command: list[str]) -> int:
    """Run a command that asks nothing and whose output matters only where it is a complaint."""
    return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def works(command: list[str]) -> str:
    """What the command prints; empty where it fails or does not exist."""
    null = subprocess.DEVNULL
    try:
        output = subprocess.check_output(command, stdin=null, stderr=null, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return ""
    return output.decode(errors="replace").strip()


# --- the system's packages ---------------------------------------------------------------------


def is_debian() -> bool:
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8").replace('"', "")
    except OSError:
        return False
    lines = [line.partition("=") for line in release.splitlines()]
    ids = " ".join(value for key, _, value in lines if key in ("ID", "ID_LIKE")).split()
    return bool({"debian", "ubuntu"} & set(ids)) and shutil.which("apt-get") is not None


def missing_packages(wanted: Sequence[str]) -> list[str]:
    """Those of the wanted packages that are neither installed nor provided by one that is."""
    # Ubuntu's libglib2.0-0t64 provides libglib2.0-0, so names alone would never be satisfied.
    listing = works(["dpkg-query", "-W", "-f", "${db:Status-Abbrev}|${Package}, ${Provides}\n"])
    present = {
        name.split()[0]
        for line in listing.splitlines()
        if line.startswith("ii")
        for name in line.partition("|")[2].split(",")
        if name.strip()
    }
    return [name for name in wanted if name not in present]


def install_packages(wanted: Sequence[str]) -> bool:
    """Install those that are missing; where that is not allowed, say what to type."""
    missing = missing_packages(wanted)
    if not missing:
        return True
    root = [] if os.geteuid() == 0 else ["sudo"]
    line = [*root, "apt-get", "install", "-y", "--no-install-recommends", *missing]
    if root and not works(["sudo", "-n", "echo", "yes"]):
        say("these system packages are missing; please type\n\n    " + " ".join(line) + "\n")
        return False
    say("installing system packages: " + " ".join(missing))
    # RUNLEVEL=1 keeps the peers' services from being started where there is no systemd.
    ahead = ["sudo", "-n"] if root else []
    ahead += ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-qq"]
    ahead += ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    call([*ahead, "update"])  # an unreachable mirror may not matter
    if call([*ahead, "install", "-y", "--no-install-recommends", *missing]):
        say("that did not work; please try it yourself:\n\n    " + " ".join(line) + "\n")
        return False
    started = [service for name, service in SERVICES.items() if name in missing]
    if started and Path("/run/systemd/system").is_dir():
        # The tests start these programs by themselves; nobody asked for an open proxy.
        stop = [*ahead[: 2 if root else 0], "systemctl", "disable", "--quiet", "--now"]
        call([*stop, *started])
    return True


def prepare_system(verb: str) -> bool:
    """See to everything the verb needs from the system; False where something is missing."""
    node = "" if shutil.which("node") else "nodejs"  # pyright runs on it
    if is_debian():
        needs = {"run": QT if has_display() else "", "check": node, "bench": BENCH}
        needs["package"] = f"{QT} {PACKAGING}"
        needs["fuzz"] = needs["release"] = ""
        tests = f"{QT} {SCREEN} {PEERS} {VALIDATORS} {FOR_WINDOWS} {node}"
        return install_packages(needs.get(verb, tests).split())
    if verb in ("run", "check", "package", "release", "fuzz"):
        return True  # Qt, pyright and the packages say for themselves what they lack
    wanted = f"{PROGRAMS} {SCREEN_PROGRAMS if sys.platform.startswith('linux') else ''}"
    lacking = [name for name in wanted.split() if shutil.which(name) is None]
    if not lacking:
        return True
    how = {
        "darwin": "with Homebrew: brew install socat curl openssl microsocks dante squid haproxy …",
        "win32": "use WSL with Debian or Ubuntu for the tests that talk to them",
    }.get(sys.platform, "with your distribution's package manager, under these or similar names")
    say(f"programs that tests talk to are missing, so those tests will fail: {' '.join(lacking)}")
    say(f"how to get them: {how}")
    return False


def has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# --- Python, uv, .venv -------------------------------------------------------------------------

PROBE = """
import json, struct, sys, sysconfig
usable = (sys.implementation.name == "cpython" and sys.version_info[3] == "final"
          and struct.calcsize("P") == 8 and not sysconfig.get_config_var("Py_GIL_DISABLED"))
print(json.dumps(["%d.%d" % sys.version_info[:2] if usable else "", sys.prefix,
                  getattr(sys, "_base_executable", "") or sys.executable]))
"""


def probe(command: list[str]) -> tuple[str, str, str]:
    """Version, prefix and true path of an interpreter; empty where it is none we can use."""
    # Asking it is the only proof: a pyenv shim or a Windows Store alias has the right name, too.
    answer = works([*command, "-I", "-c", PROBE])
    return tuple(json.loads(answer)) if answer.startswith("[") else ("", "", "")


def find_python() -> str:
    """The full path of CPython 3.13 or 3.12; empty where there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found: dict[str, str] = {}
    for wanted in PYTHONS:
        commands = [[sys.executable], [f"python{wanted}"], ["python3"], ["python"]]
        inside = "python.exe" if os.name == "nt" else "bin/python"
        commands += [[str(path)] for path in sorted(pyenv.glob(f"{wanted}.*/{inside}"))]
        commands += [["py", f"-{wanted}"]] if os.name == "nt" else []
        for command in commands:
            version, _, path = probe(command)
            found.setdefault(version, path)
            if wanted in found:
                return found[wanted]
    return ""


def find_uv() -> list[str]:
    """The command for uv; fetches it into a private environment where there is none."""
    private = [str(TOOLS / BIN / f"uv{EXE}")]
    for command in (["uv"], [sys.executable, "-m", "uv"], private):
        words = works([*command, "--version"]).split()
        numbers = words[1].split(".") if len(words) > 1 else []
        if len(numbers) > 1 and (int(numbers[0]), int(numbers[1])) >= UV[:2]:
            return command
    say("fetching uv")
    if importlib.util.find_spec("ensurepip") is None and is_debian():
        install_packages(["python3-venv"])
    wanted = "uv==" + ".".join(map(str, UV))
    pip = [str(TOOLS / BIN / f"python{EXE}"), "-m", "pip", "install", "--quiet", wanted]
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(TOOLS)]) or subprocess.call(
        [*pip, "--disable-pip-version-check"]
    ):
        sys.exit("dev.py: cannot fetch uv; install it (https://docs.astral.sh/uv) and try again")
    return private


def prepare_venv(groups: set[str]) -> None:
    """Make .venv match uv.lock with at least these groups; nothing to do where it does."""
    try:
        held = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        held = {}
    version, prefix, _ = probe([str(PYTHON)])
    whole = version in PYTHONS and os.path.realpath(prefix) == os.path.realpath(VENV)
    whole = whole and held.get("top", str(TOP)) == str(TOP)  # scripts hold the full path
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "uv.lock"):
        digest.update((TOP / name).read_bytes())
    # Groups only grow, so that `run` after `test` does not take the tools away again.
    groups = groups | set(held.get("groups", []))
    stamp = {"lock": digest.hexdigest(), "groups": sorted(groups), "top": str(TOP)}
    if whole and held == stamp:
        return
    python, uv = str(PYTHON) if whole else find_python(), find_uv()
    if not whole and os.path.lexists(VENV):
        say(".venv is not usable here: making it anew")
        VENV.unlink() if VENV.is_symlink() else shutil.rmtree(VENV)
    STAMP.unlink(missing_ok=True)
    choice = ["--python", python] if python else ["--managed-python", "--python", PYTHONS[0]]
    if not python:
        say(f"no CPython {' or '.join(PYTHONS)} found: uv fetches one")
    say(f"making .venv from uv.lock, with {python or 'CPython ' + PYTHONS[0]}")
    extra = [word for group in sorted(groups) for word in ("--group", group)]
    extra += ["--inexact"] if whole and not held else []  # made by hand: take nothing away
    extra += [] if sys.stderr.isatty() else ["--quiet"]
    command = [*uv, "sync", "--locked", "--no-default-groups", *extra, *choice]
    if subprocess.call(command, cwd=TOP, stdin=subprocess.DEVNULL):
        hint = "" if python else f"; installing Python {PYTHONS[0]} yourself helps as well"
        sys.exit(f"dev.py: uv could not make .venv, see above{hint}")
    STAMP.write_text(json.dumps(stamp), encoding="utf-8")


# --- the verbs ---------------------------------------------------------------------------------


def hand_over(*words: str) -> int:
    """Become the program that .venv's Python runs; its exit code is ours."""
    command = [str(PYTHON), *words]
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)  # so that signals reach it, and nothing is left behind
    return subprocess.call(command)


def check() -> list[str]:
    """Run all checks; return those that failed."""
    failed = []
    for name, words in CHECKS:
        say(name)
        if subprocess.call([str(PYTHON), *words]):
            failed.append(name)
    return failed


def test_windows(words: list[str]) -> int:
    """Run what is not for POSIX alone on a Windows Python under wine; see tests/rigs/windows."""
    if not words or not is_debian():
        say("test --windows FOLDER [TEST ...]: FOLDER is where its Windows is made; Debian only")
        return 2
    if not install_packages(ON_WINE.split()):
        return 1
    rigs = Path("tests", "rigs", "windows")
    os.environ["UV"] = " ".join(find_uv())
    if subprocess.call(["bash", str(rigs / "make.sh"), words[0]]):
        return 1
    if words[1:2] == ["--packages"]:
        return hand_over(str(rigs / "packages.py"), words[0], *words[2:])
    return subprocess.call([str(PYTHON), str(rigs / "suites.py"), *words])


def test_packages(words: list[str]) -> int:
    """Install, use and take away what `package` built; see tests/packaging/trial."""
    if not is_debian() or os.geteuid() != 0:
        say("test --packages makes a Debian in a chroot: it needs Debian or Ubuntu, and root")
        return 2
    if not install_packages(f"{QT} {TRIAL}".split()):
        return 1
    trial = str(Path("tests", "packaging", "trial"))
    chosen = ["-o", "python_files=trial_*.py", "-o", "faulthandler_timeout=0", "--timeout", "1800"]
    return hand_over("-m", "pytest", "-v", *chosen, trial, *words)


def main(verb: str, words: list[str]) -> int:
    if verb in MADE_BY and not (TOP / MADE_BY[verb]).is_file():
        say(f"`{verb}` is not built yet in this version: there is no {MADE_BY[verb]}")
        return 2
    if verb != "run":
        os.chdir(TOP)
    for name in ("QT_API", "VIRTUAL_ENV", "PYTHONHOME"):  # each leads to another environment
        os.environ.pop(name, None)
    os.environ["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    complete = prepare_system(verb)
    prepare_venv(GROUPS.get(verb, {"dev"}))
    os.environ["PATH"] = str(PYTHON.parent) + os.pathsep + os.environ.get("PATH", "")
    if verb == "run":
        if has_display():
            return hand_over("-m", "bascule_desktop", *words)
        say("there is no display here, so the demonstration runs instead of the window")
        return hand_over("-m", "bascule", "demo", *words)
    if verb == "package":
        return hand_over("-m", "installer", *words)
    if verb in MADE_BY:
        return hand_over("-m", MADE_BY[verb][:-3].replace("/", "."), *words)
    if verb == "test" and words[:1] == ["--windows"]:
        return test_windows(words[1:])
    if verb == "test" and words[:1] == ["--packages"]:
        return test_packages(words[1:])
    if verb == "test" and words:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        return hand_over("-m", "pytest", *words)
    if verb == "test" and not complete and is_debian():
        say("tests need the packages above; `dev.py test tests/core` runs those that need none")
        return 1
    failed = check()
    if failed:
        say(f"failed: {', '.join(failed)}" + ("; no test was run" if verb == "test" else ""))
        return 1
    if verb == "check":
        say("all checks passed")
        return 0
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return hand_over("-m", "pytest", *AT_ONCE)


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked not in {"run", "test", "check", *MADE_BY}:
        print(__doc__)
        sys.exit(0 if asked in ("-h", "--help", "help") else 2)
    try:
        sys.exit(main(asked, sys.argv[2:]))
    except KeyboardInterrupt:
        sys.exit(130)
