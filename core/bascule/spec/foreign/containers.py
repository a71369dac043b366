"""Owns the commands in descriptions of containers: Dockerfile, Compose, Kubernetes, exec form.

Only the keys that say what runs are read; a list may be JSON or stand below its key in YAML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bascule.spec.foreign.call import Call
from bascule.spec.foreign.docker import is_socat_image, not_contained, read_list
from bascule.spec.foreign.posix import split_words
from bascule.spec.foreign.shell import family_of, read_calls
from bascule.spec.foreign.words import Source, Word
from bascule.spec.foreign.wrappers import unwrap

_KEY = re.compile(
    r"^[ \t]*(?:-[ \t]+)?\"?(FROM|CMD|ENTRYPOINT|image|command|entrypoint|args|ports)\"?"
    r"(?:[ \t]*:[ \t]*|[ \t]+)",
    re.MULTILINE,
)
_ITEM = re.compile(r"[ \t]*-[ \t]+(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\n]*?))[ \t\r]*(?:\n|$)")
_PUBLISHED = re.compile(r"(?:([\d.]+):)?(\d{1,5}):(\d{1,5})(?:/(?:tcp|udp))?")
_ALONE = re.compile(r"\s*\[")


@dataclass(slots=True)
class _Service:
    """What is said about one container."""

    image: Word | None = None
    entry: list[Word] = field(default_factory=list[Word])
    words: list[Word] = field(default_factory=list[Word])
    ports: dict[int, tuple[str, int]] = field(default_factory=dict[int, tuple[str, int]])


def read_containers(source: Source) -> list[Call]:
    """The commands of all containers that a text describes."""
    if _ALONE.match(source.text):
        read = read_list(source, source.text.index("["))
        return _calls(_Service(entry=read[0])) if read is not None else []
    services = [_Service()]
    kubernetes = re.search(r"^\s*apiVersion\s*:", source.text, re.MULTILINE) is not None
    for key in _KEY.finditer(source.text):
        name = key[1]
        if name in ("FROM", "image"):
            if services[-1].image is not None:
                services.append(_Service())
            services[-1].image = next(iter(_value(source, key.end())), None)
            continue
        words = _value(source, key.end())
        service = services[-1]
        if name == "ports":
            service.ports |= _ports(words)
        elif name in ("ENTRYPOINT", "entrypoint") or (name == "command" and kubernetes):
            service.entry = words
        elif service.words:
            services.append(_Service(words=words))
        else:
            service.words = words
    return [call for service in services for call in _calls(service)]


def _value(source: Source, at: int) -> list[Word]:
    """The words of a key: a list in JSON or YAML, or what a shell makes of its line."""
    read = read_list(source, at)
    if read is not None:
        return read[0]
    end = source.text.find("\n", at)
    end = len(source.text) if end < 0 else end
    line = source.text[at:end].strip()
    if line and line not in (">", ">-", "|", "|-"):
        return split_words(source.part(at, end))
    found: list[Word] = []
    at = end + 1
    while (item := _ITEM.match(source.text, at)) is not None:
        number = next(n for n in (1, 2, 3) if item[n] is not None)
        begin, stop = item.span(number)
        part = source.part(begin, stop)
        places = part.places
        found.append(Word(part.text, places[0], places[-1], places[:-1], (), number == 3))
        at = item.end()
    return found


def _ports(words: list[Word]) -> dict[int, tuple[str, int]]:
    found = [_PUBLISHED.fullmatch(word.text) for word in words]
    return {int(each[3]): (each[1] or "0.0.0.0", int(each[2])) for each in found if each}


def _calls(service: _Service) -> list[Call]:
    words = [*service.entry, *service.words]
    if not words:
        return []
    begin, end = words[0].begin, words[-1].end
    if not service.entry and service.image is not None and is_socat_image(service.image.text):
        words.insert(0, Word("socat", begin, begin, [begin] * len("socat")))
    left = unwrap(words)
    verdicts = list(left.verdicts)
    if service.image is not None:
        verdicts.append(not_contained(service.image.text))
    if left.inner is not None:
        calls = read_calls(left.inner, "posix", depth=1)
        return [call.saying(*verdicts) for call in calls]
    family = family_of(left.words[0].text) if left.words else ""
    if not family:
        return []
    ports = {**left.ports, **service.ports}
    return [Call(family, tuple(left.words), begin, end, verdicts=tuple(verdicts), ports=ports)]
