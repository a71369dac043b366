"""Owns the list of proxies on the way to a target: add, remove, reorder, try one.

The list is one value, ``target.via``; each proxy is a card with rows of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, cast, override

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from bascule.errors import BasculeError
from bascule.spec.codec import Data, from_data
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule_desktop.messages import explain
from bascule_desktop.theme import GRID, look
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.data import get, put
from bascule_desktop.wizard.pieces import IconLabel, column, heading, line, paragraph, push, tool
from bascule_desktop.wizard.rows import FieldRow, Part

translate = QCoreApplication.translate

type Target = Callable[[], tuple[str, int] | None]
"""Where the last proxy shall lead: host and port, or None while nobody has said."""


def presets() -> dict[str, Data]:
    """The proxies that people have, by the words they know them by."""
    return {
        translate("Wizard", "SOCKS proxy"): {"version": "5", "host": "", "port": 1080},
        translate("Wizard", "Tor on this computer (port 9050)"): _local("5", 9050),
        translate("Wizard", "I2P on this computer (port 4447)"): _local("5", 4447),
        translate("Wizard", "HTTP proxy"): {"version": "http", "host": "", "port": 3128},
        translate("Wizard", "ssh -D on this computer (port 1080)"): _local("5", 1080),
    }


def _local(version: str, port: int) -> Data:
    return {"version": version, "host": "127.0.0.1", "port": port}


class HopCard(QFrame):
    """One proxy: its rows, and the buttons that move, try and remove it."""

    moved = Signal(object, int)
    removed = Signal(object)
    tried = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        look(self, card=True)
        self._context = context
        names = ("host", "port", "version", "username", "password")
        self.rows = {name: FieldRow(context, ProxyHop, name, name) for name in names}
        self.number = QLabel()
        look(self.number, badge="accent")
        theme = context.theme
        self.try_button = push(
            translate("Wizard", "Test this proxy"), lambda: self.tried.emit(self), quiet=True
        )
        self.up = tool(
            theme,
            "chevron-up",
            translate("Wizard", "Move this proxy up"),
            lambda: self.moved.emit(self, -1),
        )
        self.down = tool(
            theme,
            "chevron-down",
            translate("Wizard", "Move this proxy down"),
            lambda: self.moved.emit(self, 1),
        )
        self.remove = tool(
            theme,
            "delete",
            translate("Wizard", "Remove this proxy"),
            lambda: self.removed.emit(self),
        )
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.moved.emit(self, step))
        self.said_icon = IconLabel(theme, "state-starting", "accent", 16)
        self.said = paragraph()
        self._said_line = QWidget()
        said = QHBoxLayout(self._said_line)
        said.setContentsMargins(0, 0, 0, 0)
        said.addWidget(self.said_icon, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.said, 1)
        self._said_line.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, GRID, 12, 12)
        layout.setSpacing(GRID)
        head = line(self.number)
        for button in (self.try_button, self.up, self.down, self.remove):
            head.addWidget(button)
        layout.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(2)
        grid.setRowMinimumHeight(2, 26)
        places = {"host": (0, 0), "port": (0, 1), "version": (0, 2)}
        places |= {"username": (2, 0), "password": (2, 1)}
        for name, row in self.rows.items():
            down, across = places[name]
            span = 2 if name == "password" else 1
            row.label.setMinimumSize(0, 20)
            row.label.setContentsMargins(0, 0, 0, 0)
            row.label.setMaximumWidth(16777215)
            row.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            look(row.label, muted=True, small=True)
            grid.addWidget(row.label, down, across, 1, span)
            grid.addWidget(row.field, down + 1, across, 1, span, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        layout.addLayout(grid)
        layout.addWidget(self._said_line)

    def place(self, index: int, count: int, path: str) -> None:
        """Take a place in the list: paths, number, and which way it can move."""
        for name, row in self.rows.items():
            row.path = f"{path}.{index}.{name}"
            row.editor.input.setObjectName(row.path)
            row.editor.input.setAccessibleName(
                f"{row.title} {index + 1}" if count > 1 else row.title
            )
        self.number.setText(translate("Wizard", "Proxy {number}").format(number=index + 1))
        self.up.setEnabled(index > 0)
        self.down.setEnabled(index < count - 1)

    def data(self) -> Data:
        """The values of the proxy."""
        return {name: row.value() for name, row in self.rows.items()}

    def fill(self, values: Data) -> None:
        """Show a proxy."""
        for name, row in self.rows.items():
            if name in values:
                row.show(values[name])

    def say(self, icon: str, colour: Any, text: str) -> None:
        """Say how the try goes."""
        self.said_icon.show_icon(icon, colour)
        self.said.setText(text)
        self._said_line.setVisible(bool(text))


class HopsPart(Part):
    """The proxies in their order. ``target`` tells where the last one leads, for a try.

    ``titled`` gives them a heading of their own; else they stand beside a label.
    """

    def __init__(
        self, context: Context, path: str, target: Target | None = None, *, titled: bool = True
    ) -> None:
        super().__init__(context)
        self.path = path
        self._target: Target = target or (lambda: None)
        self.cards: list[HopCard] = []
        self._list = column(spacing=GRID)
        self._none = paragraph(translate("Wizard", "No proxy yet: the way is direct."), muted=True)
        self.add = push(translate("Wizard", "Add a proxy"), lambda: None)
        context.theme.set_icon(self.add, "add")
        menu = QMenu(self.add)
        for label, values in presets().items():
            action = QAction(label, menu)
            action.triggered.connect(functools.partial(self._add_chosen, values))
            menu.addAction(action)
        self.add.setMenu(menu)
        layout = column(self)
        if titled:
            layout.addWidget(heading(translate("Wizard", "Proxies on the way, in order")))
            layout.addWidget(self._none)
        layout.addLayout(self._list)
        self._none.setWordWrap(titled)
        layout.addLayout(line(self.add) if titled else line(self.add, self._none))
        self._number()

    def _add_chosen(self, values: Data, *_: object) -> None:
        self.add_hop(values).rows["host"].editor.setFocus()

    def add_hop(self, values: Data) -> HopCard:
        """Put a proxy at the end."""
        card = HopCard(self.context)
        card.fill(values)
        for row in card.rows.values():
            row.edited.connect(self.edited)
            row.left.connect(self._left)
        card.moved.connect(self._move)
        card.removed.connect(self._remove)
        card.tried.connect(self._try)
        self.cards.append(card)
        self._list.addWidget(card)
        self._number()
        self.edited.emit()
        return card

    @override
    def rows(self) -> Iterator[FieldRow]:
        for card in self.cards:
            yield from card.rows.values()

    @override
    def write(self, data: Data) -> None:
        put(data, self.path, [card.data() for card in self.cards])

    @override
    def read(self, data: Data) -> None:
        held = cast("list[Data] | None", get(data, self.path))
        if held is None:
            return
        for card in list(self.cards):
            self._remove(card)
        for values in held:
            self.add_hop(values)

    def _left(self, _path: str) -> None:
        row = self.sender()
        if isinstance(row, FieldRow):
            self.left.emit(row.path)

    def _number(self) -> None:
        for index, card in enumerate(self.cards):
            card.place(index, len(self.cards), self.path)
        self._none.setVisible(not self.cards)

    def _move(self, card: HopCard, step: int) -> None:
        index = self.cards.index(card)
        wanted = index + step
        if not 0 <= wanted < len(self.cards):
            return
        focus = self.window().focusWidget()
        self.cards.insert(wanted, self.cards.pop(index))
        self._list.removeWidget(card)
        self._list.insertWidget(wanted, card)
        self._number()
        moved: QWidget = card if not card.isAncestorOf(focus) else focus
        (moved if moved.isEnabled() else card.remove).setFocus()
        self.edited.emit()

    def _remove(self, card: HopCard) -> None:
        self.cards.remove(card)
        self._list.removeWidget(card)
        card.hide()
        card.setParent(None)
        card.deleteLater()
        self._number()
        self.add.setFocus()
        self.edited.emit()

    # try ----------------------------------------------------------------------------------------

    def _try(self, card: HopCard) -> None:
        problems = [row for row in card.rows.values() if row.check() is not None]
        if not problems:
            self.context.start("try hop", self._try_hop(card))

    async def _try_hop(self, card: HopCard) -> None:
        """Go through the proxies up to this one, and ask it for the next stretch of the way."""
        index = self.cards.index(card)
        via = tuple(other.data() for other in self.cards[: index + 1])
        card.say("state-starting", "accent", translate("Wizard", "Asking the proxy…"))
        following = self.cards[index + 1].data() if index + 1 < len(self.cards) else None
        goal = (str(following["host"]), following["port"]) if following else self._target()
        secrets = {**self.context.handed, **self.secrets()}
        try:
            hops = tuple(from_data(ProxyHop, hop) for hop in via)
            if goal is None:  # nowhere to go yet: that it answers is all that can be learnt
                target = TcpConnect(host=hops[-1].host, port=hops[-1].port, via=hops[:-1])
            else:
                target = TcpConnect(host=goal[0], port=goal[1], via=hops)
            spec = RelaySpec(source=TcpListen(port=0), target=target)
            results = await self.context.client.test(spec, secrets)
        except BasculeError as exc:
            card.say("state-problem", "problem", explain(exc.problem).text)
            return
        problem = results[-1].problem if results else None
        if problem is not None:
            card.say("state-problem", "problem", explain(problem).text)
        elif goal is None:
            text = translate("Wizard", "It answers. Fill in the target to try the rest of the way.")
            card.say("check", "running", text)
        else:
            spent = sum(result.milliseconds for result in results)
            text = translate("Wizard", "It works: {goal} was reached in {time} ms.")
            card.say(
                "check", "running", text.format(goal=f"{goal[0]}:{goal[1]}", time=round(spent))
            )
