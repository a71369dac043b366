"""Owns the gallery of recipes: a search, the list, and the recipe that is looked at.

It saves nothing: what is chosen goes on to the wizard.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import override

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bascule.errors import BasculeError
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.language import spoken_language
from bascule_desktop.recipes.filled import Filled
from bascule_desktop.recipes.recipe import Recipe
from bascule_desktop.recipes.shelf import load_recipes, nearest_recipes, search_recipes
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.recipe_list import RecipeList
from bascule_desktop.views.recipe_page import RecipePage
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.draft import Draft
from bascule_desktop.wizard.page import scrolled
from bascule_desktop.wizard.pieces import push

_LIST_WIDTH = 364


@dataclass(slots=True)
class Typed:
    """What has been filled in so far, by recipe, and the recipe that was looked at last."""

    filled: dict[str, Filled] = field(default_factory=dict[str, Filled])
    recipe: str = ""


class RecipeGallery(QDialog):
    """Shows all recipes. Accepted, ``draft`` is what the wizard is to begin with. It goes on from
    what was ``typed`` before, and notes there what is typed now.
    """

    def __init__(
        self,
        link: EngineLink,
        theme: Theme,
        parent: QWidget | None = None,
        language: str = "",
        typed: Typed | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("recipe_gallery")
        self.setWindowTitle(self.tr("Recipes"))
        self.resize(1060, 700)
        self.setMinimumSize(720, 440)
        self._theme = theme
        self._language = language or spoken_language()
        self._recipes = load_recipes()
        self.typed = typed or Typed()
        before = self.typed.recipe
        self.tasks = Tasks(self, self._report)
        self._context = Context(link, theme, self.tasks, self)
        self.draft: Draft
        self.page: RecipePage | None = None
        self.search = QLineEdit()
        self.list = RecipeList(theme, self._language)
        self.nothing = QLabel()
        self.use = push(self.tr("Use this recipe"), self._take)
        self.close_button = push(self.tr("Close"), self.reject)
        self._holder = QStackedWidget()
        self._lay_out()
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self.list.chosen.connect(self._show)
        self.list.activated.connect(self._go_to_fields)
        self.list.show_recipes(self._recipes)
        self.list.choose(before)
        self.search.setFocus()

    # making -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.search.setObjectName("recipe_search")
        self.search.setPlaceholderText(self.tr("What do you want to do?"))
        self.search.setAccessibleName(self.tr("Search recipes"))
        self.search.setClearButtonEnabled(True)
        glass = QAction(self.search)
        self._theme.set_icon(glass, "search", "muted")
        self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self.nothing.hide()
        look(self.nothing, muted=True)
        left = QFrame()
        look(left, pane="side")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        above = QVBoxLayout()
        above.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        above.addWidget(self.search)
        column.addLayout(above)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        left.setMinimumWidth(260)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(left)
        split.addWidget(self._holder)
        split.setStretchFactor(1, 1)
        split.setSizes([_LIST_WIDTH, self.width() - _LIST_WIDTH])
        rule = QFrame()
        look(rule, rule=True)
        self.use.setObjectName("use_recipe")
        look(self.use, primary=True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(3 * GRID, 12, 3 * GRID, 2 * GRID)
        buttons.setSpacing(GRID)
        said = QLabel(self.tr("Nothing is saved or started yet: the wizard tries it out first."))
        look(said, muted=True, small=True)
        buttons.addWidget(said, 1)
        for button in (self.close_button, self.use):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(split, 1)
        whole.addWidget(rule)
        whole.addLayout(buttons)

    # ways ---------------------------------------------------------------------------------------

    def _find(self, text: str) -> None:
        found = search_recipes(self._recipes, text, self._language)
        near = [] if found else nearest_recipes(self._recipes, text, self._language)
        self.nothing.setText(
            self.tr("No recipe has all these words. These come closest:")
            if near
            else self.tr("No recipe has all these words. Try fewer, such as “file” or “ssh”.")
        )
        self.nothing.setVisible(not found)
        self.list.setVisible(bool(found or near))
        self.list.show_recipes(found or [each for each in self._recipes if each in near])
        if near:
            self.list.choose(near[0].name)

    def _show(self, recipe: Recipe | None) -> None:
        """Show a recipe with the values that were typed for it before."""
        while (old := self._holder.currentWidget()) is not None:
            self._holder.removeWidget(old)
            old.deleteLater()
        self.page = None
        if recipe is not None:
            self.typed.recipe = recipe.name
            filled = self.typed.filled.setdefault(recipe.name, Filled(recipe))
            self.page = RecipePage(self._context, filled, self._language)
            self.page.changed.connect(self._tell)
            area = scrolled(self.page)
            self._holder.addWidget(area)
        self._tell()

    def _tell(self) -> None:
        self.use.setEnabled(self.page is not None and self.page.ready)

    def _take(self) -> None:
        draft = self.page.draft() if self.page is not None else None
        if draft is not None:
            self.draft = draft
            self.accept()

    def _go_to_fields(self, *_: object) -> None:
        if self.page is not None and self.page.rows:
            self.page.rows[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search, Down and Enter lead to the list."""
        if watched is self.search and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.type() is QEvent.Type.KeyPress and event.key() in keys:
                if self.list.isVisible():
                    self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)

    @override
    def done(self, result: int) -> None:
        self.tasks.cancel_all()
        super().done(result)

    def _report(self, problem: Exception) -> None:
        """A field's list that could not be read is not there; anything else is a fault of ours."""
        if not isinstance(problem, BasculeError):
            raise problem
