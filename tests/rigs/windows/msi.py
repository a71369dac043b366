"""Owns the steps of ``packages.py`` that try the MSI as administrators do: silently, for everybody, with the service.

Windows Installer is wine's, which lacks two things, so the upgrade names the features again: it does not take over those of the
older version (MigrateFeatureStates), and does not tell that one that a newer takes its place (UPGRADINGPRODUCTCODE), so the
service is removed and made again where Windows would stop and start it.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tools import BULK, PATIENCE_SECONDS, answer, connected, port_of, same, wait_for
from netsh import rules_of
from service import computer, refused
from trial import OLDER, Trial, shows

from installer.facts import PUBLISHER, TITLE, VERSION
from installer.windows import msi

FOLDER = rf"C:\Program Files\{TITLE}"
COMMAND, WINDOW = rf"{FOLDER}\bascule.exe", rf"{FOLDER}\bascule-desktop.exe"
SERVICE = (COMMAND, "--engine", "service")
PLACE, PROFILES = f"Program Files/{TITLE}", f"ProgramData/{TITLE}"
OWN_PROFILES = "users/root/AppData/Roaming/bascule"
MEETING = "users/root/AppData/Local/Temp/bascule"
MENU = f"users/root/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/{TITLE}.lnk"
"""wine has one Start menu, that of its one user."""

MACHINE = r"HKLM\Software\Microsoft\Windows\CurrentVersion"
CLASSES = r"HKLM\Software\Classes"
REGISTRY = ("HKCU", r"HKLM\Software", r"HKLM\System\CurrentControlSet\Services")
FEATURES = "ADDLOCAL=Program,Association,Path,Autostart,Service,Firewall"
ENVIRONMENT = r"HKLM\System\CurrentControlSet\Control\Session Manager\Environment"
REFUSED, ABSENT = 1603 & 0xFF, 1060 & 0xFF
"""ERROR_INSTALL_FAILURE and ERROR_SERVICE_DOES_NOT_EXIST, of which Linux sees one byte."""


def msi_pack(trial: Trial) -> None:
    """Packages of two versions."""
    for version in (OLDER, VERSION):
        file = msi.build(trial.built, version, trial.output)
        trial.setup[version] = rf"Z:\rig\packages\{file.name}"
    print(f"  {file.name}: {file.stat().st_size / 2**20:.1f} MiB")
    for version in (OLDER, VERSION):  # what a trial that failed has left
        trial.run("msiexec", "/x", trial.setup[version], "/qn", "PURGE=1")
    for left in (PLACE, PROFILES, OWN_PROFILES, MEETING):
        shutil.rmtree(trial.drive / left, ignore_errors=True)
    trial.clean = trial.files()
    trial.ports.clear()
    trial.netsh.forget()
    assert FOLDER not in path_of_computer(trial)


def msi_life(trial: Trial) -> None:
    """Everything below happens while that Windows stays on, as its services end with it."""
    with computer(trial.ends):
        for step in (install, use, double_click, upgrade, refuse_older, remove, install_plainly):
            step(trial)
            print(f"  msi: {step.__name__}", flush=True)


def path_of_computer(trial: Trial) -> list[str]:
    """The folders in which every terminal looks for commands."""
    [line] = [line for line in trial.registry(ENVIRONMENT).splitlines() if line.lstrip().lower().startswith("path ")]
    kind, _, value = line.strip()[len("path") :].strip().partition("    ")
    assert kind == "REG_EXPAND_SZ", line  # as Windows has it; a plain text would no longer be expanded
    return [folder.rstrip("\\") for folder in value.split(";")]


def install(trial: Trial) -> None:
    """All of it is there, everything of Windows that should know of it does, and the service runs."""
    before = path_of_computer(trial)
    assert trial.run("msiexec", "/i", trial.setup[OLDER], "/qn", FEATURES).returncode == 0
    is_installed(trial, OLDER)
    assert path_of_computer(trial) == [*before, FOLDER]
    assert trial.says("cmd", "/c", "bascule --version").split() == ["bascule", VERSION]
    assert json.loads((trial.drive / PLACE / "_internal" / "managed.json").read_text("utf-8")) == msi.MANAGED
    trial.leads_to_window(trial.drive / MENU, FOLDER)
    trial.tests_itself(WINDOW)


def is_installed(trial: Trial, version: str) -> None:
    """That this version is there with all features, known to Windows, and that its service runs."""
    trial.is_whole(trial.drive / PLACE, "_internal/managed.json")
    listed = trial.registry(rf"{MACHINE}\Uninstall")
    assert f"DisplayVersion    REG_SZ    {version}\n" in listed and PUBLISHER in listed, listed
    assert listed.count(f"DisplayName    REG_SZ    {TITLE}\n") == 1, listed
    assert f'"{WINDOW}" --hidden' in trial.registry(rf"{MACHINE}\Run")
    assert f'"{WINDOW}" "%1"' in trial.registry(rf"{CLASSES}\Bascule.Profile")
    assert "Bascule.Profile" in trial.registry(rf"{CLASSES}\.bascule")
    assert COMMAND in trial.registry(rf"{MACHINE}\App Paths\bascule.exe")
    assert "RUNNING" in trial.says("sc", "query", TITLE)
    assert trial.netsh.rules() == rules_of(COMMAND)


def use(trial: Trial) -> None:
    """A relay of the service that ends TLS, made of a pasted command, moves bytes."""
    trial.paste(trial.tls_relay("tls"), *SERVICE)
    [relay] = json.loads(trial.says(*SERVICE, "list", "--json"))
    trial.says(*SERVICE, "start", relay["id"])
    trial.relays_answer()
    assert "`bascule list` shows all" in trial.run(*SERVICE, "show", "nothing").stdout  # terminals find it


def double_click(trial: Trial) -> None:
    """A file that is opened by its kind alone opens the window, which asks; where nobody agrees it stays a file."""
    [relay] = json.loads(trial.says(*SERVICE, "list", "--json"))
    trial.says(*SERVICE, "export", relay["id"], r"Z:\rig\packages\kept.bascule")
    trial.says("start", r"Z:\rig\packages\kept.bascule")
    asks = "Import a profile"
    wait_for(lambda: shows(asks))
    # To xdotool it is an error that the window is gone when the key is let go.
    subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{asks}$", "windowfocus", "key", "Escape"], check=False)
    wait_for(lambda: not shows(asks))
    assert json.loads(trial.says(COMMAND, "list", "--json")) == []
    trial.says(WINDOW, "--leave")
    forget_person(trial)


def forget_person(trial: Trial) -> None:
    """End the person's own engine, and remove what no MSI may touch."""
    trial.says(COMMAND, "engine", "--stop")
    for left in (OWN_PROFILES, MEETING):
        shutil.rmtree(trial.drive / left, ignore_errors=True)


def upgrade(trial: Trial) -> None:
    """The newer version takes the place of the older, and the service has the profiles that it had. The window and the relay of
    who installs end for it and run again, and nobody has to start Windows anew.
    """
    before = trial.says(*SERVICE, "list", "--json")
    decided = trial.drive / PLACE / "managed.json"
    decided.write_text('{"format": 1}', "utf-8")
    with window(trial) as old:
        port, engine = own_relay(trial), own_engine(trial)
        # 0: neither 3010 (to be started anew) nor 1641 (Windows does so now)
        assert trial.run("msiexec", "/i", trial.setup[VERSION], "/qn", FEATURES).returncode == 0
        assert old.wait(PATIENCE_SECONDS) == 0
    assert decided.read_text("utf-8") == '{"format": 1}'  # an administrator's own, which no package touches
    decided.unlink()
    is_installed(trial, VERSION)
    assert path_of_computer(trial).count(FOLDER) == 1
    wait_for(lambda: trial.listens(port))
    same(answer(connected(port), BULK), BULK)
    assert own_engine(trial) != engine
    trial.says(WINDOW, "--leave")  # it came back, too, to its icon
    forget_person(trial)
    [relay] = json.loads(trial.says(*SERVICE, "list", "--json"))
    assert relay["id"] == json.loads(before)[0]["id"]
    trial.says(*SERVICE, "start", relay["id"])
    trial.relays_answer()


@contextmanager
def window(trial: Trial) -> Iterator[subprocess.Popen[bytes]]:
    """The installed window of the person who looks at the screen."""
    with (trial.output / "window.txt").open("wb") as file:
        process = subprocess.Popen(trial.command(WINDOW), stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    try:
        wait_for(shows)
        yield process
    finally:
        process.kill()
        process.wait()


def own_relay(trial: Trial) -> int:
    """A relay of the person's own engine, which the window has started; its port."""
    wait_for(lambda: trial.run(COMMAND, "list").returncode == 0)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = port_of(free)
    trial.paste(f"socat TCP-LISTEN:{port},bind=127.0.0.1,fork TCP:127.0.0.1:{trial.ends.echo}", COMMAND)
    [relay] = json.loads(trial.says(COMMAND, "list", "--json"))
    trial.says(COMMAND, "start", relay["id"])
    wait_for(lambda: trial.listens(port))
    return port


def own_engine(trial: Trial) -> int:
    """The process that the person's own engine is."""
    return int(json.loads((trial.drive / MEETING / "engine.json").read_text("utf-8"))["pid"])


def refuse_older(trial: Trial) -> None:
    """The older version does not go over the newer, whose relay goes on."""
    assert trial.run("msiexec", "/i", trial.setup[OLDER], "/qn").returncode == REFUSED
    is_installed(trial, VERSION)
    trial.relays_answer()


def remove(trial: Trial) -> None:
    """Nothing is left but the service's profiles."""
    assert trial.run("msiexec", "/x", trial.setup[VERSION], "/qn").returncode == 0
    assert refused(trial.ports["tls"])
    assert trial.run("sc", "query", TITLE).returncode == ABSENT
    assert trial.netsh.rules() == set()
    assert FOLDER not in path_of_computer(trial)
    assert trial.traces(*REGISTRY) == []
    left = trial.files() - trial.clean
    assert left and all(path.startswith(PROFILES) for path in left), left
    assert len([path for path in left if path.endswith(".toml")]) == 1, left


def install_plainly(trial: Trial) -> None:
    """Where nobody chooses, no service, no start at login and no rule; and with the service and PURGE=1, nothing is left."""
    trial.netsh.forget()
    assert trial.run("msiexec", "/i", trial.setup[VERSION], "/qn").returncode == 0
    assert trial.run("sc", "query", TITLE).returncode == ABSENT
    assert TITLE not in trial.registry(rf"{MACHINE}\Run")
    assert FOLDER in path_of_computer(trial)
    assert trial.run("msiexec", "/i", trial.setup[VERSION], "/qn", "ADDLOCAL=Service").returncode == 0
    assert "RUNNING" in trial.says("sc", "query", TITLE)
    [_relay] = json.loads(trial.says(*SERVICE, "list", "--json"))  # the profile that was kept
    assert trial.run("msiexec", "/x", trial.setup[VERSION], "/qn", "PURGE=1").returncode == 0
    assert trial.netsh.verbs() == []
    assert FOLDER not in path_of_computer(trial)
    assert trial.traces(*REGISTRY) == []
    assert trial.files() == trial.clean


STEPS = (msi_pack, msi_life)
