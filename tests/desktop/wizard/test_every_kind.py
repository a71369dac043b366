"""Every kind of end in the form: filled in, saved, read from the file, opened again, unchanged."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox

from bascule.engine.profiles import ProfileFolder
from bascule.places import Places
from bascule.spec.codec import Data, from_data
from bascule.spec.fields import Spec
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.wizard.dialog import WizardDialog
from bascule_desktop.wizard.hops import HopsPart
from bascule_desktop.wizard.page import RelayPage
from tests.desktop.wizard.conftest import Open
from tests.desktop.wizard.every_kind import KINDS, full, least, leaves, other, some_value
from tests.desktop.wizard.played import PlayedClient, PlayedLink, signalled

each_kind = pytest.mark.parametrize(
    ("role", "kind"), KINDS, ids=lambda value: value if isinstance(value, str) else value.kind
)


each_kind_once = pytest.mark.parametrize(
    ("role", "kind"),
    {kind: (role, kind) for role, kind in reversed(KINDS)}.values(),
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
"""Whether it is source or target, its form is the same."""


class FilingClient(PlayedClient):
    """Saves as the engine does: through its folder of profiles."""

    def __init__(self, folder: ProfileFolder) -> None:
        super().__init__()
        self.folder = folder

    async def save(self, profile: Profile, secrets: Mapping[str, str] | None = None) -> None:
        await super().save(profile, secrets)
        self.folder.write(profile)


@pytest.fixture
def folder(places: Places) -> ProfileFolder:
    return ProfileFolder(places.profiles, places.config / "deleted")


@pytest.fixture
def link(folder: ProfileFolder) -> PlayedLink:
    made = PlayedLink()
    made.client = FilingClient(folder)
    return made


def page_of(dialog: WizardDialog) -> RelayPage:
    assert dialog.page is not None
    return dialog.page


def choose(page: RelayPage, path: str, kind: str) -> None:
    """Choose a kind of end as a person does: in the list of kinds."""
    combo = next(each for each in page.findChildren(QComboBox, path) if each.isEnabled())
    index = combo.findData(kind)
    assert index >= 0, f"{kind} is not offered at {path}"
    combo.setCurrentIndex(index)


def fill(page: RelayPage, path: str, value: object) -> None:
    """Put a value into a field."""
    editor = page.editor_at(path)
    assert editor is not None, f"no field for {path}"
    editor.set_value(value)


def fill_what_is_missing(page: RelayPage) -> None:
    """Fill in every field that must be and is empty."""
    for row in page.rows():
        if row.described.required and row.editor.value() == "":
            row.editor.set_value(some_value(row.path.rpartition(".")[2], row.described, row.path))


async def save(dialog: WizardDialog) -> None:
    """Go to the end of the wizard and save."""
    await signalled(dialog.test.ended, dialog.next.click)
    dialog.next.click()
    assert dialog.title.text() == "Ready"
    await signalled(dialog.accepted, dialog.next.click)


def both(role: str, end: Data) -> Data:
    """A relay whose ``role`` is played by ``end``."""
    return {"source": other("target"), "target": other("source"), role: end}


@each_kind
async def test_what_is_filled_in_is_saved_and_stays_as_it_is(
    role: str, kind: type[Spec], open_wizard: Open, folder: ProfileFolder
) -> None:
    dialog = open_wizard(preset="expert")
    choose(page_of(dialog), f"{role}.kind", kind.kind)
    fill_what_is_missing(page_of(dialog))
    await save(dialog)
    path = folder.path_of(dialog.saved.id)
    read = folder.read(path)
    assert read.profile is not None
    assert read.profile.relay == from_data(RelaySpec, both(role, least(kind, role)))

    written = path.read_bytes()
    again = open_wizard(read.profile)
    assert not again.changed
    await save(again)
    assert path.read_bytes() == written


@each_kind_once
async def test_every_setting_has_a_field_and_none_is_lost(
    role: str, kind: type[Spec], open_wizard: Open, folder: ProfileFolder
) -> None:
    wanted = full(RelaySpec, "") | both(role, full(kind, role))
    dialog = open_wizard(preset="expert")
    page = page_of(dialog)
    for path, value in leaves(wanted):
        if path.endswith(".kind"):
            choose(page, path, str(value))
        else:
            switch_on(page, path)
            fill(page, path, value)
    relay = page.spec()
    assert relay == from_data(RelaySpec, wanted)

    path = folder.write(Profile(id="full-1", name="Full", relay=relay))
    written = path.read_bytes()
    again = open_wizard(folder.read(path).profile)
    assert not again.changed
    await save(again)
    assert path.read_bytes() == written


def switch_on(page: RelayPage, path: str) -> None:
    """Make the groups and the places in lists that a field is in."""
    parts = path.split(".")
    for length in range(1, len(parts)):
        group = ".".join(parts[:length])
        for switch in page.findChildren(QCheckBox, group):
            switch.setChecked(True)
        if parts[length - 1] == "via":
            (hops,) = [each for each in page.findChildren(HopsPart) if each.path == group]
            while len(hops.cards) <= int(parts[length]):
                hops.add_hop({})
