"""What is lost, and why there is no export: a sentence for each, in both languages."""

from __future__ import annotations

import ast
import inspect
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

import bascule.spec.export
from bascule.errors import ErrorCode, Problem
from bascule.spec.export import lost
from bascule.spec.export.exported import Loss, LossKind
from bascule_desktop.messages import explain
from bascule_desktop.messages.export import loss_sentence
from bascule_desktop.resources import resource

FACTS = {"program": "nginx", "value": "/a", "kind": "serial"}


@pytest.fixture
def french(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load("bascule_fr", str(resource("translations")))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def whole(text: str) -> bool:
    places = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return text == text.strip() != "" and not places


@pytest.mark.parametrize("kind", LossKind)
def test_every_loss_has_a_sentence(kind: LossKind, request: pytest.FixtureRequest) -> None:
    loss = Loss(kind, "for the log", "idle_seconds", FACTS)
    english = loss_sentence(loss)
    request.getfixturevalue("french")
    assert whole(english)
    assert whole(loss_sentence(loss))
    assert loss_sentence(loss) != english


def test_a_setting_is_called_as_in_the_form() -> None:
    def said(field: str, value: str) -> str:
        facts = {"program": "nginx", "value": value}
        return loss_sentence(Loss(LossKind.SETTING, "", field, facts))

    assert said("once", "yes").endswith("(yes).")
    assert "“Connect from address”" in said("target.bind", "10.0.0.1")
    assert said("target.flow_control", "dsr-dtr").endswith("(DSR/DTR).")


def refusals() -> set[str]:
    """The rules of all refusals that are written in the core."""
    found = {rule for rule, _why in lost._WHY.values()}
    for file in Path(inspect.getfile(bascule.spec.export)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "refusal"
                and isinstance(node.args[1], ast.Constant)
            ):
                found.add(str(node.args[1].value))
    return found


def test_every_refusal_has_a_reason_of_its_own() -> None:
    rules = refusals()
    assert len(rules) > 10
    said: dict[str, str] = {}
    for rule in rules:
        problem = Problem(ErrorCode.NOT_EXPORTABLE, "", None, {**FACTS, "rule": rule})
        assert explain(problem).title == "nginx cannot do what this relay does"
        said[rule] = explain(problem).cause
    assert all(map(whole, said.values()))
    assert len(set(said.values())) == len(said)


def test_a_service_that_cannot_be_is_not_advised_again() -> None:
    problem = Problem(ErrorCode.NOT_EXPORTABLE, "", None, {"rule": "foreground"})
    assert "systemd" not in explain(problem).action
