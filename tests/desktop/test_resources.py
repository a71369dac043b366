from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bascule_desktop.resources import resource


def test_a_checkout_or_an_installed_package_has_its_resources() -> None:
    assert resource("icons/app.svg").read_text(encoding="utf-8").startswith("<svg")
    assert resource("style.qss").is_file()
    assert resource("icons").is_dir()


def test_what_is_missing_is_named_with_the_places_looked_in() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/never\.svg .*looked in .*resources"):
        resource("icons/never.svg")


@pytest.mark.parametrize("folder", ["resources", "bascule_desktop/resources"])
def test_a_frozen_application_reads_what_was_unpacked(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = tmp_path / "unpacked" / folder / "icons" / "app.svg"
    drawing.parent.mkdir(parents=True)
    drawing.write_text("<svg/>", encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "unpacked"), raising=False)
    assert resource("icons/app.svg") == drawing


def test_a_frozen_application_reads_what_lies_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "resources" / "style.qss"
    sheet.parent.mkdir()
    sheet.write_text("", encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.delattr(sys, "_MEIPASS", raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bascule-desktop"))
    assert resource("style.qss") == sheet.resolve()


def test_a_frozen_application_does_not_read_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bascule-desktop"))
    with pytest.raises(FileNotFoundError):
        resource("icons/app.svg")
