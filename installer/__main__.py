"""Owns ``dev.py package``: what is built on which system, and in which order."""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from installer import interpreter, program, tools
from installer.facts import DIST, PROGRAM
from installer.release import SUMS

type Build = Callable[[], Path]


def _packages() -> dict[str, Build]:
    """What can be made on this system, by the word that asks for it."""
    if sys.platform == "win32":
        from installer.windows import msi, nsis

        return {"nsis": nsis.build, "msi": msi.build}
    if sys.platform == "darwin":
        from installer.macos import dmg

        return {"dmg": dmg.build}
    from installer.linux import deb, rpm, run

    return {"deb": deb.build, "rpm": rpm.build, "run": run.build}


def main() -> int:
    """Build the program, let it test itself, and make packages of it; the exit code."""
    for stream in (sys.stdout, sys.stderr):  # the program's own words may not fit a pipe of Windows
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    packages = _packages()
    parser = argparse.ArgumentParser(prog="dev.py package", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"{', '.join(packages)}; all where none is named")
    parser.add_argument("--keep", action="store_true", help="package the program as it was built")
    options = parser.parse_args()
    if wrong := set(options.what) - set(packages):
        parser.error(f"{', '.join(sorted(wrong))} cannot be made here: {', '.join(packages)}")
    if lacking := tools.missing(options.what or packages):
        print(f"package: {tools.sentence(lacking)}", file=sys.stderr)
        return 1
    if not (options.keep and PROGRAM.is_dir()):
        print(f"package: {interpreter.sentence(interpreter.lacking())}", flush=True)
        _timed("program", program.build)
    try:
        program.prove(PROGRAM)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, ValueError) as exc:
        print(f"package: the built program does not pass its own test: {exc}", file=sys.stderr)
        return 1
    made = [_timed(name, packages[name]) for name in options.what or packages]
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in made]
    (DIST / SUMS).write_text("".join(sums), encoding="utf-8", newline="\n")
    return 0


def _timed(name: str, build: Build) -> Path:
    begun = time.monotonic()
    made = build()
    bytes_made = program.size(made) if made.is_dir() else made.stat().st_size
    seconds = time.monotonic() - begun
    print(f"package: {name}: {made} ({bytes_made / 2**20:.1f} MiB, {seconds:.0f} s)", flush=True)
    return made


if __name__ == "__main__":
    sys.exit(main())
