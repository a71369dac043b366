"""Owns the looks in force: light or dark, the icons in those colours, palette and style sheet.

It draws no view and knows no relay; views ask it for a colour or an icon by name. There is one
``Theme``, made in ``app.py`` and handed on. Nothing here changes the font the system chose.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from string import Template
from typing import Literal

from PySide6.QtCore import QByteArray, QDir, QObject, QRectF, QSettings, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QGuiApplication,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from bascule.events import RelayState
from bascule_desktop.colours import DARK, LIGHT, ColourName, Colours
from bascule_desktop.resources import resource

type TrayState = Literal["idle", "running", "problem"]
"""What the tray icon can say: nothing runs, something runs, something needs a person."""

GRID = 8
"""Pixels between things; half of it inside a control."""

ICON_SIZES = (16, 20, 24, 32)
_APP_SIZES = (16, 20, 24, 32, 40, 48, 64, 96, 128, 256)
_TRAY_SIZES = (16, 18, 20, 22, 24, 28, 32, 36, 40, 44, 48, 64)
_VARIABLE = re.compile(r"var\(--([a-z_]+), #[0-9a-f]{6}\)")


class Scheme(StrEnum):
    """What a person can choose under *Appearance*."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state looks: a shape and a colour. The word stands beside it, in the view."""

    icon: str
    colour: ColourName


_STARTING = Mark("state-starting", "accent")
_MARKS = {
    RelayState.STOPPED: Mark("state-stopped", "muted"),
    RelayState.STARTING: _STARTING,
    RelayState.STOPPING: _STARTING,
    RelayState.RUNNING: Mark("state-running", "running"),
    RelayState.WAITING: Mark("state-waiting", "waiting"),
    RelayState.FAILED: Mark("state-problem", "problem"),
}


def state_mark(state: RelayState) -> Mark:
    """Give the shape and the colour of a relay's state."""
    return _MARKS[state]


def look(widget: QWidget, **properties: bool | str | None) -> None:
    """Set properties the style sheet knows (``primary``, ``badge``, ``invalid`` …) and restyle."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


class Theme(QObject):
    """The looks in force. Emits ``changed`` when colours, icons or motion have to be asked anew."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app: QApplication | None = None
        # Held: in PySide6 6.12 the hints' child goes with the last reference to the hints.
        self._hints = QGuiApplication.styleHints()
        self._scheme = Scheme.SYSTEM
        self._system_dark = False
        self._colours = LIGHT
        self._icons: dict[tuple[str, str, tuple[int, ...]], QIcon] = {}
        self._drawings: dict[tuple[str, str], QSvgRenderer] = {}
        self._ratios = _screen_ratios()

    def apply(self, app: QApplication) -> None:
        """Dress the application, and keep it dressed as the system's light, dark or screens change.

        Call once, before the first window.
        """
        self._app = app
        # Where the platform cannot tell light from dark, its own palette does.
        self._system_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
        QDir.setSearchPaths("basculeicons", [str(resource("icons"))])
        app.setStyle("Fusion")
        app.setWindowIcon(self.app_icon())
        self._hints.colorSchemeChanged.connect(self._refresh)
        needs = self._hints.accessibility()
        needs.contrastPreferenceChanged.connect(self._refresh)
        needs.motionPreferenceChanged.connect(self.changed)
        app.screenAdded.connect(self._refresh_ratios)
        self._refresh()

    @contextmanager
    def dressing(self) -> Generator[None]:
        """Make a window within, before any is shown: it is styled at the end, once. With a style
        sheet, Qt styles a tree of widgets anew whenever it gets another parent, which takes longer
        than everything else about the window.
        """
        if self._app is not None:
            self._app.setStyleSheet("")
        try:
            yield
        finally:
            self._put_on_sheet()

    @property
    def colours(self) -> Colours:
        """The colours in force; ask again after ``changed``."""
        return self._colours

    @property
    def scheme(self) -> Scheme:
        """What the person chose."""
        return self._scheme

    @property
    def dark(self) -> bool:
        """Whether the window is dark now."""
        return self._is_dark()

    @property
    def motion(self) -> bool:
        """Whether the system allows things to move."""
        needs = self._hints.accessibility()
        return needs.motionPreference() is not Qt.MotionPreference.ReducedMotion

    def set_scheme(self, scheme: Scheme) -> None:
        """Follow the system, or stay light or dark whatever the system does."""
        self._scheme = scheme
        wanted = {
            Scheme.SYSTEM: Qt.ColorScheme.Unknown,
            Scheme.LIGHT: Qt.ColorScheme.Light,
            Scheme.DARK: Qt.ColorScheme.Dark,
        }
        # The platform darkens what is its own: title bars and native dialogs.
        self._hints.setColorScheme(wanted[scheme])
        self._refresh()

    def colour(self, name: ColourName) -> QColor:
        """Give a colour in force by its name."""
        return QColor(self._hex(name))

    def icon(self, name: str, colour: ColourName = "text", size: int | None = None) -> QIcon:
        """Give an icon in a colour of the theme, sharp at 16, 20, 24, 32 and at ``size``.

        The icon does not change by itself: ask again after ``changed``, or use ``set_icon``.
        """
        # Not a QIconEngine: PySide6 6.12 crashes when Qt clones one that is written in Python.
        sizes = ICON_SIZES if size is None or size in ICON_SIZES else (*ICON_SIZES, size)
        key = (name, self._hex(colour), sizes)
        if key not in self._icons:
            self._icons[key] = self._make_icon(name, self._hex(colour), sizes, self._colours)
        return QIcon(self._icons[key])

    def set_icon(
        self, target: QAbstractButton | QAction, name: str, colour: ColourName = "text"
    ) -> None:
        """Give a button or an action an icon, now and after every change of the theme; the name ""
        takes it away.
        """
        for worn in target.children():
            if isinstance(worn, _WornIcon):
                worn.wear(name, colour)
                return
        _WornIcon(self, target).wear(name, colour)

    def pixmap(
        self, name: str, size: int | QSize, colour: ColourName = "text", ratio: float = 1.0
    ) -> QPixmap:
        """Draw an icon or a picture; ``size`` in logical pixels, ``ratio`` the screen's."""
        logical = QSize(size, size) if isinstance(size, int) else size
        drawing = self._drawing(name, self._hex(colour), self._colours)
        drawn = _render(drawing, logical * ratio)
        drawn.setDevicePixelRatio(ratio)
        return drawn

    def paint(
        self, painter: QPainter, name: str, rect: QRectF, colour: ColourName = "text"
    ) -> None:
        """Draw an icon straight into a picture that a view paints itself."""
        self._drawing(name, self._hex(colour), self._colours).render(painter, rect)

    def app_icon(self) -> QIcon:
        """Give the mark of Bascule in full colour."""
        return self._make_icon("app", LIGHT.text, _APP_SIZES, LIGHT)

    def tray_icon(self, state: TrayState) -> QIcon:
        """Give the tray's icon in the ink that can be read on the system's panel."""
        name = f"tray-{state}"
        if sys.platform == "darwin":
            # The menu bar inks a mask itself; the shapes differ, so nothing is lost with colour.
            icon = self._make_icon(name, "#000000", _TRAY_SIZES, LIGHT)
            icon.setIsMask(True)
            return icon
        panel = DARK if _panel_is_dark(self._is_dark()) else LIGHT
        return self._make_icon(name, panel.text, _TRAY_SIZES, panel)

    def _hex(self, name: ColourName) -> str:
        value: str = getattr(self._colours, name)
        return value

    def _is_dark(self) -> bool:
        if self._scheme is not Scheme.SYSTEM:
            return self._scheme is Scheme.DARK
        system = self._hints.colorScheme()
        if system is Qt.ColorScheme.Unknown:
            return self._system_dark
        return system is Qt.ColorScheme.Dark

    def _refresh(self) -> None:
        colours = DARK if self._is_dark() else LIGHT
        contrast = self._hints.accessibility().contrastPreference()
        if contrast is Qt.ContrastPreference.HighContrast:
            colours = replace(
                colours, muted=colours.text, line=colours.field_line, field_line=colours.text
            )
        self._colours = colours
        self._forget()
        if self._app is not None:
            self._app.setPalette(_palette(colours))
            self._put_on_sheet()
        self.changed.emit()

    def _put_on_sheet(self) -> None:
        if self._app is not None:
            self._app.setStyleSheet(_style_sheet(self._colours, self._app.font()))

    def _refresh_ratios(self) -> None:
        ratios = _screen_ratios()
        if ratios != self._ratios:
            self._ratios = ratios
            self._forget()
            self.changed.emit()

    def _forget(self) -> None:
        self._icons.clear()
        self._drawings.clear()

    def _drawing(self, name: str, ink: str, colours: Colours) -> QSvgRenderer:
        if colours is not self._colours:
            return _load(name, ink, colours)
        key = (name, ink)
        if key not in self._drawings:
            self._drawings[key] = _load(name, ink, colours)
        return self._drawings[key]

    def _make_icon(self, name: str, ink: str, sizes: tuple[int, ...], colours: Colours) -> QIcon:
        drawing = self._drawing(name, ink, colours)
        faded = self._drawing(name, colours.disabled, colours)
        icon = QIcon()
        for side in sorted({round(size * ratio) for size in sizes for ratio in self._ratios}):
            pixmap = _render(drawing, QSize(side, side))
            # Selected is given too, or the style would tint it with the highlight.
            icon.addPixmap(pixmap, QIcon.Mode.Normal)
            icon.addPixmap(pixmap, QIcon.Mode.Selected)
            icon.addPixmap(_render(faded, QSize(side, side)), QIcon.Mode.Disabled)
        return icon


class _WornIcon(QObject):
    """Keeps the icon of its parent in the theme's colours, and dies with its parent."""

    def __init__(self, theme: Theme, wearer: QAbstractButton | QAction) -> None:
        super().__init__(wearer)
        self._theme = theme
        self._name = ""
        self._colour: ColourName = "text"
        theme.changed.connect(self._refresh)

    def wear(self, name: str, colour: ColourName) -> None:
        """Show another icon from now on."""
        self._name, self._colour = name, colour
        self._refresh()

    def _refresh(self) -> None:
        # Asked for, not kept: a reference would tie the two in a cycle and outlive the view.
        wearer = self.parent()
        if isinstance(wearer, QAbstractButton | QAction):
            worn = self._theme.icon(self._name, self._colour) if self._name else QIcon()
            wearer.setIcon(worn)


def _load(name: str, ink: str, colours: Colours) -> QSvgRenderer:
    values = asdict(colours)
    source = resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    inked = _VARIABLE.sub(lambda found: values[found[1]], source).replace("currentColor", ink)
    return QSvgRenderer(QByteArray(inked.encode()))


def _render(drawing: QSvgRenderer, size: QSize) -> QPixmap:
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawing.render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return QPixmap.fromImage(image)


def _screen_ratios() -> tuple[float, ...]:
    return tuple(sorted({1.0, *(s.devicePixelRatio() for s in QGuiApplication.screens())}))


def _panel_is_dark(window_is_dark: bool) -> bool:
    if sys.platform == "win32":
        # The taskbar has its own switch, apart from the windows'.
        key = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        personal = QSettings(key, QSettings.Format.NativeFormat)
        return personal.value("SystemUsesLightTheme", 0) == 0
    # GNOME's bar is dark whatever the windows are.
    return window_is_dark or "GNOME" in os.environ.get("XDG_CURRENT_DESKTOP", "")


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    plain = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.card,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.Button: colours.card,
        role.ButtonText: colours.text,
        role.BrightText: colours.problem,
        role.Light: colours.card,
        role.Midlight: colours.hover,
        role.Mid: colours.line,
        role.Dark: colours.field_line,
        role.Highlight: colours.accent_fill,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent_fill,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.PlaceholderText: colours.muted,
        role.ToolTipBase: colours.tip,
        role.ToolTipText: colours.tip_text,
    }
    palette = QPalette()
    for name, value in plain.items():
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.disabled))
    return palette


def _style_sheet(colours: Colours, font: QFont) -> str:
    points = QFontInfo(font).pointSizeF()
    values = {field.name: getattr(colours, field.name) for field in fields(colours)}
    values |= {
        "title_size": f"{points * 1.5:.1f}",
        "section_size": f"{points * 1.15:.1f}",
        "small_size": f"{points * 0.9:.1f}",
        "mono_family": QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family(),
    }
    source = resource("style.qss").read_text(encoding="utf-8")
    return Template(source).substitute(values)
