"""Owns ``dev.py release``: what the builds of all systems made, checked and attached to a release.

It publishes nothing: GitHub's release is a draft, which a person reads and publishes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bascule.errors import SpecError
from bascule.managed import ADDRESS_VARIABLE
from installer import release_file
from installer.facts import BUILD, TITLE, TOP, VERSION

SUMS = "SHA256SUMS"
_LINE = re.compile(r"(?P<sum>[0-9a-f]{64})  (?P<name>[^/\\\n]+)")


class UnfitError(Exception):
    """The packages cannot be released as they are; the text says why."""


def gather(source: Path, target: Path) -> list[Path]:
    """Copy the packages below ``source`` into ``target``, with one checksum file for all of them.

    Each folder that a build left has its own checksum file, and nothing but what it lists.

    Raises:
        UnfitError: There is none, a checksum is wrong, or a file is missing, twice or not listed.
    """
    lists = sorted(source.rglob(SUMS))
    if not lists:
        raise UnfitError(f"there is no {SUMS} in {source}, so nothing was built or downloaded")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    sums: dict[str, str] = {}
    for listing in lists:
        listed = _listed(listing)
        found = {file.name for file in listing.parent.iterdir()} - {SUMS}
        if odd := found ^ set(listed):
            raise UnfitError(f"{listing} and its folder differ: {', '.join(sorted(odd))}")
        for name, wanted in listed.items():
            if name in sums:
                raise UnfitError(f"{name} was built twice")
            file = listing.parent / name
            if hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
                raise UnfitError(f"{file} is damaged: its SHA-256 is not {wanted}")
            shutil.copyfile(file, target / name)
            sums[name] = wanted
    text = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    (target / SUMS).write_text(text, encoding="utf-8", newline="\n")
    return [target / name for name in [*sorted(sums), SUMS]]


def _listed(listing: Path) -> dict[str, str]:
    """The checksums of a file as sha256sum(1) writes it, by name."""
    lines = [_LINE.fullmatch(line) for line in listing.read_text(encoding="utf-8").splitlines()]
    listed = {line["name"]: line["sum"] for line in lines if line is not None}
    if None in lines or not listed:
        raise UnfitError(f"{listing} is damaged: it does not hold a checksum and a name a line")
    return listed


def notes(changelog: str, version: str) -> str:
    """What the changelog says of a version. Raises: UnfitError where it says nothing."""
    heading = rf"^## \[{re.escape(version)}\][^\n]*$"
    section = re.search(heading + r"(?P<text>.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if section is None or not section["text"].strip():
        raise UnfitError(f"CHANGELOG.md says nothing of {version}: give its changes a heading")
    return section["text"].strip() + "\n"


def main() -> int:
    """Gather, check, and make the draft; the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py release", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the packages of all systems are")
    parser.add_argument("--dry-run", action="store_true", help="check, but make no release")
    options = parser.parse_args()
    tag = f"v{VERSION}"
    try:
        if not options.dry_run and (asked := os.environ.get("GITHUB_REF_NAME", tag)) != tag:
            raise UnfitError(f"the tag is {asked}, but the version is {VERSION}")
        said = notes((TOP / "CHANGELOG.md").read_text(encoding="utf-8"), VERSION)
        files = gather(options.folder, BUILD / "release")
        if os.environ.get(release_file.PAGE_VARIABLE):  # else nobody would know where to download
            files.append(release_file.write(BUILD / "release"))
        elif os.environ.get(ADDRESS_VARIABLE):
            raise UnfitError(
                f"the programs ask {os.environ[ADDRESS_VARIABLE]} for updates, and there is no "
                f"{release_file.NAME} to put there: say the page in {release_file.PAGE_VARIABLE}"
            )
    except (UnfitError, SpecError, OSError) as exc:
        print(f"release: {exc}", file=sys.stderr)
        return 1
    print("release: " + ", ".join(file.name for file in files), flush=True)
    if options.dry_run:
        return 0
    words = ["--verify-tag", "--draft", "--title", f"{TITLE} {VERSION}", "--notes-file", "-"]
    command = ["gh", "release", "create", tag, *words, *map(str, files)]
    return subprocess.run(command, input=said, encoding="utf-8", check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
