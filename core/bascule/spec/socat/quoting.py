"""Owns how one address is put into socat's words: quotes where needed, options in order."""

from __future__ import annotations

from bascule.spec.socat.lexer import quote
from bascule.spec.socat.names import ADDRESSES, OPTIONS

_IN_PARAMS = frozenset("\\'\"()[]{},:!")
_IN_VALUES = frozenset("\\'\"()[]{},!")


class Words:
    """One address on its way to a text."""

    def __init__(self, keyword: str) -> None:
        self.keyword = keyword
        self.foreign = False
        """Whether an option is for other kinds of address: -g lets it pass."""
        self._text = [keyword]
        self._groups = ADDRESSES[keyword].groups

    def param(self, text: str) -> None:
        """Add a parameter."""
        self._text.append(f":{quote(text) if not text or _IN_PARAMS.intersection(text) else text}")

    def raw(self, text: str) -> None:
        """Add a parameter that is quoted already, or needs no quotes."""
        self._text.append(f":{text}")

    def host(self, name: str) -> None:
        """Add a host; an IPv6 address stands in brackets."""
        if ":" not in name:
            return self.param(name)
        bracketed = f"[{name}]"
        return self.raw(quote(bracketed) if _IN_VALUES.intersection(name) else bracketed)

    def option(self, name: str, value: object = None) -> None:
        """Add an option. None: without a value; a truth value: on or off."""
        if name == "tls":
            self._groups |= {"OPENSSL"}
        self.foreign = self.foreign or self._groups.isdisjoint(OPTIONS[name].groups)
        if value is None or value is True:
            self._text.append(f",{name}")
            return
        text = "0" if value is False else number(value)
        if _IN_VALUES.intersection(text):
            text = quote(text)
        self._text.append(f",{name}={text}")

    def option_unless(self, name: str, value: object, usual: object) -> None:
        """Add an option, unless it says what is usual."""
        if value != usual:
            self.option(name, value)

    @property
    def text(self) -> str:
        """The whole address."""
        return "".join(self._text)


def number(value: object) -> str:
    """A value as text: whole seconds without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
