"""The window with a real engine: made, started, used, deleted, lost and found again."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLabel,
    QMessageBox,
    QPushButton,
)

from bascule.places import Places
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.export.exported import Form
from bascule.spec.local import Program
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from bascule_desktop import autostart
from bascule_desktop.actions import Actions
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.launcher import Launcher
from bascule_desktop.settings import Settings
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme
from bascule_desktop.views.about_dialog import AboutDialog
from bascule_desktop.views.diagnosis_dialog import DiagnosisDialog
from bascule_desktop.views.export_dialog import ExportDialog
from bascule_desktop.views.import_dialog import ImportDialog
from bascule_desktop.views.main_window import MainWindow
from bascule_desktop.views.settings_dialog import SettingsDialog
from bascule_desktop.wizard.dialog import WizardDialog
from tests.helpers.contract import PATIENCE_SECONDS

LOOK_SECONDS = 0.01


class Desk:
    """A window, its engine, and eyes on both."""

    def __init__(self, link: EngineLink, theme: Theme, settings: Settings) -> None:
        self.unforeseen: list[Exception] = []
        self.link = link
        self.tasks = Tasks(link, self.unforeseen.append)
        self.actions = Actions(link, self.tasks, link)
        self.window = MainWindow(self.actions, link, theme, settings)
        self.window.show()

    async def sees(self, holds: Callable[[], object]) -> None:
        """Wait until the window shows it, as somebody who looks at it would."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                await asyncio.sleep(LOOK_SECONDS)

    def dialog[T: QDialog](self, kind: type[T]) -> T | None:
        return next((each for each in self.window.findChildren(kind) if each.isVisible()), None)


@pytest.fixture
async def desk(places: Places, launcher: Launcher, theme: Theme) -> AsyncIterator[Desk]:
    link = EngineLink(places, launcher=launcher)
    made = Desk(link, theme, Settings(places, link))
    running = asyncio.get_running_loop().create_task(link.run())
    await made.sees(lambda: link.connected)
    yield made
    await made.tasks.finish()
    await made.window._tasks.finish()
    running.cancel()
    await asyncio.wait([running])
    shiboken6.delete(made.window)
    assert not made.unforeseen


def echo(port: int = 9) -> Profile:
    return Profile("echo-1", "Echo", RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", port)))


async def test_a_relays_life(desk: Desk) -> None:
    window, detail = desk.window, desk.window.detail
    await desk.sees(lambda: window.stack.currentWidget() is window.empty)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            writer.write(chunk)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    await desk.link.client.save(echo(server.sockets[0].getsockname()[1]))
    await desk.sees(lambda: window.stack.currentWidget() is detail)
    assert detail.header.toggle.text() == "Start"

    detail.header.toggle.click()
    await desk.sees(lambda: detail.header.state.text() == "Running")
    address = detail._row.status.listening[0] if detail._row else ""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"x" * 5000)
    assert len(await reader.readexactly(5000)) == 5000
    await desk.sees(lambda: "5.0" in detail.rate.up.total.text())
    await desk.sees(lambda: "5.0" in detail.rate.down.total.text())
    assert detail.tabs.tabText(1) == "Connections (1)"
    detail.tabs.setCurrentWidget(detail.connections)
    await desk.sees(lambda: "5.0" in str(detail.connections.model.index(0, 2).data()))
    detail.connections.table.selectRow(0)
    detail.connections._close.trigger()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    await desk.sees(lambda: detail.tabs.tabText(1) == "Connections")

    desk.actions.delete("echo-1")
    await desk.sees(lambda: window.stack.currentWidget() is window.empty)
    window.notice.button.click()
    await desk.sees(lambda: detail.isVisible() and detail.header.state.text() == "Running")
    server.close()


async def test_the_engine_is_killed(desk: Desk) -> None:
    window = desk.window
    await desk.link.client.save(echo())
    desk.actions.start("echo-1")
    await desk.sees(lambda: window.detail.header.state.text() == "Running")
    os.kill(desk.link.client.info.pid, signal.SIGKILL)
    await desk.sees(lambda: "was started again" in window.notice.text.text())
    assert window.notice.text.text().endswith("run again.")
    await desk.sees(lambda: window.detail.header.state.text() == "Running")


async def test_an_import_is_shown_first_and_kept_stopped(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "given.toml"
    file.write_text(profile_to_toml(echo()), "utf-8")
    desk.actions.import_files([file])
    await desk.sees(lambda: desk.dialog(ImportDialog))
    assert not desk.link.store.rows
    dialog = desk.dialog(ImportDialog)
    assert dialog is not None
    dialog.name.setText("Given")
    QTimer.singleShot(0, dialog.accept_button.click)
    await desk.sees(lambda: desk.window.detail.header.name.text() == "Given")
    assert desk.window.detail.header.state.text() == "Stopped"


async def test_files_are_offered_one_after_another(desk: Desk, tmp_path: Path) -> None:
    files: list[Path] = []
    for name in ("one", "two"):
        runs = RelaySpec(TcpListen(0), Program(command=f"echo {name}"))
        files.append(tmp_path / f"{name}.bascule")
        files[-1].write_text(profile_to_toml(Profile(f"{name}-1", name, runs)), "utf-8")
    desk.actions.import_files(files)
    for name in ("one", "two"):
        await desk.sees(lambda n=name: (d := desk.dialog(ImportDialog)) and d.name.text() == n)
        dialog = desk.dialog(ImportDialog)
        assert dialog is not None
        assert any("It runs a program" in label.text() for label in dialog.findChildren(QLabel))
        QTimer.singleShot(0, dialog.accept_button.click)
    await desk.sees(lambda: len(desk.link.store.rows) == 2)
    profiles = [row.profile for row in desk.link.store.rows.values()]
    assert all(profile is not None and profile.unconfirmed for profile in profiles)


async def test_a_group_is_asked_for(desk: Desk) -> None:
    await desk.link.client.save(echo())
    await desk.sees(lambda: "echo-1" in desk.link.store.rows)
    desk.window._asking.group(desk.link.store.rows["echo-1"])
    await desk.sees(lambda: desk.dialog(QInputDialog))
    dialog = desk.dialog(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("Lab")
    QTimer.singleShot(0, dialog.accept)
    await desk.sees(lambda: desk.window.model.groups == ["Lab"])


@pytest.fixture
def own_file_dialog() -> Iterator[None]:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    yield
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


@pytest.mark.usefixtures("own_file_dialog")
async def test_an_export_for_another_program_is_saved(desk: Desk, tmp_path: Path) -> None:
    await desk.link.client.save(echo())
    await desk.sees(lambda: "echo-1" in desk.link.store.rows)
    desk.window._asking.export(desk.link.store.rows["echo-1"])
    await desk.sees(lambda: desk.dialog(ExportDialog))
    dialog = desk.dialog(ExportDialog)
    assert dialog is not None
    dialog.choose(Form.SYSTEMD)
    written = dialog.text.toPlainText()
    QTimer.singleShot(0, dialog.save.click)
    await desk.sees(lambda: desk.dialog(QFileDialog))
    chooser = desk.dialog(QFileDialog)
    assert chooser is not None
    assert chooser.defaultSuffix() == "service"
    file = tmp_path / "echo.service"
    chooser.selectFile(str(file))
    QTimer.singleShot(0, lambda: chooser.done(1))
    await desk.sees(lambda: str(file) in desk.window.notice.text.text())
    assert file.read_text("utf-8") == written


async def test_dialogs_open_from_the_menu(desk: Desk) -> None:
    menu = desk.window.side.menu_button.menu()
    next(each for each in menu.actions() if each.objectName() == "settings").trigger()
    await desk.sees(lambda: desk.dialog(SettingsDialog))
    next(each for each in menu.actions() if each.objectName() == "settings").trigger()
    assert len(desk.window.findChildren(SettingsDialog)) == 1
    dialog = desk.dialog(SettingsDialog)
    assert dialog is not None
    dialog.reject()
    await desk.sees(lambda: not desk.window.findChildren(SettingsDialog))


async def test_about_opens_from_the_menu(desk: Desk) -> None:
    menu = desk.window.side.menu_button.menu()
    next(each for each in menu.actions() if each.objectName() == "info").trigger()
    await desk.sees(lambda: desk.dialog(AboutDialog))
    dialog = desk.dialog(AboutDialog)
    assert dialog is not None
    dialog.reject()
    await desk.sees(lambda: not desk.window.findChildren(AboutDialog))


async def test_the_wizard_opens_once_and_can_be_left(desk: Desk) -> None:
    desk.actions.new_relay()
    await desk.sees(lambda: desk.dialog(WizardDialog))
    desk.actions.new_relay()
    assert len(desk.window.findChildren(WizardDialog)) == 1
    dialog = desk.dialog(WizardDialog)
    assert dialog is not None
    dialog.reject()
    await desk.sees(lambda: not desk.window.findChildren(WizardDialog))
    assert not desk.link.store.rows


async def test_what_starts_with_the_computer_does_so_the_next_day(desk: Desk) -> None:
    await desk.link.client.save(echo())
    await desk.sees(lambda: "echo-1" in desk.link.store.rows)
    assert not autostart.is_enabled()
    desk.actions.edit("echo-1")
    await desk.sees(lambda: desk.dialog(WizardDialog))
    dialog = desk.dialog(WizardDialog)
    assert dialog is not None
    dialog.next.click()
    await desk.sees(dialog.test.isVisible)
    dialog.next.click()
    assert not dialog.last.when.isVisible()
    dialog.last.autostart.click()
    assert dialog.last.when.isVisible()
    dialog.next.click()
    await desk.sees(lambda: not desk.window.findChildren(WizardDialog))
    await desk.sees(autostart.is_enabled)
    said = "Bascule now starts when you log in, and this relay with it."
    assert desk.window.notice.text.text() == said
    desk.window._actions.login_arranged.emit("The system did not allow it: Permission denied.")
    assert "Permission denied. Then tick" in desk.window.notice.text.text()
    del dialog
    gc.collect()  # what a wizard leaves behind must not be freed in a thread of a later test


async def test_a_broken_profile_is_deleted_only_after_a_question(
    desk: Desk, places: Places
) -> None:
    await desk.link.client.save(echo())
    bad = places.profiles / "bad-1.toml"
    bad.write_text("not a profile", "utf-8")
    await desk.link.client.stop_engine()
    await desk.sees(lambda: "bad-1" in desk.link.store.rows)
    desk.window.side.list.select("bad-1")
    for label, gone in (("Cancel", False), ("Delete", True)):
        desk.window.side.list.delete_wanted.emit("bad-1")
        await desk.sees(lambda: desk.dialog(QMessageBox))
        box = desk.dialog(QMessageBox)
        assert box is not None
        button = next(each for each in box.buttons() if each.text() == label)
        QTimer.singleShot(0, button.click)
        await desk.sees(lambda: not desk.window.findChildren(QMessageBox))
        if gone:
            await desk.sees(lambda: "bad-1" not in desk.link.store.rows)
            assert (places.deleted / "bad-1.toml").read_text("utf-8") == "not a profile"
        else:
            assert bad.exists()


async def test_the_settings_lead_to_what_helps_to_find_a_fault(desk: Desk) -> None:
    desk.window._openings.settings()
    await desk.sees(lambda: desk.dialog(SettingsDialog))
    settings = desk.dialog(SettingsDialog)
    assert settings is not None
    [button] = settings.findChildren(QPushButton, "diagnosis")
    button.click()
    await desk.sees(lambda: (shown := desk.dialog(DiagnosisDialog)) and shown.save.isEnabled())
    diagnosis = desk.dialog(DiagnosisDialog)
    assert diagnosis is not None
    assert diagnosis.parent() is settings
    diagnosis.reject()
    await desk.sees(lambda: desk.dialog(DiagnosisDialog) is None)
    settings.reject()
    await desk.sees(lambda: desk.dialog(SettingsDialog) is None)
