"""Owns taking commands out of lines of a log, and what programs said, whoever wrote the lines.

What is logged today holds a program's name alone. Logs of earlier versions hold the beginning of
its command, which no profile need know any more. No I/O.
"""

from __future__ import annotations

import re

LEFT_OUT = "(left out)"
"""What stands in a text instead of what does not belong there."""

_BEFORE = r"(?P<before>^(?:[\d-]{10} [\d:,]{8,12} [A-Z]+ +(?:[\w-]+: )?|  \w+: )?)"
"""What stands before a sentence: in the log when, how grave, whose; elsewhere an error's code."""

_ENDINGS = (
    "is connected to ", "has finished: ", "was refused: ", "was killed by signal ",
    "ended with status ", "reads no more", "can be reached again", "has taken nothing for ",
    "is too slow: ", "is not reached ", "does not answer", "finished without saying ",
    "already has ", "is in use by ", "is outside the range ", "refuses the ", "sends no ",
)  # fmt: skip
"""What is said of an end by the name of it, which may once have been a command."""

_SUBJECT = re.compile(
    _BEFORE + rf"(?P<name>.+?)(?P<after>:? (?:{'|'.join(map(re.escape, _ENDINGS))}).*)$",
    re.MULTILINE,
)
_TARGET = re.compile(r"(?P<before> is connected to )(?P<name>.+)$", re.MULTILINE)
_OBJECT = re.compile(
    r"(?P<before>\b(?:nothing can be sent to|nobody has connected to|cannot start) )"
    r"(?P<name>.+?)(?P<after>(?: within [\d.]+ seconds|: [^:\n]*|; trying again .*)?)$",
    re.MULTILINE,
)
_OF_SEVERAL = re.compile(
    _BEFORE + r"(?P<name>.+)(?P<after>; (?:the other targets go|the next target takes) .*)$",
    re.MULTILINE,
)
_SAID = re.compile(
    r"(?P<how>(?:ended with status \w+|was killed by signal \d+(?: \(\w+\))?): )"
    r".*?(?P<after>(?:; (?:trying again|the other targets|the next target) .*)?)$",
    re.MULTILINE,
)

_JOINED = re.compile(r", else | and ")
_HARMLESS = re.compile(r"[\w.:/@\[\]%~\\+,()-]+(?:(?: -c)? …|=…)?|\(left out\)")
"""An address, a path, a program's name as it is logged today."""

_OUR_SENTENCE = re.compile(r"(?:cannot |there is no |none of |the |this |nobody )")


def without_commands(text: str) -> str:
    """The text, with nothing of a command but its program's name."""
    text = _SAID.sub(rf"\g<how>{LEFT_OUT}\g<after>", text)
    text = _SUBJECT.sub(_unless_harmless, text)
    text = _TARGET.sub(_unless_harmless, text)
    text = _OBJECT.sub(_unless_harmless, text)
    return _OF_SEVERAL.sub(_unless_ours, text)


def _unless_harmless(found: re.Match[str]) -> str:
    parts = found.groupdict()
    before, name = parts["before"], parts["name"]
    peer, colon, rest = name.partition(": ")
    if colon and _HARMLESS.fullmatch(peer):  # "127.0.0.1:50412: curl … ended with status 7"
        before, name = f"{before}{peer}{colon}", rest
    harmless = all(_HARMLESS.fullmatch(each) for each in _JOINED.split(name))
    if harmless or _OUR_SENTENCE.match(name):
        return found[0]
    return f"{before}{LEFT_OUT}{parts.get('after') or ''}"


def _unless_ours(found: re.Match[str]) -> str:
    """``label: what is wrong with it``, or a sentence that says the label itself."""
    label, colon, _why = found["name"].partition(": ")
    sentence = found["name"].split(" ", 1)[0]
    if _OUR_SENTENCE.match(found["name"]) or _HARMLESS.fullmatch(label if colon else sentence):
        return found[0]
    return f"{found['before']}{LEFT_OUT}{found['after']}"
