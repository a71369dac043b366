"""Owns the program's picture in the formats that each system wants, drawn from ``app.svg``.

ICO: a directory of PNGs (Windows, "Icons" since Vista). ICNS: typed chunks of PNGs (macOS).
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from installer.facts import TOP

_ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
# Width in pixels by type: ic11 to ic14 and ic10 are for screens with two pixels to a point.
_ICNS_TYPES = {
    b"ic11": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic13": 256,
    b"ic08": 256,
    b"ic14": 512,
    b"ic09": 512,
    b"ic10": 1024,
}


def draw(sizes: tuple[int, ...]) -> dict[int, bytes]:
    """The picture as PNG, by its width in pixels."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(TOP / "resources" / "icons" / "app.svg"))
    pictures: dict[int, bytes] = {}
    for size in sizes:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        held = QByteArray()
        buffer = QBuffer(held)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if not image.save(buffer, "PNG"):  # pyright: ignore[reportCallIssue, reportArgumentType]
            raise RuntimeError(f"Qt does not write a PNG of {size} pixels")
        pictures[size] = bytes(held.data())
    del application
    return pictures


def write_ico(file: Path) -> None:
    """The icon of Windows' executables, installers and file types."""
    pictures = draw(_ICO_SIZES)
    entries, bodies = b"", b""
    offset = 6 + 16 * len(pictures)
    for size, png in pictures.items():
        side = size % 256  # 0 stands for 256
        entries += struct.pack("<4B2H2I", side, side, 0, 0, 1, 32, len(png), offset + len(bodies))
        bodies += png
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(struct.pack("<3H", 0, 1, len(pictures)) + entries + bodies)


def write_icns(file: Path) -> None:
    """The icon of macOS' application."""
    pictures = draw(tuple(_ICNS_TYPES.values()))
    chunks = b"".join(
        kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size]
        for kind, size in _ICNS_TYPES.items()
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"icns" + struct.pack(">I", 8 + len(chunks)) + chunks)
