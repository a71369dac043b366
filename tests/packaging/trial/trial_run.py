"""The file for every other Linux, run by its user and by root, also where it has to refuse."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.facts import VERSION
from installer.linux.run import with_sum
from tests.helpers.engines import wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import listening
from tests.helpers.screen import Screen
from tests.packaging.trial.computer import HOME, USER_ID, Computer
from tests.packaging.trial.conftest import (
    OLDER,
    built,
    install_libraries,
    relay,
    save_profile,
    there_and_back,
    window,
)

_NEWER, _OLDER, _DAMAGED = "/packages/newer.run", "/packages/older.run", "/packages/damaged.run"
_PROGRAM = f"{HOME}/.local/lib/bascule"


@pytest.fixture(scope="module")
def prepared(debian: Computer, packages: Path) -> Computer:
    """The computer with what a desktop has anyway, and three files: one has a wrong byte."""
    newer = built("bascule-{version}-x86_64.run").read_bytes()
    _first, _sum, rest = newer.split(b"\n", 2)
    script, mark, archive = rest.partition(b"\nexit\n")
    older = script.replace(f"version={VERSION}\n".encode(), f"version={OLDER}\n".encode())
    damaged = bytearray(newer)
    damaged[-(len(archive) // 2)] ^= 1
    assert older != script
    for name, data in (
        ("newer", newer),
        ("older", with_sum(older + mark + archive)),
        ("damaged", bytes(damaged)),
    ):
        file = packages / f"{name}.run"
        file.write_bytes(data)
        file.chmod(0o755)
    packages.chmod(0o755)
    return debian


def refused(on: Computer, *words: str, root: bool = False) -> str:
    done = on.run(*words, root=root)
    assert done.returncode == 1
    assert "Nothing was changed" in done.stdout
    return done.stdout


@contextlib.contextmanager
def small_disk(on: Computer, mebibytes: int) -> Iterator[None]:
    """A disk of its own for the user's programs."""
    place = f"{HOME}/.local/lib"
    on.must("mkdir", "-p", place)
    kind = f"size={mebibytes}m,mode=0755,uid={USER_ID}"
    on.must("mount", "-t", "tmpfs", "-o", kind, "tmpfs", place, root=True)
    try:
        yield
    finally:
        on.must("umount", "--lazy", place, root=True)


def installed(on: Computer) -> str:
    return on.must("cat", f"{_PROGRAM}/version").strip()


def test_without_xz_it_says_so(prepared: Computer):
    assert "the program xz is not on this computer" in refused(prepared, _NEWER)
    prepared.must("apt-get", "-qq", "-y", "install", "xz-utils", root=True)
    install_libraries(prepared)


def test_without_what_a_window_needs_the_rest_is_installed(prepared: Computer, echo: int):
    library = "/usr/lib/x86_64-linux-gnu/libxcb-xkb.so.1"
    prepared.must("mv", library, f"{library}.away", root=True)
    said = prepared.must(_NEWER)
    assert "Its window cannot open yet" in said
    assert "libxcb-xkb.so.1\nInstall them: sudo apt-get install libxcb-xkb1\n" in said
    with relay(prepared, echo, f"{_PROGRAM}/bascule") as port:
        there_and_back(port)
    prepared.must("mv", f"{library}.away", library, root=True)
    assert "cannot open" not in prepared.must(_NEWER)
    prepared.must(_NEWER, "--uninstall")
    prepared.must("sh", "-c", "rm -rf ~/.config ~/.local ~/.cache")


def test_of_a_user(prepared: Computer, shown: Screen, echo: int):
    prepared.must(_OLDER)
    assert installed(prepared) == OLDER
    port = free_port()
    save_profile(prepared, port, echo)
    program = f"{_PROGRAM}/bascule"
    with window(prepared, f"{program}-desktop"), relay(prepared, echo, program) as by_hand:
        prepared.must(program, "start", "web")
        wait_until(listening(port))
        there_and_back(port)
        shown.shot("trial-run")
        before = set(prepared.processes(program))
        prepared.must("touch", f"{_PROGRAM}/managed.json")
        prepared.must(_NEWER)
        assert installed(prepared) == VERSION
        wait_until(lambda: bool(prepared.processes(program)) and listening(port)())
        there_and_back(port)
        there_and_back(by_hand)
        assert set(prepared.processes(program)).isdisjoint(before)
        assert f"version {VERSION} is installed" in refused(prepared, _OLDER)
        prepared.must(_NEWER, "--uninstall")
        wait_until(lambda: not prepared.processes(program))
    left = prepared.must("find", f"{HOME}/.local/lib", f"{HOME}/.local/bin", "-mindepth", "1")
    assert left.split() == [_PROGRAM, f"{_PROGRAM}/managed.json"]
    assert "web" in prepared.must("cat", f"{HOME}/.config/bascule/profiles/web-0001.toml")
    prepared.must("sh", "-c", "rm -rf ~/.config ~/.local ~/.cache")


def test_of_root(prepared: Computer, echo: int):
    prepared.must(_NEWER, root=True)
    assert "4 passed, 0 failed" in prepared.must(
        "/usr/local/bin/bascule-desktop", "--selftest", "-platform", "offscreen"
    )
    with relay(prepared, echo, "/usr/local/bin/bascule") as port:
        there_and_back(port)
    prepared.must("/opt/bascule/uninstall.sh", root=True)
    assert prepared.must("find", "/opt", "/usr/local/bin", "-mindepth", "1") == ""
    assert prepared.must("find", "/usr/local/share", "-name", "*bascule*") == ""
    prepared.must("sh", "-c", "rm -rf ~/.config ~/.local ~/.cache")


def test_a_wrong_byte(prepared: Computer):
    assert "this file is damaged" in refused(prepared, _DAMAGED)
    assert prepared.must("find", HOME, "-name", "*bascule*") == ""


def test_a_full_disk(prepared: Computer, echo: int):
    with small_disk(prepared, 60):
        assert "and 60 MiB are free" in refused(prepared, _NEWER)
        assert prepared.must("find", f"{HOME}/.local/lib", "-mindepth", "1") == ""
    with small_disk(prepared, 220):
        prepared.must(_OLDER)
        assert "Make room on that disk" in refused(prepared, _NEWER)
        assert installed(prepared) == OLDER
        with relay(prepared, echo, f"{_PROGRAM}/bascule") as port:
            there_and_back(port)
        prepared.must(_OLDER, "--uninstall")
    prepared.must("sh", "-c", "rm -rf ~/.config ~/.local ~/.cache")


def test_rights_are_lacking(prepared: Computer):
    prepared.must("chown", "root:", HOME, root=True)
    try:
        assert "cannot be written by this user" in refused(prepared, _NEWER)
    finally:
        prepared.must("chown", "alice:", HOME, root=True)
    assert prepared.must("find", HOME, "-name", "*bascule*") == ""
