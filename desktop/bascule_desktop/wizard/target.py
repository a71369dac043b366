"""Owns the part of a page that says which host a relay leads to."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.spec.endpoints import TcpConnect
from bascule.spec.foreign.place import host_and_port
from bascule_desktop.theme import GRID
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.pieces import column, form_layout, heading
from bascule_desktop.wizard.rows import FieldRow, Part

translate = QCoreApplication.translate


class TargetPart(Part):
    """Host and port of the target."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.host = self.add_row(FieldRow(context, TcpConnect, "host", "target.host"))
        self.port = self.add_row(FieldRow(context, TcpConnect, "port", "target.port"))
        form = form_layout()
        self.host.add_to(form)
        self.port.add_to(form)
        layout = column(self, GRID)
        layout.addWidget(heading(translate("Wizard", "Where it leads")))
        layout.addLayout(form)

        self.host.editor.left.connect(self._take_address)

    def _take_address(self) -> None:
        """Where a whole address was put into the field of the host, fill in its parts."""
        parts = host_and_port(str(self.host.editor.value()))
        if parts is None:
            return
        host, port = parts
        self.host.editor.set_value(host)
        self.host.left.emit(self.host.path)  # judged once more: what was said of it is over
        if port is not None:
            self.port.editor.set_value(port)
            self.port.left.emit(self.port.path)

    def goal(self) -> tuple[str, int] | None:
        """Host and port, once both are there."""
        host, port = self.host.editor.value(), self.port.editor.value()
        if isinstance(host, str) and host and isinstance(port, int):
            return host, port
        return None
