"""Owns all recipes that ship with Bascule, their order, and finding one by what a person types."""

from __future__ import annotations

import math
import re
import unicodedata

from bascule_desktop.recipes.recipe import Group, Recipe, read_recipe
from bascule_desktop.resources import resource

_ORDER = {group: number for number, group in enumerate(Group)}
_STEM = 4
"""So many letters make a word worth finding in a longer one: ``folder`` in ``folders``."""
_LEAST = 1 / 3
_NEAR = 0.7


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
    return [recipe for recipe in recipes if all(word in _said(recipe, language) for word in wanted)]


def nearest_recipes(recipes: list[Recipe], text: str, language: str) -> list[Recipe]:
    """The recipes that come closest to a sentence, the best first; none if they say too little.

    A word counts the more the fewer recipes say it, so ``a`` and ``to`` hardly do; one that no
    recipe says does not count. Near is who says more than a third of what counts, and most of
    what the best one says; a title decides between those that say the same.
    """
    said = [_words(_said(recipe, language)) for recipe in recipes]
    titles = [_words(plain(recipe.words(language).title)) for recipe in recipes]
    scores = [0.0] * len(recipes)
    in_title = [0.0] * len(recipes)
    whole = 0.0
    for word in _words(plain(text)):
        having = [number for number, words in enumerate(said) if _says(words, word)]
        if having:
            weight = math.log(len(recipes) / len(having))
            whole += weight
            for number in having:
                scores[number] += weight
                in_title[number] += weight * _says(titles[number], word)
    least = max(whole * _LEAST, max(scores, default=0.0) * _NEAR)
    near = [number for number, score in enumerate(scores) if score > least]
    near.sort(key=lambda number: scores[number] + in_title[number], reverse=True)
    return [recipes[number] for number in near]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _says(words: set[str], word: str) -> bool:
    return any(
        each.startswith(word) or (len(each) >= _STEM and word.startswith(each)) for each in words
    )


def _said(recipe: Recipe, language: str) -> str:
    words = recipe.words(language)
    return plain(" ".join((words.title, words.when, words.search, recipe.name)))


def plain(text: str) -> str:
    """A text without accents and case, for comparing: ``Série`` as ``serie``."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
