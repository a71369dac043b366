"""Owns the options of one address: which are known, what their values say, which were used.

Whoever makes an end takes what it needs; ``finish`` explains or refuses what nobody took, so that
no option is ever dropped in silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from typing import LiteralString

from bascule.errors import ErrorCode, SpecError
from bascule.spec.fields import parse_network
from bascule.spec.socat.names import OPTIONS, AddressName, OptionName
from bascule.spec.socat.reader import Option, Param, Single
from bascule.spec.socat.refusals import refuse
from bascule.spec.socat.verdicts import Said, Saying, Verdict, VerdictKind, said_of

_TAKEN_AS = {"servername": "openssl-snihost"}
"""Names that runbooks use and socat does not know, and what they mean."""

_SECRET = frozenset({"sockspass", "proxy-authorization", "keypass", "hop"})
"""Options whose value holds a password: it is never shown."""

_LARGEST = 2**63 - 1
_A_VALUE = Said("a value")
_OCTAL = Said("permissions in octal, such as 600")


class Context:
    """What is the same for all addresses of a command.

    ``system`` is "windows", "macos" or "linux"; ``prefer`` the IP version of -4 and -6, ""
    where nothing is said. ``secrets`` collects the passwords, by the references in the spec.
    """

    def __init__(self, *, strict: bool, any_group: bool, system: str, prefer: str) -> None:
        self.strict = strict
        self.any_group = any_group
        self.system = system
        self.prefer = prefer
        self.secrets: dict[str, str] = {}
        self.depth = 0

    def keep(self, secret: str) -> str:
        """Keep a password, and return what stands for it in a spec; "" for none."""
        if not secret:
            return ""
        reference = f"socat-{len(self.secrets) + 1}"
        self.secrets[reference] = secret
        return reference


class Given:
    """One address with its options. ``name`` is the kind it is."""

    def __init__(self, single: Single, name: AddressName, context: Context) -> None:
        """Raises: SpecError: an option that socat does not know, or not for this address."""
        self.single = single
        self.name = name
        self.context = context
        self._notes: list[Verdict] = []
        if single.note:
            self.note(VerdictKind.AS_MEANT, single.note, warns=True)
        self._groups = name.groups
        if any(option.name.lower() == "tls" for option in single.options):
            self._groups |= {"OPENSSL"}
        self._options: dict[str, list[Option]] = {}
        self._verdicts: dict[int, Verdict] = {}
        for option in single.options:
            known = self._known(option)
            self._options.setdefault(known.name, []).append(option)

    def _known(self, option: Option) -> OptionName:
        name = option.name.lower()
        known = OPTIONS.get(name)
        strict = self.context.strict
        if known is None and not strict and name in _TAKEN_AS:
            known = OPTIONS[_TAKEN_AS[name]]
            taken = known.name.split("-")[-1]
            why = Said("Socat 1.8 does not know it; it is taken as {}.", (taken,))
            self.say(option, VerdictKind.UNKNOWN, why)
        if known is None or (known.own and strict):
            near = nearest(name, (each for each, known in OPTIONS.items() if not known.own))
            why = Said('unknown option "{}"', (option.name,))
            raise refuse(why, option.token, option.at, near=near)
        if self._groups.isdisjoint(known.groups) and not self.context.any_group:
            raise self._foreign(option)
        return known

    def _foreign(self, option: Option) -> SpecError:
        why = Said('option "{}" is not for {}', (option.name, self.name.name))
        if not OPTIONS[_own_name(option)].own:
            why = Said("{} (socat checks it unless -g is given)", (why,))
        return refuse(why, shown(option), option.at, rule="socat_group")

    # what is said -------------------------------------------------------------------------------

    def note(self, kind: str, text: Saying, *, warns: bool = False) -> None:
        """Say something of the address as such."""
        self._notes.append(Verdict(self.single.token, kind, text, warns))

    def say(self, option: Option, kind: str, text: Saying, *, warns: bool = False) -> None:
        """Say what becomes of an option, instead of what is usually said."""
        self._verdicts[option.at] = Verdict(shown(option), kind, text, warns)

    def say_of(self, name: str, kind: str, text: Saying, *, warns: bool = False) -> None:
        """Say it of every option of a name that stands there."""
        for option in self._options.get(name, ()):
            said = self._verdicts.get(option.at)
            if said is None or said.kind != VerdictKind.UNKNOWN:
                self.say(option, kind, text, warns=warns)

    def not_here(self, why: LiteralString) -> None:
        """Say that this system does not have what the address stands for."""
        self.note(VerdictKind.NOT_ON_THIS_SYSTEM, why)

    def drop(self, name: str, why: Saying, *, warns: bool = False) -> None:
        """Leave an option out, if it stands there."""
        self.take(name)
        self.say_of(name, VerdictKind.IGNORED, why, warns=warns)

    def fail(
        self,
        option: Option | Param,
        why: LiteralString | Said,
        *,
        code: ErrorCode = ErrorCode.VALUE_INVALID,
        near: str = "",
    ) -> SpecError:
        """The error for an option or a parameter; ``near``: as ``refuse`` has it."""
        token = option.text if isinstance(option, Param) else shown(option)
        return refuse(why, token, option.at, code=code, near=near)

    def missing(self, why: LiteralString) -> SpecError:
        """The error for something that must be said."""
        token, at = self.single.token, self.single.at
        said = Said("{}: {}", (token, Said(why)))
        return refuse(said, token, at, code=ErrorCode.VALUE_MISSING)

    def wrong(self, option: Option, form: LiteralString | Said) -> SpecError:
        """The error for a value that is not of the form it should be."""
        wanted = said_of(form)
        if option.value is None:
            why = Said("{} has no value: it wants {}", (option.name, wanted))
        elif _own_name(option) in _SECRET:
            why = Said("{} cannot be that: it wants {}", (option.name, wanted))
        else:
            why = Said('{} cannot be "{}": it wants {}', (option.name, option.value, wanted))
        return refuse(why, shown(option), option.value_at)

    # what stands there --------------------------------------------------------------------------

    def take(self, *names: str) -> list[Option]:
        """All options of these names, in the order of the text; they count as used."""
        found = [option for name in names for option in self._options.get(name, ())]
        for option in found:
            self._verdicts.setdefault(
                option.at,
                Verdict(shown(option), VerdictKind.NATIVE, partial(_saying, *_named(option))),
            )
        return sorted(found, key=lambda option: option.at)

    def stands(self, *names: str) -> bool:
        """Whether one of these options stands there; it does not count as used."""
        return any(name in self._options for name in names)

    def last(self, *names: str) -> Option | None:
        """The last option of these names: it is the one that holds."""
        found = self.take(*names)
        return found[-1] if found else None

    def has(self, *names: str) -> bool:
        """Whether one of these options stands there."""
        return bool(self.take(*names))

    def switch(self, name: str, default: bool = False) -> bool:
        """What a switch says: bare is on, 0 is off."""
        option = self.last(name)
        return default if option is None else self._switched(option, OPTIONS[name].type)

    def _switched(self, option: Option, kind: str) -> bool:
        if kind == "flag" and option.value is not None:
            why = Said("{} takes no value", (option.name,))
            raise refuse(why, option.token, option.value_at)
        if option.value is None:
            return True
        number = c_number(option.value)
        if number is None:
            raise self.wrong(option, "0 or 1")
        return bool(number)

    def integer(self, name: str, default: int = 0, low: int = 0, high: int = _LARGEST) -> int:
        """The number of an option as C reads it (0x10, 010); a bare one is 1."""
        option = self.last(name)
        return default if option is None else self.number(option, low, high)

    def number(self, option: Option, low: int = 0, high: int = _LARGEST) -> int:
        """The number that one option holds. Raises: SpecError."""
        number = 1 if option.value is None else c_number(option.value)
        if number is None or not low <= number <= high:
            form = Said("a number from {} to {}", (str(low), str(high)))
            raise self.wrong(option, Said("a whole number") if high == _LARGEST else form)
        return number

    def seconds(self, name: str, default: float = 0.0) -> float:
        """The seconds of an option, with fractions."""
        option = self.last(name)
        return default if option is None else self._seconds(option)

    def _seconds(self, option: Option) -> float:
        seconds = c_seconds(option.value or "")
        if seconds is None:
            raise self.wrong(option, "seconds, such as 2 or 0.5")
        return seconds

    def text(self, name: str, default: str = "") -> str:
        """The text of an option. Raises: SpecError where it has no value."""
        option = self.last(name)
        return default if option is None else self.value(option)

    def value(self, option: Option, form: LiteralString | Said = _A_VALUE) -> str:
        """The text that one option holds. Raises: SpecError where there is none."""
        if option.value is None:
            raise self.wrong(option, form)
        return option.value

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """The text of an option that is one of some words."""
        option = self.last(name)
        if option is None:
            return default
        if option.value not in choices:
            raise self.wrong(option, Said("one of {}", (", ".join(choices),)))
        return option.value

    def terminal(self) -> list[tuple[str, Option]]:
        """The settings of a terminal, by their own names, in the order of the text."""
        known = map(OPTIONS.__getitem__, self._options)
        names = [each.name for each in known if "TERMIOS" in each.groups and not each.own]
        return [(_own_name(option), option) for option in self.take(*names)]

    def values(self, name: str) -> list[Param]:
        """The values of an option that may stand there several times, and where each begins."""
        return [Param(self.value(option), option.value_at) for option in self.take(name)]

    def in_folder(self, path: str) -> str:
        """A path as ``chdir=`` makes it: a relative one is taken from that folder."""
        folder = self.text("chdir")
        if not folder or not path or path[0] in "/\\" or path[1:2] == ":":
            return path
        return f"{folder.rstrip('/')}/{path}"

    def permissions(self, default: str, *names: str) -> str:
        """Permissions in octal."""
        option = self.last(*(names or ("perm", "perm-early", "perm-late")))
        return default if option is None else self._octal(option)

    def _octal(self, option: Option) -> str:
        digits = self.value(option, _OCTAL).strip()
        digits = digits.lstrip("0").rjust(3, "0") if len(digits) > 4 else digits
        if not digits or len(digits) > 4 or set(digits) - set("01234567"):
            raise self.wrong(option, _OCTAL)
        return digits

    def networks(self, name: str) -> tuple[str, ...]:
        """Networks, as in ``range=``: ``10.0.0.0/8``, ``10.0.0.0:255.0.0.0``, ``[::1/128]``."""
        return tuple(self._network(option) for option in self.take(name))

    def _network(self, option: Option) -> str:
        form = Said("a network, such as 192.168.1.0/24 or [2001:db8::/32]")
        text = self.value(option, form).strip()
        if text.startswith("["):
            text = text.replace("[", "").replace("]", "")
        elif text.count(":") == 1:
            text = text.replace(":", "/")
        try:
            network = parse_network(text)
        except ValueError:
            raise self.wrong(option, form) from None
        return str(network) if "." in text.partition("/")[2] else text

    # the end ------------------------------------------------------------------------------------

    def finish(self) -> list[Verdict]:
        """What is said of the address and its options, in the order of the text.

        Raises:
            SpecError: an option that cannot be left out was used by nobody.
        """
        for option in self.single.options:
            if option.at not in self._verdicts:
                self._leave_out(option)
        if self.context.system != "linux":
            self._compare_system()
        return [*self._notes, *(self._verdicts[each.at] for each in self.single.options)]

    def _leave_out(self, option: Option) -> None:
        from bascule.spec.socat.unsupported import ignored, refused  # few commands need it

        known = self._known(option)
        if known.own:
            raise self._foreign(option)
        self._check(option, known.type)
        why = refused(known.name)
        if why is not None:
            said = Said("{}: {}", (option.name, why))
            raise self.fail(option, said, code=ErrorCode.NOT_ON_THIS_SYSTEM)
        self.say(option, VerdictKind.IGNORED, partial(ignored, known.name, self.name.name))

    def _compare_system(self) -> None:
        """Say what this system does not have of all that would be done."""
        from bascule.spec.socat.systems import absent

        for option in self.single.options:
            why = absent(_own_name(option), self.context.system)
            if why and self._verdicts[option.at].kind == VerdictKind.NATIVE:
                self.say(option, VerdictKind.NOT_ON_THIS_SYSTEM, why)

    def _check(self, option: Option, kind: str) -> None:
        """Check the value of an option that is left out: socat would. Raises: SpecError."""
        match kind:
            case "flag" | "bool":
                self._switched(option, kind)
            case "int":
                self.number(option, -_LARGEST)
            case "seconds":
                self._seconds(option)
            case "mode":
                self._octal(option)
            case _:
                pass


def c_number(text: str) -> int | None:
    """A whole number as C's strtol reads it with base 0; None where it is none."""
    sign, digits = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    prefix = digits[:2].lower()
    base, digits = (16, digits[2:]) if prefix == "0x" else (8 if digits[:1] == "0" else 10, digits)
    allowed = "0123456789abcdef"[:base]
    if not 0 < len(digits) <= 30 or set(digits.lower()) - set(allowed):
        return None
    return sign * int(digits, base)


def c_seconds(text: str) -> float | None:
    """Seconds with fractions; None where it is no number."""
    try:
        seconds = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None


def nearest(name: str, known: Iterable[str]) -> str:
    """What is nearest to a name among those that are known; "" where nothing is near."""
    from difflib import get_close_matches  # only for a mistake

    found = get_close_matches(name[:80], known, 1, 0.6)
    return found[0] if found else ""


def shown(option: Option) -> str:
    """An option as it may be shown: without a password."""
    return f"{option.name}=…" if _own_name(option) in _SECRET else option.token


def _own_name(option: Option) -> str:
    name = option.name.lower()
    return OPTIONS[_TAKEN_AS.get(name, name)].name


def _named(option: Option) -> tuple[str, str | None]:
    """Its own name, and its value where that is no password."""
    name = _own_name(option)
    return name, None if name in _SECRET else option.value


def _saying(name: str, value: str | None) -> tuple[Said, ...]:
    """What an option does."""
    from bascule.spec.socat.sayings import saying

    return saying(name, value)
