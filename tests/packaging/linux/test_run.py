"""The self-extracting file, really run, with a program of a few bytes in it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from installer.linux import run
from tests.packaging.linux.conftest import Person, packed, refused

LINKS = {
    ".local/bin/bascule": "bascule",
    ".local/bin/bascule-desktop": "bascule-desktop",
    ".local/share/applications/bascule.desktop": "share/applications/bascule.desktop",
    ".local/share/man/man1/bascule.1.gz": "share/man/man1/bascule.1.gz",
    ".local/share/mime/packages/bascule.xml": "share/mime/packages/bascule.xml",
    ".local/share/systemd/user/bascule-engine.service": "share/systemd/user/bascule-engine.service",
}


def test_it_installs_below_the_home(tmp_path: Path, person: Person):
    done = person.run(packed(tmp_path, person, "1.2"))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Bascule 1.2 is installed" in done.stdout
    program = person.home / ".local" / "lib" / "bascule"
    assert (program / "version").read_text() == "1.2\n"
    for link, file in LINKS.items():
        assert (person.home / link).resolve() == program / file
    assert person.run(str(person.home / ".local/bin/bascule")).stdout == "first\n"
    entry = (person.home / ".local/share/applications/bascule.desktop").read_text("utf-8")
    assert f'\nExec="{program}/bascule-desktop" %F\nTryExec={program}/bascule-desktop\n' in entry
    unit = (person.home / ".local/share/systemd/user/bascule-engine.service").read_text("utf-8")
    assert f'\nExecStart="{program}/bascule" engine ' in unit
    assert f"\nConditionFileIsExecutable={program}/bascule\n" in unit
    assert not list(program.parent.glob("bascule.*"))


def test_what_it_says_to_type_can_be_typed(tmp_path: Path, person: Person):
    """The home's name has blanks in it."""
    done = person.run(packed(tmp_path, person, "1.0"))
    [window] = [line.partition("type ")[2] for line in done.stdout.splitlines() if "type " in line]
    assert person.run("sh", "-c", window).stdout == "first\n"
    remover = done.stdout.partition("To take it away: ")[2]
    assert "Bascule is gone" in person.run("sh", "-c", remover).stdout


@pytest.mark.parametrize(
    ("settings", "french"),
    [
        (["LANG=fr_FR.UTF-8"], True),
        (["LANG=en_US.UTF-8", "LANGUAGE=fr_FR:en"], True),
        (["LANG=fr_FR.UTF-8", "LANGUAGE=en"], False),
        (["LANG=C", "LANGUAGE=fr"], False),
        (["LANGUAGE=fr"], False),
    ],
)
def test_it_speaks_the_language_of_the_system(
    settings: list[str], french: bool, tmp_path: Path, person: Person
):
    said = person.run("env", *settings, packed(tmp_path, person, "1.0"), "--help").stdout
    assert said.startswith("Installe Bascule" if french else "Installs Bascule")


def test_without_a_terminal_it_speaks_on_the_screen(tmp_path: Path, person: Person):
    """As after a double click: what it prints is read by nobody."""
    tools = person.home.parent / "tools"
    tools.mkdir()
    notifier = tools / "notify-send"
    notifier.write_text('#!/bin/sh\nshift 2\nprintf "%s\\n" "$@" >>"$HOME/shown"\n', "utf-8")
    notifier.chmod(0o755)
    file, shown = packed(tmp_path, person, "1.0"), person.home / "shown"
    path = ["env", f"PATH={tools}:{os.environ['PATH']}", "setsid", "--wait"]
    person.run(*path, "sh", "-c", '"$0" </dev/null', file)
    assert not shown.exists()  # nobody sits before a screen
    person.run(*path, "env", "DISPLAY=:77", "sh", "-c", '"$0" </dev/null', file)
    assert shown.read_text("utf-8").startswith("Bascule\nBascule 1.0 is installed: look for it")
    shown.unlink()
    os.truncate(file, Path(file).stat().st_size - 1)
    person.run(*path, "env", "DISPLAY=:77", "sh", "-c", '"$0" </dev/null', file)
    assert "Nothing was changed. Download it again." in shown.read_text("utf-8")


def test_a_newer_version_takes_the_place_of_an_older(tmp_path: Path, person: Person):
    person.run(packed(tmp_path, person, "1.9"))
    program = person.home / ".local/lib/bascule"
    stale = person.home / ".local/share/man/man1/gone.1.gz"
    (program / "share/man/man1/gone.1.gz").write_bytes(b"")
    stale.symlink_to(program / "share/man/man1/gone.1.gz")
    with (program / "links").open("a", encoding="utf-8") as links:
        links.write(f"{stale}\t{program}/share/man/man1/gone.1.gz\n")
    done = person.run(packed(tmp_path, person, "1.10", "second"))
    assert (done.returncode, done.stderr) == (0, "")
    assert person.run(str(person.home / ".local/bin/bascule")).stdout == "second\n"
    assert not stale.is_symlink()


def test_an_older_version_asks_first(tmp_path: Path, person: Person):
    person.run(packed(tmp_path, person, "1.10"))
    older = packed(tmp_path, person, "1.9", "second")
    said = refused(person, older)
    assert "version 1.10 is installed, and this is the older 1.9" in said
    assert "--downgrade" in said
    assert person.run(older, "--downgrade").returncode == 0
    assert person.run(str(person.home / ".local/bin/bascule")).stdout == "second\n"


def test_a_release_comes_after_its_candidates(tmp_path: Path, person: Person):
    candidate, release = (packed(tmp_path, person, version) for version in ("1.0rc1", "1.0"))
    for file in (candidate, release):
        assert person.run(file).returncode == 0
    assert "this is the older 1.0rc1" in refused(person, candidate)


@pytest.mark.parametrize("make", ["touch {0}", "ln -s /bin/true {0}", "ln -s /nowhere/x {0}"])
def test_what_is_not_its_own_stays(make: str, tmp_path: Path, person: Person):
    name = person.home / ".local/bin/bascule"
    person.run("mkdir", "-p", str(name.parent))
    person.run("sh", "-c", make.format(f"'{name}'"))
    file = packed(tmp_path, person, "1.0")
    assert f"{name} is there already" in refused(person, file)
    person.run("rm", str(name))
    assert person.run(file).returncode == 0
    person.run("ln", "-sfn", "/bin/true", str(name))  # somebody gives the name to something else
    assert person.run(file, "--uninstall").returncode == 0
    assert name.readlink() == Path("/bin/true")


def test_a_folder_that_is_not_its_own_stays(tmp_path: Path, person: Person):
    person.run("mkdir", "-p", ".local/lib/bascule")
    person.run("touch", ".local/lib/bascule/thesis.txt")
    assert "bascule is there already" in refused(person, packed(tmp_path, person, "1.0"))


def test_a_signal_half_way_leaves_a_program(tmp_path: Path, person: Person):
    (folder := person.home.parent / "bin").mkdir()
    (folder / "mv").write_text('#!/bin/sh\nkill -TERM $PPID\nexec /bin/mv "$@"\n')
    (folder / "mv").chmod(0o755)
    first, second = (packed(tmp_path, person, "1.0", words) for words in ("first", "second"))
    assert person.run(first).returncode == 0
    path = f"PATH={folder}:{os.environ['PATH']}"
    assert person.run("env", path, second).returncode == 0
    assert person.run(str(person.home / ".local/bin/bascule")).stdout == "second\n"


def test_taken_away_it_leaves_what_is_the_persons(tmp_path: Path, person: Person):
    person.run("mkdir", "-p", ".config/bascule/profiles", ".local/share/applications")
    person.run("touch", ".config/bascule/profiles/web.toml", ".local/share/applications/x.desktop")
    before = person.holds()
    file = packed(tmp_path, person, "1.0")
    for uninstall in (
        [file, "--uninstall"],
        [str(person.home / ".local/lib/bascule/uninstall.sh")],
    ):
        assert person.run(file).returncode == 0
        done = person.run(*uninstall)
        assert (done.returncode, done.stderr) == (0, "")
        assert "profiles are still there" in done.stdout
        left = person.holds()
        # What the desktop's own databases are told stays: they are of all programs.
        databases = {name for name in left if name.endswith(("mimeinfo.cache", "icon-theme.cache"))}
        databases |= {name for name in left if name.startswith(".local/share/mime/")}
        assert {name: held for name, held in left.items() if name not in databases} == before
        assert not any("bascule" in name for name in databases)
    assert "nothing to take away" in refused(person, file, "--uninstall")


@pytest.mark.parametrize("part", ["archive", "script"])
def test_one_wrong_byte_is_noticed(part: str, tmp_path: Path, person: Person):
    file = packed(tmp_path, person, "1.0")
    assert person.run(file, "--check").stdout == "This file is whole: Bascule 1.0.\n"
    with Path(file).open("r+b") as opened:
        at = opened.read().index(b"Installs Bascule")
        opened.seek(*((at, os.SEEK_SET) if part == "script" else (-1000, os.SEEK_END)))
        [byte] = opened.read(1)
        opened.seek(-1, os.SEEK_CUR)
        opened.write(bytes([byte ^ 1]))
    assert "this file is damaged" in refused(person, file)
    assert "this file is damaged" in refused(person, file, "--check")


def test_a_part_of_the_file_is_noticed(tmp_path: Path, person: Person):
    file = packed(tmp_path, person, "1.0")
    os.truncate(file, Path(file).stat().st_size - 1)
    assert "a part of it is missing" in refused(person, file)


def test_without_room_what_is_installed_stays(tmp_path: Path, person: Person):
    assert person.run(packed(tmp_path, person, "1.0")).returncode == 0
    newer = packed(tmp_path, person, "2.0", "second")
    said = refused(person, "sh", "-c", 'ulimit -f 16; exec "$0"', newer)
    assert "it could not be unpacked in" in said
    assert "make room" in said
    assert person.run(str(person.home / ".local/bin/bascule")).stdout == "first\n"


@pytest.mark.parametrize(
    ("line", "free"),
    [
        ("//nas/my share 9000000 1 8999999 1% /mnt/a b", None),
        ("//nas/my 5 0 share 9000000 8999100 900 99% /mnt/a b", 0),
        ("/dev/sda1 9000000 9000000 0 100% /mnt", 0),
        ("overlay 0 0 0 - /", 0),
        ("overlay - - - - /", None),
    ],
)
def test_room_is_counted_whatever_a_device_is_called(
    line: str, free: int | None, tmp_path: Path, person: Person
):
    tools = person.home.parent / "tools"
    tools.mkdir()
    header = "Filesystem 1024-blocks Used Available Capacity Mounted on"
    (tools / "df").write_text(f"#!/bin/sh\nprintf '%s\\n' '{header}' '{line}'\n")
    (tools / "df").chmod(0o755)
    words = ("sh", "-c", f'PATH="{tools}:$PATH"; exec "$0"', packed(tmp_path, person, "1.0"))
    if free is None:
        done = person.run(*words)
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert f"{free} MiB are free" in refused(person, *words)


@pytest.mark.parametrize("kept", [".", ".local", ".local/bin", ".local/share/icons"])
def test_without_rights_nothing_is_changed(kept: str, tmp_path: Path, person: Person):
    person.run("mkdir", "-p", kept)
    person.run("chmod", "555", kept)
    said = refused(person, packed(tmp_path, person, "1.0"))
    person.run("chmod", "755", kept)
    assert "cannot be written by this user" in said
    assert "Nothing was changed" in said


def test_what_it_does_not_know(tmp_path: Path, person: Person):
    done = person.run(packed(tmp_path, person, "1.0"), "--upgrade")
    assert (done.returncode, person.holds()) == (2, {})
    assert "--uninstall" in done.stderr


def test_the_same_tree_gives_the_same_file(tmp_path: Path, person: Person, root: Path):
    subprocess.run(["cp", "-a", root, tmp_path / "again"], check=True)
    run.pack(root, person.home / "one.run", "1.0")
    run.pack(tmp_path / "again", person.home / "two.run", "1.0")
    assert (person.home / "one.run").read_bytes() == (person.home / "two.run").read_bytes()


def test_the_script_is_sound(tmp_path: Path, root: Path):
    file = tmp_path / "setup.run"
    run.pack(root, file, "1.0")
    script = file.read_bytes().partition(b"\nexit\n")[0].decode()
    (tmp_path / "setup.sh").write_text(script + "\nexit\n", encoding="utf-8")
    # SC2317: what traps and lists call is not seen by it.
    command = ["shellcheck", "--shell=sh", "--severity=warning", "--exclude=SC2317"]
    done = subprocess.run(
        [*command, tmp_path / "setup.sh"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
