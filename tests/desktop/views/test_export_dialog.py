"""The export dialog: every form is named, shown, refused in words, copied; what is lost is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from bascule.spec.endpoints import ServerTls, TcpListen
from bascule.spec.export.exported import Form
from bascule.spec.export.write import write
from bascule.spec.profiles import profile_from_toml
from bascule_desktop.theme import Theme
from bascule_desktop.views.export_dialog import ExportDialog
from tests.desktop.relay_facts import CHAIN, FORWARD, SCALE, profile
from tests.desktop.views.conftest import destroy

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def parent() -> Iterator[QWidget]:
    made = QWidget()
    made.show()
    yield made
    destroy(made)


def shown(parent: QWidget, theme: Theme, spec: object = FORWARD, name: str = "Web") -> ExportDialog:
    dialog = ExportDialog(profile("web-1", name, spec), "Web.toml", theme, parent)  # type: ignore[arg-type]
    dialog.show()
    return dialog


def said(dialog: ExportDialog) -> list[str]:
    """What is said under the text, or in its place."""
    labels = [label for label in dialog.findChildren(QLabel) if label.isVisible()]
    return [label.text() for label in labels if label.text()]


def test_the_profile_comes_first_and_can_be_read_again(parent: QWidget, theme: Theme) -> None:
    dialog = shown(parent, theme)
    assert dialog.forms.currentItem().text() == "Bascule profile"
    assert profile_from_toml(dialog.text.toPlainText()).relay == FORWARD
    assert dialog.chosen is not None
    assert (dialog.chosen.form, dialog.chosen.file_name) == (None, "Web.toml")
    assert "Nothing of the relay is lost." in said(dialog)


def test_the_passwords_of_a_profile_stay_here(parent: QWidget, theme: Theme) -> None:
    tls = ServerTls("/c", "/k", key_passphrase="reference")
    dialog = shown(parent, theme, replace(FORWARD, source=TcpListen(1, tls=tls)))
    assert "Type its passwords again after importing it: they stay here." in said(dialog)


@pytest.mark.parametrize("form", [Form.SOCAT, Form.SYSTEMD, Form.HAPROXY, Form.NGINX])
def test_each_form_is_shown_and_copied_as_it_is_written(
    form: Form, parent: QWidget, theme: Theme, qtbot: QtBot
) -> None:
    relay = replace(FORWARD, connections_per_client=3, direction="up")
    dialog = shown(parent, theme, relay)
    dialog.choose(form)
    expected = write(form, relay, name="Web")
    assert dialog.text.toPlainText() == expected.text
    assert dialog.chosen is not None
    assert (dialog.chosen.form, dialog.chosen.text) == (form, expected.text)
    qtbot.mouseClick(dialog.copy, LEFT)
    assert QGuiApplication.clipboard().text() == expected.text
    assert len([each for each in said(dialog) if "no setting for" in each]) == len(
        [loss for loss in expected.lost if not loss.to_do]
    )


def test_what_is_to_be_done_is_said_apart_from_what_is_lost(parent: QWidget, theme: Theme) -> None:
    tls = ServerTls("/c", "/k")
    relay = replace(FORWARD, source=TcpListen(1, tls=tls), idle_seconds=5.0, chunk_bytes=7)
    dialog = shown(parent, theme, relay)
    dialog.choose(Form.HAPROXY)
    lines = said(dialog)
    do, lost = (lines.index(f"{words}:") for words in (
        "Before it works, you have to do this", "What is lost",
    ))  # fmt: skip
    assert "cat /c /k > /c.haproxy" in lines[do + 1]
    assert do < lost
    assert lines[lost + 1] == "haproxy has no setting for “Move at most at once” (7)."


def test_what_a_program_cannot_do_is_grey_and_says_why(parent: QWidget, theme: Theme) -> None:
    dialog = shown(parent, theme, CHAIN)
    possible = {
        dialog.forms.item(row).text()
        for row in range(dialog.forms.count())
        if not dialog.forms.item(row).toolTip()
    }
    assert possible == {"Bascule profile", "Service for systemd"}
    dialog.choose(Form.STUNNEL)
    assert not dialog.text.isVisible()
    assert not dialog.save.isEnabled()
    assert not dialog.copy.isEnabled()
    assert dialog.chosen is None
    assert "stunnel cannot do what this relay does" in said(dialog)
    item = dialog.forms.currentItem()
    assert item.toolTip() in said(dialog)  # before it is chosen, too
    assert item.data(Qt.ItemDataRole.AccessibleDescriptionRole) == item.toolTip()
    dialog.choose(Form.SYSTEMD)
    assert dialog.text.isVisible()
    assert dialog.save.isEnabled()
    assert "stunnel cannot do what this relay does" not in said(dialog)


def test_saving_accepts_and_closing_does_not(parent: QWidget, theme: Theme, qtbot: QtBot) -> None:
    dialog = shown(parent, theme, SCALE)
    dialog.choose(Form.SER2NET)
    qtbot.mouseClick(dialog.save, LEFT)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.chosen is not None
    assert dialog.chosen.file_name == "web.yaml"
    dialog = shown(parent, theme, SCALE)
    dialog.reject()
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_a_name_is_text_and_nothing_else(parent: QWidget, theme: Theme) -> None:
    dialog = shown(parent, theme, FORWARD, name="<b>bold</b> & {name}")
    assert dialog.windowTitle() == "Export “<b>bold</b> & {name}”"
    dialog.choose(Form.HAPROXY)
    assert dialog.text.toPlainText().startswith("# <b>bold</b> & {name}\n")
