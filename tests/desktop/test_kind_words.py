"""Every kind of end has a name, a sentence that says what it does, and a place in the list."""

from __future__ import annotations

import pytest

from bascule.spec.ends import Source, Target
from bascule_desktop.kind_words import kind_groups, kind_help, kind_label
from bascule_desktop.labels import members

KINDS = sorted({spec.kind for spec in (*members(Source), *members(Target))})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_explained(kind: str) -> None:
    assert kind_label(kind) != kind
    assert kind_help(kind).endswith(".")


def test_every_kind_stands_under_one_heading() -> None:
    grouped = [kind for kinds in kind_groups().values() for kind in kinds]
    assert sorted(grouped) == KINDS


def test_labels_differ() -> None:
    assert len({kind_label(kind) for kind in KINDS}) == len(KINDS)


def test_a_kind_of_a_newer_bascule_has_its_own_name() -> None:
    assert kind_label("carrier-pigeon") == "carrier-pigeon"
    assert kind_help("carrier-pigeon") == ""
