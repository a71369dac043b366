"""Owns what the desktop remembers of itself: language, looks, sizes. Profiles are the engine's.

One file on every system, ``desktop.ini`` beside the profiles, so that a home of one's own
(``BASCULE_HOME``) has settings of its own. What a newer Bascule wrote is read and left as it is;
a file of an older format, or of a damaged one, is copied beside itself before it is rewritten.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, QTimer, Signal

from bascule.places import Places
from bascule.spec.formats import Step, backup_name, upgrade
from bascule.whole_file import replace_file

FORMAT = 1
"""Version of the file; raise it when an older program could misread the new one. A file that does
not say its format has the first.
"""

STEPS: dict[int, Step] = {}
"""From each older format to the next one: there is none yet."""

_FORMAT_KEY = "format"
_DAMAGED = 0
"""In the place of a format that is none."""

_ROOM = 64 * 1024
"""More than the file ever has."""


class Settings(QObject):
    """The desktop's settings, typed. Each is written as it is set."""

    changed = Signal(str)
    """The name of the setting that was given another value."""

    not_kept = Signal(str)
    """The file cannot be written, for the system's reason ("" if it gives none). Told once."""

    def __init__(self, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        file = places.config / "desktop.ini"
        self._held = self._open(file)
        self._writing = QTimer(self)  # after a turn of the loop, as Qt would by itself
        self._writing.setSingleShot(True)
        self._writing.timeout.connect(self.save)
        self.why_not_kept: str | None = None
        """The reason once it was told, else None."""
        self._kept: dict[str, object] | None = None  # instead of the file, where it must stay
        self.file = file
        self.portable = places.portable
        """The folder of a portable copy; None for an installed program."""
        self._take_over(self._found_format())

    @property
    def lasts(self) -> bool:
        """Whether what is set here is there at the next start; else it lasts until Bascule ends."""
        return self._kept is None

    @property
    def language(self) -> str:
        """``en`` or ``fr``; empty: the system's. Takes effect at the next start."""
        return self._text("language")

    @language.setter
    def language(self, value: str) -> None:
        self._set("language", value, self.language)

    @property
    def theme(self) -> str:
        """``system``, ``light`` or ``dark``."""
        return self._text("theme", "system")

    @theme.setter
    def theme(self, value: str) -> None:
        self._set("theme", value, self.theme)

    @property
    def told_about_tray(self) -> bool:
        """Whether the person knows that a closed window goes on in the tray."""
        return self._switch("told_about_tray")

    @told_about_tray.setter
    def told_about_tray(self, value: bool) -> None:
        self._set("told_about_tray", value, self.told_about_tray)

    @property
    def notifications(self) -> bool:
        """Whether a relay in trouble is told by the system's notifications."""
        return self._switch("notifications", True)

    @notifications.setter
    def notifications(self, value: bool) -> None:
        self._set("notifications", value, self.notifications)

    @property
    def looks_for_updates(self) -> bool:
        """Whether it is looked for a newer Bascule once a week; only where the person wants it."""
        return self._switch("looks_for_updates")

    @looks_for_updates.setter
    def looks_for_updates(self, value: bool) -> None:
        self._set("looks_for_updates", value, self.looks_for_updates)

    @property
    def looked_for_updates_at(self) -> str:
        """When that was done last, in whole seconds since the epoch (UTC); empty: never."""
        return self._text("looked_for_updates_at")

    @looked_for_updates_at.setter
    def looked_for_updates_at(self, value: str) -> None:
        self._set("looked_for_updates_at", value, self.looked_for_updates_at)

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, as ``saveGeometry`` gives it; empty at first."""
        return self._bytes("geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._set("geometry", value, self.geometry)

    @property
    def splitter(self) -> QByteArray:
        """How wide list and detail were, as ``saveState`` gives it; empty at first."""
        return self._bytes("splitter")

    @splitter.setter
    def splitter(self, value: QByteArray) -> None:
        self._set("splitter", value, self.splitter)

    @property
    def group(self) -> str:
        """The group the list was narrowed to; empty: all."""
        return self._text("group")

    @group.setter
    def group(self, value: str) -> None:
        self._set("group", value, self.group)

    @property
    def selected(self) -> str:
        """The relay that was shown last; empty: none."""
        return self._text("selected")

    @selected.setter
    def selected(self, value: str) -> None:
        self._set("selected", value, self.selected)

    @property
    def folder(self) -> str:
        """The folder in which a file was chosen last; empty: none yet."""
        return self._text("folder")

    @folder.setter
    def folder(self, value: str) -> None:
        self._set("folder", value, self.folder)

    def save(self) -> None:
        """Write what was changed, and tell where that cannot be done."""
        self._held.sync()
        failed = self._held.status() == QSettings.Status.AccessError
        if failed and self.why_not_kept is None:
            self.why_not_kept = self._why_not()
            self.not_kept.emit(self.why_not_kept)

    def _open(self, file: Path) -> QSettings:
        return QSettings(str(file), QSettings.Format.IniFormat, self)

    def _why_not(self) -> str:
        """Why the file cannot be written, which Qt does not say."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            if self.file.exists():
                self.file.open("r+b").close()
            with tempfile.TemporaryFile(dir=self.file.parent) as tried:
                tried.write(bytes(_ROOM))
        except OSError as exc:
            return exc.strerror or str(exc)
        return ""

    def _found_format(self) -> int:
        """What format the file says it has: the first where it says none."""
        if self._held.status() == QSettings.Status.FormatError:
            return _DAMAGED
        if not self._held.allKeys():
            return FORMAT  # as at the first start: there is nothing to take over
        try:
            return max(int(str(self._held.value(_FORMAT_KEY, 1))), _DAMAGED)
        except ValueError:
            return _DAMAGED

    def _take_over(self, found: int) -> None:
        """Make the values of format ``found`` those of the present one."""
        if found == FORMAT:
            return
        values: dict[str, object] = {key: self._held.value(key) for key in self._held.allKeys()}
        if found > FORMAT:
            self._kept = values
            return
        name = self.file.name
        copy = f"{name}.damaged.bak" if found == _DAMAGED else backup_name(name, found)
        values = upgrade(values, max(found, 1), FORMAT, STEPS)
        try:
            replace_file(self.file.with_name(copy), (self.file.read_bytes(),))
        except OSError as exc:
            self._kept = values  # without a copy the file is not touched
            self.why_not_kept = exc.strerror or str(exc)
            return
        self._held.clear()
        for key, value in {**values, _FORMAT_KEY: FORMAT}.items():
            self._held.setValue(key, value)
        self._held.sync()
        if found == _DAMAGED:
            self._held = self._open(self.file)  # one that does not remember it
        self._writing.start()  # who wants to hear of it listens then

    def _value(self, key: str, default: object = None) -> object:
        if self._kept is not None:
            return self._kept.get(key, default)
        return self._held.value(key, default)

    def _text(self, key: str, default: str = "") -> str:
        return str(self._value(key, default))

    def _switch(self, key: str, default: bool = False) -> bool:
        # An ini file knows texts only.
        return str(self._value(key, default)).lower() in {"true", "1"}

    def _bytes(self, key: str) -> QByteArray:
        held = self._value(key)
        return held if isinstance(held, QByteArray) else QByteArray()

    def _set[T: (str, bool, QByteArray)](self, key: str, value: T, before: T) -> None:
        if value == before:
            return
        if self._kept is not None:
            self._kept[key] = value
        else:
            self._held.setValue(_FORMAT_KEY, FORMAT)
            self._held.setValue(key, value)
            self._writing.start()
        self.changed.emit(key)
