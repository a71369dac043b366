"""Owns what wixl has no word for: what msibuild changes in the tables of the MSI that it made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from installer.windows.file_version import version_of

# wixl does not know the word for what is run only to undo, and would run it at once. 3442: a
# program that a property names (50), whatever it ends with (64), to undo (256), while Windows
# installs (1024), as Windows itself (2048).
_MAKE_UNDOING = (
    "UPDATE CustomAction SET Type = 3442 WHERE Action = 'FirewallBackUdp' "
    "OR Action = 'FirewallBackTcp' OR Action = 'FirewallUndo'"
)
# 3410: the same of an installed program (18).
_MAKE_UNDOING_BY_PROGRAM = (
    "UPDATE CustomAction SET Type = 3410 WHERE Action = 'ServiceBack' OR Action = 'ServiceGoesOn' "
    "OR Action = 'ServiceUndo'"
)
# Nor the word for a property that Windows hands on where somebody consents to the installation.
_HAND_ON = (
    "UPDATE Property SET Value = 'WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;WINDOWTHERE' "
    "WHERE Property = 'SecureCustomProperties'"
)
# Nor the table of the environment. "=-*": of the computer, set when installed, removed
# when uninstalled; "[~]" is what the variable holds already, which Windows Installer reads and
# keeps as it is. 5200 and 3300 are where whoever makes a package puts the two.
_PATH_TABLE = (
    "CREATE TABLE `Environment` (`Environment` CHAR(72) NOT NULL, `Name` CHAR(255) NOT NULL, "
    "`Value` CHAR(255), `Component_` CHAR(72) NOT NULL PRIMARY KEY `Environment`)"
)
_PATH_ROW = (
    "INSERT INTO `Environment` (`Environment`, `Name`, `Value`, `Component_`) "
    "VALUES ('Path', '=-*PATH', '[~];[INSTALLDIR]', 'PathChosen')"
)
_PATH_GOES = (
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) "
    "VALUES ('RemoveEnvironmentStrings', 3300)"
)
_PATH_COMES = (
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) "
    "VALUES ('WriteEnvironmentStrings', 5200)"
)
# An older version goes within what is undone where the newer one cannot be installed: wixl has it
# go before, and a full disk would leave neither. InstallInitialize is 1500.
_KEEP_OLDER = (
    "UPDATE InstallExecuteSequence SET Sequence = 1501 WHERE Action = 'RemoveExistingProducts'"
)


def queries(folder: Path, name: Callable[[Path], str]) -> list[str]:
    """The queries for the package of the program in ``folder``, in order; ``name`` tells what a
    file is called in it, by its place in that folder.
    """
    path = (_PATH_TABLE, _PATH_ROW, _PATH_GOES, _PATH_COMES)
    undoing = (_MAKE_UNDOING, _MAKE_UNDOING_BY_PROGRAM)
    return [*undoing, _HAND_ON, _KEEP_OLDER, *path, *_versions(folder, name)]


def _versions(folder: Path, name: Callable[[Path], str]) -> Iterator[str]:
    """Say which version each file has, which wixl leaves out. Windows takes a file without one for
    older than any that has one: it would install none over an older Bascule's, and then remove
    those with it. A hash is for files without a version.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (found := version_of(path)) is not None:
            file = name(path.relative_to(folder))
            version, language = found
            said = f"Version = '{version}', Language = '{language}'"
            yield f"UPDATE File SET {said} WHERE File = '{file}'"  # noqa: S608 - names of our own
            yield f"DELETE FROM MsiFileHash WHERE File_ = '{file}'"  # noqa: S608
