"""The card of a file that is handed out, and its code as a camera sees it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from pytestqt.qtbot import QtBot

from bascule.facts import ShareFacts
from bascule_desktop.sentences import Hint
from bascule_desktop.share_words import Links
from bascule_desktop.theme import Scheme, Theme
from bascule_desktop.views.elided import ElidedLabel
from bascule_desktop.views.qr_picture import QrPicture
from bascule_desktop.views.share_card import ShareCard
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.processes import find

CODE = "http://192.168.1.23:8000/kT3v9_xAbCdEfGhIjKlMnO"
LINK = f"{CODE}/report.pdf"
FACTS = ShareFacts("/kT3v9_xAbCdEfGhIjKlMnO", "report.pdf", 12_400_000, 1)
FOUND = Links([Hint("From another computer", LINK)], CODE, here_only=False)


def read(image: QImage, folder: Path) -> str:
    """What a camera reads."""
    assert image.save(str(folder / "seen.png"))
    return subprocess.run(
        [find("zbarimg"), "-q", "--raw", str(folder / "seen.png")],
        capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS,
    ).stdout.removesuffix("\n")  # fmt: skip


@pytest.fixture
def card(theme: Theme, qtbot: QtBot) -> ShareCard:
    card = ShareCard(theme)
    card.resize(600, 240)
    qtbot.addWidget(card)
    return card


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_a_camera_reads_the_link_in_either_theme(
    card: ShareCard, theme: Theme, tmp_path: Path, scheme: Scheme
):
    theme.set_scheme(scheme)
    card.show_share(FOUND, FACTS, running=True)
    assert not card.isHidden()
    assert read(card.grab().toImage(), tmp_path) == CODE
    assert card.code.accessibleDescription() == CODE
    assert card.code.accessibleName() == "QR code of the link"


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_the_code_is_sharp_on_every_screen(qtbot: QtBot, tmp_path: Path, ratio: float):
    picture = QrPicture()
    qtbot.addWidget(picture)
    picture.show_text(CODE)
    picture.resize(picture.sizeHint())
    side = int(picture.width() * ratio)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.red)
    picture.render(image)
    seen = {image.pixel(x, y) for x in range(side) for y in range(side)}
    assert seen == {QColor(Qt.GlobalColor.black).rgb(), QColor(Qt.GlobalColor.white).rgb()}
    assert read(image, tmp_path) == CODE


def test_an_empty_picture_is_light(qtbot: QtBot):
    picture = QrPicture()
    qtbot.addWidget(picture)
    picture.resize(20, 20)
    assert picture.grab().toImage().pixelColor(10, 10) == QColor(Qt.GlobalColor.white)


def test_the_link_can_be_copied(card: ShareCard, qtbot: QtBot):
    card.show_share(FOUND, FACTS, running=True)
    assert card.name.text() == "report.pdf · 12\N{NO-BREAK SPACE}MB"
    assert card.account.text() == "Downloads: 0 of 1. The link does not expire."
    qtbot.mouseClick(card.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == LINK


def test_where_only_this_computer_has_it_there_is_nothing_for_a_phone(card: ShareCard):
    card.show_share(FOUND._replace(here_only=True), FACTS, running=True)
    assert card.code.isHidden()
    assert not card.copy.isHidden()
    assert card.advice.text().startswith("Only this computer")


@pytest.mark.parametrize(
    ("facts", "running"), [(FACTS, False), (replace(FACTS, changed=True), True)]
)
def test_a_link_that_leads_nowhere_is_not_offered(
    card: ShareCard, facts: ShareFacts, running: bool
):
    card.show_share(FOUND, facts, running=running)
    assert card.code.isHidden()
    assert card.copy.isHidden()
    assert card.advice.isHidden()
    assert "start" in card.account.text()


def test_a_long_line_is_cut_in_its_middle_and_whole_in_its_tooltip(qtbot: QtBot):
    label = ElidedLabel(LINK)
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    whole = label.grab().toImage()
    assert label.toolTip() == ""
    label.resize(label.minimumSizeHint())
    cut = label.grab().toImage()
    assert label.toolTip() == LINK
    assert cut.width() < whole.width() // 2
    blank = QImage(cut)
    painter = QPainter(blank)
    painter.fillRect(blank.rect(), label.palette().window())
    painter.end()
    assert cut != blank
    assert (label.text(), label.accessibleName()) == (LINK, LINK)
