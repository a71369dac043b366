"""Owns how the command of a program is put into socat's words, so that it comes back unchanged.

Where the command can stand as it is, and socat 1.8 reads it as we do, it does. Else it is quoted
as a whole, which socat undoes; and where socat would then still split it differently (EXEC), an
option of our own says so.
"""

from __future__ import annotations

from bascule.errors import SpecError
from bascule.spec.socat.quoting import Words
from bascule.spec.socat.reader import read_word
from bascule.spec.socat.shelltext import Layout

_BEHIND = ("", ",stderr", "!!STDOUT")
"""What may stand behind a command; it must not become a part of it."""


def command_words(keyword: str, command: str) -> Words:
    """Begin the address of a program with its command."""
    quoted = "'" + command.replace("\\", "\\\\").replace("'", "\\'") + "'"
    plain = [command] if Layout(command).balanced else []
    for strict in (True, False):
        for text in (*plain, quoted):
            if _is_read(keyword, text, command, strict=strict):
                words = Words(keyword)
                words.raw(text)
                return words
    words = Words(keyword)
    words.raw(quoted)
    words.option("shell-words")
    return words


def _is_read(keyword: str, text: str, command: str, *, strict: bool) -> bool:
    """Whether the command is read again from the text; ``strict``: by socat 1.8 as well."""
    ways = (True, False) if strict else (False,)
    return all(
        _read(f"{keyword}:{text}{behind}", strict=way, any_group=any_group) == (command, behind)
        for way in ways
        for any_group in (True, False)
        for behind in _BEHIND
    )


def _read(word: str, *, strict: bool, any_group: bool) -> tuple[str, str]:
    """The command in a word, and what stands behind it."""
    try:
        singles = read_word(word, strict=strict, windows=False, any_group=any_group)
    except SpecError:
        return "", "nothing"
    first = singles[0]
    if len(first.params) != 1:
        return "", "nothing"
    options = "".join(f",{option.token}" for option in first.options)
    second = "".join(f"!!{single.token}" for single in singles[1:])
    return first.params[0].text, options + second
