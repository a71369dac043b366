"""The MSI, as far as any system can look: its files, its features, what it asks of the program.

What Windows Installer does with it, ``tests/rigs/windows/msi.py`` tries under wine.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from bascule.cli.command import make_parser
from bascule_desktop import login_entry
from bascule_desktop.__main__ import make_parser as window_parser
from installer.facts import NAME, PUBLISHER, TITLE
from installer.windows import firewall, msi

pytestmark = pytest.mark.usefixtures("qapp")  # the icon is drawn by Qt, which is there once

_COMPONENT_64_BITS = 256  # msidbComponentAttributes64bit
_INSTALL_INITIALIZE, _INSTALL_FINALIZE = 1500, 6600
_MILESTONES = (
    "InstallInitialize", "RemoveFiles", "InstallFiles", "ServiceInstall", "InstallFinalize"
)  # fmt: skip


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with the names of a built program, and nothing that runs."""
    folder = tmp_path / "bascule"
    for name in ("bascule.exe", "bascule-desktop.exe", "_internal/deep/é 1.txt", "_internal/x.pyd"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode() * 10_000)
    return folder


def build(program: Path, tmp_path: Path, version: str = "3.20.1") -> Path:
    return msi.build(program, version, tmp_path / "dist")


def table(file: Path, name: str) -> list[list[str]]:
    """The rows of a table; its head are three lines."""
    said = subprocess.check_output(["msiinfo", "export", str(file), name]).decode()
    return [line.split("\t") for line in said.replace("\r", "").splitlines()[3:]]


def properties(file: Path) -> dict[str, str]:
    return {row[0]: row[1] for row in table(file, "Property")}


def sums(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_it_holds_the_program_and_what_says_that_it_is_managed(program: Path, tmp_path: Path):
    made = build(program, tmp_path)
    assert made.name == f"{NAME}-3.20.1.msi"
    out = tmp_path / "out"
    subprocess.run(["msiextract", "-C", str(out), str(made)], check=True, capture_output=True)
    [managed] = out.rglob("managed.json")
    assert json.loads(managed.read_text()) == {"format": 1, "updates": False}
    # Among its own files: beside the program it is an administrator's, which no upgrade may touch.
    assert managed.parent.name == "_internal"
    inside = managed.parents[1]
    managed.unlink()
    assert inside.name == TITLE
    assert sums(inside) == sums(program)


def test_it_says_what_it_is_to_the_system(program: Path, tmp_path: Path):
    made = build(program, tmp_path)
    said = properties(made)
    assert (said["ProductName"], said["Manufacturer"]) == (TITLE, PUBLISHER)
    assert (said["ProductVersion"], said["ALLUSERS"]) == ("3.20.1", "1")
    streams = subprocess.check_output(["msiinfo", "streams", str(made)], text=True).split()
    assert f"Icon.{said['ARPPRODUCTICON']}" in streams


def test_a_newer_version_replaces_this_one_and_an_older_one_is_refused(
    program: Path, tmp_path: Path
):
    first, same, newer = (build(program, tmp_path, each) for each in ("1.0.0", "1.0.0", "1.0.1"))
    codes = [(properties(file)["ProductCode"], properties(file)["UpgradeCode"])
             for file in (first, same, newer)]  # fmt: skip
    assert codes[0] == codes[1] != codes[2]  # the same version twice is one product
    assert codes[0][1] == codes[2][1] == f"{{{msi.UPGRADE_CODE}}}"
    assert table(first, "Component") == table(newer, "Component")
    assert "MigrateFeatureStates" in {row[0] for row in table(newer, "InstallExecuteSequence")}
    [[condition, sentence]] = table(newer, "LaunchCondition")
    assert condition == "NOT WIX_DOWNGRADE_DETECTED"
    assert "nothing was changed" in sentence and "rien n'a été modifié" in sentence


def test_only_the_program_and_its_files_are_installed_where_nobody_chooses(
    program: Path, tmp_path: Path
):
    levels = {row[0]: int(row[5]) for row in table(build(program, tmp_path), "Feature")}
    assert {name for name, level in levels.items() if level == 1} == {
        "Program", "Association", "Path"
    }  # fmt: skip
    assert set(levels) == {"Program", "Association", "Path", "Autostart", "Service", "Firewall"}
    # One without a component would never be installed.
    assert {row[0] for row in table(build(program, tmp_path), "FeatureComponents")} == set(levels)


def test_its_components_are_of_64_bits_as_the_program_is(program: Path, tmp_path: Path):
    made = build(program, tmp_path)
    components = table(made, "Component")
    assert components and all(int(row[3]) & _COMPONENT_64_BITS for row in components)
    assert "x64" in subprocess.check_output(["msiinfo", "suminfo", str(made)], text=True)


def test_what_windows_opens_and_starts_is_the_window(program: Path, tmp_path: Path):
    rows = table(build(program, tmp_path), "Registry")
    values = {(row[2], row[3]): row[4] for row in rows}
    assert {row[1] for row in rows} == {"2"}  # HKEY_LOCAL_MACHINE
    window = r"[INSTALLDIR]bascule-desktop.exe"
    assert values[rf"Software\Classes\.{NAME}", ""] == f"{TITLE}.Profile"
    opens = values[rf"Software\Classes\{TITLE}.Profile\shell\open\command", ""]
    assert opens == f'"{window}" "%1"'
    login = values[login_entry.RUN_KEY, login_entry.RUN_NAME]
    assert login.replace('"', "") == login_entry.run_value([window, "--hidden"])
    [shortcut] = table(build(program, tmp_path), "Shortcut")
    assert shortcut[:3] == ["StartMenu", "ProgramMenuFolder", TITLE]


def test_the_service_is_the_programs_own_affair(program: Path, tmp_path: Path):
    made = build(program, tmp_path)
    places = {row[0]: (row[1], int(row[2])) for row in table(made, "InstallExecuteSequence")}
    actions = {row[0]: row for row in table(made, "CustomAction") if row[0].startswith("Service")}
    names = ("Install", "Start", "Stop", "Remove", "Purge", "Back", "GoesOn", "Undo")
    assert set(actions) == {f"Service{name}" for name in names}
    for name, (_, kind, source, words, *_rest) in actions.items():
        # An installed program (18), run by Windows itself (0x800) while it installs (0x400).
        assert int(kind) & 0xC3F == 0xC12
        undoes = name in ("ServiceBack", "ServiceGoesOn", "ServiceUndo")
        assert bool(int(kind) & 0x100) is undoes
        assert source == "CommandFile"
        assert make_parser().parse_args(words.split()).command == "service"
        assert _INSTALL_INITIALIZE < places[name][1] < _INSTALL_FINALIZE
    assert places["ServiceRemove"][1] < places["RemoveFiles"][1]
    assert places["ServicePurge"][1] < places["RemoveFiles"][1]
    assert places["ServiceStop"][1] < places["RemoveFiles"][1]
    # An upgrade removes the older version: its service is stopped, and stays.
    for name in ("ServiceRemove", "ServicePurge"):
        assert places[name][0].startswith("NOT UPGRADINGPRODUCTCODE AND (")
    assert "WIX_UPGRADE_DETECTED" in places["ServiceStart"][0]
    assert places["InstallFiles"][1] < places["ServiceInstall"][1] < places["ServiceStart"][1]
    # What fails while it is installed undoes the installation; a removal goes on.
    assert not int(actions["ServiceInstall"][1]) & 0x40
    assert int(actions["ServiceRemove"][1]) & 0x40


def test_what_is_undone_leaves_the_service_as_it_was(program: Path, tmp_path: Path):
    """Where a newer version cannot be installed, the older one's files come back, and nobody would
    start its service before Windows starts the next time. What comes last is undone first.
    """
    made = build(program, tmp_path)
    rows = table(made, "InstallExecuteSequence")
    order = [row[0] for row in sorted(rows, key=lambda row: int(row[2]))]
    conditions = {row[0]: row[1] for row in rows}
    words = {row[0]: row[3] for row in table(made, "CustomAction")}
    first = order.index("ServiceGoesOn")
    assert order[first : first + 3] == ["ServiceGoesOn", "ServiceBack", "ServiceStop"]
    assert words["ServiceGoesOn"] == "service start --quiet"
    assert words["ServiceBack"] == "service install --quiet"
    # Whenever it was stopped or removed it starts again; it is made only where it was there.
    assert conditions["ServiceGoesOn"] == 'REMOVE="ALL" OR &Service=2'
    removed = conditions["ServiceRemove"].removesuffix(" AND NOT PURGE")
    assert conditions["ServiceBack"] == f"!Service>2 AND {removed}"
    # One that is installed anew goes again; not one that an older version had.
    assert order[order.index("ServiceInstall") - 1] == "ServiceUndo"
    assert words["ServiceUndo"] == "service remove --quiet"
    anew = f"{conditions['ServiceInstall']} AND !Service<3 AND NOT WIX_UPGRADE_DETECTED"
    assert conditions["ServiceUndo"] == anew


def test_it_says_the_version_of_each_file_that_has_one(program: Path, tmp_path: Path):
    """Windows compares it with that of the file which is there before the older Bascule goes: one
    without a version would not be installed, and the older one's be removed with it.
    """
    (program / "bascule.exe").write_bytes(executable(tmp_path, "6.12.0.7").read_bytes())
    made = build(program, tmp_path)
    versions = {row[0]: row[4:6] for row in table(made, "File")}
    assert versions.pop("CommandFile") == ["6.12.0.7", "1033"]
    assert set(map(tuple, versions.values())) == {("", "")}
    # A hash is for files without a version (MsiFileHash).
    assert {row[0] for row in table(made, "MsiFileHash")} == set(versions)
    # What became older, or was edited, is installed all the same.
    assert properties(made)["REINSTALLMODE"] == "amus"


def executable(folder: Path, version: str) -> Path:
    """A program of Windows that says this version of itself."""
    file, script = folder / "versioned.exe", folder / "versioned.nsi"
    script.write_text(
        f'Unicode true\nOutFile "{file}"\nVIProductVersion "{version}"\n'
        f'VIAddVersionKey /LANG=1033 "FileVersion" "{version}"\nSection\nSectionEnd\n'
    )
    subprocess.run(["makensis", "-V1", str(script)], check=True)
    return file


def test_a_terminal_finds_the_command_as_long_as_it_is_installed(program: Path, tmp_path: Path):
    made = build(program, tmp_path)
    # Of the computer (*), set when installed (=), taken back when uninstalled (-), behind the rest.
    assert table(made, "Environment") == [["Path", "=-*PATH", "[~];[INSTALLDIR]", "PathChosen"]]
    places = {row[0]: int(row[2]) for row in table(made, "InstallExecuteSequence")}
    assert places["RemoveEnvironmentStrings"] > _INSTALL_INITIALIZE
    assert places["InstallFiles"] < places["WriteEnvironmentStrings"] < _INSTALL_FINALIZE


def test_windows_never_starts_anew_by_itself(program: Path, tmp_path: Path):
    said = properties(build(program, tmp_path))
    assert (said["REBOOT"], said["MSIRESTARTMANAGERCONTROL"]) == ("ReallySuppress", "Disable")


def test_window_and_engine_end_before_files_are_looked_at_and_come_back(
    program: Path, tmp_path: Path
):
    made = build(program, tmp_path)
    order = {row[0]: (row[1], int(row[2])) for row in table(made, "InstallExecuteSequence")}
    actions = {row[0]: row for row in table(made, "CustomAction")}
    # As the person who installs, at once (50, 18); whatever it ends with (64), or not waited for
    # (128 + 64), as it goes on when Windows Installer has ended.
    assert actions["MakeWay"][1:4] == ["114", "WINDOWTHERE", "--make-way"]
    assert actions["ComeBack"][1:4] == ["210", "WindowFile", "--come-back"]
    for action in ("MakeWay", "ComeBack"):
        assert window_parser().parse_args([actions[action][3]])
    assert order["AppSearch"][1] < order["MakeWay"][1] < order["InstallValidate"][1]
    assert order["RemoveExistingProducts"][1] > order["MakeWay"][1]
    assert order["ComeBack"] == ('NOT REMOVE="ALL"', order["ComeBack"][1])
    assert order["ComeBack"][1] > _INSTALL_FINALIZE
    [[_, root, key, name, kind]] = table(made, "RegLocator")
    assert (root, name, kind) == ("2", "", "18")  # HKEY_LOCAL_MACHINE, as programs of 64 bits
    assert (key, "") in {(row[2], row[3]) for row in table(made, "Registry")}
    assert "WINDOWTHERE" in properties(made)["SecureCustomProperties"].split(";")


def test_an_older_version_goes_only_where_the_newer_one_comes(program: Path, tmp_path: Path):
    """What Windows does between these two is undone where the installation fails."""
    rows = table(build(program, tmp_path), "InstallExecuteSequence")
    order = [row[0] for row in sorted(rows, key=lambda row: int(row[2]))]
    # Before everything that is written down to be done later, or Windows refuses.
    begins = order.index("InstallInitialize")
    assert order[begins + 1 : begins + 3] == ["RemoveExistingProducts", "ProcessComponents"]


def test_the_rule_of_the_firewall_is_a_feature_that_says_whom_it_lets_in(
    program: Path, tmp_path: Path
):
    made = build(program, tmp_path)
    [feature] = [row for row in table(made, "Feature") if row[0] == "Firewall"]
    assert "Windows Firewall" in feature[2]
    assert "never of public ones" in feature[3] and len(feature[3]) <= 255  # as wide as it is


def test_netsh_is_asked_by_windows_itself(program: Path, tmp_path: Path):
    made = build(program, tmp_path)
    actions = {row[0]: row for row in table(made, "CustomAction")}
    assert actions["FindNetsh"][2:4] == ["NETSH", "[System64Folder]netsh.exe"]
    program_there = "[INSTALLDIR]bascule.exe"
    words = {
        "FirewallClear": firewall.delete(program_there),
        "FirewallUndo": firewall.delete(program_there),
        "FirewallTcp": firewall.add(program_there, "TCP"),
        "FirewallUdp": firewall.add(program_there, "UDP"),
        "FirewallBackTcp": firewall.add(program_there, "TCP"),
        "FirewallBackUdp": firewall.add(program_there, "UDP"),
    }
    assert {name for name in actions if name.startswith("Firewall")} == set(words)
    for name, said in words.items():
        assert actions[name][2:4] == ["NETSH", said]
        # What a property names (50), run by Windows itself (0x800) while it installs (0x400).
        assert int(actions[name][1]) & 0xC3F == 0xC32
    undoing = {name for name in words if int(actions[name][1]) & 0x100}
    assert undoing == {"FirewallUndo", "FirewallBackTcp", "FirewallBackUdp"}
    # A rule that cannot be made undoes the installation; one that is not there stops nothing.
    heeded = {name for name in words if not int(actions[name][1]) & 0x40}
    assert heeded == {"FirewallTcp", "FirewallUdp"}


def test_the_rule_comes_and_goes_with_its_feature(program: Path, tmp_path: Path):
    rows = table(build(program, tmp_path), "InstallExecuteSequence")
    order = [row[0] for row in sorted(rows, key=lambda row: int(row[2]))]
    conditions = {row[0]: row[1] for row in rows if row[0].startswith("Firewall")}
    made, gone = "&Firewall=3", "&Firewall=2"
    assert conditions["FirewallTcp"] == conditions["FirewallUdp"] == made
    assert conditions["FirewallClear"] == conditions["FirewallUndo"] == f"{gone} OR {made}"
    for name in ("FirewallBackTcp", "FirewallBackUdp"):
        assert conditions[name] == f"!Firewall>2 AND ({gone} OR {made})"
    assert [name for name in order if "Firewall" in name or name in _MILESTONES] == [
        "InstallInitialize",
        # Undone backwards: what is there is deleted, then what was there is added.
        "FirewallBackUdp",
        "FirewallBackTcp",
        "FirewallUndo",
        "FirewallClear",  # before it is added, so that no rule is there twice
        "RemoveFiles",
        "InstallFiles",
        "FirewallTcp",
        "FirewallUdp",
        "ServiceInstall",
        "InstallFinalize",
    ]


@pytest.mark.parametrize("missing", ["wixl", "msibuild"])
def test_where_there_is_no_wixl_it_says_where_to_get_it(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
):
    found = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == missing else found(name))
    with pytest.raises(FileNotFoundError, match=r"apt-get install wixl msitools.*MSYS2"):
        build(program, tmp_path)
