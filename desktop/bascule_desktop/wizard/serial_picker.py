"""Owns the choice of a serial port: the computer's ports as they come and go, or a typed name."""

from __future__ import annotations

from functools import partial
from typing import cast, override

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bascule.errors import BasculeError
from bascule.facts import PortInfo
from bascule_desktop.theme import look
from bascule_desktop.views.combo import ComboBox
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.editors import Editor
from bascule_desktop.wizard.pieces import paragraph

translate = QCoreApplication.translate

REFRESH_MILLISECONDS = 2000


def port_text(port: PortInfo) -> str:
    """One port in a line: ``COM5 · USB Serial Port · 0403:6001``."""
    parts = [port.device]
    description = port.description or port.manufacturer
    if description and description not in ("n/a", port.device):
        parts.append(description)
    if port.vid is not None and port.pid is not None:
        parts.append(f"{port.vid:04X}:{port.pid:04X}")
    return " · ".join(parts)


class DeviceEditor(Editor):
    """A combo box of the serial ports, refreshed while it is in sight; a path may be typed too."""

    listed = Signal()
    """The list of ports was read anew."""

    proposed = Signal(str)
    """The first port was filled in by itself."""

    def __init__(self, context: Context) -> None:
        self.combo = ComboBox()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(ComboBox.InsertPolicy.NoInsert)
        self.combo.setMinimumContentsLength(28)
        self.hint = paragraph(muted=True)
        self.hint.hide()
        holder = QWidget()
        stacked = QVBoxLayout(holder)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(4)
        stacked.addWidget(self.combo)
        stacked.addWidget(self.hint)
        super().__init__(holder)
        self.input = self.combo
        self.setFocusProxy(self.combo)
        self.ports: tuple[PortInfo, ...] | None = None
        self._context = context
        self._touched = False
        self._reading = f"ports {id(self)}"
        # The page may go before the window that owns the task, while the engine is still asked.
        self.destroyed.connect(partial(context.tasks.cancel, self._reading))
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self.refresh)
        line = self.combo.lineEdit()
        assert line is not None
        self._line = line
        self._line.textEdited.connect(self._typed)
        self._line.editingFinished.connect(self.left)
        self._line.textChanged.connect(self.edited)
        self.combo.activated.connect(self._chosen)

    @override
    def value(self) -> object:
        return self._line.text().split(" · ")[0].strip()

    @override
    def set_value(self, value: object) -> None:
        device = str(value or "")
        self._touched = self._touched or bool(device)
        self._line.setText(self._text_of(device))
        self._line.setCursorPosition(0)

    @override
    def set_hint(self, hint: str) -> None:
        if hint:
            self._line.setPlaceholderText(hint)

    @property
    def info(self) -> PortInfo | None:
        """What is known of the chosen port."""
        return next((p for p in self.ports or () if p.device == self.value()), None)

    def refresh(self) -> None:
        """Read the list of ports again."""
        self._context.start(self._reading, self._refresh())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    async def _refresh(self) -> None:
        try:
            ports = await self._context.client.serial_ports()
        except BasculeError:
            return  # the engine is away for a moment; the next round asks again
        self._show(ports)
        self.listed.emit()

    def _show(self, ports: tuple[PortInfo, ...]) -> None:
        if ports == self.ports or self.combo.view().isVisible():
            return  # nobody likes a list that changes under the mouse
        device = cast(str, self.value())
        before, cursor = self._line.text(), self._line.cursorPosition()
        chosen = self._line.selectedText()
        begin = self._line.selectionStart()
        self.ports = ports
        self.combo.blockSignals(True)
        self._line.blockSignals(True)
        self.combo.clear()
        for port in ports:
            self.combo.addItem(port_text(port), port.device)
            tip = " · ".join(filter(None, (port.manufacturer, port.serial_number, port.location)))
            self.combo.setItemData(
                self.combo.count() - 1, tip or port.device, Qt.ItemDataRole.ToolTipRole
            )
        self.combo.setCurrentIndex(-1)
        self._line.blockSignals(False)
        self.combo.blockSignals(False)
        if not device and not self._touched and ports:
            device = ports[0].device
            self.proposed.emit(device)
        here = self._line.hasFocus()
        after = before if self._touched and here else self._text_of(device)
        self._line.blockSignals(after == before)
        self._line.setText(after)
        self._line.blockSignals(False)
        if not here:
            self._line.setCursorPosition(0)
        elif after != before:  # somebody is about to type, and neither behind nor before it
            self._line.selectAll()
        elif chosen:
            self._line.setSelection(begin, len(chosen))
        else:
            self._line.setCursorPosition(cursor)
        self._tell(device)

    def _tell(self, device: str) -> None:
        if not self.ports:
            text = translate(
                "Wizard",
                "No serial port is plugged in at the moment. Plug one in and it appears here, or "
                "type its name.",
            )
        elif device and all(port.device != device for port in self.ports):
            text = translate(
                "Wizard", "{device} is not plugged in at the moment; the relay waits for it."
            ).format(device=device)
        else:
            text = ""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        look(self.hint, muted=True)

    def _text_of(self, device: str) -> str:
        return next((port_text(p) for p in self.ports or () if p.device == device), device)

    def _typed(self) -> None:
        self._touched = True

    def _chosen(self, index: int) -> None:
        self._touched = True
        self._line.setText(self.combo.itemText(index))
        self._line.setCursorPosition(0)
        self._tell(cast(str, self.value()))
        self.left.emit()
