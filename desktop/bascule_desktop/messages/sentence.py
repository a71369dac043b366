"""Owns the form of an explanation: what happened, why, what to do, and the button that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bascule.errors import Problem


class HintKind(StrEnum):
    """What the button of an explanation does; ``ActionHint.value`` is what it needs."""

    USE_PORT = "use_port"  # value: the port to listen on instead
    CHOOSE_FILE = "choose_file"  # value: dotted path of the field that wants a file
    GO_TO_FIELD = "go_to_field"  # value: dotted path of the field to look at
    COPY = "copy"  # value: the text to put on the clipboard
    OPEN_FOLDER = "open_folder"  # value: the folder or file to show
    OPEN_SETTINGS = "open_settings"  # value: the address of a page of the system's settings
    TRUST = "trust"  # value: the certificate that others are to trust
    TRY_AGAIN = "try_again"  # value: empty
    CONFIRM = "confirm"  # value: the commands that are to be allowed, one a line


@dataclass(frozen=True, slots=True)
class ActionHint:
    """A button that helps. ``label`` is its text, translated."""

    kind: HintKind
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A problem in a person's words, translated. ``short`` is what stands beside a field;
    ``others`` are what may help too, after ``button``.
    """

    title: str
    cause: str
    action: str
    button: ActionHint | None = None
    short: str = ""
    others: tuple[ActionHint, ...] = ()

    @property
    def text(self) -> str:
        """Title, cause and action as one text."""
        return "\n".join(part for part in (self.title, self.cause, self.action) if part)


class Facts:
    """What is known of a problem, as texts: empty where a fact is missing."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.field = problem.field or ""

    def __getitem__(self, name: str) -> str:
        held = self.problem.facts.get(name, "")
        if name == "peer" and not held:
            held = self.problem.facts.get("subject", "")
        if isinstance(held, float):
            return f"{held:g}"
        return str(held)

    def __contains__(self, name: str) -> bool:
        return bool(self[name])

    def first(self, *names: str) -> str:
        """The first of these facts that is known."""
        return next((self[name] for name in names if self[name]), "")

    def fill(self, template: str, **more: str) -> str:
        """Put the facts into a translated sentence with named places."""
        return template.format_map(_Places(self, more))


class _Places(dict[str, str]):
    """Named places of a template: facts, and what was given beside them."""

    def __init__(self, facts: Facts, more: dict[str, str]) -> None:
        super().__init__(more)
        self._facts = facts

    def __missing__(self, name: str) -> str:
        return self._facts[name]


type Explain = Callable[[Facts], Sentence]
