"""Owns containers around a command: ``docker run``, the ports it opens, and lists of words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bascule.spec.foreign.call import emulated, left_out
from bascule.spec.foreign.names import PROGRAMS, program_of
from bascule.spec.foreign.words import Making, Source, Word
from bascule.spec.socat.verdicts import Said, Verdict

_SWITCHES = frozenset(
    {
        "-d", "-i", "-t", "-it", "-ti", "-dit", "-itd", "-id", "--rm", "--detach", "--init",
        "--interactive", "--privileged", "--read-only", "--tty", "-P", "--publish-all", "-q",
        "--no-healthcheck", "--oom-kill-disable", "--quiet", "-td", "-dt",
    }
)  # fmt: skip
_IMAGE = re.compile(r"(?:.*/)?([\w.-]*socat[\w.-]*)(?::[\w.-]+)?(?:@sha256:\w+)?")
_PUBLISHED = re.compile(r"(?:(\[[\da-fA-F:]+\]|[\d.]+):)?(\d+):(\d+)(?:/(?:tcp|udp))?")


@dataclass(slots=True)
class Inside:
    """What runs in a container."""

    words: list[Word]
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    ports: Mapping[int, tuple[str, int]] = field(default_factory=dict[int, tuple[str, int]])


def container_words(words: list[Word]) -> Inside:
    """The command within ``docker run … alpine/socat ARGS`` or ``docker exec NAME socat ARGS``;
    none where it is another command.
    """
    verb = next((at for at, word in enumerate(words) if word.text in ("run", "exec")), None)
    if verb is None:
        return Inside([])
    at = verb + 1
    ports: dict[int, tuple[str, int]] = {}
    entry: Word | None = None
    while at < len(words) and words[at].text.startswith("-"):
        name, equals, value = words[at].text.partition("=")
        if name not in _SWITCHES and not equals:
            at += 1
            value = words[at].text if at < len(words) else ""
        if name in ("-p", "--publish"):
            published = _PUBLISHED.fullmatch(value)
            if published is not None and len(published[2]) < 6 and len(published[3]) < 6:
                host = (published[1] or "0.0.0.0").strip("[]")
                ports[int(published[3])] = (host, int(published[2]))
        if name == "--entrypoint" and at < len(words):
            entry = words[at].cut(len(words[at].text) - len(value))
        at += 1
    if at >= len(words):
        return Inside([])
    image, rest = words[at], words[at + 1 :]
    begun = f"{words[0].text} {words[verb].text}"
    if entry is not None:
        inside = [entry, *rest]
    elif rest and program_of(rest[0].text) in PROGRAMS:
        inside = rest
    elif is_socat_image(image.text):
        inside = [Word("socat", image.begin, image.end, [image.begin] * 5), *rest]
    else:
        return Inside([])
    return Inside(inside, [not_contained(begun)], ports)


def is_socat_image(name: str) -> bool:
    """Whether the program of an image is socat: ``alpine/socat``."""
    return _IMAGE.fullmatch(name) is not None


def not_contained(token: str) -> Verdict:
    """The verdict on what put the command into a container."""
    why = (
        "the relay runs on this computer itself, not in a container; names that only the "
        "container's network knows are not found."
    )
    return left_out(token, why, warns=True)


def published(token: str, host: str, port: int) -> Verdict:
    """The verdict on a port that leads into a container."""
    what = Said("The relay listens on port {} of {} itself.", (str(port), host))
    return emulated(token, what)


_LIST = re.compile(r"\[\s*\"")
_CODE = re.compile(r"u([0-9a-fA-F]{4})")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def read_list(source: Source, at: int = 0) -> tuple[list[Word], int] | None:
    """Read a list of words in JSON (Docker's exec form) that begins at ``at``, and where it ends;
    None where there is none.
    """
    text = source.text
    if _LIST.match(text, at) is None:
        return None
    words: list[Word] = []
    at += 1
    while at < len(text):
        char = text[at]
        if char == "]":
            return words, at + 1
        if char == '"':
            read = _read_string(source, at)
            if read is None:
                return None
            word, at = read
            words.append(word)
        elif char.isspace() or char == ",":
            at += 1
        elif char == "\\" and text[at + 1 : at + 2] in ("\n", "\r"):
            at += 2
        else:
            return None
    return None


def _read_string(source: Source, begin: int) -> tuple[Word, int] | None:
    text, places = source
    made = Making()
    at = begin + 1
    while at < len(text) and text[at] != "\n":
        char = text[at]
        if char == '"':
            return made.word(places[begin], places[at + 1], plain=False), at + 1
        if char == "\\" and at + 1 < len(text):
            letter = text[at + 1]
            code = _CODE.match(text, at + 1)
            made.add(chr(int(code[1], 16)) if code else _ESCAPES.get(letter, letter), places[at])
            at += 6 if code else 2
        else:
            made.add(char, places[at])
            at += 1
    return None
