"""Owns what is shown while there is no relay: a picture, a sentence, three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.choice_button import ChoiceButton


class EmptyState(QWidget):
    """The three choices, each a signal."""

    new_wanted = Signal()
    import_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self._theme = theme
        self._picture = QLabel()
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
        self.bring = ChoiceButton(
            theme,
            "import",
            self.tr("Import a profile…"),
            self.tr("Open a file that somebody gave you; nothing starts by itself."),
        )
        self.bring.setObjectName("empty_import")
        self.demo = ChoiceButton(
            theme,
            "demo",
            self.tr("Try the demonstration"),
            self.tr("See four relays carry real bytes on this computer."),
        )
        self.demo.setObjectName("empty_demo")
        self.new.clicked.connect(self.new_wanted)
        self.bring.clicked.connect(self.import_wanted)
        self.demo.clicked.connect(self.demo_wanted)
        column = QWidget()
        column.setMaximumWidth(480)
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        inside.setSpacing(GRID)
        inside.addWidget(self._picture)
        inside.addWidget(title)
        inside.addWidget(words)
        inside.addSpacing(GRID)
        for button in self.buttons:
            inside.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addStretch(1)
        whole.addWidget(column, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(1)
        theme.changed.connect(self._draw)
        self._draw()

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """The choices, from the top."""
        return (self.new, self.bring, self.demo)

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(self._theme.pixmap("empty", QSize(240, 150), "text", ratio))
