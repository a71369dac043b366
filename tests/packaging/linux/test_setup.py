"""What the self-extracting file keeps beside the program, refuses to install, and takes away."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from bascule_desktop.login_entry import desktop_entry
from tests.helpers.contract import PATIENCE_SECONDS
from tests.packaging.linux.conftest import NOBODY, Person, packed, refused

PROGRAM = ".local/lib/bascule"
BESIDE = {
    "portable": b"",
    "managed.json": b'{"format": 1, "updates": false}\n',
    "bascule-data/config/profiles/scale 1.toml": b"port = 8080\n",
    "bascule-data/.hidden": b"kept",
    "- note of mine": b"call them",
}


KILL = """
[ $count != {killed} ] || {{
    /bin/mv "$@"
    for each in $PPID $(ps -o ppid= $PPID); do # a shell for what it pipes, and that of the script
        ! tr '\\0' ' ' </proc/$each/cmdline | grep -q 'second-1[.]1[.]run' || kill -KILL $each
    done
}}
"""


def put_beside(person: Person, *names: str) -> dict[str, bytes]:
    """Write what is not from the archive beside the program; what is then there."""
    written = {f"{PROGRAM}/{name}": BESIDE[name] for name in names or BESIDE}
    for name, held in written.items():
        person.run("mkdir", "-p", str((person.home / name).parent))
        done = person.run("sh", "-c", 'printf %s "$1" >"$2"', "sh", held.decode(), name)
        assert done.returncode == 0, done.stderr
        written[name] = (person.home / name).read_bytes()
    return written


def beside(person: Person) -> dict[str, str | bytes]:
    """What of it is there."""
    names = {f"{PROGRAM}/{name}" for name in BESIDE}
    return {name: held for name, held in person.holds().items() if name in names}


def said_by_the_program(person: Person) -> str:
    return person.run(str(person.home / ".local/bin/bascule")).stdout


def with_mv(person: Person, body: str) -> str:
    """A PATH with a ``mv`` that runs those lines first; ``$count`` is how often it was called."""
    tools = person.home.parent / "tools"
    tools.mkdir()
    counter = person.home.parent / "count"
    counter.write_text("0")
    counter.chmod(0o666)
    (tools / "mv").write_text(
        f'#!/bin/sh\ncount=$(($(cat "{counter}") + 1)); echo $count >"{counter}"\n'
        f'{body}\nexec /bin/mv "$@"\n'
    )
    (tools / "mv").chmod(0o755)
    return f"PATH={tools}:{os.environ['PATH']}"


def test_an_upgrade_keeps_what_is_beside_the_program(tmp_path: Path, person: Person):
    assert person.run(packed(tmp_path, person, "1.0")).returncode == 0
    written = put_beside(person)
    opened = (person.home / PROGRAM / "bascule-data").stat().st_ino
    done = person.run(packed(tmp_path, person, "1.1", "second"))
    assert (done.returncode, done.stderr) == (0, "")
    assert said_by_the_program(person) == "second\n"
    assert beside(person) == written
    # The same folder and not a copy: an engine may be at work in it.
    assert (person.home / PROGRAM / "bascule-data").stat().st_ino == opened
    assert not list((person.home / PROGRAM).parent.glob("bascule.*"))
    assert str(person.home / PROGRAM / "uninstall.sh") in done.stdout


def test_a_removal_keeps_it_and_says_where(tmp_path: Path, person: Person):
    file = packed(tmp_path, person, "1.0")
    assert person.run(file).returncode == 0
    written = put_beside(person)
    done = person.run(str(person.home / PROGRAM / "uninstall.sh"))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"What was not installed with it stays in {person.home / PROGRAM}:\n" in done.stdout
    assert {name.split("/")[0] for name in BESIDE} <= set(done.stdout.splitlines())
    left = {name for name in person.holds() if name.startswith(f"{PROGRAM}/")}
    assert left == set(written)
    assert beside(person) == written


def test_it_is_installed_again_where_it_left_data(tmp_path: Path, person: Person):
    file = packed(tmp_path, person, "1.0")
    assert person.run(file).returncode == 0
    written = put_beside(person, "managed.json", "bascule-data/.hidden")
    assert person.run(file, "--uninstall").returncode == 0
    done = person.run(file)
    assert (done.returncode, done.stderr) == (0, "")
    assert said_by_the_program(person) == "first\n"
    assert beside(person) == written


def with_a_real_window(program: Path) -> None:
    """One that is found by its own name, as a script would not be."""
    shutil.copy(shutil.which("sleep") or "sleep", program / "bascule-desktop")


def test_a_window_of_the_version_before_ends_with_the_program(tmp_path: Path, person: Person):
    assert person.run(packed(tmp_path, person, "1.0", change=with_a_real_window)).returncode == 0
    newer = packed(tmp_path, person, "1.1", "second", with_a_real_window)
    user = NOBODY if os.geteuid() == 0 else None
    command = [person.home / PROGRAM / "bascule-desktop", "300"]
    window = subprocess.Popen(command, user=user, group=user)
    try:
        assert person.run(newer).returncode == 0
        assert window.poll() is None
        done = person.run(newer, "--uninstall")
        assert (done.returncode, done.stderr) == (0, "")
        assert window.wait(PATIENCE_SECONDS) == -signal.SIGTERM
    finally:
        window.kill()
        window.wait()


@pytest.mark.parametrize("failing", range(1, 7))
def test_what_cannot_be_moved_leaves_everything_as_it_was(
    failing: int, tmp_path: Path, person: Person
):
    """Six times something is moved: the old program, four things beside it, the new program."""
    assert person.run(packed(tmp_path, person, "1.0")).returncode == 0
    written = put_beside(person)
    path = with_mv(person, f"[ $count != {failing} ] || exit 1")
    said = refused(person, "env", path, packed(tmp_path, person, "1.1", "second"))
    assert "could not be put in its place" in said
    assert said_by_the_program(person) == "first\n"
    assert beside(person) == written


@pytest.mark.parametrize("killed", range(1, 7))
@pytest.mark.parametrize("then", ["the same again", "taken away"])
def test_a_run_that_was_killed_half_way_is_mended_by_the_next(
    killed: int, then: str, tmp_path: Path, person: Person
):
    assert person.run(packed(tmp_path, person, "1.0")).returncode == 0
    written = put_beside(person)
    path = with_mv(person, KILL.format(killed=killed))
    newer = packed(tmp_path, person, "1.1", "second")
    person.run("env", path, newer)
    done = person.run(newer, *(["--uninstall"] if then == "taken away" else []))
    assert (done.returncode, done.stderr) == (0, "")
    assert beside(person) == written
    assert not list((person.home / PROGRAM).parent.glob("bascule.*"))
    assert said_by_the_program(person) == ("second\n" if then != "taken away" else "")


def library(folder: Path, needs: str) -> Path:
    """A real library that needs one which is nowhere."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in ((needs, []), ("made.so", [f"-l:{needs}"])):
        command = ["gcc", "-shared", "-Wl,--no-as-needed", "-o", folder / name, "-x", "c"]
        command += ["/dev/null", f"-Wl,-soname,{name}", "-L", folder, "-x", "none", *words]
        subprocess.run(command, check=True)
    (folder / needs).unlink()
    return folder / "made.so"


def lacking_program(program: Path) -> None:
    made = library(program / "_internal" / "cryptography", "libmissing.so.1")
    made.rename(made.with_name("_rust.abi3.so"))


def lacking_window(program: Path) -> None:
    made = library(program / "_internal" / "PySide6" / "Qt" / "plugins", "libmissing.so.1")
    made.rename(made.with_name("libqxcb.so"))


def not_starting(program: Path) -> None:
    (program / "bascule").write_text("#!/bin/sh\necho 'no such thing' >&2\nexit 7\n")


def of_another_kind(program: Path) -> None:
    header = bytearray(Path("/bin/true").read_bytes())
    header[18] = 183  # e_machine: AArch64
    (program / "bascule").write_bytes(header)


def of_a_newer_libc(program: Path) -> None:
    text = '#!/bin/sh\necho "libm.so.6: version \\`GLIBC_2.99\' not found (by x)" >&2\nexit 1\n'
    (program / "bascule").write_text(text)


def linked_to_what_is_missing(program: Path) -> None:
    made = library(program / "_internal", "libmissing.so.1")
    (program / "bascule").unlink()
    command = ["gcc", "-o", program / "bascule", "-x", "c", "-", "-x", "none", made]
    command += ["-Wl,--no-as-needed", "-Wl,--allow-shlib-undefined", "-Wl,-rpath,$ORIGIN/_internal"]
    subprocess.run(command, input=b"int main(void) { return 0; }", check=True)


@pytest.mark.parametrize(
    ("change", "why", "why_in_french"),
    [
        (not_starting, "(status 7): no such thing", "(code 7)\u00a0: no such thing"),
        (of_a_newer_libc, "needs the C library 2.99 (glibc)", "bibliothèque C 2.99 (glibc)"),
        (lacking_program, "computer: libmissing.so.1.", "ordinateur\u00a0: libmissing.so.1."),
        (
            linked_to_what_is_missing,
            "computer: libmissing.so.1.",
            "ordinateur\u00a0: libmissing.so.1.",
        ),
    ],
)
def test_what_cannot_start_takes_no_other_program_s_place(
    change: object, why: str, why_in_french: str, tmp_path: Path, person: Person
):
    assert person.run(packed(tmp_path, person, "1.0")).returncode == 0
    put_beside(person)
    assert callable(change)
    newer = packed(tmp_path, person, "1.1", "second", change)
    said = refused(person, newer)
    assert why in said
    assert "Nothing was changed" in said
    assert why_in_french in refused(person, "env", "LANG=fr_FR.UTF-8", newer)
    assert said_by_the_program(person) == "first\n"


def test_a_computer_of_another_kind_is_named(tmp_path: Path, person: Person):
    (tools := person.home.parent / "tools").mkdir()
    (tools / "uname").write_text("#!/bin/sh\necho aarch64\n")
    (tools / "uname").chmod(0o755)
    file = packed(tmp_path, person, "1.0", change=of_another_kind)
    said = refused(person, "env", f"PATH={tools}:{os.environ['PATH']}", file)
    assert "for processors of the kind x86_64, and this computer's is aarch64" in said


@pytest.mark.parametrize(
    ("language", "words"),
    [("C.UTF-8", "Its window cannot open yet"), ("fr_FR.UTF-8", "Sa fenêtre ne peut pas encore")],
)
def test_without_what_a_window_needs_the_rest_is_installed(
    language: str, words: str, tmp_path: Path, person: Person
):
    file = packed(tmp_path, person, "1.0", change=lacking_window)
    done = person.run("env", f"LANG={language}", file)
    assert done.returncode == 0
    assert words in done.stderr
    assert "libmissing.so.1" in done.stderr
    assert "sudo apt-get install libmissing1\n" in done.stderr
    assert said_by_the_program(person) == "first\n"


def entry_of_login(person: Person, command: list[str], home: str | None = None) -> Path:
    entry = person.home / ".config" / "autostart" / "bascule.desktop"
    person.run("mkdir", "-p", str(entry.parent))
    text = desktop_entry(command, home)
    person.run("sh", "-c", 'printf %s "$1" >"$2"', "sh", text, str(entry))
    assert entry.read_text("utf-8") == text
    return entry


@pytest.mark.parametrize("home", [None, "/data/50% of mine"])
@pytest.mark.parametrize("place", [PROGRAM, ".local/bin"])
def test_its_start_at_login_goes_with_it(
    place: str, home: str | None, tmp_path: Path, person: Person
):
    file = packed(tmp_path, person, "1.0")
    assert person.run(file).returncode == 0
    command = [str(person.home / place / "bascule-desktop"), "--hidden"]
    entry = entry_of_login(person, command, home)
    assert person.run(file, "--uninstall").returncode == 0
    assert not entry.exists()


@pytest.mark.parametrize("is_another", [False, True])
def test_the_engine_is_not_started_by_systemd_any_more(
    tmp_path: Path, person: Person, is_another: bool
):
    file = packed(tmp_path, person, "1.0")
    assert person.run(file).returncode == 0
    unit = person.home / ".local/share/systemd/user/bascule-engine.service"
    assert unit.exists()
    if is_another:  # of a package for the whole system
        unit = person.home / unit.name
        person.run("touch", str(unit))
    wanted = person.home / ".config/systemd/user/default.target.wants" / unit.name
    person.run("mkdir", "-p", str(wanted.parent))
    person.run("ln", "-s", str(unit), str(wanted))
    assert wanted.is_symlink()
    assert person.run(file, "--uninstall").returncode == 0
    assert wanted.is_symlink() is is_another


def test_another_program_s_start_at_login_stays(tmp_path: Path, person: Person):
    file = packed(tmp_path, person, "1.0")
    assert person.run(file).returncode == 0
    entry = entry_of_login(person, ["/usr/lib/bascule/bascule-desktop", "--hidden"])
    assert person.run(file, "--uninstall").returncode == 0
    assert entry.exists()
