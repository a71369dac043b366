"""Owns the menu of one relay: what can be done with it, in the list and in the detail alike."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from bascule.spec.endpoints import TcpConnect
from bascule_desktop.actions import Actions
from bascule_desktop.store import Row
from bascule_desktop.theme import Theme
from bascule_desktop.views.asking import Asking

translate = QCoreApplication.translate


def fill_relay_menu(menu: QMenu, row: Row, actions: Actions, theme: Theme, asking: Asking) -> None:
    """Fill a menu with what can be done with a relay now."""
    menu.clear()
    menu.setObjectName("relay_menu")
    id = row.id

    def add(icon: str, label: str, act: Callable[[], None], keys: str = "") -> None:
        # The keys are shown only: the window owns them, and a second owner makes them ambiguous.
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        action = menu.addAction(f"{label}\t{shown}" if keys else label)
        theme.set_icon(action, icon)
        action.triggered.connect(lambda _checked=False: act())

    if row.profile is None:
        add("refresh", translate("RelayMenu", "Read the file again"), lambda: actions.try_again(id))
        add(
            "folder",
            translate("RelayMenu", "Open the folder"),
            lambda: asking.open_folder(row.file),
        )
        menu.addSeparator()
        add("delete", translate("RelayMenu", "Delete…"), lambda: asking.delete_broken(row))
        return
    if row.active:
        add("stop", translate("RelayMenu", "Stop"), lambda: actions.stop(id))
    else:
        add("start", translate("RelayMenu", "Start"), lambda: actions.start(id))
    if row.troubled:
        add("refresh", translate("RelayMenu", "Try again"), lambda: actions.try_again(id))
    if isinstance(row.profile.relay.target, TcpConnect):
        add("test", translate("RelayMenu", "Check the target…"), lambda: actions.check(id))
    menu.addSeparator()
    add("edit", translate("RelayMenu", "Edit…"), lambda: actions.edit(id), "Ctrl+E")
    add("duplicate", translate("RelayMenu", "Duplicate"), lambda: actions.duplicate(id), "Ctrl+D")
    add("tag", translate("RelayMenu", "Group…"), lambda: asking.group(row))
    add("export", translate("RelayMenu", "Export…"), lambda: asking.export(row))
    menu.addSeparator()
    start = menu.addAction(translate("RelayMenu", "Start with the computer"))
    start.setCheckable(True)
    start.setChecked(row.profile.autostart)
    if row.profile.autostart:
        theme.set_icon(start, "check", "accent")

    def set_autostart(on: bool) -> None:
        actions.set_autostart(id, on)

    start.triggered.connect(set_autostart)
    menu.addSeparator()
    add("delete", translate("RelayMenu", "Delete"), lambda: actions.delete(id), "Del")
