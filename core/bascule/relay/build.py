"""Owns the way from a spec to what does it. Nobody else knows both ``spec`` and ``streams``.

What belongs to one kind of end is in ``build_network``, ``build_datagrams`` and ``build_local``;
this module chooses among them and puts around each what any end may ask for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from bascule.relay import build_local, build_network
from bascule.relay.build_network import ReadSecret
from bascule.relay.notes import Notes
from bascule.relay.pump import Rules
from bascule.relay.schedule import Checks
from bascule.spec import built_in, datagrams, local
from bascule.spec.endpoints import SerialPort, TcpConnect, TcpListen, UnixConnect, UnixListen
from bascule.spec.ends import Dual, Failover, FanOut, Source, Target
from bascule.spec.http_answer import HealthAnswer, HttpAnswer
from bascule.spec.log_collector import LogCollector
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.options import Shape
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule.spec.transfer import ReceiveFiles, SendFiles
from bascule.streams.base import Dialer, Listener, Stream
from bascule.streams.limit import RateLimit


@dataclass(frozen=True, slots=True)
class Ends:
    """What a spec was made into: a listener, or a dialer that opens the source, or checks of the
    target; and the target.
    """

    listener: Listener | None
    opener: Dialer | None
    target: Dialer
    rules: Rules = Rules()
    accept_timeout_seconds: float = 0.0
    notes: Notes = field(default_factory=Notes)
    checks: Checks | None = None
    welcome: Callable[[Stream], Awaitable[Stream]] | None = field(init=False)
    """The handshake that the source demands of an arrival, if any; asked for each."""

    def __post_init__(self) -> None:
        listener = self.listener
        if listener is not None and type(listener).welcome is not Listener.welcome:
            object.__setattr__(self, "welcome", listener.welcome)
        else:
            object.__setattr__(self, "welcome", None)


def build(spec: RelaySpec, read_secret: ReadSecret, *, foreground: bool = False) -> Ends:
    """Make both ends of a relay; nothing is opened yet. ``foreground``: this program has a
    terminal, and standard input and output for the relay to use.

    Raises:
        SpecError: SECRET_MISSING, NOT_ON_THIS_SYSTEM.
    """
    notes = Notes()
    make = Builder(read_secret, foreground=foreground, direction=spec.direction, notes=notes)
    target = make.dialer(spec.target, "target")
    rules = Rules(
        linger_seconds=spec.linger_seconds,
        half_close_seconds=_answer_seconds(spec) or spec.half_close_seconds,
        direction=spec.direction,
        chunk_bytes=spec.chunk_bytes,
        tells_origin=_wants_origin(spec.target),
        watches_client=notes.watches_clients,
        up_limit=_limit(spec.up_bytes_per_second),
        down_limit=_limit(spec.down_bytes_per_second),
    )
    if spec.source.listens:
        timeout = getattr(spec.source, "accept_timeout_seconds", 0.0)
        return Ends(make.listener(spec.source, "source"), None, target, rules, timeout, notes)
    if isinstance(spec.source, Schedule):
        checks = Checks(
            target,
            every_seconds=spec.source.every_seconds,
            within_seconds=spec.source.within_seconds,
            first_byte=spec.source.first_byte,
        )
        return Ends(None, None, target, rules, notes=notes, checks=checks)
    return Ends(None, make.dialer(spec.source, "source"), target, rules, notes=notes)


def _answer_seconds(spec: RelaySpec) -> float:
    """How long a measurement waits for the end of the other side; 0: nothing is measured."""
    meters = (end for end in (spec.source, spec.target) if isinstance(end, Throughput))
    return max((meter.answer_seconds for meter in meters), default=0.0)


def _limit(bytes_per_second: int) -> RateLimit | None:
    return RateLimit(bytes_per_second) if bytes_per_second else None


def _shaping(shape: Shape) -> Callable[[Stream], Stream]:
    from bascule.streams.shaped import ShapedStream

    return partial(ShapedStream, **vars(shape))


def _wants_origin(target: Target) -> bool:
    match target:
        case local.Program() | built_in.Room() | LogCollector() | ShareFile():
            return True
        case TcpConnect():
            return target.proxy_header != "none"
        case Failover() | FanOut():
            return any(map(_wants_origin, target.targets))
        case Dual():
            return _wants_origin(target.reading) or _wants_origin(target.writing)
        case _:
            return False


class Builder:
    """Makes the ends of one relay. ``direction`` is which way its bytes go; ``notes`` takes what
    they have to say and to do beside its connections.
    """

    def __init__(
        self,
        read_secret: ReadSecret,
        *,
        foreground: bool = False,
        direction: str = "both",
        notes: Notes | None = None,
    ) -> None:
        self._notes = notes or Notes()
        self._read_secret = read_secret
        self._foreground = foreground
        self._direction = direction

    def listener(self, spec: Source | Target, field: str) -> Listener:
        """Make the listener of an end that listens; ``field`` is the path of its spec."""
        listener = self._plain_listener(spec, field)
        if spec.retry is not None:
            from bascule.streams.retry import RetryListener

            listener = RetryListener(
                listener,
                times=spec.retry.times,
                interval_seconds=spec.retry.interval_seconds,
            )
        if spec.shape is not None:
            from bascule.streams.layer import LayerListener

            listener = LayerListener(listener, _shaping(spec.shape))
        return listener

    def _plain_listener(self, spec: Source | Target, field: str) -> Listener:
        match spec:
            case TcpListen():
                return build_network.tcp_listener(spec, self._read_secret)
            case UnixListen():
                return build_network.unix_listener(spec, self._read_secret, field)
            case datagrams.UdpListen() | datagrams.UdpReceiveFrom():
                from bascule.relay import build_datagrams

                return build_datagrams.udp_listener(spec, field)
            case datagrams.UnixReceiveFrom():
                from bascule.relay import build_datagrams

                return build_datagrams.unix_listener(spec, field)
            case local.NamedPipeListen():
                from bascule.streams.named_pipe import NamedPipeListener

                return NamedPipeListener(spec.name, field=f"{field}.name")
            case _:
                raise TypeError(f"{type(spec).__name__} does not listen ({field})")

    def dialer(self, spec: Source | Target, field: str) -> Dialer:
        """Make the dialer of an end; ``field`` is the path of its spec, for errors."""
        if spec.listens:
            from bascule.streams.once import ListenOnce

            return ListenOnce(
                lambda: self.listener(spec, field),
                label=spec.kind,
                accept_timeout_seconds=getattr(spec, "accept_timeout_seconds", 0.0),
                field=field,
            )
        dialer = self._plain_dialer(spec, field)
        if spec.retry is not None:
            from bascule.streams.retry import RetryDialer

            self._notes.watches_clients = True
            dialer = RetryDialer(
                dialer, times=spec.retry.times, interval_seconds=spec.retry.interval_seconds
            )
        if spec.shape is not None:
            from bascule.streams.layer import LayerDialer

            dialer = LayerDialer(dialer, _shaping(spec.shape))
        return dialer

    def _plain_dialer(self, spec: Source | Target, field: str) -> Dialer:
        match spec:
            case TcpConnect():
                return build_network.tcp_dialer(spec, self._read_secret, field)
            case UnixConnect():
                return build_network.unix_dialer(spec, self._read_secret, field)
            case SerialPort():
                return build_local.serial_dialer(spec, field)
            case (
                datagrams.UdpConnect()
                | datagrams.UdpSendTo()
                | datagrams.UdpDatagram()
                | datagrams.UdpReceive()
                | datagrams.UnixReceive()
                | datagrams.UnixSendTo()
            ):
                from bascule.relay import build_datagrams

                return build_datagrams.dialer(spec, field)
            case local.NamedPipeConnect():
                from bascule.streams.named_pipe import NamedPipeDialer

                return NamedPipeDialer(spec.name, field=f"{field}.name")
            case local.Program():
                return build_local.program_dialer(
                    spec, field, direction=self._way(field), foreground=self._foreground
                )
            case local.File():
                return build_local.file_dialer(spec, field, direction=self._way(field))
            case local.Pty():
                return build_local.pty_dialer(spec, field)
            case local.Pipe():
                return build_local.pipe_dialer(spec, field)
            case local.Standard() | local.Descriptor():
                return build_local.standard_dialer(spec, field, foreground=self._foreground)
            case (
                built_in.Echo()
                | built_in.Discard()
                | built_in.Text()
                | built_in.Stall()
                | built_in.Room()
                | HttpAnswer()
                | HealthAnswer()
                | LogCollector()
                | ReceiveFiles()
                | ShareFile()
                | SendFiles()
                | Throughput()
            ):
                return build_local.built_in_dialer(spec, field, self._notes)
            case Failover() | FanOut() | Dual():
                return self._several(spec, field)
            case _:
                raise TypeError(f"{type(spec).__name__} does not dial")

    def _several(self, spec: Failover | FanOut | Dual, field: str) -> Dialer:
        if isinstance(spec, Dual):
            from bascule.streams.dual import DualDialer

            return DualDialer(
                self.dialer(spec.reading, f"{field}.reading"),
                self.dialer(spec.writing, f"{field}.writing"),
            )
        dialers = [
            self.dialer(target, f"{field}.targets.{index}")
            for index, target in enumerate(spec.targets)
        ]
        if isinstance(spec, Failover):
            from bascule.streams.failover import FailoverDialer

            several = FailoverDialer(
                dialers, check_seconds=spec.check_seconds, on_change=self._notes.changed
            )
            self._notes.cares.append(several.recover)
            return several
        from bascule.streams.fan_out import FanOutDialer

        return FanOutDialer(dialers, answering=spec.answering, on_dropped=self._notes.dropped)

    def _way(self, field: str) -> str:
        """Whether the end at ``field`` is read, written or both."""
        if self._direction == "both":
            return "both"
        first = field.split(".", 1)[0]
        return "read" if (first == "source") == (self._direction == "up") else "write"
