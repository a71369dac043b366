"""Owns what is measured: for each topic its relays, its figures and its goals.

Every goal is a ratio to a peer of the same run, where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.benchmarks import peers
from tests.benchmarks.goals import OURS, Bound, Goal
from tests.benchmarks.measure import Live, is_bound, listens, on_one_core
from tests.benchmarks.peers import DIRECT, Relay
from tests.benchmarks.tools import Tools

GIB = 1024**3
ONE_CORE = (
    "Round trips are taken with relay and load tools on one core: across cores they are mostly the "
    "time in which sleeping cores wake up."
)


@dataclass(frozen=True)
class Size:
    """How much is measured: bytes of a bulk transfer, length of a timed run, idle connections."""

    gib: float = 1.0
    seconds: float = 1.0
    idle: int = 5000


type Take = Callable[[Tools, Live, Size], Sequence[float]]


@dataclass(frozen=True)
class Measure:
    """One run of a load tool against one relay; gives as many figures as it has columns."""

    columns: tuple[str, ...]
    take: Take


@dataclass(frozen=True)
class Topic:
    """What is measured together, and whose ratios are shown to the first of its relays."""

    name: str
    title: str
    relays: tuple[Relay, ...]
    measures: tuple[Measure, ...]
    goals: tuple[Goal, ...]
    note: str = ""
    far: tuple[str, ...] = ("tcp", "serve")
    ready: Callable[[int], bool] = listens

    @property
    def columns(self) -> tuple[str, ...]:
        """All figures, in order."""
        return tuple(column for measure in self.measures for column in measure.columns)


def _bulk(tool: str) -> Measure:
    def take(tools: Tools, live: Live, size: Size) -> Sequence[float]:
        before = live.cpu_seconds()
        (seconds,) = tools.run(tool, "bulk", live.port, int(size.gib * GIB))
        return ((live.cpu_seconds() - before) / size.gib, size.gib * 1024 / seconds)

    return Measure(("CPU s/GiB", "MiB/s"), take)


def _ping(tools: Tools, live: Live, size: Size) -> Sequence[float]:
    with on_one_core(live):
        return tools.run("tcp", "ping", live.port, size.seconds, 64)


def _rate(tool: str, clients: int, what: str, *, busy: bool = False) -> Measure:
    def take(tools: Tools, live: Live, size: Size) -> Sequence[float]:
        before = live.cpu_seconds()
        rate, total = tools.run(tool, "rate", live.port, size.seconds, clients)
        each = (live.cpu_seconds() - before) / max(total, 1)
        return (rate, each * 1e6, each * rate * 100)[: len(columns)]

    columns = (f"{what}/s, {clients}", f"CPU µs each, {clients}")
    if busy:
        columns += (f"busy %, {clients}",)
    return Measure(columns, take)


def _idle(tools: Tools, live: Live, size: Size) -> Sequence[float]:
    with tools.open("tcp", "idle", live.port, 1) as one:  # what is loaded once is not counted
        one.read_line()
    before = live.memory_kib()
    with tools.open("tcp", "idle", live.port, size.idle) as many:
        many.read_line()
        return ((live.memory_kib() - before) / size.idle,)


def _flood(clients: int) -> Measure:
    def take(tools: Tools, live: Live, size: Size) -> Sequence[float]:
        return tools.run("udp", "flood", live.port, size.seconds, clients, 32)

    return Measure((f"datagrams/s, {clients}", f"lost, {clients}"), take)


def _line(_tools: Tools, live: Live, size: Size) -> Sequence[float]:
    live.far.ask(f"dial {live.port}")  # once: some serve one client, and part slowly
    with on_one_core(live):
        times = live.far.ask(f"ping {size.seconds}")
    rates = live.far.ask(f"bulk {int(size.gib * GIB / 16)}")
    return [float(word) for word in f"{times} {rates}".split()]


def _new_connections(clients: int) -> tuple[Goal, ...]:
    rate, cpu = f"connections/s, {clients}", f"CPU µs each, {clients}"
    return (
        Goal(rate, Bound(3.0, "socat"), Bound(1.0, "haproxy"), at_least=True),
        Goal(cpu, Bound(0.2, "socat")),
    )


TOPICS = (
    Topic(
        "tcp",
        "Plain TCP, bulk",
        (
            peers.SOCAT,
            peers.SOCAT_LARGE,
            peers.HAPROXY,
            peers.HAPROXY_SPLICE,
            peers.NGINX,
            DIRECT,
            peers.BASCULE,
            peers.BASCULE_COPYING,
            peers.BASCULE_LIMITED,
        ),
        (_bulk("tcp"),),
        (
            Goal("CPU s/GiB", Bound(0.2, "socat"), Bound(1.0, "haproxy, forced splice")),
            Goal("CPU s/GiB", Bound(0.75, "socat -b 262144")),
            Goal("MiB/s", Bound(3.0, "socat"), at_least=True),
            Goal("CPU s/GiB", Bound(0.3, "socat"), Bound(1.0, "nginx"), peers.BASCULE_COPYING.name),
            Goal("CPU s/GiB", Bound(1.1, OURS), relay=peers.BASCULE_LIMITED.name),
        ),
        note="*copying*: as where there is no splice(2), or all pipes are lent. *limited*: to 1 TiB"
        " a second each way; traffic cannot be recorded from a profile, so that is not measured.",
    ),
    Topic(
        "small",
        "Round trip of 64 bytes",
        (peers.SOCAT, peers.HAPROXY, peers.NGINX, DIRECT, peers.BASCULE),
        (Measure(("p50 µs", "p99 µs"), _ping),),
        (
            Goal("p50 µs", Bound(1.0, "socat"), Bound(1.0, "nginx")),
            Goal("p99 µs", Bound(1.0, "socat"), Bound(1.0, "nginx")),
        ),
        note=f"One after the other. {ONE_CORE}",
    ),
    Topic(
        "connections",
        "New connections",
        (peers.SOCAT, peers.HAPROXY, peers.NGINX, DIRECT, peers.BASCULE),
        tuple(_rate("tcp", clients, "connections") for clients in (1, 16, 64)),
        (*_new_connections(16), *_new_connections(64)),
        note="So many clients connect, exchange one byte and close in order, again and again.",
    ),
    Topic(
        "idle",
        "Idle connections",
        (peers.SOCAT, peers.HAPROXY, peers.NGINX, peers.BASCULE),
        (Measure(("KiB each",), _idle),),
        (Goal("KiB each", Bound(4.0), Bound(2.5)),),
        note="Growth of the relay's memory (PSS, of all its processes), each connection used once.",
    ),
    Topic(
        "tls",
        "TLS 1.3",
        (
            peers.SOCAT_TLS,
            peers.STUNNEL,
            peers.HAPROXY_TLS,
            peers.NGINX_TLS,
            peers.BASCULE_TLS,
        ),
        (_bulk("tls"), _rate("tls", 16, "handshakes", busy=True)),
        (
            Goal("CPU s/GiB", Bound(0.6, "socat"), Bound(1.0, "nginx")),
            Goal("handshakes/s, 16", Bound(3.0, "socat"), Bound(1.0, "haproxy"), at_least=True),
        ),
        note="The relay decrypts. TLS_AES_256_GCM_SHA384, P-256 for key and certificate; every "
        "handshake is a full one. *busy* is the share of one core that the relay used: near 100 "
        "(above, where it has several processes), it was not the load tool that was slow.",
    ),
    Topic(
        "udp",
        "UDP, 64 B datagrams",
        (peers.SOCAT_UDP, peers.NGINX_UDP, DIRECT, peers.BASCULE_UDP),
        (_flood(1), _flood(50)),
        (
            Goal("datagrams/s, 1", Bound(2.5, "socat"), Bound(1.0, "nginx"), at_least=True),
            Goal("datagrams/s, 50", Bound(1.2, "socat"), Bound(1.0, "nginx"), at_least=True),
            Goal("lost, 1", Bound(0.0)),
            Goal("lost, 50", Bound(0.0)),
        ),
        note="There and back is one. At any time 32 are on their way; of 50 clients, one of each.",
        far=("udp", "serve"),
        ready=is_bound,
    ),
    Topic(
        "serial",
        "Serial (pseudo-terminal)",
        (peers.SOCAT_SERIAL, peers.SER2NET, peers.BASCULE_SERIAL),
        (Measure(("1 B p50 µs", "1 B p99 µs", "MiB/s in", "MiB/s out"), _line),),
        (Goal("1 B p99 µs", Bound(1.0, "socat")),),
        note=f"Between TCP and the line; *in* is from the line. {ONE_CORE}",
        far=("serial", "line"),
    ),
)
