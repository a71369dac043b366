"""Owns the words of the paste dialog: what becomes of a word of a command, and why one is refused.

Knows no widget. What each option does and why a word is refused is said by the core, in English;
``in_words`` finds the same in the language of the window.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from bascule.errors import BasculeError
from bascule.spec.foreign.place import ADDRESS, SERIAL
from bascule.spec.socat.refusals import Refusal
from bascule.spec.socat.verdicts import Said, Verdict, VerdictKind
from bascule_desktop.colours import ColourName
from bascule_desktop.messages import explain
from bascule_desktop.messages.sentence import Facts
from bascule_desktop.pasted import place_of

translate = QCoreApplication.translate


class Judged(NamedTuple):
    """How a verdict looks: an icon, its colour, and the word that stands beside it."""

    icon: str
    colour: ColourName
    word: str


class Refused(NamedTuple):
    """Why a text, or a part of it, is not read: what happened, where and why, what to do."""

    title: str
    cause: str
    action: str


def program_name(program: str) -> str:
    """What a relay was read from: a program's own name, or what stood there alone."""
    alone = {
        ADDRESS: translate("Paste", "address"),
        SERIAL: translate("Paste", "serial port"),
    }
    return alone.get(program, program)


def in_words(said: Said) -> str:
    """What the core says, in the language of the window."""
    return said.translated(lambda template: translate("Verdicts", template))


def judged(verdict: Verdict) -> Judged:
    """The mark and the word of a verdict."""
    look = {
        VerdictKind.NATIVE: Judged("check", "running", translate("Paste", "Done")),
        VerdictKind.AS_MEANT: Judged("check", "accent", translate("Paste", "Read as meant")),
        VerdictKind.EMULATED: Judged("check", "accent", translate("Paste", "Done in another way")),
        VerdictKind.NOT_ON_THIS_SYSTEM: Judged(
            "warning", "waiting", translate("Paste", "Not on this computer")
        ),
        VerdictKind.UNKNOWN: Judged("info", "accent", translate("Paste", "Not socat's own word")),
        VerdictKind.IGNORED: Judged("remove", "muted", translate("Paste", "Left out")),
    }[verdict.kind]
    if verdict.warns and verdict.kind == VerdictKind.IGNORED:
        return look._replace(icon="warning", colour="waiting")
    return look


def meaning(verdict: Verdict) -> str:
    """What a verdict says, in the language of the window; without its word, where it begins so."""
    said = " ".join(map(in_words, verdict.said))
    word = judged(verdict).word
    rest = said.removeprefix(word).lstrip("\u00a0 ")
    if said.startswith(word) and rest.startswith(":"):
        said = rest[1:].lstrip()
        said = said[:1].upper() + said[1:]
    return said


def refused(problem: BasculeError, text: str, *, whole: bool = False) -> Refused:
    """Say why a text is not read. Where it concerns a place in the text, that is said too.

    ``whole``: nothing at all was found in it.
    """
    facts = Facts(problem.problem)
    rule = facts["rule"]
    known = _refusals().get(rule)
    if known is not None:
        title, cause, action = (facts.fill(each) for each in known)
        return Refused(title, cause, action)
    place = place_of(text, int(problem.facts.get("position", 0)))
    token = facts["token"].replace("\n", " ")
    token = f"{token[:40]}…" if len(token) > 40 else token
    if whole:
        title = translate("Paste", "This is not a command that Bascule can read")
    elif token:
        title = translate("Paste", "“{token}” cannot be read").format(token=token)
    else:
        title = translate("Paste", "The command cannot be read")
    cause = translate("Paste", "Line {line}, character {column}: {why}").format(
        line=place.line, column=place.column, why=_why(problem, facts)
    )
    if whole:
        action = translate(
            "Paste",
            "Check that the whole line is there, from the name of the program to the last word. An "
            "address needs its port: 192.168.1.10:502.",
        )
    else:
        action = translate("Paste", "Correct it above, and it is read again at once.")
    return Refused(title, cause, action)


def _why(problem: BasculeError, facts: Facts) -> str:
    """Why, with a point at its end; of a value that no relay can have, what it must be."""
    if "near" in facts:
        return facts.fill(translate("Paste", "“{token}” is not known. Did you mean {near}?"))
    if not isinstance(problem, Refusal):
        sentence = explain(problem.problem)
        rule = sentence.short or sentence.action
        return f"{sentence.title}. {rule}"
    why = in_words(problem.said)
    return why if why.endswith(("?", ".")) else f"{why}."


def _refusals() -> dict[str, tuple[str, str, str]]:
    """Title, cause and action by the rule that was broken; facts stand in braces."""
    return {
        "paste_long": (
            translate("Paste", "This is too long to be a command"),
            translate("Paste", "Bascule reads texts of at most {characters} characters."),
            translate("Paste", "Paste only the lines that matter."),
        ),
        "paste_not_text": (
            translate("Paste", "{file} is not a text"),
            translate("Paste", "What is in it is a program, a picture or other data."),
            translate("Paste", "Choose a script or a configuration, or paste the command."),
        ),
        "paste_binary": (
            translate("Paste", "This is not a text"),
            translate("Paste", "What was copied is a program, a picture or other data."),
            translate("Paste", "Copy the command once more, or open the file that holds it."),
        ),
        "paste_no_file": (
            translate("Paste", "{file} is not a file"),
            translate("Paste", "It is a folder, a device or a pipe."),
            translate("Paste", "Choose another file, or paste what is in it."),
        ),
        "paste_unreadable": (
            translate("Paste", "{file} cannot be opened"),
            translate("Paste", "The system says: {why}."),
            translate("Paste", "Choose another file, or paste what is in it."),
        ),
    }
