"""What macOS is told about Bascule.app, read back as macOS would."""

from __future__ import annotations

import plistlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bascule import __version__
from bascule.managed import ADDRESS_FILE, ADDRESS_VARIABLE
from bascule_desktop import login_entry
from bascule_desktop.language import LANGUAGES
from installer import facts
from installer.facts import APP_ID, TOP
from installer.macos import app

SPEC = (TOP / "installer" / "bascule.spec").read_text(encoding="utf-8")


def test_the_window_is_what_starts_and_it_may_show_itself() -> None:
    info = plistlib.loads(plistlib.dumps(app.info()))
    assert info["CFBundleExecutable"] == "bascule-desktop"
    assert (TOP / "installer" / "launch_desktop.py").is_file()
    assert (
        info["LSBackgroundOnly"] is False
    )  # PyInstaller's default beside a program of the console
    assert "LSUIElement" not in info  # closed to the menu bar, it is found in the Dock
    assert info["NSHighResolutionCapable"] is True
    assert info["CFBundleVersion"] == __version__
    assert re.fullmatch(r"\d+(\.\d+){0,2}", info["CFBundleVersion"])


def test_the_oldest_system_is_the_one_that_qt_is_made_for() -> None:
    lock = (TOP / "uv.lock").read_text(encoding="utf-8")
    tag = re.search(r"pyside6_essentials-[^\"]*-macosx_(\d+)_(\d+)_", lock)
    assert tag is not None
    assert f"{tag[1]}.{tag[2]}" == app.OLDEST_SYSTEM


def test_a_profile_belongs_to_bascule() -> None:
    info = app.info()
    [opened] = plistlib.loads(plistlib.dumps(info))["CFBundleDocumentTypes"]
    [declared] = plistlib.loads(plistlib.dumps(info))["UTExportedTypeDeclarations"]
    assert opened["LSItemContentTypes"] == [declared["UTTypeIdentifier"]]
    tags = declared["UTTypeTagSpecification"]
    assert tags["public.filename-extension"] == ["bascule"]
    linux = (TOP / "installer" / "linux" / "files" / "mime.xml").read_text(encoding="utf-8")
    assert f'type="{tags["public.mime-type"][0]}"' in linux


def test_why_the_local_network_is_said_in_every_language(tmp_path: Path) -> None:
    placed = {folder: Path(file) for file, folder in app.localized(tmp_path)}
    assert set(placed) == {f"{language}.lproj" for language in LANGUAGES}
    said = {folder: file.read_text(encoding="utf-8") for folder, file in placed.items()}
    for text in said.values():
        assert re.fullmatch(r'"NSLocalNetworkUsageDescription" = "[^"\\]{20,}";\n', text)
    assert str(app.info()["NSLocalNetworkUsageDescription"]) in said["en.lproj"]
    assert said["fr.lproj"] != said["en.lproj"]


def test_the_hardened_runtime_gives_up_no_more_than_callbacks_need(tmp_path: Path) -> None:
    file = app.entitlements(tmp_path / "new")
    assert b"<!--" not in file.read_bytes()
    assert plistlib.loads(file.read_bytes()) == {
        "com.apple.security.cs.allow-unsigned-executable-memory": True
    }


def test_the_entry_at_login_and_the_application_have_one_name() -> None:
    agent = plistlib.loads(login_entry.launch_agent([str(app.EXECUTABLES / "bascule-desktop")]))
    assert agent["Label"] == APP_ID
    assert app.PROFILE_TYPE.startswith(f"{APP_ID}.")


def test_the_recipe_makes_the_application_and_signs_all_of_it() -> None:
    compile(SPEC, "bascule.spec", "exec")
    assert "info_plist=app.info()" in SPEC
    assert "codesign_identity=app.IDENTITY or None" in SPEC
    assert app.EXECUTABLES.relative_to(app.APP) == Path("Contents", "MacOS")


def test_the_address_for_updates_is_signed_with_the_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recipe, run as on macOS, gives it to what the application is made of."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(facts, "BUILD", tmp_path)
    monkeypatch.setenv(ADDRESS_VARIABLE, "https://downloads.example/release.json")
    collected: dict[str, Any] = {}
    bundled: list[object] = []

    def analysis(scripts: list[str], datas: Sequence[tuple[str, str]] = (), **_: object) -> Any:
        return SimpleNamespace(datas=datas, binaries=[], scripts=scripts, pure=[])

    def collect(*parts: Any, **_: object) -> object:
        collected["datas"] = [Path(entry[0]).name for part in parts[1:] for entry in part]
        return collected

    made = {"PYZ": lambda pure: pure, "EXE": lambda *_, **__: [], "COLLECT": collect}
    made |= {"Analysis": analysis, "BUNDLE": lambda folder, **_: bundled.append(folder)}
    exec(SPEC, {"SPECPATH": str(TOP / "installer"), **made})
    assert bundled == [collected]
    assert ADDRESS_FILE in collected["datas"]
