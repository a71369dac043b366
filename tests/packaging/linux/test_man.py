from __future__ import annotations

import gzip
import re
import subprocess
from pathlib import Path

import pytest

from bascule.cli.command import make_parser
from bascule.cli.relay import USAGE
from bascule_desktop.__main__ import make_parser as make_window_parser
from installer.linux import man


def shown(page: Path) -> str:
    """A page as it is read, which its reader must have nothing against."""
    command = ["groff", "-man", "-ww", "-z", str(page)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stderr == ""
    command = ["groff", "-man", "-Tutf8", "-P-cbou", str(page)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", ["bascule.1", "bascule-desktop.1"])
def test_groff_reads_the_pages(name: str, root: Path, tmp_path: Path):
    page = tmp_path / name
    held = root / "usr" / "share" / "man" / "man1" / f"{name}.gz"
    page.write_bytes(gzip.decompress(held.read_bytes()))
    text = shown(page)
    assert "NAME" in text and "SEE ALSO" in text


def test_each_command_is_explained(tmp_path: Path):
    page = tmp_path / "bascule.1"
    page.write_text(man.pages()["bascule.1"], encoding="utf-8")
    text = " ".join(shown(page).replace("\u2010", "-").split())
    [commands] = [action for action in make_parser()._actions if action.dest == "command"]
    assert isinstance(commands.choices, dict)
    for word in commands.choices:
        assert f"bascule {word}" in text
    assert "--leave-after SECONDS" in text
    for word in ("socat's options] ADDRESS ADDRESS", *re.findall("--[a-z]+", USAGE)):
        assert word in text.partition("bascule relay")[2]
    for parser in commands.choices.values():
        assert all(each.help for each in parser._actions)


def test_the_window_takes_files():
    assert re.search(r"\.SH SYNOPSIS\n.*\n.*\[FILE \.\.\.\]\n", man.pages()["bascule-desktop.1"])
    assert make_window_parser().parse_known_args(["-platform", "offscreen"])[1] == [
        "-platform",
        "offscreen",
    ]


def test_words_are_no_requests():
    assert man._text(".hidden -x\n'quoted' \\") == "\\&.hidden \\-x\n\\&'quoted' \\e"
