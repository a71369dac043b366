"""Owns fetching one small file over HTTPS, by the same dialers as every relay: names, TLS and its
certificates are checked as there, and what fails is told in the same words.
"""

from __future__ import annotations

import asyncio
from urllib.parse import SplitResult, urljoin, urlsplit

from bascule import __version__
from bascule.errors import DialError, ErrorCode
from bascule.protocols.http_get import Answer, http_get
from bascule.relay.build import Builder
from bascule.relay.check import ignore_stage
from bascule.spec.endpoints import ClientTls, TcpConnect
from bascule.spec.fields import invalid
from bascule.spec.releases import unreadable
from bascule.streams.buffered import BufferedStream
from bascule.streams.perform import perform

LIMIT_BYTES = 64 * 1024
"""Most bytes of an answer, with its header."""

MOST_REDIRECTIONS = 3


async def fetch(address: str, *, seconds: float, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Fetch what is at an address of HTTPS, within so many seconds for all of it; it may lead to
    another one, but to nothing other than HTTPS.

    Raises:
        SpecError: VALUE_INVALID, field "address"; RELEASE_UNREADABLE: what came is no such file.
        DialError, HandshakeError, StreamError: as a relay's target does; TIMED_OUT also where the
            answer does not end.
    """
    place = _https(address)
    try:
        async with asyncio.timeout(seconds):
            for _ in range(MOST_REDIRECTIONS + 1):
                answer = await _ask(place, limit_bytes)
                if not answer.location:
                    return answer.body
                place = _https(answer.location, place.geturl())
    except TimeoutError as exc:
        subject = str(place.hostname)
        raise DialError(
            f"{subject} does not answer within {seconds:g} seconds",
            code=ErrorCode.TIMED_OUT,
            subject=subject,
            seconds=seconds,
        ) from exc
    raise unreadable("its address leads on and on")


def _https(address: str, base: str = "") -> SplitResult:
    try:
        address = urljoin(base, address)
        place = urlsplit(address)
        usual = place.scheme == "https" and place.hostname and (place.port or 443)
    except ValueError:
        usual = None
        place = urlsplit("")
    if not usual or place.username is not None or not address.isascii() or " " in address:
        raise invalid("address", "must be an address of HTTPS", rule="https")
    return place


async def _ask(place: SplitResult, limit_bytes: int) -> Answer:
    target = TcpConnect(place.hostname or "", place.port or 443, tls=ClientTls())
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    agent = f"Bascule/{__version__}"
    dialer = Builder({"": ""}.__getitem__).dialer(target, "target")
    stream = await dialer.dial(ignore_stage)
    try:
        steps = http_get(place.netloc, path, agent, limit_bytes)
        return await perform(steps, BufferedStream(stream))
    finally:
        stream.abort()
        await stream.aclose()
