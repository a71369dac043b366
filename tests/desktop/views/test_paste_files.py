"""Pasting from files and by dragging, and what the window keeps of a text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget

from bascule_desktop.theme import Theme
from bascule_desktop.views.drops import Drops
from bascule_desktop.views.main_window import MainWindow
from bascule_desktop.views.paste_dialog import PasteDialog
from tests.desktop.views.conftest import destroy
from tests.desktop.views.pasting import PLAIN, RUNS, Open, shown, words
from tests.desktop.wizard.played import rounds, signalled


async def test_a_file_is_read_and_one_that_is_no_text_is_refused(
    open_paste: Open, tmp_path: Path
) -> None:
    script, picture = tmp_path / "relay.sh", tmp_path / "logo.png"
    script.write_bytes(f"{PLAIN}\r\n".encode())
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    dialog = open_paste()
    await signalled(dialog.settled, lambda: dialog.open_file(script))
    assert len(dialog.cards) == 1
    dialog.open_file(picture)
    await rounds(lambda: bool(words(dialog, "refused_title")))
    assert words(dialog, "refused_title") == ["logo.png is not a text"]


def mime(text: str = "", file: Path | None = None) -> QMimeData:
    made = QMimeData()
    if text:
        made.setText(text)
    if file is not None:
        made.setUrls([QUrl.fromLocalFile(str(file))])
    return made


def drop(window: QWidget, source: QMimeData) -> bool:
    """Drag something over a window and let it go; whether it was taken."""
    where = QPointF(window.rect().center())
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.DragEnter, QEvent.Type.Drop):
        # The class for entering has no constructor with this kind of place.
        event = QDropEvent(where, Qt.DropAction.CopyAction, source, left, plain, kind)
        event.ignore()
        QApplication.sendEvent(window, event)
        if not event.isAccepted():
            return False
    return True


async def test_text_and_files_are_dropped_on_the_dialog(open_paste: Open, tmp_path: Path) -> None:
    (tmp_path / "a.service").write_text(PLAIN, "utf-8")
    dialog = open_paste()
    await signalled(dialog.settled, lambda: drop(dialog, mime(RUNS)))
    assert dialog.findChildren(QCheckBox, "confirm_run")
    file = mime(file=tmp_path / "a.service")
    await signalled(dialog.settled, lambda: drop(dialog, file))
    assert dialog.field.text == PLAIN


def test_what_is_dropped_on_a_window_is_sorted(theme: Theme, tmp_path: Path) -> None:
    window = QWidget()
    drops = Drops(window)
    spies = [
        QSignalSpy(each)
        for each in (drops.text_dropped, drops.file_dropped, drops.profiles_dropped)
    ]
    assert drop(window, mime(PLAIN))
    assert drop(window, mime(file=tmp_path / "stunnel.conf"))
    assert drop(window, mime(file=tmp_path / "scale.TOML"))
    assert not drop(window, mime())
    several = mime(file=tmp_path / "a.bascule")
    several.setUrls([*several.urls(), *mime(file=tmp_path / "b.txt").urls(), *several.urls()])
    assert drop(window, several)
    assert spies[2].at(1) == [[tmp_path / "a.bascule"] * 2]
    assert [spy.at(0)[0] for spy in spies] == [
        PLAIN,
        tmp_path / "stunnel.conf",
        [tmp_path / "scale.TOML"],
    ]
    assert [spy.count() for spy in spies] == [1, 1, 2]
    destroy(window)


async def test_what_was_pasted_is_there_again_until_it_is_a_relay(window: MainWindow) -> None:
    async def opened() -> PasteDialog:
        window._openings.paste()
        await rounds(lambda: any(each.isVisible() for each in window.findChildren(PasteDialog)))
        (dialog,) = [each for each in window.findChildren(PasteDialog) if each.isVisible()]
        return dialog

    async def closed() -> None:
        await rounds(lambda: not window._tasks.running("paste"))

    dialog = await opened()
    assert dialog.field.text == ""
    await shown(dialog, PLAIN)
    dialog.reject()
    await closed()
    dialog = await opened()
    assert dialog.field.textCursor().selectedText() == PLAIN  # a new text takes its place
    await rounds(lambda: len(dialog.cards) == 1)
    dialog.finish(dialog.cards[0])
    await closed()
    dialog = await opened()
    assert dialog.field.text == ""
    dialog.reject()
    await closed()
