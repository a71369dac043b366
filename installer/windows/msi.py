"""Owns making the MSI for administrators: one description in XML, which wixl makes a package of.

wixl (msitools) knows a part of WiX 3 and runs on Linux and, from MSYS2, on Windows. What it lacks
is written by msibuild, or done without: no windows of its own (`msiexec` shows its progress), one
language.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path

from bascule.managed import MANAGED_FILE
from installer import icons
from installer.facts import BUILD, DIST, NAME, PROGRAM, PUBLISHER, SUMMARY, TITLE, VERSION
from installer.windows import beyond_wixl, firewall

UPGRADE_CODE = "7B1E6F0A-52C8-4D0B-9C35-0E6B8A4F21D7"
"""What all versions have in common; it never changes."""

NEWER = (
    f"A newer version of {TITLE} is installed already, so nothing was changed. Remove it first if "
    f"this older one is wanted. / Une version plus récente de {TITLE} est déjà installée, rien "
    "n'a été modifié. Désinstallez-la d'abord si vous voulez cette version plus ancienne."
)
MANAGED = {"format": 1, "updates": False}
"""What the program finds among its own files: whoever rolls out an MSI rolls out the next one as
well. An administrator's own file, beside the program, is no part of the package, so that upgrades
leave it as it is."""

_NAMESPACE = "http://schemas.microsoft.com/wix/2006/wi"
_COMMAND, _WINDOW = f"{NAME}.exe", f"{NAME}-desktop.exe"
_FILE_TYPE = f"{TITLE}.Profile"
_CLASSES = r"Software\Classes"
_APP_PATHS = r"Software\Microsoft\Windows\CurrentVersion\App Paths"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_AFTER_COST_FINALIZE = 1010  # CostFinalize is 1000
_BEFORE_INSTALL_VALIDATE = 1390  # InstallValidate, which looks for files in use, is 1400
_BEFORE_REMOVE_FILES = 3490  # RemoveFiles is 3500, whoever makes a package
_BEFORE_INSTALL_FINALIZE = 6500  # InstallFinalize is 6600
_AFTER_INSTALL_FINALIZE = 6610
_NETSH = "NETSH"  # the property that says where it is
_WINDOW_THERE = "WINDOWTHERE"  # the property that says which window is installed, if one is
_64_BITS = {"Win64": "yes"}
"""Of a component: else Windows writes its values where it keeps those of programs of 32 bits."""

_DESCRIPTIONS = {
    "Firewall": "Windows Firewall lets computers of private and company networks, never of public "
    f"ones, connect to {TITLE} over TCP and UDP, and opens nothing else. A relay listens to this "
    "computer only, until somebody chooses otherwise in the relay.",
}
"""Of features whose title does not say it all."""

_ON, _OFF = "1", "1000"  # of what is installed where nobody chooses: up to INSTALLLEVEL, which is 1


def build(folder: Path = PROGRAM, version: str = VERSION, dist: Path = DIST) -> Path:
    """Make the package of the program in ``folder``; its file in ``dist``.

    Raises:
        FileNotFoundError: There is no wixl or msibuild; the message says where to get them.
        CalledProcessError: One of them refused; its words are on the output.
    """
    wixl, msibuild = map(shutil.which, ("wixl", "msibuild"))
    if wixl is None or msibuild is None:
        raise FileNotFoundError(
            "wixl and msibuild, which make the MSI, are not here; get them from Debian (apt-get "
            "install wixl msitools) or MSYS2 (pacman -S mingw-w64-ucrt-x86_64-msitools) and put "
            "them on PATH, then try again"
        )
    work = BUILD / "msi"
    work.mkdir(parents=True, exist_ok=True)
    dist.mkdir(parents=True, exist_ok=True)
    icons.write_ico(work / f"{NAME}.ico")
    (work / MANAGED_FILE).write_text(json.dumps(MANAGED) + "\n", encoding="utf-8")
    description = work / f"{NAME}.wxs"
    description.write_bytes(describe(folder.resolve(), version, work))
    file = dist / f"{NAME}-{version}.msi"
    command = [wixl, "--arch", "x64", "--output", str(file.resolve()), description.name]
    subprocess.run(command, cwd=work, check=True)
    queries = beyond_wixl.queries(folder, _file_name)
    subprocess.run([msibuild, str(file.resolve()), "-q", *queries], check=True)
    return file


def describe(folder: Path, version: str, work: Path) -> bytes:
    """The package as WiX 3 has it; icon and MANAGED_FILE are in ``work``."""
    root = ET.Element("Wix", xmlns=_NAMESPACE)
    product = _add(
        root, "Product", Id=_guid(f"product {version}"), Name=TITLE, Language="1033",
        Codepage="1252", Version=version, Manufacturer=PUBLISHER, UpgradeCode=UPGRADE_CODE,
    )  # fmt: skip
    _add(
        product, "Package", InstallerVersion="500", InstallScope="perMachine", Compressed="yes",
        Description=TITLE, Comments=SUMMARY,
    )  # fmt: skip
    _add(product, "MajorUpgrade", DowngradeErrorMessage=NEWER)
    _add(product, "Media", Id="1", Cabinet="program.cab", EmbedCab="yes")
    _add(product, "Icon", Id=f"{NAME}.ico", SourceFile=f"{NAME}.ico")
    for name, value in (
        ("ARPPRODUCTICON", f"{NAME}.ico"),
        ("ARPCOMMENTS", SUMMARY),
        ("ARPNOMODIFY", "1"),  # there are no windows to choose in
        # What to install is decided before the older version goes, so also what has become older
        # (a library), or was edited, is to be installed (a): else it would be gone.
        ("REINSTALLMODE", "amus"),
        # By itself Windows starts anew under /qn where a file was in use. An administrator hears of
        # it (3010) and chooses when; REBOOT=Force on the command line goes before this.
        ("REBOOT", "ReallySuppress"),
        # It would end windows it can close, and start none again: make_way does both, in order.
        ("MSIRESTARTMANAGERCONTROL", "Disable"),
    ):
        _add(product, "Property", Id=name, Value=value)
    there = _add(product, "Property", Id=_WINDOW_THERE)
    _add(
        there, "RegistrySearch", Id="WindowThere", Root="HKLM", Key=rf"{_APP_PATHS}\{_WINDOW}",
        Name="", Type="raw", **_64_BITS,
    )  # fmt: skip
    parts = _lay_out(product, folder, work)
    for name, (title, level) in {
        "Program": ("The program, its entry in the Start menu", _ON),
        "Association": (f"Open .{NAME} files with a double click", _ON),
        "Path": (f"Let a terminal find the command {NAME} (PATH)", _ON),
        "Autostart": ("Start when anybody logs in", _OFF),
        "Service": ("Run the engine before anybody logs in, with profiles of its own", _OFF),
        "Firewall": ("Let other computers reach relays (Windows Firewall)", _OFF),
    }.items():
        feature = _add(product, "Feature", Id=name, Title=title, Level=level)
        if name in _DESCRIPTIONS:
            feature.set("Description", _DESCRIPTIONS[name])
        for part in parts[name]:
            _add(feature, "ComponentRef", Id=part)
    _add_actions(product)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _add(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, attributes)


def _lay_out(product: ET.Element, folder: Path, work: Path) -> dict[str, list[str]]:
    """Describe folders, files and registry; the components of each feature."""
    top = _add(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    _add(top, "Directory", Id="System64Folder")
    _add(top, "Directory", Id="ProgramMenuFolder")
    programs = _add(top, "Directory", Id="ProgramFiles64Folder")
    place = _add(programs, "Directory", Id="INSTALLDIR", Name=TITLE)
    made = {"": place}
    parts: dict[str, list[str]] = {"Program": []}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path, inside in [
        *((path, path.relative_to(folder)) for path in files),
        (work / MANAGED_FILE, Path("_internal", MANAGED_FILE)),
    ]:
        within = _directory(made, inside.parent)
        # wixl before 0.102 takes a whole path for one within its own folder.
        file = _file(within, os.path.relpath(path, work), inside, parts["Program"])
        if inside.as_posix() == _WINDOW:
            _add(
                file, "Shortcut", Id="StartMenu", Directory="ProgramMenuFolder", Name=TITLE,
                Description=SUMMARY, Icon=f"{NAME}.ico", WorkingDirectory="INSTALLDIR",
                Advertise="yes",
            )  # fmt: skip
    window, command = f"[INSTALLDIR]{_WINDOW}", f"[INSTALLDIR]{_COMMAND}"
    parts["Program"].append(
        _registry(
            place, "AppPaths", (rf"{_APP_PATHS}\{_WINDOW}", "", window),
            (rf"{_APP_PATHS}\{_COMMAND}", "", command),
        )
    )  # fmt: skip
    parts["Association"] = [
        _registry(
            place, "FileType", (rf"{_CLASSES}\.{NAME}", "", _FILE_TYPE),
            (rf"{_CLASSES}\{_FILE_TYPE}", "", f"{TITLE} profile"),
            (rf"{_CLASSES}\{_FILE_TYPE}\DefaultIcon", "", f"{window},0"),
            (rf"{_CLASSES}\{_FILE_TYPE}\shell\open\command", "", f'"{window}" "%1"'),
        )
    ]  # fmt: skip
    parts["Autostart"] = [_registry(place, "Run", (_RUN, TITLE, f'"{window}" --hidden'))]
    # A feature without a component is one that Windows never installs.
    key = rf"Software\{TITLE}"
    for name in ("Path", "Service", "Firewall"):
        parts[name] = [_registry(place, f"{name}Chosen", (key, name, "1"))]
    return parts


def _directory(made: dict[str, ET.Element], inside: Path) -> ET.Element:
    """The element of a folder below the program's, made where it is not there yet."""
    if not inside.parts:
        return made[""]
    name = inside.as_posix()
    if name not in made:
        parent = _directory(made, inside.parent)
        made[name] = _add(parent, "Directory", Id=_name("d", name), Name=inside.name)
    return made[name]


def _file(within: ET.Element, source: str, inside: Path, parts: list[str]) -> ET.Element:
    """One file, a component of its own, as Windows repairs and removes components."""
    name = inside.as_posix()
    part = _add(within, "Component", Id=_name("c", name), Guid=_guid(name), **_64_BITS)
    parts.append(_name("c", name))
    return _add(part, "File", Id=_file_name(inside), Name=inside.name, Source=source, KeyPath="yes")


def _registry(place: ET.Element, name: str, *values: tuple[str, str, str]) -> str:
    """A component of values below HKEY_LOCAL_MACHINE (key, name, text); its name."""
    part = _add(place, "Component", Id=name, Guid=_guid(name), **_64_BITS)
    for number, (key, value, text) in enumerate(values):
        written = {"Root": "HKLM", "Key": key, "Type": "string", "Value": text}
        written |= {"Name": value} if value else {}
        _add(part, "RegistryValue", KeyPath="no" if number else "yes", **written)
    return name


def _add_actions(product: ET.Element) -> None:
    """Say where the program is, and let it install and remove its service: it knows its folder's
    rights, too.

    wixl could write the table ServiceInstall, but not the rights of a folder, and a service belongs
    to the component of its program, which is not a feature of its own.
    """
    # An older version that goes for a newer one loses its features as well (&Service=2).
    gone = 'REMOVE="ALL" OR &Service=2'
    going = f"NOT UPGRADINGPRODUCTCODE AND ({gone})"
    replaced = 'REMOVE="ALL" AND UPGRADINGPRODUCTCODE'
    here, newer = "&Service=3", "&Service=3 OR WIX_UPGRADE_DETECTED"
    # A service that was installed by hand goes and stays with the program as well.
    was = f"!Service>2 AND {going}"  # wine takes 3 (local) for 4 (from its source)
    first = _BEFORE_REMOVE_FILES - 5
    actions = (
        # name, words, when, where among Windows' own actions, whether what fails undoes everything
        # The last is undone first (beyond_wixl), when the files are there again: the
        # service that was removed is installed, and starts.
        ("ServiceGoesOn", "start", gone, first, "ignore"),
        ("ServiceBack", "install", was, first + 1, "ignore"),
        ("ServiceStop", "stop", replaced, _BEFORE_REMOVE_FILES, "ignore"),
        ("ServiceRemove", "remove", f"{going} AND NOT PURGE", _BEFORE_REMOVE_FILES + 1, "ignore"),
        ("ServicePurge", "remove --purge", f"{going} AND PURGE", _BEFORE_REMOVE_FILES + 2,
         "ignore"),
        # One that an older version had is not removed: it goes on.
        ("ServiceUndo", "remove", f"{here} AND !Service<3 AND NOT WIX_UPGRADE_DETECTED",
         _BEFORE_INSTALL_FINALIZE - 1, "ignore"),
        ("ServiceInstall", "install", here, _BEFORE_INSTALL_FINALIZE, "check"),
        ("ServiceStart", "start", newer, _BEFORE_INSTALL_FINALIZE + 1, "ignore"),
    )  # fmt: skip
    order = _add(product, "InstallExecuteSequence")
    _set_property(product, order, "Location", "ARPINSTALLLOCATION", "[INSTALLDIR]")
    for name, words, condition, place, failing in actions:
        program = {"FileKey": "CommandFile"}
        _run(product, order, (name, program, f"service {words} --quiet", failing), condition, place)
    _add_firewall(product, order)
    _add_making_way(product, order)


def _add_making_way(product: ET.Element, order: ET.Element) -> None:
    """Let the window and the engine of who installs end before files are looked at, and come back
    when all is there: as that person, whose they are. Others' go on, and Windows removes what they
    have in use when it starts the next time.
    """
    replacing = f'{_WINDOW_THERE} AND (WIX_UPGRADE_DETECTED OR REINSTALL OR REMOVE="ALL")'
    _add(
        product, "CustomAction", Id="MakeWay", Property=_WINDOW_THERE, ExeCommand="--make-way",
        Execute="immediate", Impersonate="yes", Return="ignore",
    )  # fmt: skip
    _add(
        product, "CustomAction", Id="ComeBack", FileKey="WindowFile", ExeCommand="--come-back",
        Execute="immediate", Impersonate="yes", Return="asyncNoWait",
    )  # fmt: skip
    make_way = _add(order, "Custom", Action="MakeWay", Sequence=str(_BEFORE_INSTALL_VALIDATE))
    make_way.text = replacing
    come_back = _add(order, "Custom", Action="ComeBack", Sequence=str(_AFTER_INSTALL_FINALIZE))
    come_back.text = 'NOT REMOVE="ALL"'


def _add_firewall(product: ET.Element, order: ET.Element) -> None:
    """Let netsh make and remove the rule, and let it be as it was where the installation fails.

    An older version that goes for a newer one takes its rule along, and the newer one, which keeps
    the feature, makes it anew: nothing of Bascule runs between the two.
    """
    made, going = "&Firewall=3", "&Firewall=2"
    had = f"!Firewall>2 AND ({going} OR {made})"  # wine takes 3 (local) for 4 (from its source)
    command = f"[INSTALLDIR]{_COMMAND}"
    delete = firewall.delete(command)
    tcp, udp = (firewall.add(command, protocol) for protocol in firewall.PROTOCOLS)
    first, last = _BEFORE_REMOVE_FILES - 10, _BEFORE_INSTALL_FINALIZE - 10
    _set_property(product, order, "FindNetsh", _NETSH, "[System64Folder]netsh.exe")
    for name, words, condition, place, failing in (
        # The last is undone first (beyond_wixl): FirewallUndo, so that no rule is there twice.
        ("FirewallBackUdp", udp, had, first, "ignore"),
        ("FirewallBackTcp", tcp, had, first + 1, "ignore"),
        ("FirewallUndo", delete, f"{going} OR {made}", first + 2, "ignore"),
        ("FirewallClear", delete, f"{going} OR {made}", first + 3, "ignore"),
        # Before the service is installed, which is the last.
        ("FirewallTcp", tcp, made, last, "check"),
        ("FirewallUdp", udp, made, last + 1, "check"),
    ):
        _run(product, order, (name, {"Property": _NETSH}, words, failing), condition, place)


def _run(
    product: ET.Element,
    order: ET.Element,
    action: tuple[str, dict[str, str], str, str],
    condition: str,
    place: int,
) -> None:
    """Have Windows itself run a program while it installs: (name, program, words, failing)."""
    name, program, words, failing = action
    _add(
        product, "CustomAction", Id=name, **program, ExeCommand=words, Execute="deferred",
        Impersonate="no", Return=failing,
    )  # fmt: skip
    _add(order, "Custom", Action=name, Sequence=str(place)).text = condition


def _set_property(product: ET.Element, order: ET.Element, name: str, of: str, value: str) -> None:
    """Say a value that is known as soon as the folders are."""
    _add(product, "CustomAction", Id=name, Property=of, Value=value)
    _add(order, "Custom", Action=name, Sequence=str(_AFTER_COST_FINALIZE))


def _name(kind: str, path: str) -> str:
    """An identifier as Windows Installer takes it, for whatever a file is called."""
    return f"{kind}{hashlib.sha256(path.encode()).hexdigest()[:24]}"


def _file_name(inside: Path) -> str:
    """The identifier of a file, by its place in the program's folder."""
    name = inside.as_posix()
    return {_COMMAND: "CommandFile", _WINDOW: "WindowFile"}.get(name, _name("f", name))


def _guid(name: str) -> str:
    """A component's identifier: the same in all versions, so that upgrades know their files."""
    return str(uuid.uuid5(uuid.UUID(UPGRADE_CODE), name)).upper()
