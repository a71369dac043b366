"""Owns what the program's own files say of the libraries they need (ELF's dynamic section)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

_NEEDED = re.compile(r"\(NEEDED\).*\[(?P<name>.+)\]")
_VERSIONS = re.compile(r"Name: (?P<name>GLIBC_\d+(?:\.\d+)+)")
_LOADED_BY_NAME = re.compile(r"\.(cpython-[\w-]+|abi3)\.so$|^libpython|^[^.]+$")
"""Python's modules, Python itself (PyInstaller's start opens it), programs."""


def is_elf(file: Path) -> bool:
    """Whether a file is a program or a library of Linux."""
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def elf_files(folder: Path) -> list[Path]:
    """All programs and libraries below a folder, without the links to them."""
    return sorted(file for file in folder.rglob("*") if is_elf(file))


def needed_by(file: Path) -> set[str]:
    """The names (sonames) of the libraries that a file is linked to."""
    return {match["name"] for match in _NEEDED.finditer(_readelf("--dynamic", file))}


def glibc_floor(folder: Path) -> tuple[int, ...]:
    """The oldest glibc with which everything below a folder can run, as ``(2, 34)``."""
    said = (_readelf("--version-info", file) for file in elf_files(folder))
    names = {match["name"] for text in said for match in _VERSIONS.finditer(text)}
    return max(tuple(map(int, name.removeprefix("GLIBC_").split("."))) for name in names)


def prune(folder: Path) -> list[Path]:
    """Take away the libraries that nothing below the folder is linked to any more.

    What is loaded by name stays: programs, Python's modules and Qt's plugins. Returns what went.
    """
    files = {file: needed_by(file) for file in elf_files(folder)}
    by_name: dict[str, list[Path]] = {}
    for file in files:
        by_name.setdefault(file.name, []).append(file)
    waiting = [file for file in files if _is_loaded_by_name(file)]
    kept: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file not in kept:
            kept.add(file)
            waiting += [each for name in files[file] for each in by_name.get(name, [])]
    gone = [file for file in files if file not in kept]
    for file in [*gone, *_dangling(folder, gone)]:
        file.unlink()
    return gone


def outside(folder: Path) -> set[str]:
    """The libraries that are needed and not below the folder: the system has to have them."""
    files = elf_files(folder)
    inside = {file.name for file in files} | {link.name for link in _links(folder)}
    return {name for file in files for name in needed_by(file)} - inside


def strip(folder: Path) -> None:
    """Take the symbols for debuggers away; they are two thirds of Python's library."""
    for file in elf_files(folder):
        if ".so" in file.name:  # PyInstaller's executables carry their archive behind the program
            subprocess.run(["strip", "--strip-unneeded", str(file)], check=True)


def _is_loaded_by_name(file: Path) -> bool:
    return "plugins" in file.parts or _LOADED_BY_NAME.search(file.name) is not None


def _links(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_symlink())


def _dangling(folder: Path, gone: list[Path]) -> list[Path]:
    lost = {file.resolve() for file in gone}
    return [link for link in _links(folder) if link.resolve() in lost]


def _readelf(what: str, file: Path) -> str:
    command = ["readelf", "--wide", what, str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
