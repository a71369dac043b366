"""Both languages are complete, up to date with the code, and compiled."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from bascule_desktop.resources import resource

FOLDER = resource("translations")
LANGUAGES = ("en", "fr")
PLACEHOLDER = re.compile(r"\{\w*\}|%L?n|%L?\d")


@pytest.fixture(scope="module")
def update() -> ModuleType:
    found = importlib.util.spec_from_file_location("update", FOLDER / "update.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def messages(path: Path) -> Iterator[tuple[str, str, list[str], bool]]:
    """Context, source, translations and whether it is finished, of every entry."""
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")]
            yield (
                context.findtext("name", ""),
                message.findtext("source", ""),
                forms or [translation.text or ""],
                translation.get("type") is None,
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_finished(language: str):
    entries = list(messages(FOLDER / f"bascule_{language}.ts"))
    assert entries
    assert [entry for entry in entries if not entry[3] or not all(entry[2])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str):
    for _context, source, forms, _finished in messages(FOLDER / f"bascule_{language}.ts"):
        for form in forms:
            wanted = sorted(PLACEHOLDER.findall(source))
            assert sorted(PLACEHOLDER.findall(form)) == wanted, (source, form)


@pytest.mark.parametrize(
    ("language", "many"), [("en", "30,000"), ("fr", "30\N{NARROW NO-BREAK SPACE}000")]
)
def test_counts_have_their_thousands_apart(language: str, many: str):
    """As the figures beside them; each in the form that its number asks for."""
    app = QCoreApplication.instance()
    assert app is not None
    before = QLocale()
    translator = QTranslator()
    assert translator.load(str(FOLDER / f"bascule_{language}.qm"))
    app.installTranslator(translator)
    QLocale.setDefault(QLocale(language))
    try:
        counted = [
            (context, source, forms)
            for context, source, forms, _finished in messages(FOLDER / f"bascule_{language}.ts")
            if len(forms) > 1
        ]
        assert len(counted) >= 20
        for context, source, (singular, plural) in counted:
            for number, said, form in ((1, "1", singular), (30_000, many, plural)):
                text = QCoreApplication.translate(context, source, "", number)
                assert said in text
                assert text == form.replace("%Ln", said)
    finally:
        QLocale.setDefault(before)
        app.removeTranslator(translator)


def test_french_puts_a_space_before_double_signs():
    for _context, _source, forms, _finished in messages(FOLDER / "bascule_fr.ts"):
        for form in forms:
            assert not re.search(r"\w [:;?!»]|« ", form), form


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_code_is_missing(language: str, tmp_path: Path, update: ModuleType):
    for each in LANGUAGES:
        shutil.copy(FOLDER / f"bascule_{each}.ts", tmp_path)
    update.collect(tmp_path)
    name = f"bascule_{language}.ts"
    assert list(messages(tmp_path / name)) == list(messages(FOLDER / name)), (
        "run resources/translations/update.py and translate what is new"
    )


def test_what_is_said_of_a_pasted_text_is_collected_where_it_has_a_name_first(update: ModuleType):
    """``why = "…"`` and then ``Said(why)``: what is written at once, the code's own check finds."""
    collected = set(update.verdict_sentences())
    lost: list[str] = []
    for path in (path for folder in update.SAID for path in folder.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                lost += [each for each in named_and_said(function) if each not in collected]
    assert lost == []


def named_and_said(function: ast.FunctionDef) -> Iterator[str]:
    """The texts with a space that a function gives a name, and then hands on by it."""
    names = {
        node.targets[0].id: node.value.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and " " in node.value.value
    }
    for call in ast.walk(function):
        if isinstance(call, ast.Call):
            yield from (
                names[each.id]
                for each in call.args
                if isinstance(each, ast.Name) and each.id in names
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_of_this_source(language: str, tmp_path: Path, update: ModuleType):
    update.compile_into(tmp_path)
    name = f"bascule_{language}.qm"
    assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
