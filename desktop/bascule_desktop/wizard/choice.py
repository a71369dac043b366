"""Owns the first page: what do you want to do? Large cards in the person's words."""

from __future__ import annotations

import functools
from typing import override

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.wizard.page import scrolled
from bascule_desktop.wizard.pieces import IconLabel, push

translate = QCoreApplication.translate


def choices() -> dict[str, tuple[str, str, str]]:
    """Icon, title and explanation of every kind that has a card."""
    return {
        "forward": (
            "connections",
            translate("Wizard", "Forward a port"),
            translate("Wizard", "A port of this computer leads to a service on another one."),
        ),
        "tls": (
            "lock",
            translate("Wizard", "Put TLS (HTTPS) in front of a service"),
            translate("Wizard", "An old web page or device becomes reachable encrypted."),
        ),
        "proxy": (
            "proxy",
            translate("Wizard", "Reach a host through proxies"),
            translate("Wizard", "Through Tor, I2P, ssh or a company's gateway, one or several."),
        ),
        "serial": (
            "serial",
            translate("Wizard", "Share a serial port on the network"),
            translate("Wizard", "A scale, a sensor or a console on COM5 answers over the network."),
        ),
        "serial-connect": (
            "arrow-right",
            translate("Wizard", "Connect a serial port to a host"),
            translate("Wizard", "The reverse: the device itself reaches out to a server."),
        ),
    }


class ChoiceCard(QPushButton):
    """One large choice: icon, title, and a sentence that wraps."""

    def __init__(self, theme: Theme, icon: str, title: str, text: str) -> None:
        super().__init__()
        look(self, choice=True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        name = QLabel(title)
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        said = QLabel(text)
        look(said, muted=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (name, said):
            label.setWordWrap(True)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(16)
        row.addWidget(IconLabel(theme, icon, "accent", 28))
        row.addLayout(words, 1)
        row.addWidget(IconLabel(theme, "chevron-right", "muted", 16))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def sizeHint(self) -> QSize:
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return -1 if layout is None else layout.totalHeightForWidth(width)


class ChoicePage(QWidget):
    """The cards. ``chosen`` carries the kind; ``paste_wanted``: somebody has a command already;
    ``recipes_wanted``: rather from a recipe.
    """

    chosen = Signal(str)
    paste_wanted = Signal()
    recipes_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.cards: dict[str, QAbstractButton] = {}
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(3 * GRID, GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        for kind, (icon, title, text) in choices().items():
            card = ChoiceCard(theme, icon, title, text)
            card.setObjectName(kind)
            card.clicked.connect(functools.partial(self._choose, kind))
            self.cards[kind] = card
            layout.addWidget(card)
        self.expert: QPushButton = push(
            translate(
                "Wizard", "Something else, such as UDP, a program, a file or several targets"
            ),
            lambda: self.chosen.emit("expert"),
            quiet=True,
        )
        self.expert.setObjectName("expert")
        self.cards["expert"] = self.expert
        self.paste: QPushButton = push(
            translate("Wizard", "I have a command or a configuration to paste"),
            self.paste_wanted.emit,
            quiet=True,
        )
        self.paste.setObjectName("paste")
        self.recipes: QPushButton = push(
            translate("Wizard", "Start from a recipe"), self.recipes_wanted.emit, quiet=True
        )
        self.recipes.setObjectName("start_from_recipe")
        layout.addWidget(self.recipes, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.expert, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.paste, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(body))

    def _choose(self, kind: str, *_: object) -> None:
        self.chosen.emit(kind)
