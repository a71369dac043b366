"""The program's picture in the formats of Windows and macOS, read by Qt's own readers."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QImageReader

from installer import icons


@pytest.mark.parametrize(
    ("suffix", "write"), [("ico", icons.write_ico), ("icns", icons.write_icns)]
)
def test_every_size_is_the_picture(
    suffix: str, write: Callable[[Path], None], tmp_path: Path, qapp: object
) -> None:
    file = tmp_path / "icons" / f"bascule.{suffix}"
    write(file)
    reader = QImageReader(str(file), suffix.encode())
    pictures: dict[int, QImage] = {}
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        picture = reader.read()
        assert not picture.isNull(), reader.errorString()
        pictures[picture.width()] = picture
    assert {32, 64, 256} <= set(pictures)
    for size, picture in pictures.items():
        expected = QImage.fromData(icons.draw((size,))[size])
        assert picture.convertToFormat(expected.format()) == expected


def test_macos_finds_each_type_by_its_length(tmp_path: Path, qapp: object) -> None:
    file = tmp_path / "bascule.icns"
    icons.write_icns(file)
    data = file.read_bytes()
    assert data[:4] == b"icns"
    assert struct.unpack(">I", data[4:8]) == (len(data),)
    widths: dict[bytes, int] = {}
    at = 8
    while at < len(data):
        kind, length = struct.unpack(">4sI", data[at : at + 8])
        widths[kind] = QImage.fromData(data[at + 8 : at + length]).width()
        at += length
    assert at == len(data)
    # What iconutil(1) makes of a complete iconset, but for the two that are no PNG.
    expected = {"ic07": 128, "ic08": 256, "ic09": 512, "ic10": 1024}
    expected |= {"ic11": 32, "ic12": 64, "ic13": 256, "ic14": 512}
    assert widths == {kind.encode(): width for kind, width in expected.items()}
