"""Owns the part of a page that says which host a relay leads to."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from bascule.spec.endpoints import TcpConnect
from bascule_desktop.theme import GRID
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.pieces import column, form_layout, heading
from bascule_desktop.wizard.rows import FieldRow, Part

translate = QCoreApplication.translate

_ADDRESS = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?:[^/@\s]*@)?"
    r"(?P<host>\[[^\]\s]+\]|[^/:\s\[\]]+)(?::(?P<port>[0-9]{1,5}))?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_USUAL_PORTS = {"http": 80, "https": 443, "ssh": 22, "telnet": 23, "ftp": 21}


def host_and_port(text: str) -> tuple[str, int | None] | None:
    """Host and port of ``http://host:port/page``, as a browser shows it, or of ``host:port``; the
    port is None where none is known. None where the text is neither.
    """
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or not (found["scheme"] or found["port"]):
        return None
    port = (
        int(found["port"]) if found["port"] else _USUAL_PORTS.get((found["scheme"] or "").lower())
    )
    return found["host"], port


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
