"""Owns opening the window's own dialogs: wizard, recipes, demonstration … One of each."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from bascule.spec.profiles import Profile
from bascule_desktop.actions import Actions
from bascule_desktop.dialogs import ask
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.settings import Settings
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme
from bascule_desktop.views.about_dialog import AboutDialog
from bascule_desktop.views.demo_dialog import DemoDialog
from bascule_desktop.views.recipe_gallery import RecipeGallery
from bascule_desktop.views.settings_dialog import SettingsDialog
from bascule_desktop.wizard.dialog import WizardDialog
from bascule_desktop.wizard.draft import Draft


class Openings(QObject):
    """Opens dialogs over ``window``."""

    saved = Signal(str)
    """The wizard saved a relay: its id."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        link: EngineLink,
        theme: Theme,
        settings: Settings,
        tasks: Tasks,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._link = link
        self._theme = theme
        self._settings = settings
        self._tasks = tasks

    def wizard(self, profile: Profile | None) -> None:
        """Make a relay, or change the one of a profile."""
        self._tasks.start("wizard", self._wizard(profile))

    def recipes(self) -> None:
        """Show the recipes, then the wizard with the one that is chosen."""
        self._tasks.start("wizard", self._recipes())

    def demo(self) -> None:
        """Run the demonstration."""
        self._tasks.start("demo", self._demo())

    def settings(self) -> None:
        """Show the settings."""
        self._tasks.start("settings", self._show_settings())

    def about(self) -> None:
        """Say what Bascule is."""
        self._tasks.start("about", self._about())

    async def _wizard(self, profile: Profile | None, draft: Draft | None = None) -> None:
        dialog = WizardDialog(self._window, self._link, self._theme, profile, draft=draft)
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            self.saved.emit(dialog.saved.id)
            if dialog.start_now:
                self._actions.start(dialog.saved.id)
        elif dialog.recipes_wanted:
            await self._recipes()

    async def _recipes(self) -> None:
        gallery = RecipeGallery(self._link, self._theme, self._window)
        if await ask(gallery) == QDialog.DialogCode.Accepted:
            await self._wizard(None, gallery.draft)

    async def _demo(self) -> None:
        await ask(DemoDialog(self._theme, self._window))

    async def _show_settings(self) -> None:
        await ask(SettingsDialog(self._settings, self._window))

    async def _about(self) -> None:
        await ask(AboutDialog(self._theme, self._window))
