"""Owns the main window: the list on the left, the detail on the right, a notice above.

It joins views, actions and link by signals; what the parts show and do is their own affair.
"""

from __future__ import annotations

import functools
from typing import override

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bascule.errors import Problem
from bascule.recording.records import Passage, Record
from bascule.spec.profiles import Profile
from bascule_desktop.actions import Actions
from bascule_desktop.engine_link import EngineLink, LinkState
from bascule_desktop.messages import ActionHint
from bascule_desktop.models.relay_list import RelayListModel
from bascule_desktop.settings import Settings
from bascule_desktop.store import Changes
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import GRID, Theme
from bascule_desktop.traffic_file import Form
from bascule_desktop.views.asking import Asking
from bascule_desktop.views.detail import Detail
from bascule_desktop.views.drops import Drops
from bascule_desktop.views.empty import EmptyState
from bascule_desktop.views.hints import take_hint
from bascule_desktop.views.main_menu import CHECK_KEYS, PASTE_KEYS, RECIPE_KEYS, MainMenu
from bascule_desktop.views.notice_bar import NoticeBar
from bascule_desktop.views.notices import (
    deleted_notice,
    exported_notice,
    failed_notice,
    link_notice,
    login_notice,
    noticed_notice,
    traffic_saved_notice,
)
from bascule_desktop.views.openings import Openings
from bascule_desktop.views.panes import Pane, change_pane
from bascule_desktop.views.relay_menu import fill_relay_menu
from bascule_desktop.views.side_pane import SidePane
from bascule_desktop.views.waiting import Waiting

_TICK_MILLISECONDS = 1000
_LEAST = QSize(760, 500)
_USUAL = QSize(1080, 720)


class MainWindow(QMainWindow):
    """The window. Closing and quitting are decided by ``app.py``."""

    quit_requested = Signal()

    def __init__(
        self, actions: Actions, link: EngineLink, theme: Theme, settings: Settings
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("Bascule")
        self._actions = actions
        self._link = link
        self._theme = theme
        self._settings = settings
        self._tasks = Tasks(self, self._report)
        self._asking = Asking(self, actions, link.store, theme, settings, self._tasks)
        self._openings = Openings(self, actions, link, theme, settings, self._tasks)
        self._wanted = settings.selected
        self.model = RelayListModel(link.store, self)
        self.side = SidePane(self.model, theme)
        self.notice = NoticeBar(theme)
        self.empty = EmptyState(theme)
        self.detail = Detail(theme)
        self.waiting = Waiting(theme, link)
        self.stack = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MILLISECONDS)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()
        self._lay_out()
        self._connect()
        self._make_menu()
        self._make_shortcuts()
        self._restore_geometry()
        self._refresh(Changes(reset=True))
        self._on_link(link.state)
        self.side.list.setFocus()

    # making -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for page in (self.waiting, self.empty, self.detail):
            self.stack.addWidget(page)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        above = QVBoxLayout()
        above.setContentsMargins(3 * GRID, GRID, 3 * GRID, 0)
        above.addWidget(self.notice)
        column.addLayout(above)
        column.addWidget(self.stack, 1)
        self._splitter.addWidget(self.side)
        self._splitter.addWidget(right)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setHandleWidth(1)
        self.side.setMinimumWidth(264)
        right.setMinimumWidth(_LEAST.width() - self.side.minimumWidth() - 1)  # all that it can have
        self.setCentralWidget(self._splitter)
        self.setMinimumSize(_LEAST)

    def _connect(self) -> None:
        actions, link, detail, list_ = self._actions, self._link, self.detail, self.side.list
        link.changed.connect(self._refresh)
        link.state_changed.connect(self._on_link)
        link.noticed.connect(self._on_noticed)
        actions.failed.connect(self._on_failed)
        actions.deleted.connect(self._on_deleted)
        actions.saved.connect(self.show_relay)
        actions.exported.connect(self._on_exported)
        actions.traffic_saved.connect(self._on_traffic_saved)
        actions.login_arranged.connect(self._on_login_arranged)
        actions.traffic_read.connect(self.detail.take_traffic)
        actions.share_read.connect(self.detail.take_share)
        self._openings.saved.connect(self.show_relay)
        self._openings.noticed.connect(self.notice.tell)
        actions.trust_wanted.connect(self._openings.trust)
        actions.wizard_wanted.connect(self._open_wizard)
        actions.demo_wanted.connect(self._open_demo)
        actions.check_wanted.connect(self._openings.check)
        self.model.toggle_wanted.connect(self._switch)
        self.side.new_wanted.connect(actions.new_relay)
        self.side.group_chosen.connect(self._on_group)
        list_.current_changed.connect(self._on_current)
        list_.edit_wanted.connect(actions.edit)
        list_.delete_wanted.connect(self._delete)
        list_.menu_wanted.connect(self._show_relay_menu)
        detail.toggle_wanted.connect(actions.toggle)
        detail.edit_wanted.connect(actions.edit)
        detail.close_wanted.connect(actions.close_connection)
        detail.record_wanted.connect(actions.record)
        detail.traffic_wanted.connect(actions.read_traffic)
        detail.share_wanted.connect(actions.read_share)
        detail.traffic.save_wanted.connect(self._save_traffic)
        detail.retry_wanted.connect(actions.try_again)
        detail.folder_wanted.connect(self._asking.open_folder)
        detail.hint_taken.connect(self._take_hint)
        detail.header.menu.aboutToShow.connect(self._fill_detail_menu)
        self.empty.new_wanted.connect(actions.new_relay)
        self.empty.recipes_wanted.connect(self._openings.recipes)
        self.empty.paste_wanted.connect(self._openings.paste)
        self.empty.import_wanted.connect(self._asking.import_file)
        drops = Drops(self)
        drops.text_dropped.connect(self._openings.paste)
        drops.file_dropped.connect(functools.partial(self._openings.paste, ""))
        drops.profiles_dropped.connect(actions.import_files)
        self.empty.demo_wanted.connect(actions.run_demo)

    def _make_menu(self) -> None:
        menu = MainMenu(self._theme, self)
        menu.recipes_wanted.connect(self._openings.recipes)
        menu.paste_wanted.connect(self._openings.paste)
        menu.check_wanted.connect(self._openings.check)
        menu.import_wanted.connect(self._asking.import_file)
        menu.settings_wanted.connect(self._openings.settings)
        menu.demo_wanted.connect(self._actions.run_demo)
        menu.diagnosis_wanted.connect(self._openings.diagnose)
        menu.about_wanted.connect(self._openings.about)
        menu.quit_wanted.connect(self.quit_requested)
        self.side.menu_button.setMenu(menu)

    def _make_shortcuts(self) -> None:
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.New), self._actions.new_relay),
            (QKeySequence(QKeySequence.StandardKey.Find), self._focus_search),
            (QKeySequence(PASTE_KEYS), self._openings.paste),
            (QKeySequence(RECIPE_KEYS), self._openings.recipes),
            (QKeySequence(CHECK_KEYS), self._openings.check),
            (QKeySequence("Ctrl+E"), self._edit_current),
            (QKeySequence("Ctrl+D"), self._duplicate_current),
            (QKeySequence("F6"), functools.partial(self._change_pane, 1)),
            (QKeySequence("Shift+F6"), functools.partial(self._change_pane, -1)),
            (QKeySequence(QKeySequence.StandardKey.Quit), self.quit_requested.emit),
        ):
            QShortcut(keys, self).activated.connect(act)

    def _restore_geometry(self) -> None:
        self.resize(_USUAL)
        self._splitter.setSizes([360, _USUAL.width() - 360])
        if not self._settings.geometry.isEmpty():
            self.restoreGeometry(self._settings.geometry)
        if not self._settings.splitter.isEmpty():
            self._splitter.restoreState(self._settings.splitter)

    # from outside -------------------------------------------------------------------------------

    def raise_and_show(self) -> None:
        """Bring the window to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_relay(self, id: str) -> None:
        """Show a relay's detail; one that is not known yet is shown as soon as it is."""
        self._wanted = id
        if id in self._link.store.rows:
            self._select_wanted()

    # engine -------------------------------------------------------------------------------------

    def _refresh(self, changes: Changes) -> None:
        self.model.apply(changes)
        if changes.reset or changes.added or changes.removed or changes.changed:
            self._refresh_groups(first=changes.reset)
            self._select_wanted()
        shown = self._link.store.rows.get(self.detail.id)
        if shown is None:
            return
        if changes.reset or shown.id in changes.changed or shown.id in changes.added:
            self.detail.show_row(shown)  # what was taken away and brought back is another row
        if shown.id in changes.traffic:
            self.detail.refresh_traffic()
        if shown.id in changes.log:
            self.detail.refresh_log()

    def _refresh_groups(self, *, first: bool) -> None:
        if first and not self.side.groups.count() > 1:
            self.side.refresh_groups(self._settings.group)
        else:
            self.side.refresh_groups_if_changed()

    def _select_wanted(self) -> None:
        """Show what was asked for, else what is shown, else the first; else say how to begin."""
        rows, list_ = self._link.store.rows, self.side.list
        if self._wanted in rows:
            if not list_.select(self._wanted):
                self.side.show_all()
                list_.select(self._wanted)
            self._wanted = ""
        elif not list_.current_id:
            list_.select_first()
        if not rows:
            known = self._link.connected or self._link.state is LinkState.LOST
            self.stack.setCurrentWidget(self.empty if known else self.waiting)
        elif self.detail.id not in rows:
            self._on_current(list_.current_id)

    def _on_current(self, id: str) -> None:
        row = self._link.store.rows.get(id)
        if row is not None:
            self.detail.show_row(row)
            self.stack.setCurrentWidget(self.detail)
            self._settings.selected = id
        elif self.detail.id not in self._link.store.rows:
            self.stack.setCurrentWidget(self.waiting)

    def _on_link(self, state: LinkState) -> None:
        self._select_wanted()
        notice = link_notice(state, self._link.problem, self._link.try_again)
        if notice is not None:
            self.notice.tell(notice)
        elif self.notice.about_link:
            self.notice.dismiss()

    def _on_noticed(self, key: str, facts: dict[str, object]) -> None:
        notice = noticed_notice(key, facts, self._actions, self._openings.diagnose)
        if notice is not None:
            self.notice.tell(notice)

    def _on_tick(self) -> None:
        if self.isVisible() and not self.isMinimized():
            self.model.tick()
            self.detail.tick()

    # actions ------------------------------------------------------------------------------------

    def _switch(self, id: str, on: bool) -> None:
        if on:
            self._actions.start(id)
        else:
            self._actions.stop(id)

    def _delete(self, id: str) -> None:
        row = self._link.store.rows.get(id)
        if row is not None and row.profile is None:
            self._asking.delete_broken(row)
        else:
            self._actions.delete(id)

    def _save_traffic(
        self, form: Form, records: tuple[Record, ...], passages: dict[int, Passage]
    ) -> None:
        row = self._link.store.rows.get(self.detail.id)
        self._asking.save_traffic(row.name if row is not None else "", form, records, passages)

    def _take_hint(self, id: str, hint: ActionHint) -> None:
        take_hint(hint, id, self._actions)

    def _on_failed(self, id: str | None, problem: Problem) -> None:
        row = self._link.store.rows.get(id or "")
        self.notice.tell(failed_notice(row, problem, self._actions))

    def _on_deleted(self, id: str, name: str) -> None:
        undo = functools.partial(self._actions.undo_delete, id)
        self.notice.tell(deleted_notice(name, undo))

    def _on_exported(self, name: str, file: str) -> None:
        show = functools.partial(self._asking.open_folder, file)
        self.notice.tell(exported_notice(name, file, show))

    def _on_login_arranged(self, why: str) -> None:
        self.notice.tell(login_notice(why))

    def _on_traffic_saved(self, file: str) -> None:
        show = functools.partial(self._asking.open_folder, file)
        self.notice.tell(traffic_saved_notice(file, show))

    def _on_group(self, group: str) -> None:
        self._settings.group = group

    def _report(self, problem: Exception) -> None:
        """What a dialog's task could not do goes where every unforeseen thing goes."""
        raise problem

    # dialogs ------------------------------------------------------------------------------------

    def _open_wizard(self, profile: Profile | None) -> None:
        self.raise_and_show()
        self._openings.wizard(profile)

    def _open_demo(self) -> None:
        self.raise_and_show()
        self._openings.demo()

    def _show_relay_menu(self, id: str, where: QPoint) -> None:
        row = self._link.store.rows.get(id)
        if row is not None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            fill_relay_menu(menu, row, self._actions, self._theme, self._asking)
            menu.popup(where)

    def _fill_detail_menu(self) -> None:
        row = self._link.store.rows.get(self.detail.id)
        if row is not None:
            menu = self.detail.header.menu
            fill_relay_menu(menu, row, self._actions, self._theme, self._asking)

    # keys ---------------------------------------------------------------------------------------

    def _focus_search(self) -> None:
        self.side.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.side.search.selectAll()

    def _edit_current(self) -> None:
        self._actions.edit(self.side.list.current_id or self.detail.id)

    def _duplicate_current(self) -> None:
        self._actions.duplicate(self.side.list.current_id or self.detail.id)

    def _change_pane(self, step: int) -> None:
        """Move the focus to the next pane: list, detail, tabs, notice."""
        panes: list[Pane] = [(self.side, self.side.list)]
        if self.stack.currentWidget() is self.detail:
            header = self.detail.header
            first = header.toggle if header.toggle.isVisible() else self.detail.broken.retry
            panes.append((self.detail, first))
            if self.detail.tabs.isVisible():
                panes.append((self.detail.tabs, self.detail.tabs.tabBar()))
        elif self.stack.currentWidget() is self.empty:
            panes.append((self.empty, self.empty.new))
        if self.notice.isVisible():
            panes.append((self.notice, self.notice.close_button))
        change_pane(panes, QApplication.focusWidget(), step)

    # Qt's events --------------------------------------------------------------------------------

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._remember()
        super().hideEvent(event)

    def _remember(self) -> None:
        self._settings.geometry = self.saveGeometry()
        self._settings.splitter = self._splitter.saveState()
