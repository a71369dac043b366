"""What helps to find a fault: all of it is shown, and that is what is saved."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bascule.diagnosis.collect import collect
from bascule.places import Places
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from bascule_desktop.views import diagnosis_dialog as module
from bascule_desktop.views.diagnosis_dialog import DiagnosisDialog
from tests.helpers.engines import come_true


@pytest.fixture
def _profile(places: Places) -> None:
    places.profiles.mkdir(parents=True)
    relay = RelaySpec(TcpListen(0), TcpConnect("far.example", 9))
    (places.profiles / "a-1.toml").write_text(profile_to_toml(Profile("a-1", "Secret name", relay)))


def shown(dialog: DiagnosisDialog) -> dict[str, str]:
    """Every text as a person reads it, one after the other."""
    texts: dict[str, str] = {}
    for row in range(dialog.files.count()):
        dialog.files.setCurrentRow(row)
        texts[dialog.files.item(row).text()] = dialog.text.toPlainText()
    return texts


@pytest.mark.usefixtures("_profile")
async def test_what_is_shown_is_what_is_saved(
    places: Places, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = DiagnosisDialog(places)
    qtbot.addWidget(dialog)
    assert not dialog.save.isEnabled()
    dialog.show()
    await come_true(dialog.save.isEnabled)
    texts = shown(dialog)
    assert "far.example" in texts["profiles/relay-1.toml"]
    assert "Secret name" not in "".join(texts.values())
    assert "language: " in texts["settings.txt"]
    file = tmp_path / "made.zip"

    async def choose(*_: object, **__: object) -> Path:
        return file

    monkeypatch.setattr(module, "choose_file", choose)
    dialog.save.click()
    await come_true(dialog.said.isVisible)
    assert dialog.said.text() == f"Saved as {file}"
    with zipfile.ZipFile(file) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == texts


@pytest.mark.usefixtures("_profile")
async def test_hosts_may_be_left_out_at_any_moment(
    places: Places, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    tick: list[Callable[[], None]] = []

    async def collecting(*words: object, hosts: bool, **named: object) -> object:
        asked.append(hosts)
        if tick:
            tick.pop()()  # while it is being gathered
        return await collect(places, hosts=hosts)

    monkeypatch.setattr(module, "collect", collecting)
    dialog = DiagnosisDialog(places)
    qtbot.addWidget(dialog)
    tick.append(dialog.without_hosts.click)
    await come_true(dialog.save.isEnabled)
    assert asked == [True, False]
    assert "far.example" not in "".join(shown(dialog).values())


async def test_what_cannot_be_saved_is_said(places: Places, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = DiagnosisDialog(places)
    qtbot.addWidget(dialog)
    dialog.show()
    await come_true(dialog.save.isEnabled)
    dialog.save_to(tmp_path / "none" / "made.zip")
    assert "No such file or directory" in dialog.said.text()
