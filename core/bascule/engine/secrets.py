"""Owns passwords and passphrases: in the system's keyring, else in a file of this user alone.

Profiles hold references only; values never reach a log, an event or a snapshot.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol, cast

from bascule.engine.logs import log
from bascule.errors import ErrorCode, SpecError
from bascule.places import portable_folder
from bascule.whole_file import replace_file

_SERVICE = "Bascule"


class Keyring(Protocol):
    """What we use of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def system_keyring() -> Keyring | None:
    """The system's keyring, where there is one that really keeps secrets. A portable copy keeps
    nothing outside its folder: what it knows goes with it.
    """
    if portable_folder() is not None:
        return None
    import keyring
    import keyring.backends.fail
    import keyring.backends.null

    found = keyring.get_keyring()
    if isinstance(found, keyring.backends.fail.Keyring | keyring.backends.null.Keyring):
        return None
    return cast(Keyring, found)


class Secrets:
    """Values by reference. Calls may be slow (a keyring can ask the user): use a thread.

    A value in the file is newer than one in the keyring: it is there because the keyring did not
    take it. ``find_keyring`` is asked at first need, as looking for one is slow too.
    """

    def __init__(self, file: Path, find_keyring: Callable[[], Keyring | None]) -> None:
        self._file = file
        self._find_keyring = find_keyring
        self._lock = threading.Lock()

    def write(self, values: Mapping[str, str]) -> None:
        """Keep values. Raises: SpecError PROFILE_UNWRITABLE; then none of them counts as kept."""

        def keep(keyring: Keyring, reference: str) -> bool:
            keyring.set_password(_SERVICE, reference, values[reference])
            return True

        with self._lock:
            left = {key: text for key, text in values.items() if not self._ask(keep, key)}
            try:
                self._change_file(drop=values, add=left)
            except OSError as exc:
                raise SpecError(
                    f"{self._file} cannot be written: {exc.strerror or exc}",
                    code=ErrorCode.PROFILE_UNWRITABLE,
                    path=str(self._file),
                    why=exc.strerror or str(exc),
                ) from exc

    def read(self, reference: str) -> str:
        """The value behind a reference. Raises: SpecError SECRET_MISSING."""
        if not reference:
            return ""

        def look(keyring: Keyring, reference: str) -> str | None:
            return keyring.get_password(_SERVICE, reference)

        with self._lock:
            try:
                value = self._read_file().get(reference)
            except (OSError, ValueError):
                value = None
            if value is None:
                value = self._ask(look, reference)
        if value is None:
            raise SpecError(
                "a password is not in this computer's keyring; type it again",
                code=ErrorCode.SECRET_MISSING,
            )
        return value

    def delete(self, references: Collection[str]) -> None:
        """Forget values, as far as that can be done; one that is not there does not matter."""

        def drop(keyring: Keyring, reference: str) -> None:
            keyring.delete_password(_SERVICE, reference)

        with self._lock:
            for reference in references:
                self._ask(drop, reference)
            try:
                self._change_file(drop=references, add={})
            except OSError as exc:
                log.warning("%s keeps passwords that nobody needs: %s", self._file, exc)

    @cached_property
    def _keyring(self) -> Keyring | None:
        return self._find_keyring()

    def _ask[T](self, what: Callable[[Keyring, str], T], reference: str) -> T | None:
        """Ask the keyring; None where there is none, or it is locked, or gone."""
        if self._keyring is None:
            return None
        from keyring.errors import KeyringError

        try:
            return what(self._keyring, reference)
        except (KeyringError, OSError, RuntimeError):
            return None

    def _change_file(self, *, drop: Collection[str], add: Mapping[str, str]) -> None:
        """Write the file anew where that changes it. Raises: OSError."""
        try:
            held = self._read_file()
        except FileNotFoundError:
            held = {}
        except ValueError:  # what can be saved of it is not ours to destroy
            self._file.replace(self._file.with_suffix(f".damaged-{time.time_ns()}"))
            held = {}
        kept = {key: text for key, text in held.items() if key not in drop} | dict(add)
        if kept != held:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(self._file, (json.dumps(kept).encode(),))

    def _read_file(self) -> dict[str, str]:
        """What the file holds. Raises: OSError, ValueError where it is damaged."""
        try:
            data: object = json.loads(self._file.read_text("utf-8"))
        except RecursionError as exc:
            raise ValueError("endless brackets") from exc
        if not isinstance(data, dict):
            raise ValueError("not an object")
        held = cast(dict[str, object], data)
        return {key: text for key, text in held.items() if isinstance(text, str)}
