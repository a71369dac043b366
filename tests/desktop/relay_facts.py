"""Real profiles, views and events for tests of the window, short to write."""

from __future__ import annotations

from bascule.errors import ErrorCode, Problem
from bascule.events import (
    ConnectionStatus,
    LogLevel,
    LogLine,
    RelayState,
    RelayStatus,
    Traffic,
)
from bascule.snapshot import Event, ProfileView, Snapshot
from bascule.spec.endpoints import (
    ProxyHop,
    SerialPort,
    TcpConnect,
    TcpListen,
)
from bascule.spec.ends import Source, Target
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.store import Store

NOW = 1_700_000_000.0
FORWARD = RelaySpec(TcpListen(8080), TcpConnect("10.0.0.5", 80))
SCALE = RelaySpec(TcpListen(2001), SerialPort("COM5"))
CHAIN = RelaySpec(
    TcpListen(5432),
    TcpConnect("db.example", 5432, via=(ProxyHop("5", "10.0.0.3"), ProxyHop("5", "10.9.9.9"))),
)
MISSING = Problem(ErrorCode.DEVICE_MISSING, "COM5 is gone", "target.device", {"device": "COM5"})
IN_USE = Problem(
    ErrorCode.ADDRESS_IN_USE,
    "port 8080 is taken",
    "source.port",
    {"port": 8080, "program": "nginx", "pid": 7, "suggestion": 8081},
)
FIRST_HOP_DEAD = Problem(
    ErrorCode.TIMED_OUT, "no answer", "target.via.0.host", {"subject": "10.0.0.3:1080"}
)
BROKEN = Problem(
    ErrorCode.PROFILE_DAMAGED, "old.toml: bad", None, {"line": 7, "path": "/srv/a/old.toml"}
)


def profile(
    id: str = "scale-1", name: str = "Scale", spec: RelaySpec = SCALE, group: str = ""
) -> Profile:
    return Profile(id, name, spec, group)


def spec(source: Source, target: Target, **more: object) -> RelaySpec:
    return RelaySpec(source, target, **more)  # type: ignore[arg-type]


def view(
    of: Profile | None = None,
    state: RelayState = RelayState.STOPPED,
    problem: Problem | None = None,
    *,
    retry_at: float | None = None,
    listening: tuple[str, ...] = (),
    exposed: bool = False,
    connections: tuple[ConnectionStatus, ...] = (),
    log: tuple[LogLine, ...] = (),
    since: float = NOW,
) -> ProfileView:
    of = of or profile()
    status = RelayStatus(state, problem, retry_at, listening, exposed, since)
    return ProfileView(
        of.id,
        f"/profiles/{of.id}.toml",
        of,
        status=status,
        connections=connections,
        connection_count=len(connections),
        log=log,
    )


def broken_view(id: str = "old", file: str = "/srv/a/old.toml") -> ProfileView:
    return ProfileView(id, file, broken=BROKEN)


def connection(number: int = 1, *, connected: bool = True, up: int = 0) -> ConnectionStatus:
    return ConnectionStatus(number, f"192.168.1.{number}:5000", NOW - 60, up, 0, connected)


def line(
    text: str = "listening", problem: Problem | None = None, at: float = NOW, id: str = "scale-1"
) -> LogLine:
    level = LogLevel.INFO if problem is None else LogLevel.WARNING
    return LogLine(id, at, level, text, problem)


def traffic(id: str, at: float, up: int, down: int) -> Traffic:
    return Traffic(id, at, up, down)


def store_of(*views: ProfileView) -> Store:
    store = Store()
    store.apply([Snapshot(views)], NOW)
    return store


type Events = tuple[Event, ...]
