"""Owns the last page: what the relay will do, what to type elsewhere, its name, how it starts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from bascule.errors import ErrorCode, Problem
from bascule.facts import CertificateMade
from bascule.spec.endpoints import TcpListen
from bascule.spec.profiles import Profile, new_id
from bascule.spec.relays import RelaySpec
from bascule_desktop.route_nodes import is_this_computer
from bascule_desktop.sentences import client_hints, sentence
from bascule_desktop.theme import GRID
from bascule_desktop.views.route import RoutePicture
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.page import scrolled
from bascule_desktop.wizard.pieces import (
    LABEL_WIDTH,
    CopyLine,
    Expander,
    Note,
    Remark,
    column,
    form_layout,
    heading,
    paragraph,
)
from bascule_desktop.wizard.rows import FieldRow
from bascule_desktop.wizard.trust import TrustPanel

translate = QCoreApplication.translate


class LastPage(QWidget):
    """The summary. It reads the name, the group and how to start into a profile."""

    def __init__(self, context: Context, profile: Profile | None) -> None:
        super().__init__()
        self._context = context
        self._profile = profile
        self._proposed = ""
        self.sentence = paragraph()
        font = self.sentence.font()
        font.setPointSizeF(font.pointSizeF() * 1.1)
        self.sentence.setFont(font)
        self.picture = RoutePicture(context.theme)
        self.exposed = Note(
            context.theme,
            translate(
                "Wizard",
                "Everybody on your network can connect to this relay: no allow-list says who may.",
            ),
            "waiting",
        )
        self.name = FieldRow(context, Profile, "name", "name")
        self.group = FieldRow(context, Profile, "group", "group")
        self.group.editor.set_hint(translate("Wizard", "Optional, to keep relays together"))
        self.start_now = QCheckBox(translate("Wizard", "Start now"))
        self.start_now.setObjectName("start_now")
        self.start_now.setChecked(profile is None)
        self.autostart = QCheckBox(translate("Wizard", "Start with the computer"))
        self.autostart.setObjectName("autostart")
        self.when = Remark(translate("Wizard", "It starts as soon as you log in to this computer."))
        self.when.setContentsMargins(3 * GRID, 0, 0, 0)
        self.when.hide()
        self.autostart.toggled.connect(self.when.setVisible)
        if profile is not None:
            self.name.editor.set_value(profile.name)
            self.group.editor.set_value(profile.group)
            self.autostart.setChecked(profile.autostart)
        self._lay_out()

    def _lay_out(self) -> None:
        form = form_layout()
        for row in (self.name, self.group):
            row.setParent(self)
            row.add_to(form)
        starts = column(spacing=4)
        starts.addWidget(self.start_now)
        starts.addWidget(self.autostart)
        starts.addWidget(self.when)
        form.addRow("", starts)
        self._elsewhere = QWidget()
        self._hints = column(self._elsewhere)
        self._trust = column()
        self._trust_panel: Expander | None = None
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(3 * GRID, GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.sentence)
        layout.addWidget(self.picture)
        layout.addWidget(self.exposed)
        layout.addWidget(self._elsewhere)
        layout.addLayout(form)
        layout.addLayout(self._trust)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(body))

    @property
    def changed(self) -> bool:
        """Whether the name, the group or the start were changed by somebody."""
        name, group = str(self.name.editor.value()), str(self.group.editor.value())
        if self._profile is None:
            return name not in ("", self._proposed) or bool(group) or self.autostart.isChecked()
        held = (self._profile.name, self._profile.group, self._profile.autostart)
        return (name, group, self.autostart.isChecked()) != held

    def show_relay(self, spec: RelaySpec, name: str, made: CertificateMade | None) -> None:
        """Say what a relay will do. ``name`` is a proposal, taken while nobody typed another."""
        self.sentence.setText(sentence(spec))
        self.picture.show_route(spec)
        self.exposed.setVisible(spec.exposed)
        if self.name.editor.value() in ("", self._proposed) and self._profile is None:
            self._proposed = name
            self.name.editor.set_value(name)
        self._show_hints(spec)
        self._show_trust(made)

    def _show_hints(self, spec: RelaySpec) -> None:
        while (item := self._hints.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        hints = client_hints(spec)
        self._elsewhere.setVisible(bool(hints))
        if not hints:
            return
        self._hints.addWidget(heading(translate("Wizard", "What to type to use it")))
        holder = QWidget()
        form = form_layout(holder)
        for label, command in hints:
            entry = CopyLine(self._context, command, label)
            title = QLabel(label)
            title.setWordWrap(True)
            title.setFixedWidth(LABEL_WIDTH)
            title.setBuddy(entry.edit)
            form.addRow(title, entry)
        self._hints.addWidget(holder)
        if isinstance(spec.source, TcpListen) and is_this_computer(spec.source.host):
            alone = translate(
                "Wizard",
                "Only this computer can use it. To let others, go back and choose "
                "who can reach it.",
            )
            self._hints.addWidget(paragraph(alone, muted=True))

    def _show_trust(self, made: CertificateMade | None) -> None:
        if self._trust_panel is not None:
            self._trust_panel.hide()
            self._trust_panel.deleteLater()
            self._trust_panel = None
        if made is not None:
            panel = TrustPanel(self._context, made)
            text = translate("Wizard", "How others trust the certificate")
            self._trust_panel = Expander(self._context.theme, text, panel)
            self._trust.addWidget(self._trust_panel)

    def profile(self, spec: RelaySpec) -> Profile | None:
        """The profile to save; None, and said beside the name, where it has none."""
        name = str(self.name.editor.value())
        if not name:
            self.name.show_problem(Problem(ErrorCode.VALUE_MISSING, "name is missing", "name"))
            self.name.editor.setFocus()
            return None
        id = self._profile.id if self._profile is not None else new_id(name)
        return Profile(
            id=id,
            name=name,
            relay=spec,
            group=str(self.group.editor.value()),
            autostart=self.autostart.isChecked(),
        )
