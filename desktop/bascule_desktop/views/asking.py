"""Owns the questions that an action needs answered first: a file, a group, are you sure.

Each opens a dialog and goes on when it is answered; nothing waits meanwhile.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QInputDialog, QWidget

from bascule.spec.profiles import Profile
from bascule_desktop.actions import Actions
from bascule_desktop.dialogs import ask, choose_file, confirm
from bascule_desktop.settings import Settings
from bascule_desktop.store import Row, Store
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme
from bascule_desktop.views.command_dialog import CommandDialog
from bascule_desktop.views.import_dialog import ImportDialog


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
        actions.import_read.connect(self._show_import)
        actions.confirmation_wanted.connect(self._show_commands)

    def group(self, row: Row) -> None:
        """Ask for the group of a relay."""
        self._tasks.start("ask", self._group(row))

    def export(self, row: Row) -> None:
        """Ask where to write a profile."""
        self._tasks.start("ask", self._export(row))

    def import_file(self) -> None:
        """Ask which file to import."""
        self._tasks.start("ask", self._import())

    def delete_broken(self, row: Row) -> None:
        """Delete a profile that cannot be read: only after a question."""
        self._tasks.start("ask", self._delete_broken(row))

    def open_folder(self, file: str) -> None:
        """Show the folder in which a file is."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(file).parent)))

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
        plain = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", row.name).strip(" .") or "relay"
        suggested = Path(self._folder(), f"{plain}.toml")
        path = await choose_file(
            self._window,
            self.tr("Export the profile"),
            self.tr("Profiles (*.toml)"),
            save=True,
            suggested=str(suggested),
        )
        if path is not None:
            self._settings.folder = str(path.parent)
            self._actions.export(row.id, path)

    async def _import(self) -> None:
        folder = self._folder()
        path = await choose_file(
            self._window,
            self.tr("Import a profile"),
            self.tr("Profiles (*.toml)") + ";;" + self.tr("All files (*)"),
            suggested=str(Path(folder) / "*") if folder else "",
        )
        if path is not None:
            self._settings.folder = str(path.parent)
            self._actions.import_file(path)

    def _show_import(self, profile: Profile) -> None:
        self._tasks.start("import", self._confirm_import(profile))

    async def _confirm_import(self, profile: Profile) -> None:
        dialog = ImportDialog(profile, self._theme, self._window)
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            self._actions.save_imported(dialog.profile)

    def _show_commands(self, id: str, commands: tuple[str, ...]) -> None:
        self._tasks.start("ask", self._confirm_commands(id, commands))

    async def _confirm_commands(self, id: str, commands: tuple[str, ...]) -> None:
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
