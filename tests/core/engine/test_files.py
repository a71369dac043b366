"""A file that is written is the old one or the new one, whatever happens in between."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.engine.files import replace_file
from tests.helpers.disks import files_end_at
from tests.helpers.engines import wait_until


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))  # noqa: PTH208 - hidden ones too, by name


def test_a_new_file_is_this_users_alone(tmp_path: Path):
    path = tmp_path / "config" / "profiles" / "a.toml"
    replace_file(path, "caf\u00e9\n")
    assert path.read_bytes() == b"caf\xc3\xa9\n"
    if sys.platform != "win32":  # which has no modes
        assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert names(path.parent) == ["a.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_an_open_file_becomes_private_too(tmp_path: Path):
    path = tmp_path / "a.toml"
    path.write_text("old")
    path.chmod(0o644)
    replace_file(path, "new")
    assert (path.read_text(), mode(path)) == ("new", 0o600)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "a.toml"
    replace_file(path, "old")
    with files_end_at(100), pytest.raises(OSError, match="File too large"):
        replace_file(path, "new" * 1000)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.toml"]


def test_a_folder_that_is_none(tmp_path: Path):
    (tmp_path / "config").write_text("a file")
    with pytest.raises((NotADirectoryError, FileExistsError)):  # the latter on Windows
        replace_file(tmp_path / "config" / "profiles" / "a.toml", "new")


def test_where_the_place_is_taken_nothing_is_left_behind(tmp_path: Path):
    (tmp_path / "a.toml" / "inner").mkdir(parents=True)
    with pytest.raises(OSError, match="a.toml"):
        replace_file(tmp_path / "a.toml", "new")
    assert names(tmp_path) == ["a.toml"]


def test_what_a_killed_program_left_does_not_matter(tmp_path: Path):
    (tmp_path / ".a.toml.new").write_text("half")
    replace_file(tmp_path / "a.toml", "new")
    assert names(tmp_path) == ["a.toml"]
    assert (tmp_path / "a.toml").read_text() == "new"


def test_killed_at_any_moment_the_file_is_whole(tmp_path: Path):
    path = tmp_path / "a.toml"
    program = (
        "import sys; from pathlib import Path; from bascule.engine.files import replace_file\n"
        "while True:\n"
        "    for text in 'ab': replace_file(Path(sys.argv[1]), text * 300_000)\n"
    )
    for _ in range(3):
        path.unlink(missing_ok=True)
        process = subprocess.Popen([sys.executable, "-c", program, str(path)])
        try:
            wait_until(path.exists)
        finally:
            process.kill()
            process.wait()
        assert path.read_text() in ("a" * 300_000, "b" * 300_000)
