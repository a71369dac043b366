"""The first runbook's collectors of events: from datagrams to a server, from clients to a file."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.datagrams import peer
from tests.helpers.engines import environment, wait_until
from tests.helpers.ports import free_port
from tests.helpers.processes import find
from tests.helpers.relaying import COMMAND, Running, relaying
from tests.helpers.runbooks import words_of
from tests.helpers.sockets import accepted, listener

# A5 ----------------------------------------------------------------------------------------------


@contextmanager
def gateway(folder: Path, collector: int) -> Iterator[tuple[Running, int]]:
    """A5, listening."""
    port = free_port()
    changes = {"5514": port, "collector.local:5515": f"127.0.0.1:{collector}"}
    with relaying(folder, *words_of("A5", changes)) as relay:
        relay.heard("listening on")
        yield relay, port


def test_a5_each_datagram_of_each_source_reaches_the_collector(tmp_path: Path):
    events = [b"source %d event %d " % (at, n) + b"x" * n for at in range(3) for n in range(10)]
    with listener() as (collector, behind), gateway(tmp_path, behind) as (_, port):
        with ExitStack() as stack:
            sources = [stack.enter_context(peer()) for _ in range(3)]
            for at, event in enumerate(events):
                sources[at // 10].send(event, port)
            got: list[bytes] = []
            for _ in events:
                with accepted(collector) as connection, connection.makefile("rb") as flow:
                    got.append(flow.read())
        assert sorted(got) == sorted(events)  # one connection for each, as it was


def test_a5_socat_and_we_send_the_runbooks_test_event(tmp_path: Path):
    with listener() as (collector, behind), gateway(tmp_path, behind) as (_, port):
        send = words_of("A5b", {"IP_PASSERELLE:5514": f"127.0.0.1:{port}"})
        for command in ([find("socat"), *send], [*COMMAND, *send]):
            subprocess.run(
                command, input=b"test event\n", env=environment(tmp_path),
                timeout=PATIENCE_SECONDS, check=True,
            )  # fmt: skip
            with accepted(collector) as connection, connection.makefile("rb") as flow:
                assert flow.read() == b"test event\n"


def test_a5_goes_on_where_the_collector_was_away(tmp_path: Path):
    behind = free_port()
    with gateway(tmp_path, behind) as (relay, port), peer() as source:
        source.send(b"nobody hears this", port)
        relay.heard(f"127.0.0.1:{behind} refuses the connection")
        with socket.create_server(("127.0.0.1", behind)) as collector:
            collector.settimeout(PATIENCE_SECONDS)
            source.send(b"and now", port)
            with accepted(collector) as connection, connection.makefile("rb") as flow:
                assert flow.read() == b"and now"


# A7 ----------------------------------------------------------------------------------------------


def test_a7_lines_of_every_system_end_alike_in_one_file(tmp_path: Path):
    port = free_port()
    events = tmp_path / "events.txt"
    events.write_bytes(b"before\n")
    with relaying(tmp_path, *words_of("A7", {":6000": f":{port}"})) as relay:
        relay.heard("listening on")
        with (
            socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as linux,
            socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as windows,
        ):
            kept = b"before\n"
            for end, client in ((b"\n", linux), (b"\r\n", windows)) * 3:
                line = b"event %d" % len(kept)
                client.sendall(line + end)
                kept += line + b"\n"
                wait_until(lambda kept=kept: events.read_bytes() == kept)
            windows.sendall(b"in two")
            wait_until(lambda: events.read_bytes().endswith(b"in two"))
            windows.sendall(b" pieces\r")
            windows.sendall(b"\n")
            kept += b"in two pieces\n"
            wait_until(lambda: events.read_bytes() == kept)
        subprocess.run(
            [find("socat"), "-", f"TCP:localhost:{port}"], input=b"Event from socat\n",
            timeout=PATIENCE_SECONDS, check=True,
        )  # fmt: skip
        wait_until(lambda: events.read_bytes() == kept + b"Event from socat\n")
