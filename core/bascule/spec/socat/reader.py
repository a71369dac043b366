"""Owns how a word of a command is read into addresses: keyword, parameters, options.

``KEYWORD:param:param,option=value,option``, and two of them with ``!!`` between. Read strictly, it
is what socat 1.8 makes of it; as meant, the commands of programs and paths with colons or of
Windows are what their author wanted. What the names mean is not known here.
"""

from __future__ import annotations

from typing import NamedTuple

from bascule.spec.socat.lexer import (
    ADDRESS_BYTES,
    ADDRESS_ENDS,
    NAME_ENDS,
    OPTION_BYTES,
    VALUE_ENDS,
    c_string,
    lex,
)
from bascule.spec.socat.meant import (
    COMMANDS,
    difference,
    for_exec,
    is_windows_path,
    read_command,
)
from bascule.spec.socat.names import ADDRESSES
from bascule.spec.socat.refusals import refuse
from bascule.spec.socat.verdicts import Said

_PATHS = frozenset(
    {
        "GOPEN", "OPEN", "CREATE", "PIPE", "UNIX-CLIENT", "UNIX-CONNECT", "UNIX-LISTEN",
        "UNIX-RECV", "UNIX-RECVFROM", "UNIX-SENDTO", "NAMED-PIPE-LISTEN", "NAMED-PIPE-CONNECT",
        "LOG-COLLECTOR", "RECEIVE-FILES", "SEND-FILES", "SHARE-FILE",
    }
)  # fmt: skip
"""Kinds of address whose only parameter is a path: a colon belongs to it."""

_WHOLE = _PATHS | {"HTTP-ANSWER", "TEXT"}

_NO_DEVICE = (Said("Bascule opens the serial port; socat 1.8 knows no devices by such names."),)


class Param(NamedTuple):
    """A parameter, and where it begins in the word."""

    text: str
    at: int


class Option(NamedTuple):
    """An option: its name as written, its value (None: it has none), both as they stand in the
    word (``token``), and where.
    """

    name: str
    value: str | None
    token: str
    at: int
    value_at: int


class Single(NamedTuple):
    """One address as it stands in a word. ``keyword`` is in capitals, and GOPEN or FD where it is
    left out; ``token`` is what stands there instead. ``note``: in what socat would read it
    differently.
    """

    keyword: str
    token: str
    at: int
    params: tuple[Param, ...]
    options: tuple[Option, ...]
    note: tuple[Said, ...]


def read_word(word: str, *, strict: bool, windows: bool, any_group: bool = False) -> list[Single]:
    """Read one address, or the two of a dual one. ``any_group`` (-g): options may be for other
    kinds of address.

    Raises: SpecError VALUE_INVALID, with the facts ``token`` and ``position``.
    """
    reader = _Reader(word, strict=strict, windows=windows, any_group=any_group)
    found = [reader.single()]
    if word.startswith("!!", reader.at):
        reader.at += 2
        found.append(reader.single())
    if reader.at < len(word):
        rest = word[reader.at :]
        if rest.startswith("!!"):
            why = Said("an address has at most two halves, before {}", (rest,))
        else:
            why = Said("a name is missing, before {}", (rest,))
        raise refuse(why, rest, reader.at)
    return found


class _Reader:
    """Goes through one word."""

    def __init__(self, word: str, *, strict: bool, windows: bool, any_group: bool) -> None:
        self._word = word
        self._strict = strict
        self._windows = windows
        self._any_group = any_group
        self.at = 0
        self._note: tuple[Said, ...] = ()

    def single(self) -> Single:
        """Read one address, from where we are."""
        begin = self.at
        path = "" if self._strict else self._bare_path()
        if path:
            note = difference(self._word, begin, self.at, path) or _NO_DEVICE
            return self._single("GOPEN", path, begin, [Param(path, begin)], note)
        token = self._token(ADDRESS_ENDS, ADDRESS_BYTES)
        known = ADDRESSES.get(token.upper())
        keyword = known.name if known is not None else token.upper()
        if keyword in COMMANDS and not self._strict and self._is_next(":"):
            return self._command(keyword, token, begin)
        note: tuple[Said, ...] = ()
        if keyword in _WHOLE and not self._strict:
            params = self._whole(keyword)
            if params:
                what = "path" if keyword in _PATHS else "text"
                note = difference(self._word, params[0].at, self.at, params[0].text, what)
        else:
            params = self._params()
        if keyword == "EXEC" and len(params) == 1 and not self._windows:
            params = [Param(for_exec(params[0].text), params[0].at)]
        if known is None and len(token) == 1 and token in "0123456789":
            keyword = "FD"
            params.insert(0, Param(token, begin))
        elif known is None and ("/" in token or self._is_drive(token, params)):
            keyword = "GOPEN"
            params.insert(0, Param(token, begin))
            if not self._strict:
                params = [Param(":".join(each.text for each in params), begin)]
                note = difference(self._word, begin, self.at, params[0].text)
        return self._single(keyword, token, begin, params, note)

    def _command(self, keyword: str, token: str, begin: int) -> Single:
        """The address of a program, whose command is read as it was meant."""
        meant = read_command(
            self._word,
            self.at + 1,
            keyword,
            windows=self._windows,
            any_group=self._any_group,
        )
        at, self.at = self.at + 1, meant.end
        options = self._options()
        as_is = any(option.name.lower() == "shell-words" for option in options)
        param = Param(meant.text if as_is else meant.command, at)
        return Single(keyword, token, begin, (param,), options, () if as_is else meant.note)

    def _single(
        self,
        keyword: str,
        token: str,
        begin: int,
        params: list[Param],
        note: tuple[Said, ...],
    ) -> Single:
        """An address, now that its options are to be read."""
        self._note = note
        options = self._options()
        return Single(keyword, token, begin, tuple(params), options, self._note)

    def _is_drive(self, token: str, params: list[Param]) -> bool:
        """Whether an unknown keyword is the drive of ``C:/data``."""
        drive = len(token) == 1 and token.isalpha() and not self._strict
        return drive and bool(params) and params[0].text.startswith("/")

    def _is_next(self, separator: str) -> bool:
        return self._word.startswith(separator, self.at)

    def _token(self, ends: tuple[str, ...], limit: int) -> str:
        """Read a token, and go behind it."""
        begin = self.at
        token, self.at = lex(self._word, begin, ends, strict=self._strict)
        if self._strict:
            size = len(token.encode(errors="replace"))
            if size > limit:
                facts = (str(limit), str(size))
                why = Said("socat reads at most {} bytes here, and these are {}", facts)
                raise refuse(why, self._word[begin : self.at], begin)
            return c_string(token)
        if "\0" in token:
            raise refuse("a zero byte cannot be part of it", self._word[begin : self.at], begin)
        return token

    def _params(self) -> list[Param]:
        found: list[Param] = []
        while self._is_next(":"):
            self.at += 1
            begin = self.at
            found.append(Param(self._token(ADDRESS_ENDS, ADDRESS_BYTES), begin))
        return found

    def _whole(self, keyword: str) -> list[Param]:
        """The only parameter of a kind that takes a path or a text; whatever colons are in it."""
        if not self._is_next(":"):
            return []
        self.at += 1
        begin = self.at
        path = self._windows_path(VALUE_ENDS) if keyword in _PATHS else ""
        return [Param(path or self._token(VALUE_ENDS, ADDRESS_BYTES), begin)]

    def _windows_path(self, ends: tuple[str, ...]) -> str:
        """A path of Windows whose backslashes are as they are there, bare or in quotes; "" where
        there is none.
        """
        begin = self.at
        quote = self._word[begin : begin + 1]
        if quote in ("'", '"'):
            end = self._word.find(quote, begin + 1)
            behind = end + 1
            if end < 0 or not (behind == len(self._word) or self._word.startswith(ends, behind)):
                return ""
            path = self._word[begin + 1 : end]
        else:
            stops = (self._word.find(each, begin) for each in ends)
            behind = min((stop for stop in stops if stop >= 0), default=len(self._word))
            path = self._word[begin:behind]
        if not is_windows_path(path):
            return ""
        self.at = behind
        return path

    def _bare_path(self) -> str:
        r"""A device or path of Windows that stands alone: ``COM5``, ``\\.\COM12``, ``C:\new``."""
        path = self._windows_path(VALUE_ENDS)
        if path:
            return path
        begin = self.at
        name = self._word[begin:].partition("!!")[0].partition(",")[0]
        if name[:3].upper() == "COM" and name[3:].removesuffix(":").isdecimal():
            self.at = begin + len(name)
            return name.removesuffix(":")
        return ""

    def _options(self) -> tuple[Option, ...]:
        found: list[Option] = []
        while self._is_next(","):
            self.at += 1
            begin = self.at
            if self._is_next(","):
                continue
            name = self._token(NAME_ENDS, OPTION_BYTES)
            value: str | None = None
            value_at = self.at
            if self._is_next("="):
                if not name:
                    raise refuse("the name of an option is missing", "=", begin)
                self.at += 1
                value_at = self.at
                path = "" if self._strict else self._windows_path(VALUE_ENDS)
                if path:
                    noted = difference(self._word, value_at, self.at, path, ends=VALUE_ENDS)
                    self._note = self._note or noted
                value = path or self._token(VALUE_ENDS, OPTION_BYTES)
            if name:
                token = self._word[begin : self.at]
                found.append(Option(name, value, token, begin, value_at))
        return tuple(found)
