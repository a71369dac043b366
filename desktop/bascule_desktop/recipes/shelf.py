"""Owns all recipes that ship with Bascule, their order, and finding one by what a person types."""

from __future__ import annotations

import unicodedata

from bascule_desktop.recipes.recipe import Group, Recipe, read_recipe
from bascule_desktop.resources import resource

_ORDER = {group: number for number, group in enumerate(Group)}


def load_recipes() -> list[Recipe]:
    """Read every recipe, by group and then in its order there.

    Raises:
        FileNotFoundError: They do not ship with this installation.
        SpecError: One of them is wrong; a test reads them all.
    """
    found = [
        read_recipe(path.read_text(encoding="utf-8"), path.stem)
        for path in resource("recipes").glob("*.toml")
    ]
    return sorted(found, key=lambda recipe: (_ORDER[recipe.group], recipe.order))


def search_recipes(recipes: list[Recipe], text: str, language: str) -> list[Recipe]:
    """The recipes in whose words every word of a text occurs; accents and case do not matter."""
    wanted = plain(text).split()

    def found(recipe: Recipe) -> bool:
        words = recipe.words(language)
        said = plain(" ".join((words.title, words.when, words.search, recipe.name)))
        return all(word in said for word in wanted)

    return [recipe for recipe in recipes if found(recipe)]


def plain(text: str) -> str:
    """A text without accents and case, for comparing: ``Série`` as ``serie``."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
