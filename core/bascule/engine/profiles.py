"""Owns the profile files: one TOML file each, written by the engine alone, never half-written.

A file that cannot be read is reported and left exactly as it is; so is one that a newer Bascule
wrote. One of an older format is read, and copied beside itself before it is first rewritten.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from bascule.errors import BasculeError, ErrorCode, Problem, SpecError
from bascule.spec import profiles
from bascule.spec.fields import references
from bascule.spec.formats import backup_name
from bascule.spec.profiles import Profile, format_of, profile_from_toml, profile_to_toml
from bascule.whole_file import replace_file

KEEP_DELETED_DAYS = 30

LONGEST_BYTES = 64 * 1024
"""No profile is longer; what is has strayed here, and no message to a client would hold it."""


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """One file: what it holds, or why it cannot be read."""

    id: str
    path: Path
    profile: Profile | None
    problem: Problem | None = None


class ProfileFolder:
    """The folder of profiles and the folder of deleted ones."""

    def __init__(self, folder: Path, deleted: Path) -> None:
        self._folder = folder
        self._deleted = deleted

    def read_all(self) -> list[ProfileFile]:
        """Read every file in the order of their names; hidden ones are no profiles."""
        return [
            self.read(path)
            for path in sorted(self._folder.glob("*.toml"))
            if not path.name.startswith(".")
        ]

    def read(self, path: Path) -> ProfileFile:
        """Read one file; what is wrong with it is part of the result."""
        try:
            profile = profile_from_toml(text_of(path))
            if profile.id != path.stem:
                raise SpecError(
                    f"the file says id = {profile.id}, but it is called {path.name}",
                    code=ErrorCode.PROFILE_DAMAGED,
                    field="id",
                    why="id",
                )
        except BasculeError as exc:
            problem = exc.problem
        except (OSError, UnicodeError) as exc:
            problem = Problem(
                ErrorCode.PROFILE_DAMAGED, f"cannot be read: {exc}", facts={"why": str(exc)}
            )
        else:
            return ProfileFile(profile.id, path, profile)
        facts = {**problem.facts, "path": str(path)}
        problem = Problem(problem.code, f"{path.name}: {problem.message}", problem.field, facts)
        return ProfileFile(path.stem, path, None, problem)

    def path_of(self, id: str) -> Path:
        """Where the profile ``id`` is kept."""
        return self._folder / f"{id}.toml"

    def write(self, profile: Profile) -> Path:
        """Write a profile. A file that cannot be read is never replaced.

        Raises:
            SpecError: PROFILE_UNWRITABLE, PROFILE_DAMAGED.
        """
        path = self.path_of(profile.id)
        data = profile_to_toml(profile).encode()
        if len(data) > LONGEST_BYTES:
            raise SpecError(
                f"{path} cannot be written: {_TOO_LONG}",
                code=ErrorCode.PROFILE_UNWRITABLE,
                path=str(path),
                why=_TOO_LONG,
                longest=LONGEST_BYTES,
            )
        try:
            if os.path.lexists(path) and (found := self.read(path).problem) is not None:
                raise BasculeError.of(found)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _keep_older(path)
            replace_file(path, (data,))
        except OSError as exc:
            raise _unwritable(path, exc) from exc
        return path

    def delete(self, id: str) -> None:
        """Put a profile's file among the deleted ones. Raises: SpecError PROFILE_UNWRITABLE."""
        path = self.path_of(id)
        try:
            self._deleted.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(self._deleted / path.name)
            (self._deleted / path.name).touch()  # the day of deletion, for purge()
        except FileNotFoundError:
            pass  # somebody has removed it already
        except OSError as exc:
            raise _unwritable(path, exc) from exc

    def restore(self, id: str) -> ProfileFile:
        """Bring a deleted profile back. Raises: SpecError PROFILE_UNKNOWN."""
        path, old = self.path_of(id), self._deleted / f"{id}.toml"
        # Whatever the id is, nothing outside the folder of deleted profiles is reached by it.
        if old not in self._deleted.glob("*.toml") or os.path.lexists(path):
            raise unknown(id)
        try:
            old.replace(path)
        except OSError as exc:
            raise _unwritable(path, exc) from exc
        return self.read(path)

    def purge(self, now: float | None = None) -> list[str]:
        """Remove for good what was deleted more than 30 days ago; return the references of the
        secrets that went with it.
        """
        before = (time.time() if now is None else now) - KEEP_DELETED_DAYS * 86_400
        gone: list[str] = []
        for path in self._deleted.glob("*.toml"):
            try:
                if path.stat().st_mtime < before:
                    held = self.read(path).profile
                    path.unlink()
                    gone += references(held) if held else []
            except OSError:
                continue  # it stays for next time
        return gone


def _keep_older(path: Path) -> None:
    """Copy a file of an older format beside itself. Raises: OSError, UnicodeError."""
    if not os.path.lexists(path):
        return
    text = text_of(path)
    found = format_of(text)
    if found < profiles.FORMAT:
        replace_file(path.with_name(backup_name(path.name, found)), (text.encode(),))


_TOO_LONG = f"it is longer than {LONGEST_BYTES} bytes"


def text_of(path: Path) -> str:
    """What a file holds. Raises: OSError, UnicodeError."""
    if not path.is_file():
        raise OSError("it is no file")  # reading a pipe would wait for ever
    with path.open("rb") as file:
        data = file.read(LONGEST_BYTES + 1)
    if len(data) > LONGEST_BYTES:
        raise OSError(_TOO_LONG)
    return data.decode("utf-8-sig")  # editors of Windows begin with the mark


def unknown(id: str) -> SpecError:
    """The error for a profile that is not there."""
    return SpecError(f"there is no profile {id}", code=ErrorCode.PROFILE_UNKNOWN, id=id)


def _unwritable(path: Path, exc: OSError) -> SpecError:
    return SpecError(
        f"{path} cannot be written: {exc.strerror or exc}",
        code=ErrorCode.PROFILE_UNWRITABLE,
        path=str(path),
        why=exc.strerror or str(exc),
    )
