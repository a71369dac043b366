"""The runbooks' commands for one test: ports, hosts and paths filled in, and cut into words."""

from __future__ import annotations

from collections.abc import Mapping

from tests.helpers.seeds import ESCAPED, SEEDS, shell_words


def words_of(name: str, changes: Mapping[str, object], form: str = "naive") -> list[str]:
    """The words of a command; ``changes`` says what stands for what, and must all be found.

    ``form`` is "naive", as its author wrote it, or "escaped", as socat 1.8 wants it.
    """
    text = (SEEDS if form == "naive" else ESCAPED)[name]
    for written, instead in changes.items():
        assert written in text, f"{name} has no {written}"
        text = text.replace(written, str(instead))
    return shell_words(text)
