"""Owns the sentences for SOCKS proxies: what each of their answers means."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence
from bascule_desktop.messages.value import go_to

translate = QCoreApplication.translate


def _proxy(facts: Facts) -> str:
    """The proxy at 10.0.0.3:1080, or just: the proxy."""
    where = facts.first("proxy", "subject")
    if where:
        return translate("Messages", "The proxy at {where}").format(where=where)
    return translate("Messages", "The proxy")


def _target(facts: Facts) -> str:
    return facts["target"] or translate("Messages", "the target")


def _again() -> ActionHint:
    return ActionHint(HintKind.TRY_AGAIN, translate("Messages", "Try again"))


def _say(facts: Facts, title: str) -> str:
    return facts.fill(title, who=_proxy(facts), target=_target(facts))


def _not_socks(facts: Facts) -> Sentence:
    version = facts["version"] or "5"
    looks = facts["looks_like"]
    if looks:
        cause = translate("Messages", "Its answer looks like {looks}.").format(looks=looks)
    else:
        cause = translate("Messages", "Another program listens there, or it is the wrong port.")
    return Sentence(
        translate("Messages", "{who} is not a SOCKS {version} proxy").format(
            who=_proxy(facts), version=version
        ),
        cause,
        translate("Messages", "Check the port and the SOCKS version of this proxy."),
        go_to(facts),
        translate("Messages", "What answers there is not a SOCKS {version} proxy.").format(
            version=version
        ),
    )


def _credentials_required(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{who} wants a user name and a password")),
        translate("Messages", "It lets in only those it knows."),
        translate("Messages", "Write the user name and the password you were given for it."),
        go_to(facts),
        translate("Messages", "This proxy wants a user name and a password."),
    )


def _credentials_refused(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{who} does not accept user name and password")),
        translate("Messages", "One of them is mistyped, or they are no longer valid."),
        translate("Messages", "Type both again; capital and small letters differ."),
        go_to(facts),
        translate("Messages", "The proxy does not accept this user name and password."),
    )


def _forbidden(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{who} is not allowed to connect to {target}")),
        translate("Messages", "Its rules exclude this target, this port or this computer."),
        translate("Messages", "Ask who runs the proxy, or go through another one."),
        go_to(facts),
        translate("Messages", "The rules of the proxy do not allow this."),
    )


def _network(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{who} finds no way to the network of {target}")),
        translate("Messages", "The proxy itself is not connected to that network."),
        translate("Messages", "Check the target's address, or go through another proxy."),
        go_to(facts),
        translate("Messages", "The proxy finds no way to this network."),
    )


def _host(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{who} cannot reach {target}")),
        translate("Messages", "The proxy does not know the name, or the host is off."),
        translate("Messages", "Check the spelling of the host, then try again."),
        go_to(facts),
        translate("Messages", "The proxy does not know this name, or the host is off."),
    )


def _refused(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{target} refuses the connection of the proxy")),
        translate(
            "Messages",
            "The proxy found the host, but no program listens on that port, or a firewall says no.",
        ),
        translate("Messages", "Check the port, or start the program over there."),
        go_to(facts),
        translate("Messages", "The proxy found the host, but nothing listens on that port."),
    )


def _timed_out(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{target} does not answer the proxy in time")),
        translate("Messages", "The host is off or very slow, or a firewall swallows the packets."),
        translate("Messages", "Check that the host is on, then try again."),
        _again(),
        translate("Messages", "The host does not answer the proxy in time."),
    )


def _unsupported(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{who} cannot do what is asked of it")),
        translate(
            "Messages",
            "It does not know this type of address, or wants a way to sign in that Bascule does "
            "not offer.",
        ),
        translate("Messages", "Try the other SOCKS version, or a name instead of an address."),
        go_to(facts),
        translate("Messages", "This proxy cannot do that. Try another SOCKS version."),
    )


def _onion_cause(reply: str) -> str:
    """Tor's own words for its extended replies (F0 to F7), for people."""
    match reply:
        case "240":
            return translate("Messages", "The service is offline, or never existed.")
        case "241" | "246":
            return translate("Messages", "The onion address is mistyped.")
        case "244":
            return translate("Messages", "The service admits only those who have its key.")
        case "245":
            return translate("Messages", "The service refuses the key that Tor has for it.")
        case "242" | "243" | "247":
            return translate("Messages", "The service is overloaded, or Tor has just started.")
        case _:
            return translate("Messages", "The service is offline, or the address is mistyped.")


def _onion(facts: Facts) -> Sentence:
    cause = _onion_cause(facts["reply"])
    return Sentence(
        _say(facts, translate("Messages", "Tor cannot reach the onion service {target}"))
        if "target" in facts
        else translate("Messages", "Tor cannot reach the onion service"),
        cause,
        translate("Messages", "Check every letter of the address, and try again in a minute."),
        go_to(facts) or _again(),
        cause,
    )


def _failed(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{who} does not connect to {target}")),
        facts.fill(translate("Messages", "It says: {why}."))
        if "why" in facts
        else translate("Messages", "It gives no reason."),
        translate("Messages", "Check the target and the proxy, or ask who runs the proxy."),
        go_to(facts),
        translate("Messages", "The proxy does not connect, and gives no reason."),
    )


def _header(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "{peer} does not say who has connected to it"))
        if "peer" in facts
        else translate("Messages", "The load balancer does not say who has connected to it"),
        translate(
            "Messages",
            "The source expects a PROXY header at the beginning, as load balancers send it.",
        ),
        translate(
            "Messages",
            "Switch the header on in the load balancer, or off under More settings of the source.",
        ),
    )


def _cut(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{who} closes the connection instead of answering"))
        if "proxy" in facts
        else facts.fill(translate("Messages", "{peer} closes the connection instead of answering"))
        if "peer" in facts
        else translate("Messages", "The other side closes the connection instead of answering"),
        translate(
            "Messages", "It speaks something else on this port, or does not let this computer in."
        ),
        translate("Messages", "Check the port and the kind of service behind it."),
        go_to(facts),
        translate("Messages", "It closes the connection instead of answering."),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.PROXY_NOT_SOCKS: _not_socks,
    ErrorCode.PROXY_CREDENTIALS_REQUIRED: _credentials_required,
    ErrorCode.PROXY_CREDENTIALS_REFUSED: _credentials_refused,
    ErrorCode.PROXY_FORBIDDEN: _forbidden,
    ErrorCode.PROXY_NETWORK_UNREACHABLE: _network,
    ErrorCode.PROXY_HOST_UNREACHABLE: _host,
    ErrorCode.PROXY_CONNECTION_REFUSED: _refused,
    ErrorCode.PROXY_TIMED_OUT: _timed_out,
    ErrorCode.PROXY_UNSUPPORTED: _unsupported,
    ErrorCode.PROXY_ONION_FAILED: _onion,
    ErrorCode.PROXY_FAILED: _failed,
    ErrorCode.PROXY_HEADER_WRONG: _header,
    ErrorCode.HANDSHAKE_CUT: _cut,
}
