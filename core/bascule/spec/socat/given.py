"""Owns the options of one address: which are known, what their values say, which were used.

Whoever makes an end takes what it needs; what nobody took is explained or refused, never forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bascule.errors import ErrorCode, SpecError
from bascule.spec.fields import parse_network
from bascule.spec.socat.names import AddressName, OptionName, options
from bascule.spec.socat.scan import Address, Written, malformed

_TAKEN_AS = {"servername": "openssl-snihost"}
"""Names that runbooks use and socat does not know, and what they mean."""

_HARMLESS = {
    "children-shutup": "Bascule has no children for a connection",
    "sitout-eio": "Bascule waits for the other side of a terminal by itself",
    "openssl-method": "TLS 1.2 and 1.3 are what is left; older versions are broken",
    "openssl-compress": "compressing under TLS gives secrets away (CVE-2012-4929)",
    "openssl-egd": "the system has good random numbers",
    "openssl-pseudo": "the system has good random numbers",
    "openssl-fips": "that is a setting of the system's OpenSSL",
    "openssl-dhparam": "the parameters are OpenSSL's own",
    "openssl-maxfraglen": "records are as large as TLS allows",
    "openssl-maxsendfrag": "records are as large as TLS allows",
    "cool-write": "a broken connection is told as what it is",
    "so-debug": "it concerns the system only",
    "tcp-cork": "Bascule writes each piece at once",
    "tcp-defer-accept": "it only saves a wake-up",
    "tcp-quickack": "the system decides when to acknowledge",
    "o-noctty": "Bascule never takes a terminal over",
    "o-largefile": "every file may be large",
    "o-nonblock": "Bascule never blocks",
    "cloexec": "programs inherit nothing that is not theirs",
    "ignorecr": "both line ends are understood",
    "http-version": "both versions are understood",
    "proxy-resolve": "the proxy resolves the name",
    "unix-tightsocklen": "the length is always right",
    "ai-addrconfig": "the system resolves as it is set up",
    "ai-passive": "the system resolves as it is set up",
    "ai-all": "the system resolves as it is set up",
    "ai-v4mapped": "the system resolves as it is set up",
    "tcpwrappers": "use range= for who may connect; the tables of tcp-wrappers are not read",
}

_WIDER = {
    "FILE": ("REG", "BLK", "CHR", "OPEN"),
    "IP": ("IP4", "IP6", "IP"),
    "IP4": ("IP",),
    "IP6": ("IP",),
    "FORK": ("EXEC",),
    "TCP": ("IPAPP",),
    "UDP": ("IPAPP",),
}


class VerdictKind(StrEnum):
    """What becomes of a word of the command."""

    NATIVE = "native"
    EMULATED = "emulated"
    IGNORED = "ignored"
    UNKNOWN = "unknown in 1.8"
    AS_MEANT = "as meant"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a word of the command, in one English sentence."""

    token: str
    kind: VerdictKind
    text: str

    @property
    def matters(self) -> bool:
        """Whether whoever runs the command should be told."""
        return self.kind is not VerdictKind.NATIVE


class Given:
    """The options of one address, by their own names."""

    def __init__(self, address: Address, known: AddressName, *, any_group: bool = False) -> None:
        self.address = address
        self.verdicts = [
            Verdict(address.keyword, VerdictKind.AS_MEANT, note) for note in address.notes
        ]
        self._written: dict[str, list[Written]] = {}
        groups = set(known.groups) | {"ANY", "FD"}
        for group in known.groups:
            groups.update(_WIDER.get(group, ()))
        for written in address.options:
            option = self._known(written)
            if not any_group and not option.groups & groups:
                raise malformed(
                    address.text,
                    written.position,
                    f"the option {written.name} does not belong to {known.name}",
                )
            self._written.setdefault(option.name, []).append(written)
        self._left = set(self._written)

    def _known(self, written: Written) -> OptionName:
        table = options()
        name = written.name.lower()
        option = table.get(name)
        if option is None and name in _TAKEN_AS:
            option = table[_TAKEN_AS[name]]
            self.verdicts.append(
                Verdict(
                    written.name,
                    VerdictKind.UNKNOWN,
                    f"socat 1.8 does not know it; it is taken as {option.name}",
                )
            )
        if option is None:
            raise malformed(
                self.address.text,
                written.position,
                f"there is no option {written.name}{nearest(name, table)}",
            )
        return option

    def has(self, name: str) -> bool:
        """Whether the option stands there; it counts as used."""
        self._left.discard(name)
        return name in self._written

    def flag(self, name: str, default: bool = False) -> bool:
        """What a switch says: bare or not 0 is on."""
        if not self.has(name):
            return default
        value = self._written[name][-1].value
        return value is None or value.strip().lower() not in ("0", "false", "no", "off")

    def text(self, name: str, default: str = "") -> str:
        """The text of an option. Raises: SpecError where it has none."""
        if not self.has(name):
            return default
        return self._value(self._written[name][-1], "a value")

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of an option that may stand there several times."""
        self.has(name)
        return tuple(self._value(each, "a value") for each in self._written.get(name, ()))

    def integer(self, name: str, default: int = 0) -> int:
        """The number of an option, in C's notation: 0x10, 010."""
        if not self.has(name):
            return default
        written = self._written[name][-1]
        if written.value is None:
            return 1
        return self._number(written, written.value)

    def seconds(self, name: str, default: float = 0.0) -> float:
        """The seconds of an option."""
        if not self.has(name):
            return default
        written = self._written[name][-1]
        value = self._value(written, "seconds")
        try:
            return float(value)
        except ValueError:
            raise self._wrong(written, "seconds, such as 2 or 0.5") from None

    def networks(self, name: str) -> tuple[str, ...]:
        """The networks of an option: ``10.0.0.0/8``, ``10.0.0.0:255.0.0.0``, ``[::1/128]``."""
        found: list[str] = []
        self.has(name)
        for written in self._written.get(name, ()):
            value = self._value(written, "a network").replace("[", "").replace("]", "")
            if value.count(":") == 1:
                value = value.replace(":", "/")
            try:
                parse_network(value)
            except ValueError:
                raise self._wrong(written, "a network, such as 192.168.1.0/24") from None
            found.append(value)
        return tuple(found)

    def terminal(self) -> tuple[str, ...]:
        """The settings of a terminal, in the order in which they stand there."""
        table = options()
        found = [
            (written.position, _as_written(written))
            for name, all_written in self._written.items()
            if "TERMIOS" in table[name].groups and name in self._left
            for written in all_written
        ]
        self._left = {name for name in self._left if "TERMIOS" not in table[name].groups}
        return tuple(text for _position, text in sorted(found))

    def terminal_words(self) -> dict[str, str]:
        """The same by name, without using them up; a bare one is "1"."""
        table = options()
        return {
            name: written[-1].value or "1"
            for name, written in self._written.items()
            if "TERMIOS" in table[name].groups
        }

    def finish(self) -> None:
        """Explain what nobody used. Raises: SpecError where that would change what is done."""
        for name in sorted(self._left):
            written = self._written[name][-1]
            if name not in _HARMLESS:
                raise malformed(
                    self.address.text,
                    written.position,
                    f"Bascule cannot do what the option {written.name} asks for here",
                )
            self.verdicts.append(Verdict(written.name, VerdictKind.IGNORED, _HARMLESS[name]))
        used = [
            Verdict(_as_written(written), VerdictKind.NATIVE, "done as asked")
            for name, all_written in self._written.items()
            if name not in self._left
            for written in all_written
        ]
        self.verdicts += used

    def _value(self, written: Written, wanted: str) -> str:
        if written.value is None:
            raise self._wrong(written, wanted)
        return written.value

    def _number(self, written: Written, text: str) -> int:
        try:
            if len(text) > 1 and text[0] == "0" and text.isdigit():
                return int(text, 8)
            return int(text, 0)
        except ValueError:
            raise self._wrong(written, "a whole number") from None

    def _wrong(self, written: Written, wanted: str) -> SpecError:
        return malformed(
            self.address.text, written.position, f"the option {written.name} wants {wanted}"
        )


def _as_written(written: Written) -> str:
    return written.name if written.value is None else f"{written.name}={written.value}"


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` where there is something near."""
    from difflib import get_close_matches  # only for a mistake

    found = get_close_matches(name, list(known), 1)
    return f"; did you mean {found[0]}?" if found else ""


def not_here(text: str, why: str) -> SpecError:
    """The error for what socat can do and Bascule does not."""
    return SpecError(f"{text}: {why}", code=ErrorCode.NOT_ON_THIS_SYSTEM, token=text, why=why)
