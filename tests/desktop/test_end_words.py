"""Every kind of end has its half of the sentence that says what a relay does."""

from __future__ import annotations

import pytest

from bascule.spec.codec import from_data
from bascule.spec.fields import Spec
from bascule.spec.relays import RelaySpec
from bascule_desktop.end_words import end_icon, end_name, source_words, target_words
from bascule_desktop.kind_words import kind_label
from bascule_desktop.sentences import sentence
from tests.desktop.wizard.every_kind import KINDS, least, other

each_kind = pytest.mark.parametrize(
    ("role", "kind"), KINDS, ids=lambda value: value if isinstance(value, str) else value.kind
)


def relay(role: str, kind: type[Spec]) -> RelaySpec:
    data = {"source": other("target"), "target": other("source"), role: least(kind, role)}
    return from_data(RelaySpec, data)


@each_kind
def test_a_relay_is_said_in_one_sentence(role: str, kind: type[Spec]) -> None:
    said = sentence(relay(role, kind))
    assert said.startswith("Bascule ")
    assert said.endswith(".")
    assert "{" not in said
    label = kind_label(kind.kind)
    assert label not in said, "an entry of the list of kinds is no part of a sentence"


@each_kind
def test_an_end_has_a_name_and_an_icon(role: str, kind: type[Spec]) -> None:
    end = getattr(relay(role, kind), role)
    assert end_name(end)
    assert end_icon(end)


def test_where_it_has_a_path_the_path_is_said() -> None:
    pipe = from_data(RelaySpec, {"source": {"kind": "pipe", "path": "/run/p"}, "target": ECHO})
    assert source_words(pipe.source) == "Bascule reads /run/p"
    terminal = from_data(RelaySpec, {"source": {"kind": "pty", "link": "/dev/s"}, "target": ECHO})
    assert source_words(terminal.source) == "Bascule offers the terminal /dev/s"
    there = from_data(RelaySpec, {"source": ECHO, "target": {"kind": "pipe", "path": "/run/p"}})
    assert target_words(there.target) == "passes everything to the pipe /run/p"
    there = from_data(RelaySpec, {"source": ECHO, "target": {"kind": "pty", "link": "/dev/s"}})
    assert target_words(there.target) == "passes everything to the terminal /dev/s"


ECHO = {"kind": "echo"}
