"""Owns what is shown while there is no relay: a picture, a sentence, the ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.choice_button import ChoiceButton

_WIDTH = 432
_PICTURE = QSize(240, 150)


class EmptyState(QWidget):
    """The choices, each a signal."""

    new_wanted = Signal()
    recipes_wanted = Signal()
    paste_wanted = Signal()
    import_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self._theme = theme
        self._picture = QLabel()
        self._picture.setFixedHeight(_PICTURE.height())
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        title = QLabel(self.tr("Join what cannot talk to each other"))
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        title.setWordWrap(True)
        look(title, heading="title")
        words = QLabel(
            self.tr(
                "A relay passes everything from a port of this computer to a device, "
                "another computer or a service."
            )
        )
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setWordWrap(True)
        look(words, muted=True)
        self.new = ChoiceButton(
            theme,
            "add",
            self.tr("New relay"),
            self.tr("Answer a few questions; every step is tried for real."),
        )
        self.new.setObjectName("empty_new")
        self.recipes = ChoiceButton(
            theme,
            "book",
            self.tr("Start from a recipe"),
            self.tr("Find what you want to do among many, and fill in a few values."),
        )
        self.recipes.setObjectName("empty_recipes")
        self.paste = ChoiceButton(
            theme,
            "paste",
            self.tr("Paste a command…"),
            self.tr("From a runbook, a script or a manual; you see first what it does."),
        )
        self.paste.setObjectName("empty_paste")
        self.demo = ChoiceButton(
            theme,
            "demo",
            self.tr("Try the demonstration"),
            self.tr("See four relays carry real bytes on this computer."),
        )
        self.demo.setObjectName("empty_demo")
        self.new.clicked.connect(self.new_wanted)
        self.bring = QPushButton(self.tr("Import a profile…"))
        self.bring.setObjectName("empty_import")
        look(self.bring, quiet=True)
        self.recipes.clicked.connect(self.recipes_wanted)
        self.paste.clicked.connect(self.paste_wanted)
        self.bring.clicked.connect(self.import_wanted)
        self.demo.clicked.connect(self.demo_wanted)
        self._lay_out(title, words)
        theme.changed.connect(self._draw)
        self._draw()

    def _lay_out(self, title: QLabel, words: QLabel) -> None:
        column = QWidget()
        column.setFixedWidth(_WIDTH)
        inside = QVBoxLayout(column)
        inside.addStretch(1)
        inside.setContentsMargins(GRID, 2 * GRID, GRID, 2 * GRID)
        inside.setSpacing(GRID)
        inside.addWidget(self._picture)
        inside.addWidget(title)
        inside.addWidget(words)
        inside.addSpacing(GRID)
        for button in self.buttons:
            inside.addWidget(button)
        inside.addWidget(self.bring, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addStretch(2)
        middle = QWidget()
        look(middle, clear=True)
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(column)
        across.addStretch(1)
        # Long words or a large font may need more height than a small window has.
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(middle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """The choices, from the top."""
        return (self.new, self.recipes, self.paste, self.demo)

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(self._theme.pixmap("empty", _PICTURE, "text", ratio))
