"""Owns what is said of a file that is handed out: its links, how often and how long.

The secret part of a link comes from the engine (``Client.share``) and is kept nowhere.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from PySide6.QtCore import QCoreApplication

from bascule.facts import ShareFacts
from bascule.spec.endpoints import TcpListen
from bascule.spec.relays import RelaySpec
from bascule_desktop import format as figures
from bascule_desktop.route_nodes import is_this_computer, join_port
from bascule_desktop.sentences import Hint, places

translate = QCoreApplication.translate


class Links(NamedTuple):
    """The links to a file, best first; ``code`` is the best one for a camera, without the name, so
    that its code is small. ``here_only``: only this computer can use them.
    """

    hints: list[Hint]
    code: str
    here_only: bool


def links(spec: RelaySpec, listening: tuple[str, ...], facts: ShareFacts) -> Links:
    """Where the file can be fetched; none where the relay does not listen on a port."""
    source = spec.source
    if not isinstance(source, TcpListen):
        return Links([], "", here_only=True)
    found = places(source, listening)
    others = [place for place in found if not is_this_computer(place.host)]
    scheme = "http" if source.tls is None else "https"
    ways = [
        (place.label, f"{scheme}://{join_port(place.host, place.port)}{facts.path}")
        for place in others or found
    ]
    hints = [Hint(label, f"{way}/{quote(facts.name, safe='')}") for label, way in ways]
    return Links(hints, ways[0][1] if ways else "", here_only=not others)


def advice(found: Links) -> str:
    """What to do with the link."""
    if found.here_only:
        return translate(
            "Share",
            "Only this computer can use the link. To give the file to others, edit the relay and "
            "let it listen on the network.",
        )
    return translate(
        "Share",
        "Send the link to whoever may have the file, or let them point the camera of a phone at "
        "the code. Whoever has the link gets the file.",
    )


def account(facts: ShareFacts, now: float, *, running: bool) -> str:
    """How often it was fetched, and how long that goes on; ``now`` in seconds since the epoch."""
    if running and facts.changed:
        return translate(
            "Share",
            "The file has changed since the relay was started, so nobody gets it. Stop the relay "
            "and start it again to hand out what it is now: the link will be another.",
        )
    said = translate("Share", "Downloads: {fetched} of {downloads}.").format(
        fetched=figures.count(facts.fetched), downloads=figures.count(facts.downloads)
    )
    if not running:
        until = translate(
            "Share", "The link leads nowhere any more: start the relay to make a new one."
        )
    elif facts.ends_at is None:
        until = translate("Share", "The link does not expire.")
    else:
        until = translate("Share", "The link ends in {span}.").format(
            span=figures.duration(facts.ends_at - now)
        )
    return f"{said} {until}"
