"""What a command can say of the ends of a relay, made by Hypothesis: values, settings that several
kinds have in common, TLS, proxies, ports that listen.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from bascule.errors import BasculeError
from bascule.spec import datagrams, local
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    ServerTls,
    TcpListen,
    UnixListen,
)
from bascule.spec.options import Retry, Shape, SocketSettings

texts = st.text(
    st.one_of(
        st.sampled_from("ab \\\\\"'()[]{},:!=;$\n-"), st.characters(exclude_categories=["Cs"])
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: "\0" not in text)


lines = texts.map(lambda text: text.replace("\n", " "))


def without_folder(line: str) -> str:
    """A line that may be the name of a file."""
    return re.sub(r"[/\\:]|^\.+$", "", line)


names = st.one_of(
    st.sampled_from(["example.com", "localhost", "127.0.0.1", "10.1.2.3", "::1", "2001:db8::7"]),
    st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9](\.[a-z]{2,4})?", fullmatch=True),
    st.just("fe80::1%eth0"),
)


optional_lines = st.one_of(st.just(""), lines)


optional_names = st.one_of(st.just(""), names)


ports = st.integers(1, 65535)


families = st.sampled_from(["any", "ipv4", "ipv6"])


seconds = st.one_of(st.integers(1, 3600).map(float), st.floats(0.1, 3600))


modes = st.one_of(
    st.sampled_from(["600", "644", "0660", "777"]), st.from_regex("[0-7]{3,4}", fullmatch=True)
)


switches = st.booleans()


passwords = st.sampled_from(["", "socat-0"])


networks = st.lists(
    st.sampled_from(["192.168.1.0/24", "10.0.0.1", "2001:db8::/32", "::1"]), max_size=3
).map(tuple)


@st.composite
def _allowed(draw: st.DrawFn, kind: type, values: st.SearchStrategy[dict[str, Any]]) -> Any:
    for _ in range(3):  # a filter would do it, but describes itself at length where it gives up
        try:
            return kind(**draw(values))
        except BasculeError:
            pass
    reject()


def made(kind: type, /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Specs of a kind, but not those that its own rules refuse."""
    needed = {
        field.name: fields.pop(field.name)
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
        and field.name in fields
    }
    return _allowed(kind, st.fixed_dictionaries(needed, optional=fields))


def unless_usual(kind: type, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return made(kind, **fields).map(lambda spec: None if spec == kind() else spec)


shapes = unless_usual(
    Shape,
    line_ending=st.sampled_from(["keep", "crlf", "cr"]),
    ignore_eof=switches,
    null_eof=switches,
    end_close=switches,
    finish=st.sampled_from(["usual", "none", "shutdown", "close", "empty"]),
    read_bytes=st.integers(0, 10**6),
    escape=st.integers(-1, 255),
)


retries = st.one_of(
    st.none(),
    made(Retry, times=st.integers(-1, 100), interval_seconds=st.floats(0, 100)),
)


common: dict[str, st.SearchStrategy[Any]] = {"shape": shapes, "retry": retries}


sockets = unless_usual(
    SocketSettings,
    keepalive_idle_seconds=st.integers(0, 100),
    keepalive_interval_seconds=st.integers(0, 100),
    keepalive_probes=st.integers(0, 100),
    close_linger_seconds=st.integers(-1, 100),
    send_buffer_bytes=st.integers(0, 10**6),
    receive_buffer_bytes=st.integers(0, 10**6),
    hop_limit=st.integers(0, 255),
    service_type=st.integers(-1, 255),
    reuse_address=switches,
    reuse_port=switches,
    interface=optional_lines,
)


versions = st.sampled_from(["1.2", "1.3"])


server_tls = st.one_of(
    st.none(),
    st.builds(
        ServerTls,
        certificate=lines,
        key=lines,
        key_passphrase=passwords,
        client_authority=optional_lines,
        minimum_version=versions,
        ciphers=optional_lines,
    ),
)


client_tls = st.one_of(
    st.none(),
    made(
        ClientTls,
        verify=switches,
        authority=lines,
        server_name=optional_names,
        certificate=lines,
        key=lines,
        key_passphrase=passwords,
        minimum_version=versions,
        ciphers=lines,
        send_name=switches,
    ),
)


hops = made(
    ProxyHop,
    version=st.sampled_from(["4", "4a", "5", "http"]),
    host=names,
    port=ports,
    username=optional_lines,
    password=passwords,
)


tcp_listens = made(
    TcpListen,
    port=st.integers(0, 65535),
    host=st.one_of(names, st.sampled_from(["0.0.0.0", "::"])),
    tls=server_tls,
    backlog=st.integers(1, 65535),
    keepalive=switches,
    nodelay=switches,
    family=families,
    proxy_header=switches,
    accept_timeout_seconds=st.one_of(st.just(0.0), seconds),
    socket=sockets,
    **common,
)


unix_listens = made(
    UnixListen,
    path=lines,
    mode=modes,
    tls=server_tls,
    backlog=st.integers(1, 65535),
    abstract=switches,
    owner=st.sampled_from(["", "me", "me:us", ":us"]),
    remove_after=switches,
    accept_timeout_seconds=st.one_of(st.just(0.0), seconds),
    **common,
)


udp_bound: dict[str, st.SearchStrategy[Any]] = {
    "host": st.one_of(names, st.sampled_from(["0.0.0.0", "::"])),
    "port": st.integers(0, 65535),
    "family": families,
    "groups": st.lists(
        st.sampled_from(["239.1.2.3", "239.1.2.3:eth0", "[ff02::1]:eth0", "[ff02::1]"]), max_size=2
    ).map(tuple),
    "socket": sockets,
    **common,
}


listens = st.one_of(
    tcp_listens,
    unix_listens,
    made(
        datagrams.UdpListen,
        peer_idle_seconds=seconds,
        max_peers=st.integers(1, 65_536),
        **udp_bound,
    ),
    made(datagrams.UdpReceiveFrom, **udp_bound),
    made(datagrams.UnixReceiveFrom, path=lines, abstract=switches, mode=modes, **common),
    made(local.NamedPipeListen, name=lines, **common),
)


udp_to: dict[str, st.SearchStrategy[Any]] = {
    "host": names,
    "port": ports,
    "family": families,
    "bind": optional_names,
    "source_port": st.integers(0, 65535),
    "broadcast": switches,
    "multicast_interface": optional_lines,
    "multicast_hop_limit": st.integers(0, 255),
    "multicast_loop": switches,
    "groups": udp_bound["groups"],
    "socket": sockets,
    **common,
}


terminals = st.lists(
    st.sampled_from(["raw", "echo=0", "b9600", "cs8", "vmin=1", "icanon=0x1", "winsz=24:80"]),
    max_size=3,
).map(tuple)


ways = st.sampled_from(["both", "read", "write"])
