"""Owns the part of a page that says which serial port, and its line settings."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout

from bascule.spec.endpoints import SerialPort
from bascule_desktop.theme import GRID
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.pieces import LABEL_WIDTH, column, form_layout, heading
from bascule_desktop.wizard.rows import FieldRow, Part
from bascule_desktop.wizard.serial_picker import DeviceEditor

translate = QCoreApplication.translate


class SerialPart(Part):
    """Port, speed and format; ``path`` is ``source`` or ``target``."""

    def __init__(self, context: Context, path: str) -> None:
        super().__init__(context)

        def row(name: str) -> FieldRow:
            return self.add_row(FieldRow(context, SerialPort, name, f"{path}.{name}"))

        self.device = row("device")
        self.picker = self.device.editor
        assert isinstance(self.picker, DeviceEditor)
        self.picker.proposed.connect(self._proposed)
        self.baud = row("baud")
        form = form_layout()
        self.device.add_to(form)
        self.baud.add_to(form)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        for index, name in enumerate(("data_bits", "parity", "stop_bits", "flow_control")):
            each = row(name)
            across = 2 * (index % 2)
            if across:
                each.label.setMinimumWidth(96)
                each.label.setMaximumWidth(112)
            grid.addWidget(each.label, index // 2, across)
            grid.addWidget(each.field, index // 2, across + 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(3, 1)
        layout = column(self, GRID)
        layout.addWidget(heading(translate("Wizard", "Serial port")))
        layout.addLayout(form)
        layout.addLayout(grid)

    def _proposed(self, device: str) -> None:
        self.proposed.emit(self.device.path, device)

    @property
    def device_name(self) -> str:
        """The port as people know it: its description, else its name."""
        picker = self.picker
        assert isinstance(picker, DeviceEditor)
        info = picker.info
        device = str(picker.value())
        short = device.rpartition("/")[2] or device
        if info is not None and info.description not in ("", "n/a", info.device, short):
            return info.description
        return short
