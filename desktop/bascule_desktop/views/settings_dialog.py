"""Owns the settings of the program itself: language, appearance, start at login, looking for
updates; and the way to what helps to find a fault.

What is chosen takes effect at once; there is nothing to confirm.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from bascule.errors import BasculeError
from bascule.managed import update_address
from bascule_desktop import autostart, login_words
from bascule_desktop.language import LANGUAGES
from bascule_desktop.messages import explain
from bascule_desktop.settings import Settings
from bascule_desktop.theme import GRID, Scheme, look
from bascule_desktop.views.combo import ComboBox
from bascule_desktop.views.notices import not_kept_text


class SettingsDialog(QDialog):
    """The settings. The theme follows ``settings`` by itself."""

    diagnosis_wanted = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings_dialog")
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(440)
        self._settings = settings
        self._language_before = settings.language
        self.language = ComboBox()
        self.language.setObjectName("language")
        self.language.addItem(self.tr("As the system"), "")
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(self.language.findData(settings.language), 0))
        self.language.activated.connect(self._set_language)
        self.language_note = _note(self.tr("The language changes when Bascule starts next."))
        self.theme = ComboBox()
        self.theme.setObjectName("theme")
        self.theme.addItem(self.tr("As the system"), Scheme.SYSTEM.value)
        self.theme.addItem(self.tr("Light"), Scheme.LIGHT.value)
        self.theme.addItem(self.tr("Dark"), Scheme.DARK.value)
        self.theme.setCurrentIndex(max(self.theme.findData(settings.theme), 0))
        self.theme.activated.connect(self._set_theme)
        self.login = QCheckBox(self.tr("Start Bascule when you log in"))
        self.login.setObjectName("start_at_login")
        self.login.setChecked(autostart.is_enabled())
        self.login.clicked.connect(self._set_login)
        self.login_note = _note("")
        look(self.login_note, muted=None, problem=True)
        self.everybody_note = _note(login_words.for_everybody())
        self.portable_note = _note(
            self.tr(
                "This copy is portable: it leaves nothing on the computer, so nothing can start it "
                "when you log in. Everything it knows, passwords too, is in {folder}."
            ).format(folder=settings.portable)
        )
        self.notifications = QCheckBox(self.tr("Tell me when a relay has a problem"))
        self.notifications.setObjectName("notifications")
        self.notifications.setChecked(settings.notifications)
        self.notifications.clicked.connect(self._set_notifications)
        self.updates = QCheckBox(self.tr("Look for a newer version once a week"))
        self.updates.setObjectName("looks_for_updates")
        self.updates.setChecked(settings.looks_for_updates)
        self.updates.clicked.connect(self._set_updates)
        self.updates_note = _note("")
        self._obey_managed()
        self.newer_note = _note(
            self.tr(
                "A newer Bascule wrote the settings on this computer. This one leaves them as they "
                "are: what you change here lasts until Bascule ends. Install the newest Bascule to "
                "keep it."
            )
        )
        self.not_kept_note = _note("")
        look(self.not_kept_note, muted=None, problem=True)
        self._lay_out()
        self._show_notes()

    def _show_notes(self) -> None:
        """Say what holds of these settings from the beginning, and nothing else."""
        settings = self._settings
        self.not_kept_note.hide()
        if settings.why_not_kept is not None:
            self._show_not_kept(settings.why_not_kept)
        settings.not_kept.connect(self._show_not_kept)
        self.newer_note.setVisible(not settings.lasts and settings.why_not_kept is None)
        self.portable_note.setVisible(settings.portable is not None)
        self.login.setVisible(autostart.is_possible())
        self.login.setEnabled(not (given := autostart.is_for_everybody()))
        self.everybody_note.setVisible(given)
        self.language_note.hide()
        self.login_note.hide()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setHorizontalSpacing(3 * GRID)
        form.setVerticalSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_name(self.tr("Language"), self.language), self.language)
        form.addRow("", self.language_note)
        form.addRow(_name(self.tr("Appearance"), self.theme), self.theme)
        buttons = QDialogButtonBox()
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("close")
        buttons.rejected.connect(self.accept)
        fault = buttons.addButton(
            self.tr("Help to find a fault…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        fault.setObjectName("diagnosis")
        fault.setAutoDefault(False)  # Enter closes
        fault.clicked.connect(self.diagnosis_wanted)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(GRID)
        whole.addWidget(self.newer_note)
        whole.addWidget(self.not_kept_note)
        whole.addLayout(form)
        whole.addSpacing(GRID)
        whole.addWidget(self.login)
        whole.addWidget(self.login_note)
        whole.addWidget(self.everybody_note)
        whole.addWidget(self.portable_note)
        whole.addWidget(self.notifications)
        whole.addWidget(self.updates)
        whole.addWidget(self.updates_note)
        whole.addStretch(1)
        whole.addSpacing(GRID)
        whole.addWidget(buttons)

    def _set_language(self) -> None:
        self._settings.language = str(self.language.currentData())
        self.language_note.setVisible(self._settings.language != self._language_before)
        self._fit()

    def _set_theme(self) -> None:
        self._settings.theme = str(self.theme.currentData())

    def _set_notifications(self, on: bool) -> None:
        self._settings.notifications = on

    def _set_updates(self, on: bool) -> None:
        self._settings.looks_for_updates = on

    def _show_not_kept(self, reason: str) -> None:
        self.not_kept_note.setText(not_kept_text(reason, str(self._settings.file.parent)))
        self.not_kept_note.show()
        self._fit()

    def _obey_managed(self) -> None:
        """Where nothing may or can be looked for, say so instead of a switch without effect."""
        try:
            update_address()
        except BasculeError as exc:
            self.updates.setEnabled(False)
            self.updates.setChecked(False)
            self.updates_note.setText(f"{explain(exc.problem).title}.")
        else:
            said = self.tr("It only tells you. Nothing is downloaded or installed by itself.")
            self.updates_note.setText(said)

    def _set_login(self, on: bool) -> None:
        said = ""
        try:
            autostart.set_enabled(on)
        except OSError as exc:
            said = login_words.refused(exc)
        self.login.setChecked(autostart.is_enabled())
        self.login_note.setText(said)
        self.login_note.setVisible(bool(said))
        self._fit()

    def _fit(self) -> None:
        """High enough for the words that have come, which Qt would press into the same height."""
        if (layout := self.layout()) is not None and self.isVisible():
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))


def _name(text: str, field: ComboBox) -> QLabel:
    """The name of a field, as high as the field: else it hangs at the field's top."""
    name = QLabel(text)
    field.ensurePolished()
    name.setMinimumHeight(field.sizeHint().height())
    name.setBuddy(field)
    return name


def _note(text: str) -> QLabel:
    note = QLabel(text)
    note.setWordWrap(True)
    note.setTextFormat(Qt.TextFormat.PlainText)
    look(note, muted=True)
    return note
