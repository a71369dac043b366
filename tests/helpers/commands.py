"""Relays of every kind, made by Hypothesis; only such as a command can say.

What a text says in one way only is made in that way: settings that are all usual are None, hosts
have no brackets, passwords are numbered as reading numbers them.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bascule.spec import built_in, datagrams, local
from bascule.spec.endpoints import (
    SerialPort,
    TcpConnect,
    UnixConnect,
)
from bascule.spec.ends import Dual, Failover, FanOut
from bascule.spec.http_answer import HEALTH_FORMS, HealthAnswer, HttpAnswer
from bascule.spec.log_collector import SENDERS, STAMPS, LogCollector
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule.spec.socat.command import Command, RunOptions
from bascule.spec.transfer import EXISTING, ReceiveFiles, SendFiles
from tests.helpers.command_parts import (
    client_tls,
    common,
    families,
    hops,
    lines,
    listens,
    made,
    modes,
    names,
    networks,
    optional_lines,
    optional_names,
    ports,
    seconds,
    sockets,
    switches,
    terminals,
    texts,
    udp_bound,
    udp_to,
    ways,
    without_folder,
)

many_parts = settings(
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ]
)
"""For tests with commands: they have many parts."""

PASSWORDS = {f"socat-{number}": f"pass {number}," for number in range(1, 40)}


singles = st.one_of(
    made(
        TcpConnect,
        host=names,
        port=ports,
        via=st.lists(hops, max_size=3).map(tuple),
        tls=client_tls,
        connect_timeout_seconds=seconds,
        family=families,
        bind=optional_names,
        keepalive=switches,
        nodelay=switches,
        source_port=st.integers(0, 65535),
        low_port=switches,
        proxy_header=st.sampled_from(["none", "v1", "v2"]),
        socket=sockets,
        **common,
    ),
    made(
        UnixConnect,
        path=lines,
        tls=client_tls,
        connect_timeout_seconds=seconds,
        abstract=switches,
        bind=optional_lines,
        **common,
    ),
    made(
        SerialPort,
        # Not /dev/ttyS0, which is read as COM1 on Windows.
        device=st.one_of(lines, st.sampled_from(["COM5", "\\\\.\\COM12", "/dev/ttyUSB0"])),
        baud=st.one_of(st.sampled_from([9600, 115200]), st.integers(50, 10**7)),
        data_bits=st.integers(5, 8),
        parity=st.sampled_from(["none", "even", "odd", "mark", "space"]),
        stop_bits=st.sampled_from(["1", "1.5", "2"]),
        flow_control=st.sampled_from(["none", "rts-cts", "dsr-dtr", "xon-xoff"]),
        dtr=st.sampled_from(["on", "off", "unchanged"]),
        rts=st.sampled_from(["on", "off", "unchanged"]),
        **common,
    ),
    made(datagrams.UdpConnect, **udp_to),
    made(datagrams.UdpSendTo, **udp_to),
    made(datagrams.UdpDatagram, allow=networks, **udp_to),
    made(datagrams.UdpReceive, **udp_bound),
    made(datagrams.UnixReceive, path=lines, abstract=switches, mode=modes, **common),
    made(
        datagrams.UnixSendTo,
        path=lines,
        abstract=switches,
        bind=optional_lines,
        **common,
    ),
    made(local.NamedPipeConnect, name=lines, **common),
    made(
        local.Program,
        command=st.one_of(
            texts, st.sampled_from(["cat", "sh -c 'a b'", "x,pty", "a {b c}"])
        ).filter(lambda text: bool(text.strip())),
        interpreter=st.sampled_from(["none", "system", "user"]),
        joined_by=st.sampled_from(["socket", "pipes", "terminal"]),
        stderr=switches,
        new_session=switches,
        controlling=switches,
        login=switches,
        search_path=lines,
        input_descriptor=st.integers(0, 1023),
        output_descriptor=st.integers(0, 1023),
        terminal=terminals,
        **common,
    ),
    made(
        local.File,
        path=st.one_of(lines, st.sampled_from(["/dev/ttyUSB0", "C:\\new"])),
        way=ways,
        create=switches,
        exclusive=switches,
        append=switches,
        truncate=switches,
        seek=st.integers(-100, 100),
        mode=modes,
        lock=switches,
        remove_first=switches,
        remove_after=switches,
        terminal=terminals,
        **common,
    ),
    made(local.Pty, link=lines, mode=modes, wait=switches, terminal=terminals, **common),
    made(
        local.Pipe,
        path=optional_lines,
        way=ways,
        mode=modes,
        remove_after=switches,
        **common,
    ),
    made(
        local.Standard,
        use=st.sampled_from(["both", "input", "output", "error"]),
        terminal=terminals,
        **common,
    ),
    made(local.Descriptor, number=st.integers(0, 65_535), way=ways, terminal=terminals, **common),
    made(built_in.Echo, **common),
    made(built_in.Discard, **common),
    made(built_in.Text, text=texts, after_request=switches, **common),
    made(built_in.Stall, **common),
    made(
        HttpAnswer,
        status=st.integers(200, 599),
        body=st.one_of(st.just(""), texts),
        content_type=st.sampled_from(["", "text/html", "text/plain; charset=utf-8", "a, b"]),
        headers=st.lists(
            st.sampled_from(["X-One: a, b", "Retry-After: 3600", "X-Empty:"]), max_size=2
        ).map(tuple),
        **common,
    ),
    made(HealthAnswer, form=st.sampled_from(HEALTH_FORMS), **common),
    made(
        ReceiveFiles,
        folder=lines,
        existing=st.sampled_from(EXISTING),
        file_name=lines.map(without_folder),
        limit_megabytes=st.integers(0, 10**9),
        **common,
    ),
    made(SendFiles, path=lines, plain=st.booleans(), **common),
    made(
        ShareFile,
        path=lines,
        downloads=st.integers(1, 10_000),
        expires_minutes=st.integers(0, 10_000),
        **common,
    ),
    made(
        LogCollector,
        path=lines,
        stamp=st.sampled_from(STAMPS),
        sender=st.sampled_from(SENDERS),
        rotate_megabytes=st.integers(0, 1_000_000),
        rotate_daily=switches,
        keep_files=st.integers(1, 10_000),
        **common,
    ),
    made(
        Throughput,
        seconds=st.one_of(st.just(0.0), seconds),
        megabytes=st.integers(0, 10**9),
        answer_seconds=seconds,
        **common,
    ),
    made(built_in.Room, announce=switches, include_self=switches, **common),
)


def several(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Ends that are made of others."""
    targets = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        made(Failover, targets=targets, check_seconds=seconds, **common),
        made(FanOut, targets=targets, answering=st.integers(0, 3), **common),
        made(Dual, reading=inner, writing=inner, **common),
    )


ends = st.one_of(singles, listens)
targets = st.one_of(singles, listens, st.recursive(ends, several, max_leaves=4))
duals = made(Dual, reading=ends, writing=ends, **common)
schedules = made(
    Schedule,
    every_seconds=st.integers(1, 86_400).map(float),
    within_seconds=seconds,
    first_byte=switches,
)
sources = st.one_of(listens, listens, singles, duals, schedules)
relays = made(
    RelaySpec,
    source=sources,
    target=targets,
    allow=networks,
    max_connections=st.sampled_from([0, 0, 1, 30]),
    overflow=st.sampled_from(["refuse", "queue"]),
    idle_seconds=st.one_of(st.just(0.0), seconds),
    linger_seconds=st.floats(0, 3600),
    retry_first_seconds=seconds,
    retry_longest_seconds=seconds,
    direction=st.sampled_from(["both", "up", "down"]),
    once=switches,
    half_close_seconds=st.one_of(st.sampled_from([0.0, 0.5]), st.floats(0.001, 86_400)),
    chunk_bytes=st.integers(0, 2**24),
    connections_per_client=st.integers(0, 100),
    up_bytes_per_second=st.integers(0, 10**6),
    down_bytes_per_second=st.integers(0, 10**6),
)
runs = st.builds(
    RunOptions,
    verbosity=st.integers(0, 4),
    log_file=optional_lines,
    syslog=st.sampled_from(["", "daemon", "local3"]),
    log_stderr=switches,
    log_mixed=switches,
    log_name=optional_lines,
    log_microseconds=switches,
    log_host=switches,
    dump_text=switches,
    dump_hex=switches,
    record_up=optional_lines,
    record_down=optional_lines,
    lock_file=optional_lines,
    lock_wait=switches,
    statistics=switches,
)


@st.composite
def commands(draw: st.DrawFn) -> Command:
    """Commands, whose passwords are numbered in the order in which they are read."""
    secrets: dict[str, str] = {}
    relay = numbered(draw(relays), secrets)
    run: RunOptions = draw(runs)
    run = run._replace(
        lock_wait=run.lock_wait and bool(run.lock_file),
        log_mixed=run.log_mixed and bool(run.syslog),
    )
    return Command(relay, run, (), secrets)


def numbered(spec: Any, secrets: dict[str, str]) -> Any:
    """A spec whose passwords are numbered, in order."""
    if isinstance(spec, tuple):
        return tuple(numbered(each, secrets) for each in spec)
    if not dataclasses.is_dataclass(spec):
        return spec
    changed: dict[str, Any] = {}
    fields = [field.name for field in dataclasses.fields(spec)]
    for name in fields:
        value = getattr(spec, name)
        if value == "socat-0":
            reference = f"socat-{len(secrets) + 1}"
            secrets[reference] = PASSWORDS[reference]
            changed[name] = reference
        else:
            changed[name] = numbered(value, secrets)
    return dataclasses.replace(spec, **changed)  # type: ignore[type-var]
