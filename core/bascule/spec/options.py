"""Owns the groups of settings that any end may carry, and what all ends have in common."""

from __future__ import annotations

from typing import ClassVar

from bascule.spec.fields import FieldKind, Spec, spec, spec_field


@spec()
class Shape(Spec):
    """What happens to the bytes at one end, beyond being carried."""

    line_ending: str = spec_field(
        FieldKind.CHOICE,
        "how lines end at this end; they are translated to and from a line feed",
        "keep",
        choices=("keep", "crlf", "cr"),
    )
    ignore_eof: bool = spec_field(
        FieldKind.SWITCH, "take no end for an end: ask again each second, as tail -f does", False
    )
    null_eof: bool = spec_field(
        FieldKind.SWITCH, "an empty datagram from this end means that it has finished", False
    )
    end_close: bool = spec_field(
        FieldKind.SWITCH, "when the passage is over, close without telling the peer the end", False
    )
    finish: str = spec_field(
        FieldKind.CHOICE,
        "how this end is told that nothing more will be sent",
        "usual",
        choices=("usual", "none", "shutdown", "close", "empty"),
    )
    read_bytes: int = spec_field(
        FieldKind.INTEGER,
        "read so many bytes from this end, then take it for finished; 0: all",
        0,
        minimum=0,
    )
    escape: int = spec_field(
        FieldKind.INTEGER,
        "a byte that, read from this end, finishes it; -1: none",
        -1,
        minimum=-1,
        maximum=255,
    )


@spec()
class Retry(Spec):
    """How often opening an end is tried again before it counts as failed."""

    times: int = spec_field(
        FieldKind.INTEGER,
        "try again so often; -1: until it succeeds",
        -1,
        minimum=-1,
        maximum=1_000_000,
    )
    interval_seconds: float = spec_field(
        FieldKind.SECONDS, "pause between two tries", 1.0, minimum=0, maximum=86_400
    )


@spec()
class SocketSettings(Spec):
    """What is set on the sockets of an end; 0 (or -1 where 0 means something) is the default."""

    keepalive_idle_seconds: int = spec_field(
        FieldKind.INTEGER, "silence before asking whether the peer is there", 0, minimum=0
    )
    keepalive_interval_seconds: int = spec_field(
        FieldKind.INTEGER, "pause between two such questions", 0, minimum=0
    )
    keepalive_probes: int = spec_field(
        FieldKind.INTEGER, "unanswered questions before the peer counts as gone", 0, minimum=0
    )
    close_linger_seconds: int = spec_field(
        FieldKind.INTEGER,
        "how long closing waits for unsent bytes; 0: reset at once; -1: the system decides",
        -1,
        minimum=-1,
        maximum=32_767,
    )
    send_buffer_bytes: int = spec_field(
        FieldKind.INTEGER, "the system's buffer for sending", 0, minimum=0, maximum=2**30
    )
    receive_buffer_bytes: int = spec_field(
        FieldKind.INTEGER, "the system's buffer for receiving", 0, minimum=0, maximum=2**30
    )
    hop_limit: int = spec_field(
        FieldKind.INTEGER, "how many routers a packet may pass (TTL)", 0, minimum=0, maximum=255
    )
    service_type: int = spec_field(
        FieldKind.INTEGER,
        "type of service of a packet (TOS); -1: usual",
        -1,
        minimum=-1,
        maximum=255,
    )
    reuse_address: bool = spec_field(
        FieldKind.SWITCH, "take a port again right after it was given up", True
    )
    reuse_port: bool = spec_field(
        FieldKind.SWITCH,
        "share the port with other programs that allow it as well (Linux, macOS)",
        False,
        not_on=("windows",),
    )
    interface: str = spec_field(
        FieldKind.TEXT,
        "use only this network interface (Linux)",
        "",
        not_on=("windows", "macos"),
    )


@spec(kw_only=True)
class End(Spec):
    """What every end of a relay may carry."""

    listens: ClassVar[bool] = False
    """Whether this end waits for connections; else it is opened or connected."""

    shape: Shape | None = spec_field(
        FieldKind.GROUP, "what happens to the bytes at this end", None, advanced=True
    )
    retry: Retry | None = spec_field(
        FieldKind.GROUP, "try again to open this end", None, advanced=True
    )
