"""Which running programs the scripts of the packages take for theirs, with real processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installer.linux.tree import FILES
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import wait_until

APART = ["unshare", *([] if os.geteuid() == 0 else ["--map-root-user"])]
CONTAINER = """
mount -t tmpfs container "$1"
for folder in usr bin lib lib64; do
    [ ! -e "/$folder" ] || { mkdir "$1/$folder"; mount --rbind "/$folder" "$1/$folder"; }
done
mkdir -p "$1${2%/*}"
cp "$2" "$1$2"
cd "$1"
mkdir old
pivot_root . old
exec chroot . "$2" 300
"""

contained = pytest.mark.skipif(
    subprocess.run([*APART, "--pid", "--mount", "--fork", "true"], check=False).returncode != 0,
    reason="this system lets nobody make a container",
)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that is found by its own name, as a script would not be."""
    made = tmp_path / "lib" / "bascule"
    made.parent.mkdir()
    shutil.copy(shutil.which("sleep") or "sleep", made)
    return made


def running(program: Path) -> set[int]:
    """The processes of a program, wherever they live."""
    found: set[int] = set()
    for link in Path("/proc").glob("[0-9]*/exe"):
        try:
            if str(link.readlink()) == str(program):
                found.add(int(link.parent.name))
        except OSError:
            continue  # it has just ended, or is somebody else's
    return found


@contextmanager
def runs(program: Path, *words: str | Path) -> Iterator[int]:
    """The process of the program that a command begins."""
    before = running(program)
    process = subprocess.Popen([*map(str, words)])
    try:
        wait_until(lambda: running(program) != before)
        (begun,) = running(program) - before
        yield begun
        os.kill(begun, signal.SIGKILL)
    finally:
        process.kill()
        process.wait()


def found_by_the_script(program: Path) -> set[int]:
    script = f'{(FILES / "engines.sh").read_text("utf-8")}\nprocesses_of "$1"'
    done = subprocess.run(
        ["sh", "-euc", script, "sh", program],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    assert done.stderr == ""
    return {int(line.partition(":")[0]) for line in done.stdout.split()}


def test_what_runs_here_is_found_also_when_its_file_is_gone(program: Path):
    with runs(program, program, "300") as here:
        assert found_by_the_script(program) == {here}
        program.unlink()
        assert found_by_the_script(program) == {here}


@contained
def test_what_runs_in_a_container_is_left_alone(program: Path):
    """Seen from outside, its program has the same name and may be of the same file."""
    with (
        runs(program, *APART, "--pid", "--fork", program, "300") as apart,
        runs(program, program, "300") as here,
    ):
        assert found_by_the_script(program) == {here}
        assert running(program) == {here, apart}


@contained
def test_what_runs_on_another_root_is_left_alone(program: Path, tmp_path: Path):
    (tmp_path / "root").mkdir()
    script = [*APART, "--mount", "sh", "-euc", CONTAINER, "sh", tmp_path / "root", program]
    with runs(program, *script) as apart, runs(program, program, "300") as here:
        assert found_by_the_script(program) == {here}
        assert running(program) == {here, apart}
