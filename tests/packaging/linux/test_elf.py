from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from installer.linux import elf


def library(folder: Path, name: str, *needs: str) -> Path:
    """A library made by the compiler, linked to others of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "source.c"
    source.write_text(f"int {name}(void) {{ return 1; }}\n", encoding="utf-8")
    file = folder / f"lib{name}.so.1"
    others = [str(folder / f"lib{other}.so.1") for other in needs]
    command = ["gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", f"-Wl,-soname,{file.name}"]
    subprocess.run([*command, "-o", str(file), str(source), *others], check=True)
    source.unlink()
    return file


def test_what_a_library_is_linked_to(tmp_path: Path):
    library(tmp_path, "below")
    assert elf.needed_by(library(tmp_path, "above", "below")) == {"libbelow.so.1", "libc.so.6"}


def test_what_is_no_program(tmp_path: Path):
    file = library(tmp_path, "real")
    (tmp_path / "link.so").symlink_to(file)
    (tmp_path / "text").write_text("words", encoding="utf-8")
    assert elf.elf_files(tmp_path) == [file]


def test_the_oldest_glibc_is_the_one_that_the_loader_asks_for(tmp_path: Path):
    source = tmp_path / "source.c"
    source.write_text(
        '__asm__(".symver quick_exit, quick_exit@GLIBC_2.10");\n'
        "extern void quick_exit(int);\n"
        "void leave(void) { quick_exit(0); }\n",
        encoding="utf-8",
    )
    library_file = tmp_path / "libleave.so"
    command = ["gcc", "-shared", "-fPIC", "-nostartfiles", "-o", str(library_file), str(source)]
    subprocess.run(command, check=True)
    assert elf.glibc_floor(tmp_path) == (2, 10)


def test_a_library_that_nobody_needs_goes_with_its_links(tmp_path: Path):
    used, unused = library(tmp_path, "used"), library(tmp_path, "unused")
    library(tmp_path, "indirect")
    library(tmp_path, "used", "indirect")
    (tmp_path / "libunused.so").symlink_to(unused.name)
    module = library(tmp_path, "module", "used").rename(tmp_path / "module.abi3.so")
    assert elf.prune(tmp_path) == [unused]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {module.name, used.name, "libindirect.so.1"}


def test_a_plugin_of_qt_stays(tmp_path: Path):
    plugin = library(tmp_path / "Qt" / "plugins" / "platforms", "qxcb")
    assert elf.prune(tmp_path) == []
    assert plugin.is_file()


def test_what_the_system_has_to_have(tmp_path: Path):
    library(tmp_path, "below")
    library(tmp_path, "above", "below")
    (tmp_path / "libelsewhere.so.2").symlink_to("libbelow.so.1")
    library(tmp_path, "elsewhere")
    library(tmp_path, "top", "elsewhere")
    (tmp_path / "libelsewhere.so.1").unlink()
    assert elf.outside(tmp_path) == {"libc.so.6", "libelsewhere.so.1"}


def test_stripped_libraries_still_work(tmp_path: Path):
    file = library(tmp_path, "works")
    before = file.stat().st_size
    elf.strip(tmp_path)
    assert file.stat().st_size < before
    assert ctypes.CDLL(str(file)).works() == 1


@pytest.mark.parametrize("name", ["sh", "ls", "tar"])
def test_the_loader_says_the_same(name: str):
    """``ldd`` loads what a program needs; each library it was linked to is among that."""
    program = Path(os.path.realpath(shutil.which(name) or ""))
    loaded = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    assert elf.needed_by(program)
    assert all(soname in loaded for soname in elf.needed_by(program))
