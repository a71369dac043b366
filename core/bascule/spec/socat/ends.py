"""Owns the way from an address as it stands in a word to the end of a relay that it means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bascule.errors import ErrorCode, SpecError
from bascule.spec.ends import Dual, Failover, FanOut, Source, Target
from bascule.spec.measuring import Schedule
from bascule.spec.socat.given import Context, Given, nearest
from bascule.spec.socat.names import ADDRESSES
from bascule.spec.socat.reader import Single, read_word
from bascule.spec.socat.refusals import refuse
from bascule.spec.socat.verdicts import Said, Verdict

type End = Source | Target

_NETWORK = (
    "TCP", "OPENSSL", "SOCKS4", "SOCKS5", "PROXY", "UNIX-L", "UNIX-C", "ABSTRACT-L", "ABSTRACT-C",
)  # fmt: skip
_DATAGRAM = ("UDP", "UNIX-", "ABSTRACT-")
_MEASURING = ("THROUGHPUT", "CHECK-EVERY")
_DEEPEST = 8


class ReadEnd:
    """What a word was read as: the end, the address it is made of (the first, for a dual one), and
    what is said of it.
    """

    def __init__(self, end: End, givens: list[Given], verdicts: list[Verdict]) -> None:
        self.end = end
        self.givens = givens
        self.verdicts = verdicts

    def as_target(self) -> Target:
        """The end, where it is not the first address of a command. Raises: SpecError."""
        if isinstance(self.end, Schedule):
            single = self.givens[0].single
            why = Said("{} stands first: it checks the second address", (single.token,))
            raise refuse(why, single.token, single.at)
        return self.end

    def finish(self) -> list[Verdict]:
        """All that is said of it. Raises: SpecError: an option that nobody used."""
        for given in self.givens:
            self.verdicts += given.finish()
        return self.verdicts


def read_end(word: str, context: Context) -> ReadEnd:
    """Read one address, or a dual one. Raises: SpecError with the facts ``token``, ``position``."""
    singles = read_word(
        word,
        strict=context.strict,
        windows=context.system == "windows",
        any_group=context.any_group,
    )
    if len(singles) == 1:
        return _read_single(singles[0], context)
    first, second = (_read_single(single, context) for single in singles)
    dual = Dual(reading=first.as_target(), writing=second.as_target())
    return ReadEnd(dual, first.givens + second.givens, first.verdicts + second.verdicts)


def _read_single(single: Single, context: Context) -> ReadEnd:
    name = ADDRESSES.get(single.keyword)
    if name is None or (name.own and context.strict):
        known = (each for each, known in ADDRESSES.items() if not (known.own and context.strict))
        near = nearest(single.token.upper(), known)
        raise refuse(
            Said('unknown address "{}"', (single.token,)),
            single.token,
            single.at,
            code=ErrorCode.KIND_UNKNOWN,
            near=near,
        )
    if single.keyword in _COMPOSED:
        return _composed(single, context)
    make, version = maker(name.name)
    if make is None:
        from bascule.spec.socat.unsupported import refused_address  # it ends here

        why = Said("{} {}", (single.token, refused_address(name.name)))
        raise refuse(why, single.token, single.at, code=ErrorCode.NOT_ON_THIS_SYSTEM)
    given = Given(single, name, context)
    end = located(single, lambda: make(given, version))
    return ReadEnd(end, [given], [])


def maker(name: str) -> tuple[Callable[[Given, str], Any] | None, str]:
    """What makes the end of a kind of address, and the IP version in its name."""
    version = ""
    if name[:3] in ("TCP", "UDP") and name[3:4] in ("4", "6"):
        version, name = name[3], name[:3] + name[4:]
    # Each is imported where it is used: a relay pays for its own kinds only.
    if name.startswith(_NETWORK):
        from bascule.spec.socat.network import MAKERS
    elif name in _MEASURING:
        from bascule.spec.socat.measuring import MAKERS
    elif name.startswith(_DATAGRAM):
        from bascule.spec.socat.datagram import MAKERS
    else:
        from bascule.spec.socat.local import MAKERS
    return MAKERS.get(name), version


def located[T](single: Single, make: Callable[[], T]) -> T:
    """Make a spec; an error of its own rules says where the address stands."""
    try:
        return make()
    except SpecError as exc:
        if "token" in exc.facts:
            raise
        facts = {**exc.facts, "token": single.token, "position": single.at}
        message = f"{single.token}: {exc.message}"
        raise SpecError(message, code=exc.code, field=exc.field, **facts) from exc


# made of several: Bascule's own -------------------------------------------------------------------


def _composed(single: Single, context: Context) -> ReadEnd:
    """``FAILOVER:'TCP:a:80':'TCP:b:80'``, ``FAN-OUT:…`` and ``DUAL:…``."""
    given = Given(single, ADDRESSES[single.keyword], context)
    inner: list[ReadEnd] = []
    context.depth += 1
    for param in single.params:
        if context.depth > _DEEPEST:
            raise refuse("addresses within addresses go too deep", param.text, param.at)
        try:
            inner.append(read_end(param.text, context))
        except SpecError as exc:
            exc.facts["position"] = param.at
            raise
    context.depth -= 1
    targets = tuple(each.as_target() for each in inner)
    end = located(single, lambda: _COMPOSED[single.keyword](given, targets))
    givens = [given, *(each for read in inner for each in read.givens)]
    return ReadEnd(end, givens, [])


def _common(given: Given) -> dict[str, Any]:
    from bascule.spec.socat.common import common

    return common(given)


def _failover(given: Given, targets: tuple[Target, ...]) -> Failover:
    return Failover(targets=targets, check_seconds=given.seconds("check", 5.0), **_common(given))


def _fan_out(given: Given, targets: tuple[Target, ...]) -> FanOut:
    return FanOut(targets=targets, answering=given.integer("answering", 1), **_common(given))


def _dual(given: Given, targets: tuple[Target, ...]) -> Dual:
    if len(targets) != 2:
        raise given.missing("two addresses are wanted: DUAL:'READ':'WRITE'")
    return Dual(reading=targets[0], writing=targets[1], **_common(given))


_COMPOSED: dict[str, Callable[[Given, tuple[Target, ...]], End]] = {
    "FAILOVER": _failover,
    "FAN-OUT": _fan_out,
    "DUAL": _dual,
}
