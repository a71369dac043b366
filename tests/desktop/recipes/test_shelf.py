"""All recipes that ship: complete in both languages, consistent, found by what people type."""

from __future__ import annotations

import re

import pytest

from bascule_desktop.language import LANGUAGES
from bascule_desktop.recipes.filled import Filled
from bascule_desktop.recipes.recipe import Group, Recipe, field_at
from bascule_desktop.recipes.shelf import load_recipes, nearest_recipes, plain, search_recipes

RECIPES = load_recipes()
NAMES = [recipe.name for recipe in RECIPES]
EACH = pytest.mark.parametrize("recipe", RECIPES, ids=NAMES)


CASES = {
    "A1": "allow-list",
    "A2": "banner",
    "A3": "receive-file",
    "A4": "ssh-unix-socket",
    "A5": "udp-to-tcp",
    "A6": "maintenance",
    "A7": "collect-tcp",
    "A8": "connection-limit",
    "A9": "socks5",
    "A10": "ipv6-to-ipv4",
    "A11": "forward-port",
    "A12": "health-text",
    "A13": "receive-folder",
    "A14": "ssh-local-service",
    "A15": "collect-udp",
    "A16": "see-traffic",
    "A17": "unix-socket",
    "A18": "https-front",
    "A19": "serial-share",
    "A20": "throughput",
    "B1": "forward-port",
    "B2": "failover",
    "B3": "receive-folder",
    "B4": "ssh-local-service",
    "B5": "collect-udp",
    "B6": "see-traffic",
    "B7": "unix-socket",
    "B8": "https-front",
    "B9": "client-certificate",
    "B10": "serial-share",
    "B11": "health-http",
    "B12": "health-text",
    "B13": "udp-tunnel-entry",
    "B14": "dns",
    "B15": "throughput",
    "B16": "strict-timeout",
    "B17": "hand-out-file",
    "B18": "log-to-several",
    "B19": "behind-nat",
    "B20": "socks4a",
    "C1": "echo",
    "C2": "echo",
    "C3": "room",
}
"""The cases of the runbooks and of the course, as the tests that run them name them."""


def texts(recipe: Recipe, language: str) -> list[str]:
    words = recipe.words(language)
    said = [asked.label for asked in recipe.asked] + [use.label for use in recipe.uses]
    said += [asked.help for asked in recipe.asked if asked.help is not None]
    return [
        words.title,
        words.when,
        words.caution,
        words.search,
        *(each.in_language(language) for each in said),
    ]


def test_they_stand_by_group_the_common_ones_first() -> None:
    groups = [recipe.group for recipe in RECIPES]
    assert groups == sorted(groups, key=list(Group).index)
    places = [(recipe.group, recipe.order) for recipe in RECIPES]
    assert len(set(places)) == len(places)
    assert NAMES[0] == "forward-port"
    assert set(groups) == set(Group)
    assert len(set(NAMES)) == len(NAMES)


def test_every_case_of_the_runbooks_has_a_recipe() -> None:
    assert {name for name in CASES.values() if name not in NAMES} == set()
    numbers = [f"{book}{number}" for book in "AB" for number in range(1, 21)]
    assert list(CASES) == [*numbers, "C1", "C2", "C3"]


@EACH
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_unsaid(recipe: Recipe, language: str) -> None:
    words = recipe.words(language)
    assert all((words.title, words.when, words.search))
    assert not words.title.endswith(".")
    assert words.when.endswith(".")
    assert len(words.title) <= 75, "it has to fit on a line"
    other = recipe.words("fr" if language == "en" else "en")
    assert bool(words.caution) == bool(other.caution)
    assert words.when != other.when
    labels = [asked.label.in_language(language) for asked in recipe.asked]
    assert len(set(labels)) == len(labels), "a screen reader says nothing but the label"
    assert recipe.uses, "there is something to type on the other side"


@EACH
def test_french_puts_a_space_before_double_signs(recipe: Recipe) -> None:
    for text in texts(recipe, "fr"):
        assert not re.search(r"\w [:;?!»]|« ", text), text


@EACH
@pytest.mark.parametrize("language", LANGUAGES)
def test_its_proposals_are_a_relay_of_which_all_is_said(recipe: Recipe, language: str) -> None:
    filled = Filled(recipe)
    filled.relay()
    for asked in recipe.asked:
        assert field_at(recipe.relay, asked.at, "at")
        assert filled.value(asked.at) is not None
    for use in recipe.uses:
        assert not re.search(r"[{}]", filled.command(use))
    draft = filled.draft(recipe.words(language).title)
    assert draft.name == recipe.words(language).title


@pytest.mark.parametrize(
    ("language", "typed", "name"),
    [
        ("en", "https old page", "https-front"),
        ("fr", "vieille page", "https-front"),
        ("fr", "SERIE", "serial-share"),
        ("fr", "basculement secours", "failover"),
        ("fr", "telecharger fichier", "hand-out-file"),
        ("en", "tor", "onion"),
        ("en", "max-children", "connection-limit"),
        ("fr", "tee", "log-to-several"),
        ("en", "ngrok", "behind-nat"),
        ("fr", "iperf", "throughput"),
        ("fr", "écho à tous", "room"),
    ],
)
def test_it_is_found_by_what_people_type(language: str, typed: str, name: str) -> None:
    assert name in [recipe.name for recipe in search_recipes(RECIPES, typed, language)]


def test_all_words_count_and_nothing_finds_all() -> None:
    assert search_recipes(RECIPES, " ", "en") == RECIPES
    assert search_recipes(RECIPES, "tor serial", "en") == []


@pytest.mark.parametrize(
    ("language", "typed", "name"),
    [
        ("en", "send a folder to a colleague", "send-folder"),
        ("en", "An old web page on port 8080 must be reachable as HTTPS", "https-front"),
        ("en", "my scale is on COM5 and I want it on the network", "serial-share"),
        ("en", "how fast is my network?", "throughput"),
        ("en", "the folders of a colleague, received here", "receive-folder"),
        ("fr", "envoyer un dossier à un collègue", "send-folder"),
        ("fr", "une ancienne page web doit être accessible en HTTPS", "https-front"),
        ("fr", "mesurer la vitesse de la ligne", "throughput"),
    ],
)
def test_a_sentence_finds_what_comes_closest(language: str, typed: str, name: str) -> None:
    near = nearest_recipes(RECIPES, typed, language)
    assert near[0].name == name
    assert len(near) <= 5, "that would be no help"


def test_words_that_say_nothing_find_nothing() -> None:
    assert nearest_recipes(RECIPES, "", "en") == []
    assert nearest_recipes(RECIPES, "zebra", "en") == []


def test_accents_and_case_do_not_matter() -> None:
    assert plain("Série Œuvre ÉTÉ") == "serie œuvre ete"
