"""Owns passwords and passphrases: in the system's keyring, else in a file of this user alone.

Profiles hold references only; values never reach a log, an event or a snapshot.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, cast

from bascule.engine.files import replace_file
from bascule.errors import ErrorCode, SpecError

_SERVICE = "Bascule"


class Keyring(Protocol):
    """What we use of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def system_keyring() -> Keyring | None:
    """The system's keyring, where there is one that really keeps secrets."""
    import keyring
    import keyring.backends.fail
    import keyring.backends.null

    found = keyring.get_keyring()
    if isinstance(found, keyring.backends.fail.Keyring | keyring.backends.null.Keyring):
        return None
    return cast(Keyring, found)


class Secrets:
    """Values by reference. Calls may be slow (a keyring can ask the user): use a thread."""

    def __init__(self, file: Path, keyring: Keyring | None) -> None:
        self._file = file
        self._keyring = keyring
        self._lock = threading.Lock()

    def write(self, values: Mapping[str, str]) -> None:
        """Keep values. Raises: SpecError PROFILE_UNWRITABLE; then none of them counts as kept."""
        for reference, value in values.items():
            if not self._to_keyring(reference, value):
                self._to_file({reference: value})

    def read(self, reference: str) -> str:
        """The value behind a reference. Raises: SpecError SECRET_MISSING."""
        if not reference:
            return ""
        value = self._from_keyring(reference)
        if value is None:
            value = self._read_file().get(reference)
        if value is None:
            raise SpecError(
                "a password is not in this computer's keyring; type it again",
                code=ErrorCode.SECRET_MISSING,
            )
        return value

    def delete(self, references: list[str]) -> None:
        """Forget values; one that is not there does not matter."""
        for reference in references:
            self._drop_from_keyring(reference)
        with self._lock:
            held = self._read_file()
            kept = {key: value for key, value in held.items() if key not in references}
            if kept != held:
                replace_file(self._file, json.dumps(kept))

    def _to_keyring(self, reference: str, value: str) -> bool:
        if self._keyring is None:
            return False
        from keyring.errors import KeyringError

        try:
            self._keyring.set_password(_SERVICE, reference, value)
        except (KeyringError, OSError, RuntimeError):
            return False  # locked, or gone: the file serves
        return True

    def _from_keyring(self, reference: str) -> str | None:
        if self._keyring is None:
            return None
        from keyring.errors import KeyringError

        try:
            return self._keyring.get_password(_SERVICE, reference)
        except (KeyringError, OSError, RuntimeError):
            return None

    def _drop_from_keyring(self, reference: str) -> None:
        if self._keyring is None:
            return
        from keyring.errors import KeyringError

        try:
            self._keyring.delete_password(_SERVICE, reference)
        except (KeyringError, OSError, RuntimeError):
            return

    def _to_file(self, values: Mapping[str, str]) -> None:
        with self._lock:
            try:
                replace_file(self._file, json.dumps({**self._read_file(), **values}))
            except OSError as exc:
                raise SpecError(
                    f"{self._file} cannot be written: {exc.strerror or exc}",
                    code=ErrorCode.PROFILE_UNWRITABLE,
                    path=str(self._file),
                    why=exc.strerror or str(exc),
                ) from exc

    def _read_file(self) -> dict[str, str]:
        try:
            data: object = json.loads(self._file.read_text("utf-8"))
        except OSError:
            return {}
        except ValueError:  # damaged: put aside, as what can be saved of it is not ours to destroy
            self._file.replace(self._file.with_suffix(".damaged"))
            return {}
        return cast(dict[str, str], data) if isinstance(data, dict) else {}
