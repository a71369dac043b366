"""What is decided beside the program: by who built it, and by who installed it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode
from bascule.managed import (
    ADDRESS_FILE,
    ADDRESS_VARIABLE,
    MANAGED_FILE,
    POLICY_ADDRESS,
    POLICY_KEY,
    POLICY_UPDATES,
    Managed,
    find_managed,
    read_policy,
    update_address,
)

BUILT = "https://built.example/release.json"


@pytest.fixture(autouse=True)
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bascule"))
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "_internal"), raising=False)
    (tmp_path / "_internal").mkdir()
    return tmp_path


def refused() -> object:
    with pytest.raises(BasculeError) as caught:
        update_address()
    assert caught.value.code is ErrorCode.UPDATES_OFF
    return caught.value.facts["why"]


def test_nothing_is_decided_where_nothing_stands_there() -> None:
    assert find_managed() == Managed()
    assert refused() == "address"


def test_a_build_names_an_address(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (program / "_internal" / ADDRESS_FILE).write_text(f"{BUILT}\n")
    assert update_address() == BUILT
    monkeypatch.setenv(ADDRESS_VARIABLE, "https://other.example")
    assert update_address() == "https://other.example"


@pytest.mark.parametrize(
    ("text", "managed"),
    [
        ('{"format": 1}', Managed(True, BUILT)),
        ('{"format": 1, "updates": false}', Managed(False, BUILT)),
        (
            '{"format": 1, "update_address": "https://m.example"}',
            Managed(True, "https://m.example"),
        ),
        ('{"format": 1, "update_address": 7}', Managed(True, "")),
        ('\ufeff{"format": 1}', Managed(True, BUILT)),
        ('{"format": 1, "updates": "yes"}', Managed(False, BUILT)),
        ('{"format": 2}', Managed(False, "")),
        ("{", Managed(False, "")),
        ("[]", Managed(False, "")),
    ],
)
def test_who_installs_decides(program: Path, text: str, managed: Managed) -> None:
    (program / "_internal" / ADDRESS_FILE).write_text(BUILT)
    (program / MANAGED_FILE).write_text(text, "utf-8")
    assert find_managed() == managed
    if not managed.updates:
        assert refused() == "managed"


def test_an_administrators_file_goes_before_that_of_a_package(program: Path) -> None:
    (program / "_internal" / MANAGED_FILE).write_text('{"format": 1, "updates": false}')
    assert find_managed() == Managed(False, "")
    (program / MANAGED_FILE).write_text('{"format": 1, "update_address": "https://m.example"}')
    assert find_managed() == Managed(True, "https://m.example")


def test_what_cannot_be_read_turns_updates_off(program: Path) -> None:
    (program / MANAGED_FILE).mkdir()
    assert not find_managed().updates


@pytest.mark.skipif(sys.platform == "win32", reason="an .app has links")
def test_on_macos_one_is_in_the_app_and_the_other_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyInstaller puts what is built in into Resources, and a link to it beside the libraries."""
    contents = tmp_path / "Bascule.app" / "Contents"
    for name in ("MacOS", "Frameworks", "Resources"):
        (contents / name).mkdir(parents=True)
    (contents / "Resources" / ADDRESS_FILE).write_text(f"{BUILT}\n")
    (contents / "Frameworks" / ADDRESS_FILE).symlink_to(f"../Resources/{ADDRESS_FILE}")
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "_MEIPASS", str(contents / "Frameworks"), raising=False)
    for name in ("bascule", "bascule-desktop"):
        monkeypatch.setattr(sys, "executable", str(contents / "MacOS" / name))
        assert find_managed() == Managed(address=BUILT)
    (tmp_path / MANAGED_FILE).write_text('{"format": 1, "updates": false}')
    assert find_managed() == Managed(False, BUILT)


@pytest.mark.parametrize(
    ("policy", "managed"),
    [
        ({}, Managed(True, "https://m.example")),
        ({POLICY_UPDATES: 0}, Managed(False, "https://m.example")),
        ({POLICY_UPDATES: 1}, Managed(True, "https://m.example")),
        ({POLICY_UPDATES: "no"}, Managed(False, "https://m.example")),
        ({POLICY_ADDRESS: "https://p.example"}, Managed(True, "https://p.example")),
        ({POLICY_ADDRESS: 7}, Managed(True, "")),
    ],
)
def test_the_policy_goes_before_the_file(
    program: Path,
    monkeypatch: pytest.MonkeyPatch,
    policy: dict[str, object],
    managed: Managed,
) -> None:
    (program / MANAGED_FILE).write_text('{"format": 1, "update_address": "https://m.example"}')
    monkeypatch.setattr("bascule.managed.read_policy", lambda: policy)
    assert find_managed() == managed


def test_a_policy_alone_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bascule.managed.read_policy", lambda: {POLICY_UPDATES: 0})
    assert refused() == "managed"


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has a registry")
def test_the_policy_is_read_from_the_registry() -> None:
    assert sys.platform == "win32"  # for the checker of types
    import winreg

    assert read_policy() == {}
    root, access = winreg.HKEY_LOCAL_MACHINE, winreg.KEY_ALL_ACCESS | winreg.KEY_WOW64_64KEY
    with winreg.CreateKeyEx(root, POLICY_KEY, 0, access) as key:
        try:
            winreg.SetValueEx(key, POLICY_UPDATES, 0, winreg.REG_DWORD, 0)
            assert read_policy() == {POLICY_UPDATES: 0}
            assert find_managed() == Managed(updates=False)
            winreg.SetValueEx(key, POLICY_UPDATES, 0, winreg.REG_DWORD, 1)
            winreg.SetValueEx(key, POLICY_ADDRESS, 0, winreg.REG_SZ, BUILT)
            assert read_policy() == {POLICY_UPDATES: 1, POLICY_ADDRESS: BUILT}
            assert update_address() == BUILT
        finally:
            winreg.DeleteKeyEx(root, POLICY_KEY, winreg.KEY_WOW64_64KEY, 0)
    assert read_policy() == {}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a registry")
def test_elsewhere_there_is_no_policy() -> None:
    assert read_policy() == {}


def test_a_program_that_is_not_built_is_not_managed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "frozen")
    monkeypatch.delattr(sys, "_MEIPASS")
    assert find_managed() == Managed()
