"""Several targets as one in a form: none is lost, and each keeps its place."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from bascule.spec.built_in import Discard
from bascule.spec.codec import from_data
from bascule.spec.datagrams import UdpConnect
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Dual, Failover, FanOut
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.wizard.dialog import WizardDialog
from bascule_desktop.wizard.page import RelayPage
from bascule_desktop.wizard.several import SeveralPart
from tests.desktop.wizard.conftest import Open

ONE, TWO = TcpConnect("10.0.0.11", 9000), TcpConnect("10.0.0.12", 9000, connect_timeout_seconds=3)
OTHER = UdpConnect(host="10.0.0.13", port=514)


def page_of(dialog: WizardDialog) -> RelayPage:
    assert dialog.page is not None
    return dialog.page


def spec_of(dialog: WizardDialog) -> RelaySpec:
    return from_data(RelaySpec, page_of(dialog).data())


def list_of(dialog: WizardDialog) -> SeveralPart:
    """The outermost list of targets in sight."""
    return next(part for part in dialog.findChildren(SeveralPart) if part.isVisible())


def opened(open_wizard: Open, target: Failover | FanOut) -> WizardDialog:
    relay = RelaySpec(TcpListen(9000), target)
    return open_wizard(Profile(id="several-1", name="Several", relay=relay))


async def test_what_a_profile_holds_is_shown_and_kept(open_wizard: Open):
    for target in (
        Failover(targets=(ONE, TWO, OTHER), check_seconds=30),
        FanOut(targets=(TWO, Discard()), answering=1),
        Failover(targets=(FanOut(targets=(ONE, TWO)), OTHER)),  # a list is not offered in a list
        Failover(targets=(Dual(reading=ONE, writing=TWO), OTHER)),
    ):
        dialog = opened(open_wizard, target)
        assert spec_of(dialog).target == target
        assert len(list_of(dialog).forms) == len(target.targets)
        dialog.hide()


async def test_they_are_moved_removed_and_added(open_wizard: Open):
    dialog = opened(open_wizard, Failover(targets=(ONE, OTHER)))
    several = list_of(dialog)
    several.give_place(1, 0)
    assert spec_of(dialog).target == Failover(targets=(OTHER, ONE))
    several.remove(0)
    assert spec_of(dialog).target == Failover(targets=(ONE,))
    several.add.click()
    for path, value in (("host", "10.0.0.12"), ("port", 9000)):
        editor = page_of(dialog).editor_at(f"target.targets.1.{path}")
        assert editor is not None
        editor.set_value(value)
    assert spec_of(dialog).target == Failover(
        targets=(ONE, TcpConnect("10.0.0.12", 9000)),
    )


async def test_it_may_be_chosen_and_begins_with_two(open_wizard: Open):
    dialog = open_wizard(preset="expert")
    combo = dialog.findChild(QComboBox, "target.kind")
    assert combo is not None
    combo.setCurrentIndex(combo.findData("failover"))
    several = list_of(dialog)
    assert len(several.forms) == 2
    kinds = several.forms[0].findChild(QComboBox, "target.targets.0.kind")
    assert kinds is not None
    assert kinds.findData("tcp-connect") >= 0
    assert kinds.findData("failover") < 0


async def test_the_last_one_stays_and_the_outer_ones_cannot_leave(open_wizard: Open):
    several = list_of(opened(open_wizard, Failover(targets=(ONE, OTHER))))
    first, last = several._cards
    assert [first.up.isEnabled(), first.down.isEnabled()] == [False, True]
    assert [last.up.isEnabled(), last.down.isEnabled()] == [True, False]
    last.up.click()
    last.remove.click()
    (only,) = several._cards
    assert not any(button.isEnabled() for button in (only.up, only.down, only.remove))


async def test_two_ends_as_one_are_single_ends(open_wizard: Open):
    dialog = open_wizard(preset="expert")
    combo = dialog.findChild(QComboBox, "target.kind")
    assert combo is not None
    combo.setCurrentIndex(combo.findData("dual"))
    for path in ("target.reading", "target.writing"):
        kinds = dialog.findChild(QComboBox, f"{path}.kind")
        assert kinds is not None
        assert kinds.findData("file") >= 0
        assert [kinds.findData(kind) for kind in ("dual", "failover", "fan-out")] == [-1, -1, -1]
