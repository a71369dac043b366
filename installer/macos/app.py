"""Owns what macOS is told about Bascule.app: its Info.plist, what the hardened runtime is to allow,
and who signs it.

PyInstaller puts the application together and signs it (``installer/bascule.spec``). What stands
here has never been run: no Mac was at hand. The keys are those of Apple's "Information Property
List" and "Hardened Runtime".
"""

from __future__ import annotations

import os
import plistlib
from pathlib import Path

from installer.facts import APP_ID, DIST, NAME, PUBLISHER, TITLE, VERSION

APP = DIST / f"{TITLE}.app"
EXECUTABLES = APP / "Contents" / "MacOS"
"""Where the desktop, the engine and the command line are."""

IDENTITY = os.environ.get("BASCULE_CODESIGN_IDENTITY", "")
"""The certificate in the keychain to sign with ("Developer ID Application: …"); without one the
application is signed ad hoc, which an Apple processor demands and Gatekeeper does not trust."""

PROFILE_TYPE = f"{APP_ID}.profile"
OLDEST_SYSTEM = "14.0"
"""The oldest macOS: what PySide6's wheel for it says in its name."""

_LOCAL_NETWORK = {
    "en": "Bascule reaches devices and computers of your own network when one of your relays "
    "leads there.",
    "fr": "Bascule joint des appareils et des ordinateurs de votre réseau quand un de vos relais "
    "y mène.",
}
"""Since macOS 15 an application must be allowed to reach the local network; this is shown then."""

ENTITLEMENTS = {
    # libffi writes the few instructions of a ctypes callback into memory of its own
    # (cffi's manual, "Callbacks"). JIT is not needed, and neither are foreign libraries: all are
    # signed with the application.
    "com.apple.security.cs.allow-unsigned-executable-memory": True,
}


def info() -> dict[str, object]:
    """The Info.plist, as far as PyInstaller does not know it by itself."""
    profile = "Bascule profile"
    return {
        # PyInstaller takes the first executable by name, and the console of that one.
        "CFBundleExecutable": f"{NAME}-desktop",
        "LSBackgroundOnly": False,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleVersion": VERSION,
        "LSApplicationCategoryType": "public.app-category.utilities",
        "LSMinimumSystemVersion": OLDEST_SYSTEM,
        "NSHighResolutionCapable": True,
        "NSPrincipalClass": "NSApplication",
        "NSHumanReadableCopyright": f"© 2026 {PUBLISHER}",
        "NSLocalNetworkUsageDescription": _LOCAL_NETWORK["en"],
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": profile,
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [PROFILE_TYPE],
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": PROFILE_TYPE,
                "UTTypeDescription": profile,
                "UTTypeConformsTo": ["public.utf8-plain-text"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": [NAME],
                    "public.mime-type": ["application/x-bascule-profile"],
                },
            }
        ],
    }


def entitlements(folder: Path) -> Path:
    """Write the entitlements; the file. Without a comment in it: codesign refuses some of them."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "entitlements.plist"
    file.write_bytes(plistlib.dumps(ENTITLEMENTS))
    return file


def localized(folder: Path) -> list[tuple[str, str]]:
    """Write what the system shows of the Info.plist in each language; the files and the folder of
    the application that each belongs into, as PyInstaller wants them.
    """
    placed: list[tuple[str, str]] = []
    for language, sentence in _LOCAL_NETWORK.items():
        file = folder / f"{language}.lproj" / "InfoPlist.strings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'"NSLocalNetworkUsageDescription" = "{sentence}";\n', encoding="utf-8")
        placed.append((str(file), file.parent.name))
    return placed
