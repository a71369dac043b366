from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bascule.events import RelayState
from bascule_desktop import theme as theme_module
from bascule_desktop.colours import DARK, LIGHT, Colours
from bascule_desktop.resources import resource
from bascule_desktop.theme import ICON_SIZES, Scheme, Theme, look, state_mark

DRAWINGS = sorted(resource("icons").glob("*.svg"))
IN_COLOUR = ("app", "empty", "control-", "tray-")
MONOCHROME = [drawing for drawing in DRAWINGS if not drawing.stem.startswith(IN_COLOUR)]
NAMED = {
    "app", "tray-idle", "tray-running", "tray-problem", "empty", "state-stopped",
    "state-starting", "state-running", "state-waiting", "state-problem", "computer", "network",
    "lock", "lock-open", "serial", "socket-file", "proxy", "globe", "onion", "shield", "terminal",
    "file", "user", "add", "remove", "edit", "duplicate", "delete", "search", "copy", "undo",
    "start", "stop", "settings", "import", "export", "test", "refresh", "up", "down",
    "arrow-right", "chevron-left", "chevron-right", "chevron-up", "chevron-down", "check",
    "cross", "warning", "info", "help", "menu", "eye", "eye-off", "folder", "key", "certificate",
    "tag", "log", "book", "chart", "connections", "paste", "demo", "close", "quit", "external",
    "clock",
}  # fmt: skip

SETS = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
TEXTS = ("text", "muted", "accent", "running", "waiting", "problem", "up", "down")
GROUNDS = ("window", "card", "hover", "accent_soft")


def stem(drawing: Path) -> str:
    return drawing.stem


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink(image: QImage) -> set[str]:
    """The colours of the pixels that are wholly covered."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def covered(image: QImage) -> float:
    """How much of the picture has ink, from 0 to 1."""
    alpha = (
        image.pixelColor(x, y).alphaF() for x in range(image.width()) for y in range(image.height())
    )
    return sum(alpha) / (image.width() * image.height())


def picture(icon: QIcon, size: int, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return icon.pixmap(QSize(size, size), 1.0, mode).toImage()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    before = QPalette(qapp.palette()), qapp.styleSheet()
    made = Theme()
    made.apply(qapp)
    made.set_scheme(Scheme.LIGHT)
    yield made
    made.set_scheme(Scheme.SYSTEM)
    made.deleteLater()
    qapp.setPalette(before[0])
    qapp.setStyleSheet(before[1])


# --- colours ---


@SETS
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", TEXTS)
def test_text_can_be_read_on_every_ground(colours: Colours, name: str, ground: str) -> None:
    assert contrast(getattr(colours, name), getattr(colours, ground)) >= 4.5


@SETS
@pytest.mark.parametrize(
    ("name", "ground"),
    [
        ("on_accent", "accent_fill"),
        ("on_accent", "accent_hover"),
        ("on_accent", "accent_pressed"),
        ("running", "running_soft"),
        ("waiting", "waiting_soft"),
        ("problem", "problem_soft"),
        ("text", "waiting_soft"),
        ("text", "problem_soft"),
        ("text", "line"),
        ("tip_text", "tip"),
    ],
)
def test_text_can_be_read_on_its_own_ground(colours: Colours, name: str, ground: str) -> None:
    assert contrast(getattr(colours, name), getattr(colours, ground)) >= 4.5


@SETS
@pytest.mark.parametrize("ground", ["window", "card"])
@pytest.mark.parametrize("name", ["field_line", "accent_fill"])
def test_controls_stand_out_from_their_ground(colours: Colours, name: str, ground: str) -> None:
    assert contrast(getattr(colours, name), getattr(colours, ground)) >= 3


@SETS
def test_colours_are_written_one_way(colours: Colours) -> None:
    assert all(re.fullmatch("#[0-9a-f]{6}", value) for value in asdict(colours).values())


def test_light_is_light_and_dark_is_dark() -> None:
    assert luminance(LIGHT.window) > luminance(LIGHT.text)
    assert luminance(DARK.window) < luminance(DARK.text)
    alike = {name for name, value in asdict(LIGHT).items() if value == asdict(DARK)[name]}
    assert alike == {"on_accent"}


# --- drawings ---


def test_every_drawing_a_view_may_ask_for_is_there() -> None:
    drawn = {drawing.stem for drawing in DRAWINGS if not drawing.stem.startswith("control-")}
    assert drawn == NAMED


@pytest.mark.parametrize("drawing", MONOCHROME, ids=stem)
def test_a_drawing_of_one_colour_has_no_other(drawing: Path) -> None:
    root = ET.fromstring(drawing.read_text(encoding="utf-8"))
    assert root.get("viewBox") == "0 0 24 24"
    paints = {
        value
        for element in root.iter()
        for attribute in ("fill", "stroke", "style", "stop-color", "color")
        if (value := element.get(attribute)) is not None
    }
    assert paints <= {"none", "currentColor"}


@pytest.mark.parametrize("size", ICON_SIZES)
@pytest.mark.parametrize("drawing", MONOCHROME, ids=stem)
def test_every_icon_has_ink_at_every_size(theme: Theme, drawing: Path, size: int) -> None:
    image = picture(theme.icon(drawing.stem), size)
    assert image.size() == QSize(size, size)
    assert 0.02 < covered(image) < 0.9


@pytest.mark.parametrize("size", [16, 22])
@pytest.mark.parametrize("state", ["idle", "running", "problem"])
def test_the_tray_icon_has_ink(theme: Theme, state: theme_module.TrayState, size: int) -> None:
    image = picture(theme.tray_icon(state), size)
    assert image.size() == QSize(size, size)
    assert 0.15 < covered(image) < 0.9


def test_the_tray_states_differ_by_shape_alone(theme: Theme) -> None:
    shapes = [
        picture(theme.tray_icon(state), 16).convertToFormat(QImage.Format.Format_Alpha8)
        for state in ("idle", "running", "problem")
    ]
    assert shapes[0] != shapes[1]
    assert shapes[1] != shapes[2]
    assert shapes[0] != shapes[2]


def test_the_states_differ_by_shape_alone(theme: Theme) -> None:
    marks = {state_mark(state).icon for state in RelayState}
    shapes = [
        picture(theme.icon(name), 16).convertToFormat(QImage.Format.Format_Alpha8) for name in marks
    ]
    assert len(marks) == 5
    assert not any(one == other for at, one in enumerate(shapes) for other in shapes[at + 1 :])


def test_the_application_icon_has_all_its_colours(theme: Theme) -> None:
    for size in (16, 32, 256):
        assert len(ink(picture(theme.app_icon(), size))) > 10


def test_the_style_sheet_names_only_drawings_that_exist() -> None:
    sheet = resource("style.qss").read_text(encoding="utf-8")
    named = re.findall(r"url\(basculeicons:([^)]+)\)", sheet)
    assert named
    assert {name for name in named if not resource("icons").joinpath(name).is_file()} == set()
    drawn = {drawing.name for drawing in DRAWINGS if drawing.stem.startswith("control-")}
    assert drawn == set(named)


# --- the theme ---


def test_a_choice_overrides_the_system(theme: Theme, qapp: QApplication) -> None:
    assert (theme.dark, theme.colours) == (False, LIGHT)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.window)
    theme.set_scheme(Scheme.DARK)
    assert (theme.dark, theme.colours, theme.scheme) == (True, DARK, Scheme.DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    assert DARK.accent in qapp.styleSheet()


def test_the_font_of_the_system_stays(qapp: QApplication) -> None:
    before = qapp.font().toString()
    Theme().apply(qapp)
    assert qapp.font().toString() == before


def test_a_change_is_announced(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.set_scheme(Scheme.DARK)


def test_icons_take_the_colours_in_force(theme: Theme) -> None:
    assert ink(picture(theme.icon("state-running", "running"), 32)) == {LIGHT.running}
    theme.set_scheme(Scheme.DARK)
    assert ink(picture(theme.icon("state-running", "running"), 32)) == {DARK.running}


def test_a_disabled_icon_is_faint(theme: Theme) -> None:
    icon = theme.icon("stop", "accent")
    assert ink(picture(icon, 32, QIcon.Mode.Disabled)) == {LIGHT.disabled}
    assert ink(picture(icon, 32, QIcon.Mode.Selected)) == {LIGHT.accent}


def test_an_icon_is_drawn_once(theme: Theme) -> None:
    assert theme.icon("lock").cacheKey() == theme.icon("lock").cacheKey()
    assert theme.icon("lock").cacheKey() != theme.icon("lock", "accent").cacheKey()


def test_an_icon_is_sharp_on_a_fine_screen(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme_module, "_screen_ratios", lambda: (1.0, 1.5, 2.0))
    fine = Theme()
    for ratio, side in ((1.0, 20), (1.5, 30), (2.0, 40)):
        pixmap = fine.icon("lock").pixmap(QSize(20, 20), ratio)
        assert (pixmap.width(), pixmap.devicePixelRatio()) == (side, ratio)
    assert fine.icon("lock", size=48).pixmap(QSize(48, 48), 2.0).width() == 96
    assert fine.pixmap("empty", QSize(320, 200), "muted", 2.0).size() == QSize(640, 400)


def test_an_icon_that_is_worn_follows_the_theme(theme: Theme, qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    theme.set_icon(button, "lock")
    theme.set_icon(button, "stop", "accent")
    assert ink(picture(button.icon(), 32)) == {LIGHT.accent}
    theme.set_scheme(Scheme.DARK)
    assert ink(picture(button.icon(), 32)) == {DARK.accent}
    assert len(button.children()) == 1


def test_an_icon_that_was_worn_dies_with_its_button(theme: Theme) -> None:
    button = QPushButton()
    theme.set_icon(button, "lock")
    with_qt = button.children()[0]
    gone: list[bool] = []
    with_qt.destroyed.connect(lambda: gone.append(True))
    del with_qt, button
    assert gone == [True]
    theme.set_scheme(Scheme.DARK)


def test_a_view_can_draw_an_icon_into_its_own_picture(theme: Theme) -> None:
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    theme.paint(painter, "state-running", QRectF(8, 8, 48, 48), "problem")
    painter.end()
    assert ink(image) == {LIGHT.problem}


def test_a_look_can_be_put_on_and_taken_off(theme: Theme, qtbot: QtBot) -> None:
    label = QLabel("muted")
    qtbot.addWidget(label)
    label.show()
    look(label, muted=True)
    assert label.palette().color(QPalette.ColorRole.WindowText) == theme.colour("muted")
    look(label, muted=None)
    assert label.palette().color(QPalette.ColorRole.WindowText) == theme.colour("text")


def test_focus_can_be_seen(theme: Theme, qtbot: QtBot) -> None:
    button = QPushButton("Copy")
    qtbot.addWidget(button)
    calm = button.grab().toImage()  # before it is shown, and has the focus at once
    button.show()
    button.setFocus()
    button.activateWindow()
    qtbot.waitUntil(button.hasFocus)
    assert theme.colours.accent not in ink(calm)
    assert theme.colours.accent in ink(button.grab().toImage())


def test_rows_of_a_list_have_room(theme: Theme, qtbot: QtBot) -> None:
    rows = QListWidget()
    rows.addItems(["one", "two"])
    qtbot.addWidget(rows)
    rows.show()
    qtbot.waitUntil(lambda: rows.visualItemRect(rows.item(0)).height() >= 24 + theme_module.GRID)


@pytest.mark.parametrize("kind", [QPushButton, QCheckBox, QRadioButton, QToolButton])
def test_the_keys_bring_the_ring_alone(
    theme: Theme, kind: type[QAbstractButton], qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    other, button = QLineEdit(), kind(window)
    button.setText("Start")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout.addWidget(other)
    layout.addWidget(button)
    window.show()
    window.activateWindow()
    button.setFocus(Qt.FocusReason.OtherFocusReason)
    qtbot.waitUntil(button.hasFocus)
    ring = button.grab().toImage()
    other.setFocus()
    assert button.grab().toImage() != ring
    qtbot.keyClick(other, Qt.Key.Key_Tab)
    assert button.hasFocus()
    assert button.grab().toImage() == ring, "a box inside the ring is the system's"


def test_the_panel_of_gnome_is_dark_under_light_windows(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    assert DARK.text in ink(picture(theme.tray_icon("idle"), 64))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    assert LIGHT.text in ink(picture(theme.tray_icon("idle"), 64))


def test_the_menu_bar_of_macos_gets_a_mask(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert theme.tray_icon("running").isMask()
