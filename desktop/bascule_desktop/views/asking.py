"""Owns the questions that an action needs answered first: a file, a group, are you sure.

Each opens a dialog, which is imported only then, and goes on when it is answered; nothing waits
meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QInputDialog, QWidget

from bascule.recording.records import Passage, Record
from bascule.spec.profiles import Profile
from bascule_desktop.actions import Actions
from bascule_desktop.dialogs import ask, choose_file, confirm
from bascule_desktop.folders import show_folder
from bascule_desktop.profile_file import SUFFIX, SUFFIXES
from bascule_desktop.settings import Settings
from bascule_desktop.store import Row, Store
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme
from bascule_desktop.traffic_file import Form


class Asking(QObject):
    """Asks over ``window``, then acts."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        store: Store,
        theme: Theme,
        settings: Settings,
        tasks: Tasks,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._store = store
        self._theme = theme
        self._settings = settings
        self._tasks = tasks
        self._to_import: list[Profile] = []
        actions.import_read.connect(self._show_import)
        actions.confirmation_wanted.connect(self._show_commands)

    def group(self, row: Row) -> None:
        """Ask for the group of a relay."""
        self._tasks.start("ask", self._group(row))

    def export(self, row: Row) -> None:
        """Show what a relay can be exported as, and ask where to write it."""
        self._tasks.start("ask", self._export(row))

    def save_traffic(
        self, name: str, form: Form, records: Sequence[Record], passages: Mapping[int, Passage]
    ) -> None:
        """Ask where to write the traffic of the relay of that name."""
        self._tasks.start("ask", self._save_traffic(name, form, records, passages))

    def import_file(self) -> None:
        """Ask which file to import."""
        self._tasks.start("ask", self._import())

    def delete_broken(self, row: Row) -> None:
        """Delete a profile that cannot be read: only after a question."""
        self._tasks.start("ask", self._delete_broken(row))

    def open_folder(self, file: str) -> None:
        """Show the folder in which a file is."""
        show_folder(file)

    async def _group(self, row: Row) -> None:
        named = {
            other.profile.group for other in self._store.rows.values() if other.profile is not None
        }
        groups = sorted(named - {""}, key=str.casefold)
        current = row.profile.group if row.profile is not None else ""
        dialog = QInputDialog(self._window)
        dialog.setObjectName("group_dialog")
        dialog.setWindowTitle(self.tr("Group"))
        dialog.setLabelText(self.tr("Group of “{name}” (empty: none)").format(name=row.name))
        dialog.setComboBoxItems(["", *groups])
        dialog.setComboBoxEditable(True)
        dialog.setTextValue(current)
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            self._actions.set_group(row.id, dialog.textValue())

    async def _export(self, row: Row) -> None:
        from bascule_desktop.views.export_dialog import ExportDialog

        if row.profile is None:
            return
        dialog = ExportDialog(
            row.profile, f"{_file_name(row.name)}{SUFFIX}", self._theme, self._window
        )
        accepted = await ask(dialog) == QDialog.DialogCode.Accepted
        chosen = dialog.chosen if accepted else None
        if chosen is None:
            return
        kinds = [self.tr("All files (*)")]
        if chosen.form is None:
            kinds.insert(0, self.tr("Profiles ({patterns})").format(patterns=f"*{SUFFIX}"))
        path = await choose_file(
            self._window,
            self.tr("Export the profile"),
            ";;".join(kinds),
            save=True,
            suggested=str(Path(self._folder(), chosen.file_name)),
        )
        if path is not None:
            self._settings.folder = str(path.parent)
            self._actions.export(row.id, path, None if chosen.form is None else chosen.text)

    async def _save_traffic(
        self, name: str, form: Form, records: Sequence[Record], passages: Mapping[int, Passage]
    ) -> None:
        match form:
            case Form.PCAPNG:
                kind = self.tr("Captures (*.pcapng)")
            case Form.TEXT:
                kind = self.tr("Text (*.txt)")
            case _:
                kind = self.tr("Bytes (*.bin)")
        path = await choose_file(
            self._window,
            self.tr("Save the traffic"),
            kind,
            save=True,
            suggested=str(Path(self._folder(), f"{_file_name(name)}{form.suffix}")),
        )
        if path is not None:
            self._settings.folder = str(path.parent)
            self._actions.save_traffic(path, form, records, passages)

    async def _import(self) -> None:
        folder = self._folder()
        path = await choose_file(
            self._window,
            self.tr("Import a profile"),
            self.tr("Profiles ({patterns})").format(patterns=" ".join(f"*{s}" for s in SUFFIXES))
            + ";;"
            + self.tr("All files (*)"),
            suggested=str(Path(folder) / "*") if folder else "",
        )
        if path is not None:
            self._settings.folder = str(path.parent)
            self._actions.import_files([path])

    def _show_import(self, profile: Profile) -> None:
        self._to_import.append(profile)
        self._tasks.start("import", self._confirm_imports())

    async def _confirm_imports(self) -> None:
        from bascule_desktop.views.import_dialog import ImportDialog

        while self._to_import:
            dialog = ImportDialog(self._to_import.pop(0), self._theme, self._window)
            if await ask(dialog) == QDialog.DialogCode.Accepted:
                self._actions.save_imported(dialog.profile)

    def _show_commands(self, id: str, commands: tuple[str, ...]) -> None:
        self._tasks.start("ask", self._confirm_commands(id, commands))

    async def _confirm_commands(self, id: str, commands: tuple[str, ...]) -> None:
        from bascule_desktop.views.command_dialog import CommandDialog

        if await ask(CommandDialog(commands, self._window)) == QDialog.DialogCode.Accepted:
            self._actions.confirm(id, commands)

    async def _delete_broken(self, row: Row) -> None:
        if await confirm(
            self._window,
            self.tr("Delete this profile?"),
            self.tr("{file} cannot be read. It is kept among the deleted profiles.").format(
                file=row.file
            ),
            self.tr("Delete"),
            danger=True,
        ):
            self._actions.delete(row.id)

    def _folder(self) -> str:
        folder = self._settings.folder
        return folder if folder and Path(folder).is_dir() else str(Path.home())


def _file_name(name: str) -> str:
    """A relay's name as one that every system takes for a file."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", name).strip(" .") or "relay"
