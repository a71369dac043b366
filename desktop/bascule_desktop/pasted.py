"""Owns what the paste dialog knows without a widget: places in a text, files, drafts.

A text counts in characters here, as in the core; Qt counts in halves of UTF-16, so that an emoji is
two.
"""

from __future__ import annotations

import codecs
import unicodedata
import uuid
from pathlib import Path
from typing import NamedTuple

from bascule.errors import ErrorCode, SpecError
from bascule.spec.fields import references, with_references
from bascule.spec.foreign.found import Found
from bascule_desktop.wizard.draft import Draft

LONGEST_CHARACTERS = 64_000
"""Nobody pastes a longer command or configuration; the field would be slow with more."""

_LONGEST_BYTES = 4 * LONGEST_CHARACTERS
_EXCERPT_CHARACTERS = 56
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cs", "Cn"})
_NOT_WRITTEN = frozenset({"Cc", "Co", "Cs", "Cn"})
_NOT_WRITTEN_SHARE = 0.1
"""So much of a text may be what nobody writes: colours of a terminal, a letter newer than Python.
Where it is more, somebody pasted a picture or a program. Looking for a font that has such
characters stops the window for seconds.
"""


class Place(NamedTuple):
    """Where something stands in a text, both counted from 1 as editors do."""

    line: int
    column: int


class Excerpt(NamedTuple):
    """A piece of one line around a place, and how many characters stand before the place."""

    text: str
    caret: int


def place_of(text: str, position: int) -> Place:
    """The line and the column of a position; one behind the end counts as the end."""
    before = text[: max(position, 0)]
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def excerpt(text: str, position: int) -> Excerpt:
    """What stands around a position in its line, short enough for one line on the screen."""
    position = min(max(position, 0), len(text))
    begin = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[begin:] if end < 0 else text[begin:end]
    at = position - begin
    first = max(0, min(at - _EXCERPT_CHARACTERS // 2, len(line) - _EXCERPT_CHARACTERS))
    last = first + _EXCERPT_CHARACTERS
    lead = "…" if first else ""
    piece = "".join(each if each.isprintable() else "·" for each in line[first:last])
    return Excerpt(lead + piece + ("…" if last < len(line) else ""), len(lead) + at - first)


def qt_position(text: str, position: int) -> int:
    """A position as Qt counts it."""
    return len(text[:position].encode("utf-16-le", "surrogatepass")) // 2


def visible(command: str) -> str:
    """A command as it will run, with a name for each character that would not be seen.

    Nothing can hide in it: text that runs from right to left, zero-width letters, control codes.
    """
    if command.replace("\n", "").isprintable():
        return command
    return "".join(
        f"⟨U+{ord(each):04X}⟩"
        if each != "\n" and unicodedata.category(each) in _INVISIBLE
        else each
        for each in command
    )


def draft_of(found: Found) -> Draft:
    """The relay that was found, for the wizard. Its passwords get references of their own: those in
    it are the same for every text.

    Raises: ValueError: there is no relay.
    """
    if found.relay is None:
        raise ValueError("nothing to begin with")
    fresh = {name: uuid.uuid4().hex for name in references(found.relay)}
    secrets = {fresh[name]: text for name, text in found.secrets.items() if name in fresh}
    return Draft(with_references(found.relay, fresh), secrets=secrets)


def read_file(path: Path) -> str:
    """The text of a file that somebody dropped or chose. Blocks.

    Raises: SpecError VALUE_INVALID; its fact ``rule`` is paste_unreadable, paste_no_file,
        paste_long or paste_not_text.
    """
    try:
        if path.exists() and not path.is_file():
            raise _refused(path, "paste_no_file", "no file")  # a pipe would be waited for
        with path.open("rb") as file:
            held = file.read(_LONGEST_BYTES + 1)
    except OSError as exc:
        raise _refused(path, "paste_unreadable", exc.strerror or str(exc)) from exc
    if len(held) > _LONGEST_BYTES:
        raise _refused(path, "paste_long", "too long")
    text = _decoded(held)
    if text is None:
        raise _refused(path, "paste_not_text", "not text")
    if len(text) > LONGEST_CHARACTERS:
        raise _refused(path, "paste_long", "too long")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_text(text: str, *, beside: int = 0) -> None:
    """See whether the field can take a text, with so many characters that stand there already.

    Raises: SpecError VALUE_INVALID; its fact ``rule`` is paste_long or paste_binary.
    """
    if len(text) + beside > LONGEST_CHARACTERS:
        raise _invalid("the text is too long", "paste_long")
    odd = sum(each == "\N{REPLACEMENT CHARACTER}" or _is_not_written(each) for each in text)
    if odd > _NOT_WRITTEN_SHARE * len(text):
        raise _invalid("the text is none", "paste_binary")


def _is_not_written(character: str) -> bool:
    return unicodedata.category(character) in _NOT_WRITTEN and not character.isspace()


def _refused(path: Path, rule: str, why: str) -> SpecError:
    error = _invalid(f"{path.name}: {why}", rule)
    error.facts |= {"file": path.name, "why": why}
    return error


def _invalid(message: str, rule: str) -> SpecError:
    return SpecError(
        message, code=ErrorCode.VALUE_INVALID, rule=rule, characters=LONGEST_CHARACTERS
    )


def _decoded(held: bytes) -> str | None:
    """Bytes as text: UTF-8, UTF-16 with its mark, or the 8-bit letters of older files."""
    marked = held.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = held.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(unicodedata.category(each) == "Cc" and not each.isspace() for each in text):
            return None
        return text
    return None
