"""A way is measured with real programs at its other end, and through everything that may lie on it.

Nothing here says how fast a computer has to be: only what was carried, what the other side really
has, and what a limit of the rate makes impossible.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bascule.events import Measured, Measurement, Outcome, RelayState
from bascule.spec.built_in import Discard
from bascule.spec.endpoints import ClientTls, ProxyHop, TcpConnect, TcpListen
from bascule.spec.ends import Target
from bascule.spec.measuring import Throughput
from bascule.spec.options import Retry
from bascule.spec.relays import RelaySpec
from bascule.streams.tls import TlsListener, server_context
from tests.helpers.certificates import make_files
from tests.helpers.contract import PATIENCE_SECONDS, read_all, soon
from tests.helpers.engines import environment
from tests.helpers.ports import free_port
from tests.helpers.processes import start
from tests.helpers.relaying import COMMAND
from tests.helpers.relays import RelayRig, Service, echo
from tests.helpers.socks_server import SocksServer

LOCAL = "127.0.0.1"
MEGABYTE = 1_000_000


def megabytes(count: int, target: Target, *, answer: float = 30.0) -> RelaySpec:
    return RelaySpec(Throughput(seconds=0, megabytes=count, answer_seconds=answer), target)


def at(port: int) -> TcpConnect:
    """Who takes one connection only; he may still be about to listen."""
    return TcpConnect(LOCAL, port, retry=Retry(interval_seconds=0.02))


async def measured(rig: RelayRig) -> Measurement:
    """Measure, and wait for the end of the relay."""
    rig.relay.start()
    await soon(rig.relay.ended())
    last = rig.of(Measured)[-1].measurement
    assert rig.relay.findings.measurement == last
    return last


async def test_socat_has_every_byte_when_the_clock_stops(tmp_path: Path):
    port, taken = free_port(), tmp_path / "taken"
    argv = ["socat", "-u", f"TCP-LISTEN:{port},bind={LOCAL}", f"CREATE:{taken}"]
    with start(*argv):
        async with RelayRig(megabytes(8, at(port))) as rig:
            result = await measured(rig)
            assert taken.stat().st_size == 8 * MEGABYTE
            assert (result.outcome, result.sent) == (Outcome.CONFIRMED, 8 * MEGABYTE)
            assert rig.relay.status.state is RelayState.STOPPED
            (said,) = [line for line in rig.log if line.startswith("sent")]
            assert said.startswith("sent 8000000 bytes in ")
            assert said.endswith("; the other side has everything")


async def test_an_echo_gives_the_figure_of_both_ways():
    async with echo() as port, RelayRig(megabytes(2, TcpConnect(LOCAL, port))) as rig:
        result = await measured(rig)
        assert result.outcome is Outcome.CONFIRMED
        assert (result.sent, result.received) == (2 * MEGABYTE, 2 * MEGABYTE)
        assert "; 2000000 bytes came back; " in rig.log[-2] + rig.log[-1]


async def test_a_limit_on_the_way_is_what_is_measured():
    """The limit lets a tenth of a second's worth pass at once, and nothing faster after that."""
    rate = 2 * MEGABYTE
    limited = RelaySpec(TcpListen(0), Discard(), up_bytes_per_second=rate)
    async with RelayRig(limited) as far:
        await far.run()
        async with RelayRig(megabytes(2, TcpConnect(LOCAL, far.port))) as rig:
            result = await measured(rig)
    assert (result.outcome, result.sent) == (Outcome.CONFIRMED, 2 * MEGABYTE)
    assert result.bytes_per_second <= rate / 0.9
    assert far.relay.totals == (2 * MEGABYTE, 0)


async def test_the_limit_of_the_measuring_relay_itself_counts_too():
    rate = 2 * MEGABYTE
    async with echo() as port:
        spec = RelaySpec(
            Throughput(seconds=0, megabytes=1),
            TcpConnect(LOCAL, port),
            up_bytes_per_second=rate,
        )
        async with RelayRig(spec) as rig:
            result = await measured(rig)
    assert result.sent == MEGABYTE
    assert result.seconds >= 0.9 * MEGABYTE / rate - 0.1


async def test_through_tls_and_a_chain_of_proxies(tmp_path: Path):
    files = make_files(tmp_path)
    listener = TlsListener(Service().listener, server_context(files.certificate, files.key))
    async with SocksServer() as first, SocksServer() as second, echo(listener) as port:
        target = TcpConnect(
            LOCAL,
            port,
            (ProxyHop(host=LOCAL, port=first.port), ProxyHop(host=LOCAL, port=second.port)),
            ClientTls(authority=files.authority, server_name="localhost"),
        )
        async with RelayRig(megabytes(1, target)) as rig:
            result = await measured(rig)
    assert result.outcome is Outcome.CONFIRMED
    assert (result.sent, result.received) == (MEGABYTE, MEGABYTE)


async def test_who_never_answers_the_end_leaves_the_figure_open():
    async with Service() as service:
        spec = megabytes(1, TcpConnect(LOCAL, service.port), answer=0.1)
        async with RelayRig(spec) as rig:
            rig.relay.start()
            stream = await service.next()
            assert len(await soon(read_all(stream))) == MEGABYTE
            await soon(rig.relay.ended())
            result = rig.of(Measured)[-1].measurement
            assert (result.outcome, result.sent) == (Outcome.UNCONFIRMED, MEGABYTE)
            assert any("did not say that it has everything" in line for line in rig.log)
            assert rig.relay.status.state is RelayState.STOPPED


async def test_who_leaves_in_between_is_a_problem_and_no_figure():
    async with Service() as service:
        spec = RelaySpec(Throughput(seconds=3600), TcpConnect(LOCAL, service.port))
        async with RelayRig(spec) as rig:
            rig.relay.start()
            stream = await service.next()
            await soon(stream.receive())
            stream.abort()
            await soon(rig.relay.ended())
            assert rig.of(Measured)[-1].measurement.outcome is Outcome.INTERRUPTED
            assert rig.relay.status.state is RelayState.FAILED


async def test_what_socat_sends_is_measured_where_bytes_go_down_only(tmp_path: Path):
    given = tmp_path / "given"
    given.write_bytes(b"x" * MEGABYTE)
    port = free_port()
    argv = ["socat", "-u", f"OPEN:{given}", f"TCP-LISTEN:{port},bind={LOCAL}"]
    with start(*argv):
        spec = RelaySpec(Throughput(), at(port), direction="down")
        async with RelayRig(spec) as rig:
            result = await measured(rig)
            assert (result.outcome, result.received) == (Outcome.CONFIRMED, MEGABYTE)
            assert any(line.startswith(f"received {MEGABYTE} bytes") for line in rig.log)


async def test_as_a_target_it_is_there_for_others_to_measure(tmp_path: Path):
    taken = tmp_path / "taken"
    async with RelayRig(RelaySpec(TcpListen(0), Throughput(seconds=0, megabytes=1))) as rig:
        await rig.run()
        with start("socat", "-u", f"TCP:{LOCAL}:{rig.port}", f"CREATE:{taken}"):
            await rig.closed()
        assert rig.of(Measured)[-1].measurement.sent == MEGABYTE
    assert taken.stat().st_size == MEGABYTE


@pytest.mark.parametrize("words", [[], ["-d2"]], ids=["quiet", "with its log"])
def test_the_command_line_says_the_figure_once(tmp_path: Path, words: list[str]):
    port = free_port()
    argv = ["socat", "-u", f"TCP-LISTEN:{port},bind={LOCAL}", "OPEN:/dev/null"]
    with start(*argv):
        done = subprocess.run(
            [
                *COMMAND,
                *words,
                "THROUGHPUT:0,megabytes=3",
                f"TCP:{LOCAL}:{port},forever,interval=0.02",
            ],
            capture_output=True,
            text=True,
            env=environment(tmp_path),
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("sent 3000000 bytes in ") == 1
    assert "MB/s" in done.stderr
    assert "Mbit/s; the other side has everything" in done.stderr
