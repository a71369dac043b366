"""Hypothesis strategies: every relay and profile a user may write, and data that is none."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from bascule.errors import SpecError
from bascule.spec.endpoints import (
    LINE_STATES,
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.profiles import Profile, new_id
from bascule.spec.relays import RelaySpec

lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n"))
filled_lines = lines.filter(bool)
names = filled_lines.filter(str.strip)

_labels = st.from_regex(r"[a-z0-9_]([a-z0-9_-]{0,8}[a-z0-9_])?", fullmatch=True)
_host_names = st.builds(
    lambda labels, end: ".".join(labels) + end,
    st.lists(_labels, min_size=1, max_size=4),
    st.sampled_from([".example", ".onion", ".fr."]),
)
hosts = (
    st.ip_addresses().map(str)
    | _host_names
    | st.sampled_from(
        ["localhost", "fe80::1%eth0", "[::1]", "::ffff:10.0.0.1", "b\u00fccher.example"]
    )
)
networks = st.ip_addresses().flatmap(
    lambda ip: st.integers(0, ip.max_prefixlen).map(lambda bits: f"{ip}/{bits}")
)
ports = st.integers(1, 65535)
_seconds = st.floats(0.1, 3600) | st.integers(1, 3600)


@st.composite
def made(draw: st.DrawFn, kind: type[Any], **values: st.SearchStrategy[Any]) -> Any:
    """Make a spec of some of these values, where they go together."""
    chosen = {name: draw(strategy) for name, strategy in values.items()}
    try:
        return kind(**chosen)
    except SpecError:
        assume(False)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


server_tls = made(
    ServerTls,
    certificate=filled_lines,
    key=filled_lines,
    key_passphrase=lines,
    client_authority=lines,
)
_unnamed_tls = made(
    ClientTls, verify=st.booleans(), authority=lines, server_name=st.just("") | hosts
)
client_tls = _unnamed_tls | made(
    ClientTls,
    server_name=hosts,
    certificate=filled_lines,
    key=filled_lines,
    key_passphrase=lines,
)
hops = made(
    ProxyHop,
    version=st.sampled_from(["4", "4a"]),
    host=hosts,
    port=ports,
    username=st.text("abc\u00e9"),
) | made(
    ProxyHop, host=hosts, port=ports, username=st.text("abc\u00e9", min_size=1), password=lines
)
tcp_listen = made(
    TcpListen,
    port=st.just(0) | ports,
    host=hosts,
    tls=maybe(server_tls),
    backlog=ports,
    keepalive=st.booleans(),
    nodelay=st.booleans(),
)
unix_listen = made(
    UnixListen,
    path=filled_lines,
    mode=st.integers(0, 0o7777).map(lambda mode: f"{mode:o}"),
    tls=maybe(server_tls),
    backlog=ports,
)
tcp_connect = made(
    TcpConnect,
    host=hosts,
    port=ports,
    via=st.lists(hops, max_size=3).map(tuple),
    tls=maybe(client_tls),
    connect_timeout_seconds=_seconds,
    family=st.sampled_from(["any", "ipv4", "ipv6"]),
    bind=st.just("") | hosts,
    keepalive=st.booleans(),
    nodelay=st.booleans(),
)
unix_connect = made(
    UnixConnect, path=filled_lines, tls=maybe(client_tls), connect_timeout_seconds=_seconds
)
serial_ports = made(
    SerialPort,
    device=filled_lines,
    baud=st.integers(50, 10_000_000),
    data_bits=st.integers(5, 8),
    parity=st.sampled_from(["none", "even", "odd", "mark", "space"]),
    stop_bits=st.sampled_from(["1", "1.5", "2"]),
    flow_control=st.sampled_from(["none", "rts-cts", "dsr-dtr", "xon-xoff"]),
    dtr=st.sampled_from(LINE_STATES),
    rts=st.sampled_from(LINE_STATES),
)
targets = st.one_of(tcp_connect, unix_connect, serial_ports)
relays = made(
    RelaySpec,
    source=st.one_of(tcp_listen, unix_listen, targets),
    target=targets,
    allow=st.lists(networks, max_size=3).map(tuple),
    max_connections=st.integers(0, 1_000_000),
    overflow=st.sampled_from(["refuse", "queue"]),
    idle_seconds=st.just(0) | _seconds,
    linger_seconds=st.just(0) | _seconds,
    retry_first_seconds=_seconds,
    retry_longest_seconds=_seconds,
)
profiles = made(
    Profile, id=names.map(new_id), name=names, relay=relays, group=lines, autostart=st.booleans()
)

_words = st.sampled_from(
    [
        "kind", "source", "target", "relay", "id", "name", "port", "host", "via", "tls", "allow",
        "tcp-listen", "tcp-connect", "serial", "unix-connect", "device", "path", "mode", "facts",
        "127.0.0.1", "::1", "", "5", "none", "message", "code", "value_missing",
    ]
)  # fmt: skip
any_text = _words | st.text(st.characters())  # with what is no character at all
scalars = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | any_text
data = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=5),
    max_leaves=12,
)
"""Anything that a file or a line of JSON may hold."""


@st.composite
def spoilt(draw: st.DrawFn, sound: Any) -> Any:
    """Sound data with one value, somewhere in it, replaced by anything, dropped, or joined by one
    that does not belong there.
    """
    if isinstance(sound, dict) and sound and draw(st.integers(0, 4)):
        name = draw(st.sampled_from(sorted(sound)))
        rest = {key: value for key, value in sound.items() if key != name}
        match draw(st.integers(0, 9)):
            case 0:
                return rest
            case 1:
                return {**sound, draw(any_text): draw(data)}
            case _:
                return {**rest, name: draw(spoilt(sound[name]))}
    if isinstance(sound, list) and sound and draw(st.booleans()):
        index = draw(st.integers(0, len(sound) - 1))
        return [*sound[:index], draw(spoilt(sound[index])), *sound[index + 1 :]]
    return draw(data)
