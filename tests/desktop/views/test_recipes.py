"""The gallery of recipes: finding one, filling it in, what it asks before, and where it leads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Failover
from bascule.spec.local import Program
from bascule.spec.profiles import Profile
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.language import LANGUAGES
from bascule_desktop.recipes.filled import Filled
from bascule_desktop.recipes.recipe import Recipe, System
from bascule_desktop.recipes.shelf import load_recipes
from bascule_desktop.theme import Theme
from bascule_desktop.views import recipe_page
from bascule_desktop.views.main_menu import MainMenu
from bascule_desktop.views.main_window import MainWindow
from bascule_desktop.views.recipe_gallery import RecipeGallery
from bascule_desktop.views.recipe_page import RecipePage
from bascule_desktop.wizard.dialog import WizardDialog
from bascule_desktop.wizard.kinds import TlsPage, kind_of
from tests.desktop.views.conftest import destroy
from tests.desktop.wizard.played import PlayedLink, rounds

LEFT = Qt.MouseButton.LeftButton
RECIPES = load_recipes()


@pytest.fixture
def played() -> EngineLink:
    """An engine that answers at once: the lists of serial ports are asked of it."""
    return cast(EngineLink, PlayedLink())


@pytest.fixture(params=["en"])
async def gallery(
    played: EngineLink, theme: Theme, request: pytest.FixtureRequest
) -> AsyncIterator[RecipeGallery]:
    made = RecipeGallery(played, theme, language=request.param)
    made.show()
    await rounds(made.isVisible)
    yield made
    await made.tasks.finish()
    made.done(0)
    destroy(made)


def opened(gallery: RecipeGallery, name: str) -> RecipePage:
    assert gallery.list.choose(name)
    assert gallery.page is not None
    return gallery.page


def fill(page: RecipePage, path: str, value: object) -> None:
    row = next(row for row in page.rows if row.path == path)
    row.editor.set_value(value)
    row.edited.emit()


def names(gallery: RecipeGallery) -> list[str]:
    return [recipe.name for recipe in gallery.list.recipes]


# finding ----------------------------------------------------------------------------------------


async def test_all_recipes_are_there_and_the_first_is_shown(gallery: RecipeGallery) -> None:
    assert gallery.list.recipes == RECIPES
    assert gallery.list.current == RECIPES[0]
    assert gallery.page is not None
    assert gallery.search.hasFocus()


async def test_typing_narrows_the_list_and_keys_lead_on(
    gallery: RecipeGallery, qtbot: QtBot
) -> None:
    qtbot.keyClicks(gallery.search, "SSH hops")
    assert names(gallery) == ["ssh-two-hops"]
    qtbot.keyClick(gallery.search, Qt.Key.Key_Down)
    assert gallery.list.hasFocus()
    qtbot.keyClick(gallery.list, Qt.Key.Key_Return)
    assert gallery.page is not None
    assert gallery.page.rows[0].editor.input.hasFocus()
    assert gallery.isVisible(), "Enter leads on, and ends nothing"


async def test_where_nothing_is_found_it_says_so(gallery: RecipeGallery, qtbot: QtBot) -> None:
    gallery.search.setText("zebra")
    assert names(gallery) == []
    assert gallery.nothing.isVisible()
    assert not gallery.use.isEnabled()
    gallery.search.clear()
    assert gallery.list.recipes == RECIPES
    assert gallery.use.isEnabled()


async def test_a_sentence_leads_to_what_comes_closest(gallery: RecipeGallery, qtbot: QtBot) -> None:
    qtbot.keyClicks(gallery.search, "send a folder to a colleague")
    assert gallery.list.current is not None
    assert gallery.list.current.name == "send-folder"
    assert "These come closest" in gallery.nothing.text()
    assert gallery.nothing.isVisible()
    assert gallery.list.isVisible()
    assert gallery.use.isEnabled()


@pytest.mark.parametrize("gallery", ["fr"], indirect=True)
async def test_it_is_searched_in_the_language_of_the_window(gallery: RecipeGallery) -> None:
    gallery.search.setText("serie balance")
    assert names(gallery) == ["serial-share"]
    gallery.search.setText("scale")
    assert names(gallery) == []


async def test_arrows_step_over_headings(gallery: RecipeGallery, qtbot: QtBot) -> None:
    gallery.list.setFocus()
    seen: list[Recipe | None] = [gallery.list.current]
    for _ in RECIPES[1:]:
        qtbot.keyClick(gallery.list, Qt.Key.Key_Down)
        seen.append(gallery.list.current)
    assert seen == RECIPES


# filling in -------------------------------------------------------------------------------------


async def test_values_show_at_once_in_the_picture_and_the_command(
    gallery: RecipeGallery, qtbot: QtBot
) -> None:
    page = opened(gallery, "failover")
    fill(page, "source.port", 9107)
    fill(page, "target.targets.1.host", "spare.example")
    assert "spare.example" in page.picture.accessibleName()
    assert page.commands[0].edit.text() == "nc 127.0.0.1 9107"
    qtbot.mouseClick(page.commands[0].copy, LEFT)
    assert QGuiApplication.clipboard().text() == "nc 127.0.0.1 9107"
    qtbot.mouseClick(gallery.use, LEFT)
    assert gallery.result() == QDialog.DialogCode.Accepted
    relay = gallery.draft.relay
    assert relay.source == TcpListen(9107)
    assert isinstance(relay.target, Failover)
    assert isinstance(relay.target.targets[1], TcpConnect)
    assert relay.target.targets[1].host == "spare.example"
    assert gallery.draft.name == "Fall back to a second server by itself"


async def test_a_wrong_value_is_said_at_its_field_and_nothing_goes_on(
    gallery: RecipeGallery, qtbot: QtBot
) -> None:
    page = opened(gallery, "failover")
    fill(page, "target.targets.0.host", "not a host")
    qtbot.mouseClick(gallery.use, LEFT)
    assert gallery.isVisible()
    wrong = [row for row in page.rows if row.problem is not None]
    assert [row.path for row in wrong] == ["target.targets.0.host"]
    assert wrong[0].note.isVisible()


async def test_what_is_wrong_only_together_is_said_too(
    gallery: RecipeGallery, qtbot: QtBot
) -> None:
    page = opened(gallery, "behind-nat")
    fill(page, "source.port", 9090)  # the relay would lead to itself
    qtbot.mouseClick(gallery.use, LEFT)
    assert gallery.isVisible()
    assert [row.path for row in page.rows if row.problem is not None] == ["target.port"]


async def test_what_was_typed_is_there_again_after_looking_elsewhere(
    gallery: RecipeGallery,
) -> None:
    fill(opened(gallery, "failover"), "source.port", 9107)
    opened(gallery, "dns")
    page = opened(gallery, "failover")
    assert page.rows[0].value() == 9107


# what it asks before ----------------------------------------------------------------------------


async def test_a_program_runs_only_after_exactly_it_was_agreed_to(
    gallery: RecipeGallery, qtbot: QtBot
) -> None:
    page = opened(gallery, "ssh-local-service")
    assert page.consent.isVisible()
    assert not gallery.use.isEnabled()
    page.consent.agreed.setChecked(True)
    assert gallery.use.isEnabled()
    command = "ssh me@there -W 127.0.0.1:1"
    fill(page, "target.command", command)
    assert page.consent.shown.toPlainText() == command
    assert not gallery.use.isEnabled(), "another command has to be agreed to anew"
    page.consent.agreed.setChecked(True)
    qtbot.mouseClick(gallery.use, LEFT)
    assert isinstance(gallery.draft.relay.target, Program)
    assert gallery.draft.relay.target.command == command


async def test_nothing_is_asked_where_nothing_runs(gallery: RecipeGallery) -> None:
    assert opened(gallery, "echo").consent.isHidden()


async def test_a_recipe_of_another_system_says_so(
    gallery: RecipeGallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe_page, "this_system", lambda: System.WINDOWS)
    opened(gallery, "unix-socket")
    assert not gallery.use.isEnabled()
    opened(gallery, "echo")
    assert gallery.use.isEnabled()


# no dead page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("gallery", LANGUAGES, indirect=True)
async def test_every_recipe_opens_with_something_in_every_part(gallery: RecipeGallery) -> None:
    for recipe in RECIPES:
        page = opened(gallery, recipe.name)
        assert page.picture.accessibleName()
        assert all(row.title and row.check() is None for row in page.rows)
        assert all(entry.edit.text() for entry in page.commands)
        assert page.draft() is not None, recipe.name


async def test_the_wizard_shows_all_of_every_recipe(played: EngineLink, theme: Theme) -> None:
    wizard = WizardDialog(None, played, theme)
    for recipe in RECIPES:
        draft = Filled(recipe).draft("x")
        wizard.choose(draft.page or kind_of(draft.relay))
        assert wizard.page is not None
        wizard.page.fill(draft.relay)
        if not recipe.own_certificate:
            assert wizard.page.spec() == draft.relay, recipe.name
    await wizard.tasks.finish()
    wizard.done(0)
    destroy(wizard)


async def test_the_wizard_makes_the_certificate_that_a_recipe_only_names(
    played: EngineLink, theme: Theme
) -> None:
    recipe = next(recipe for recipe in RECIPES if recipe.own_certificate)
    wizard = WizardDialog(None, played, theme, draft=Filled(recipe).draft("Page"))
    assert isinstance(wizard.page, TlsPage)
    assert wizard.page.certificate.make.isChecked()
    assert await wizard.page.certificate._make()
    source = wizard.page.spec().source
    assert isinstance(source, TcpListen)
    assert source.tls is not None
    assert source.tls.certificate == "/c/scale.pem"
    await wizard.tasks.finish()
    wizard.done(0)
    destroy(wizard)


# doors ------------------------------------------------------------------------------------------


@pytest.fixture
def asked(window: MainWindow) -> Iterator[MainWindow]:
    yield window
    window._tasks.cancel_all()


def shown(window: MainWindow, kind: type[QDialog]) -> QDialog | None:
    return next((each for each in window.findChildren(kind) if each.isVisible()), None)


@pytest.mark.parametrize("door", ["menu", "empty", "keys", "wizard"])
async def test_the_window_has_doors_to_it(asked: MainWindow, door: str, qtbot: QtBot) -> None:
    match door:
        case "menu":
            menu = asked.side.menu_button.menu()
            assert isinstance(menu, MainMenu)
            menu.recipes_wanted.emit()
        case "empty":
            asked.empty.recipes.click()
        case "keys":
            qtbot.keyClick(asked, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        case _:
            asked._openings.wizard(None)
            await rounds(lambda: shown(asked, WizardDialog) is not None)
            wizard = shown(asked, WizardDialog)
            assert isinstance(wizard, WizardDialog)
            wizard.choice.recipes.click()
    await rounds(lambda: shown(asked, RecipeGallery) is not None)
    gallery = shown(asked, RecipeGallery)
    assert isinstance(gallery, RecipeGallery)
    opened(gallery, "echo")
    gallery.use.click()
    await rounds(lambda: shown(asked, WizardDialog) is not None)
    wizard = shown(asked, WizardDialog)
    assert isinstance(wizard, WizardDialog)
    assert wizard.page is not None
    assert wizard.page.spec().target.kind == "echo"
    wizard.done(0)


async def wizard_of(window: MainWindow) -> WizardDialog:
    await rounds(lambda: shown(window, WizardDialog) is not None)
    wizard = shown(window, WizardDialog)
    assert isinstance(wizard, WizardDialog)
    return wizard


async def gallery_of(window: MainWindow) -> RecipeGallery:
    window._openings.recipes()
    await rounds(lambda: shown(window, RecipeGallery) is not None)
    gallery = shown(window, RecipeGallery)
    assert isinstance(gallery, RecipeGallery)
    return gallery


async def test_a_door_that_was_declined_stays_closed(asked: MainWindow) -> None:
    """The door leads away from something filled in: who stays does not want it later either."""
    asked._openings.wizard(None)
    wizard = await wizard_of(asked)
    wizard.choice.cards["forward"].click()
    assert wizard.page is not None
    editor = wizard.page.editor_at("target.host")
    assert editor is not None
    editor.set_value("typed.example")
    wizard.go_back()
    for leave, answer in (
        (wizard.choice.recipes.click, "Cancel"),
        (wizard.reject, "Close without saving"),
    ):
        leave()
        await rounds(lambda: shown(asked, QMessageBox) is not None)
        box = shown(asked, QMessageBox)
        assert isinstance(box, QMessageBox)
        next(button for button in box.buttons() if button.text() == answer).click()
        await rounds(lambda: not wizard.tasks.running("close"))
        assert wizard.isVisible() is (answer == "Cancel")
    await rounds(lambda: not asked._tasks.running("wizard"))
    assert not asked._tasks.running("recipes")


async def test_what_was_filled_in_is_there_again(asked: MainWindow) -> None:
    gallery = await gallery_of(asked)
    page = opened(gallery, "echo")
    fill(page, "source.port", 7777)
    gallery.reject()
    await rounds(lambda: not asked._tasks.running("recipes"))
    gallery = await gallery_of(asked)
    assert gallery.page is not None
    assert gallery.page.filled.recipe.name == "echo"
    assert gallery.page.filled.value("source.port") == 7777
    gallery.use.click()
    wizard = await wizard_of(asked)
    assert wizard.page is not None
    wizard.saved = Profile("echo-1", "Echo", wizard.page.spec())
    wizard.accept()  # as if it had been saved
    await rounds(lambda: not asked._tasks.running("recipes"))
    gallery = await gallery_of(asked)
    assert gallery.page is not None
    assert gallery.page.filled.value("source.port") != 7777
