"""Owns opening the window's own dialogs: wizard, recipes, pasting, demonstration and others.

Each is imported when it is opened first: the window is on the screen before.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDialog, QWidget

from bascule.facts import CertificateFacts
from bascule.spec.endpoints import TcpConnect
from bascule.spec.profiles import Profile
from bascule_desktop.actions import Actions
from bascule_desktop.dialogs import ask
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.settings import Settings
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme
from bascule_desktop.update_check import Looked, UpdateCheck, is_due
from bascule_desktop.views.notices import update_notice

if TYPE_CHECKING:
    from bascule_desktop.views.found_card import FoundCard
    from bascule_desktop.views.paste_dialog import PasteDialog
    from bascule_desktop.views.recipe_gallery import Typed
    from bascule_desktop.wizard.dialog import WizardDialog
    from bascule_desktop.wizard.draft import Draft

_FIRST_LOOK_MILLISECONDS = 10_000
_LOOK_MILLISECONDS = 3_600_000


class Openings(QObject):
    """Opens dialogs over ``window``, one of each kind. What was typed into one that led to nothing
    is there again when it is opened next, until Bascule ends.
    """

    saved = Signal(str)
    """The wizard saved a relay: its id."""

    noticed = Signal(object)
    """Something to tell beside the panes: a ``Notice``."""

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
        self._pasted = ""
        self._typed: Typed | None = None
        self._look_timer = QTimer(self, interval=_FIRST_LOOK_MILLISECONDS)
        self._look_timer.timeout.connect(self.look_for_updates)
        self._look_timer.start()

    def wizard(self, profile: Profile | None) -> None:
        """Make a relay, or change the one of a profile."""
        self._tasks.start("wizard", self._wizard(profile))

    def paste(self, text: str = "", file: Path | None = None) -> None:
        """Make relays of what is pasted, or of the text or file that was dropped on the window."""
        self._tasks.start("paste", self._paste(text, file))

    def recipes(self) -> None:
        """Show the recipes, then the wizard with the one that is chosen."""
        self._tasks.start("recipes", self._recipes())

    def check(self, target: TcpConnect | None = None) -> None:
        """Check whether a host answers; then the wizard, where it shall be checked for ever."""
        self._tasks.start("check", self._check(target))

    def demo(self) -> None:
        """Run the demonstration."""
        self._tasks.start("demo", self._demo())

    def settings(self) -> None:
        """Show the settings."""
        self._tasks.start("settings", self._show_settings())

    def about(self) -> None:
        """Say what Bascule is."""
        self._tasks.start("about", self._about())

    def update(self, known: Looked | None = None) -> None:
        """Look for a newer Bascule, or show what is known of one."""
        self._tasks.start("update", self._update(known))

    def look_for_updates(self) -> None:
        """Look for a newer Bascule where the person wants that and a week has gone by, and tell of
        one. What goes wrong is no news: it is looked again in a week.
        """
        self._look_timer.setInterval(_LOOK_MILLISECONDS)
        now = time.time()
        if is_due(self._settings, now):
            self._settings.looked_for_updates_at = str(int(now))
            check = UpdateCheck(self)
            check.done.connect(self._on_looked)
            check.done.connect(check.deleteLater)

    def _on_looked(self, looked: Looked) -> None:
        if looked.newer:
            self.noticed.emit(update_notice(looked, functools.partial(self.update, looked)))

    def diagnose(self, over: QWidget | None = None) -> None:
        """Show what helps to find a fault, and save it; ``over`` another dialog where one asks."""
        self._tasks.start("diagnose", self._diagnose(over or self._window))

    def trust(self, facts: CertificateFacts) -> None:
        """Show how others trust a certificate."""
        self._tasks.start("trust", self._trust(facts))

    async def _wizard(self, profile: Profile | None, draft: Draft | None = None) -> bool:
        """Show the wizard; whether something was saved."""
        from bascule_desktop.wizard.dialog import WizardDialog

        dialog = WizardDialog(self._window, self._link, self._theme, profile, draft=draft)
        instead: list[Callable[[], None]] = []
        choice = dialog.choice
        for wanted, way in (
            (choice.paste_wanted, self.paste),
            (choice.recipes_wanted, self.recipes),
        ):
            wanted.connect(functools.partial(instead.append, way))
            wanted.connect(dialog.reject)  # which asks where something is lost
        dialog.stayed.connect(instead.clear)
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            self._take(dialog)
            return True
        if instead:
            instead[-1]()
        return False

    def _take(self, dialog: WizardDialog) -> None:
        """Show, and start if wanted, what a wizard has saved."""
        self.saved.emit(dialog.saved.id)
        if dialog.start_now:
            self._actions.start(dialog.saved.id)
        if dialog.saved.autostart:
            self._actions.start_at_login()

    async def _recipes(self) -> None:
        from bascule_desktop.views.recipe_gallery import RecipeGallery, Typed

        typed = self._typed = self._typed or Typed()
        gallery = RecipeGallery(self._link, self._theme, self._window, typed=typed)
        if await ask(gallery) == QDialog.DialogCode.Accepted and await self._wizard(
            None, gallery.draft
        ):
            del typed.filled[typed.recipe]

    async def _paste(self, text: str, file: Path | None) -> None:
        from bascule_desktop.views.paste_dialog import PasteDialog

        dialog = PasteDialog(self._theme, self._window)
        dialog.wanted.connect(functools.partial(self._continue, dialog))
        if file is not None:
            dialog.open_file(file)
        elif text or self._pasted:
            dialog.show_text(text or self._pasted)
            dialog.field.selectAll()  # what is typed or pasted next takes its place
        dialog.finished.connect(functools.partial(self._keep_pasted, dialog))
        await ask(dialog)

    def _keep_pasted(self, dialog: PasteDialog, result: int) -> None:
        self._pasted = "" if result == QDialog.DialogCode.Accepted else dialog.field.text

    def _continue(self, over: PasteDialog, draft: Draft, card: FoundCard) -> None:
        over.tasks.start("wizard", self._pasted_wizard(over, draft, card))

    async def _pasted_wizard(self, over: PasteDialog, draft: Draft, card: FoundCard) -> None:
        from bascule_desktop.wizard.dialog import WizardDialog

        dialog = WizardDialog(over, self._link, self._theme, draft=draft)
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            self._take(dialog)
            over.finish(card)

    async def _check(self, target: TcpConnect | None) -> None:
        from bascule_desktop.views.check_dialog import CheckDialog

        dialog = CheckDialog(self._link, self._theme, self._window, target)
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            await self._wizard(None, dialog.draft)

    async def _demo(self) -> None:
        from bascule_desktop.views.demo_dialog import DemoDialog

        await ask(DemoDialog(self._theme, self._window))

    async def _show_settings(self) -> None:
        from bascule_desktop.views.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._settings, self._window)
        dialog.diagnosis_wanted.connect(functools.partial(self.diagnose, dialog))
        await ask(dialog)

    async def _trust(self, facts: CertificateFacts) -> None:
        from bascule_desktop.views.trust_dialog import TrustDialog

        await ask(TrustDialog(facts, self._link, self._theme, self._tasks, self._window))

    async def _diagnose(self, over: QWidget) -> None:
        from bascule_desktop.views.diagnosis_dialog import DiagnosisDialog

        await ask(DiagnosisDialog(self._link.places, over))

    async def _about(self) -> None:
        from bascule_desktop.views.about_dialog import AboutDialog

        about = AboutDialog(self._theme, self._window, portable=self._settings.portable)
        if await ask(about) == QDialog.DialogCode.Accepted:
            self.update()

    async def _update(self, known: Looked | None) -> None:
        from bascule_desktop.views.update_dialog import UpdateDialog

        await ask(UpdateDialog(self._tasks, self._window, known=known))
