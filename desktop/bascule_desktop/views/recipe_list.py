"""Owns the list of recipes: headings, and for each recipe its title and its route in little."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPen,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bascule_desktop.recipes.recipe import Recipe
from bascule_desktop.recipes.words import group_label
from bascule_desktop.route_nodes import NodeKind, Privacy, RouteNode, route_nodes
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.ground import paint_ground

type Index = QModelIndex | QPersistentModelIndex

RECIPE_ROLE = Qt.ItemDataRole.UserRole + 1
_ICON = 16
_LINE = 18
"""Pixels between two icons of a route in little."""
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class RecipeList(QListView):
    """Recipes by group. ``current`` is the one that is chosen."""

    chosen = Signal(object)
    """Another recipe is current: it, or None."""

    def __init__(self, theme: Theme, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipe_list")
        self.setAccessibleName(self.tr("Recipes"))
        self._language = language
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setItemDelegate(RecipeDelegate(theme, self))
        look(self, plain=True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)  # titles wrap at its width
        theme.changed.connect(self.viewport().update)
        self.selectionModel().currentChanged.connect(self._on_current)

    @property
    def current(self) -> Recipe | None:
        """The recipe that is chosen."""
        found = self.currentIndex().data(RECIPE_ROLE)
        return found if isinstance(found, Recipe) else None

    @property
    def recipes(self) -> list[Recipe]:
        """What is in the list, from the top."""
        held = (self._items.item(row).data(RECIPE_ROLE) for row in range(self._items.rowCount()))
        return [recipe for recipe in held if isinstance(recipe, Recipe)]

    def show_recipes(self, recipes: list[Recipe]) -> None:
        """Show these; the one that was chosen stays so, else the first is."""
        before = self.current
        self.selectionModel().blockSignals(True)
        self._items.clear()
        group = None
        for recipe in recipes:
            if recipe.group is not group:
                group = recipe.group
                self._add_heading(group_label(group))
            self._add(recipe)
        self.selectionModel().blockSignals(False)
        wanted = before if before in recipes else next(iter(recipes), None)
        if wanted is not None:
            self.choose(wanted.name)
        else:
            self.chosen.emit(None)

    def choose(self, name: str) -> bool:
        """Choose a recipe and bring it into sight; False where the list has none of that name."""
        for row in range(self._items.rowCount()):
            held = self._items.item(row).data(RECIPE_ROLE)
            if isinstance(held, Recipe) and held.name == name:
                self.setCurrentIndex(self._items.index(row, 0))
                # With the heading above it, where it is the first of its group.
                self.scrollTo(self._items.index(max(row - 1, 0), 0))
                self.scrollTo(self._items.index(row, 0))
                return True
        return False

    def _add_heading(self, text: str) -> None:
        item = QStandardItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._items.appendRow(item)

    def _add(self, recipe: Recipe) -> None:
        words = recipe.words(self._language)
        item = QStandardItem(words.title)
        item.setData(recipe, RECIPE_ROLE)
        item.setData(words.when, Qt.ItemDataRole.AccessibleDescriptionRole)
        item.setToolTip(words.when)
        self._items.appendRow(item)

    def _on_current(self, _current: QModelIndex) -> None:
        self.chosen.emit(self.current)


class RecipeDelegate(QStyledItemDelegate):
    """Paints headings and recipes."""

    def __init__(self, theme: Theme, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if index.data(RECIPE_ROLE) is None:
            return QSize(0, QFontMetrics(option.font).height() + 3 * GRID)
        font: QFont = option.font
        high = _wrapped(str(index.data()), font, self._text_width()).height()
        return QSize(0, int(high) + _ICON + 3 * GRID)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        recipe = index.data(RECIPE_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(recipe, Recipe):
            self._paint_recipe(painter, option, recipe, str(index.data()))
        else:
            self._paint_heading(painter, option, str(index.data()))
        painter.restore()

    def _text_width(self) -> int:
        """The width at which titles wrap: that beside a scroll bar, whether it shows or not."""
        bar = self._view.verticalScrollBar().sizeHint().width()
        return self._view.width() - bar - 4 * GRID

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        font = _small(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        rect: QRect = option.rect
        area = QRectF(rect.adjusted(2 * GRID, 0, -GRID, -GRID // 2))
        painter.setPen(self._theme.colour("muted"))
        painter.setFont(font)
        bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(area, int(bottom), _elided(text, font, area.width()))

    def _paint_recipe(
        self, painter: QPainter, option: QStyleOptionViewItem, recipe: Recipe, title: str
    ) -> None:
        rect: QRect = option.rect
        font: QFont = option.font
        paint_ground(painter, self._theme, rect, option.state)
        left, width = rect.left() + 2 * GRID, self._text_width()
        lines = _wrapped(title, font, width).translated(left, rect.top() + GRID)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(lines, int(_WRAPPED), title)
        below = QRectF(left, lines.bottom() + GRID / 2, width, _ICON)
        self._paint_route(painter, _small(font), below, route_nodes(recipe.relay))

    def _paint_route(
        self, painter: QPainter, font: QFont, area: QRectF, nodes: list[RouteNode]
    ) -> None:
        """Icons with lines between them, and the names of the two ends beside theirs."""
        painter.setFont(font)
        gaps = _LINE * (len(nodes) - 1)
        room = (area.width() - _ICON * len(nodes) - gaps) / 2 - GRID
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        x = area.left()
        for place, node in enumerate(nodes):
            if place:
                self._paint_line(painter, x, area.center().y(), node.privacy)
                x += _LINE
            if node.kind is NodeKind.BASCULE:
                self._theme.paint(painter, "app", QRectF(x, area.top(), _ICON, _ICON))
            else:
                icon = QRectF(x, area.top(), _ICON, _ICON)
                self._theme.paint(painter, node.icon, icon, "muted")
            x += _ICON
            if node.kind in (NodeKind.SOURCE, NodeKind.TARGET):
                if node.kind is NodeKind.TARGET:
                    room = area.right() - x - GRID  # all that the source has left over
                text = _elided(node.label, font, room)
                width = QFontMetricsF(font).horizontalAdvance(text)
                painter.setPen(self._theme.colour("muted"))
                words = QRectF(x + 5, area.top(), width + 2, area.height())
                painter.drawText(words, int(middle), text)
                x += width + GRID

    def _paint_line(self, painter: QPainter, left: float, y: float, privacy: Privacy) -> None:
        """A stretch of the route; a lock where it is encrypted."""
        if privacy is not Privacy.OPEN:
            lock = QRectF(left + _LINE / 2 - 6, y - 6, 12, 12)
            self._theme.paint(painter, "lock", lock, "running")
        else:
            painter.setPen(QPen(self._theme.colour("field_line"), 1.5))
            painter.drawLine(int(left) + 3, int(y), int(left) + _LINE - 3, int(y))


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.9)
    return small


def _wrapped(text: str, font: QFont, width: int) -> QRectF:
    """The room that a text takes where it wraps at a width, from 0, 0."""
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 10_000), int(_WRAPPED), text)


def _elided(text: str, font: QFont, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
