"""What is told of targets among several, and what is done about them, by relays that run."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

import pytest

from bascule.errors import DialError, ErrorCode
from bascule.events import ConnectionClosed, LogLevel, LogLine, Measurement, Outcome, RelayState
from bascule.relay.build import build
from bascule.relay.notes import Notes, measured_words
from bascule.spec.built_in import Echo, Text
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Failover, FanOut
from bascule.spec.log_collector import LogCollector
from bascule.spec.options import Retry
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule.spec.transfer import SendFiles
from bascule.streams.tcp import TcpListener
from tests.helpers.contract import random_bytes, read_all, read_count, soon
from tests.helpers.relays import Clients, RelayRig, Service


async def test_a_better_target_that_comes_back_is_used_again_and_the_log_says_both():
    better, other = Service(), Service()
    async with better, other, Clients() as clients:
        port = better.port
        a, b = TcpConnect("127.0.0.1", port), TcpConnect("127.0.0.1", other.port)
        spec = RelaySpec(TcpListen(0), Failover(targets=(a, b), check_seconds=0.1))
        async with RelayRig(spec) as rig:
            await rig.run()
            await clients.connect(rig.port)
            await better.next()
            await better.listener.aclose()  # it dies
            await better.drop_all()
            await clients.connect(rig.port)
            await other.next()
            (lost,) = [line for line in rig.of(LogLine) if "the next target" in line.text]
            assert lost.level is LogLevel.WARNING
            assert lost.problem is not None
            assert lost.problem.code is ErrorCode.CONNECTION_REFUSED
            assert f"127.0.0.1:{port}" in lost.text
            again = Service(TcpListener("127.0.0.1", port))
            async with again:  # it is back; nobody connects meanwhile
                await rig.until(lambda: f"127.0.0.1:{port} can be reached again" in rig.log)
                client = await clients.connect(rig.port)
                await soon(client.send(b"for the better one"))
                heard = b""
                while not heard:  # who only tried whether it is back says nothing
                    heard = await soon(read_count(await again.next(), 18))
                assert heard == b"for the better one"
                assert other.count == 1


async def test_a_relay_that_stops_takes_no_care_any_more():
    before = asyncio.all_tasks()
    async with RelayRig(RelaySpec(TcpListen(0), Failover(targets=(Echo(),)))) as rig:
        await rig.run()
        assert len(asyncio.all_tasks() - before) == 2  # the relay, and its care
        await soon(rig.relay.stop())
        assert asyncio.all_tasks() == before


async def test_a_target_of_several_that_cannot_be_reached_is_told_of():
    async with Clients() as clients, Service() as gone:
        lost = TcpConnect("127.0.0.1", gone.port)
        await gone.listener.aclose()
        spec = RelaySpec(TcpListen(0), FanOut(targets=(Text(text="hello"), lost)))
        async with RelayRig(spec) as rig:
            await rig.run()
            client = await clients.connect(rig.port)
            assert await soon(read_all(client)) == b"hello"
            await rig.until(lambda: any("other targets go on" in line for line in rig.log))
            (told,) = [line for line in rig.of(LogLine) if "other targets go on" in line.text]
            assert told.level is LogLevel.WARNING
            assert told.problem is not None
            assert told.problem.code is ErrorCode.CONNECTION_REFUSED


async def test_a_target_of_several_that_breaks_is_told_of_and_the_others_go_on():
    async with Clients() as clients, Service() as breaking:
        targets = (Echo(), TcpConnect("127.0.0.1", breaking.port))
        async with RelayRig(RelaySpec(TcpListen(0), FanOut(targets=targets))) as rig:
            await rig.run()
            client = await clients.connect(rig.port)
            far = await breaking.next()
            await soon(client.send(b"one"))
            assert await soon(read_count(client, 3)) == b"one"
            far.abort()
            await rig.until(lambda: any("other targets go on" in line for line in rig.log))
            await soon(client.send(b"two"))
            assert await soon(read_count(client, 3)) == b"two"


async def test_more_than_anybody_can_read_is_not_logged():
    async with Clients() as clients, Service() as gone:
        lost = TcpConnect("127.0.0.1", gone.port)
        await gone.listener.aclose()
        spec = RelaySpec(TcpListen(0), FanOut(targets=(Text(text="hello"), lost)))
        async with RelayRig(spec) as rig:
            await rig.run()
            for _ in range(30):
                assert await soon(read_all(await clients.connect(rig.port))) == b"hello"
            assert sum("other targets go on" in line for line in rig.log) == 20


async def test_a_relay_that_tries_for_ever_notices_that_its_client_has_left():
    async with Clients() as clients, Service() as gone:
        lost = TcpConnect("127.0.0.1", gone.port, retry=Retry(interval_seconds=3600))
        await gone.listener.aclose()
        async with RelayRig(RelaySpec(TcpListen(0), lost)) as rig:
            await rig.run()
            client = await clients.connect(rig.port)
            await rig.until(lambda: rig.relay.connections)
            await soon(client.aclose())
            closed = await rig.closed()
            assert closed.problem is not None
            assert closed.problem.code is ErrorCode.CONNECTION_BROKEN
            assert "has left before" in closed.problem.message


async def test_one_who_has_finished_but_waits_for_an_answer_is_served_in_the_end():
    async with Clients() as clients, Service() as late:
        port = late.port
        await late.listener.aclose()
        target = TcpConnect("127.0.0.1", port, retry=Retry(interval_seconds=0.05))
        async with RelayRig(RelaySpec(TcpListen(0), target)) as rig:
            await rig.run()
            client = await clients.connect(rig.port)
            await soon(client.send(b"question"))
            await soon(client.send_eof())
            await rig.until(lambda: rig.relay.connections)
            async with Service(TcpListener("127.0.0.1", port)) as service:
                far = await service.next()
                assert await soon(read_all(far)) == b"question"
                await soon(far.send(b"answer"))
                await soon(far.send_eof())
                assert await soon(read_all(client)) == b"answer"


async def test_what_is_only_tried_is_watched_by_nobody(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"data")
    spec = RelaySpec(TcpListen(0), SendFiles(path=str(tmp_path / "file")))
    ends = build(spec, lambda _reference: "")
    stream = await soon(ends.target.dial())
    assert await soon(read_all(stream))
    await soon(stream.aclose())


async def test_what_goes_wrong_beside_a_connection_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A log that is not put aside: what somebody else has open is not renamed on Windows."""

    def refuse(_self: Path, _target: Path) -> Path:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(Path, "rename", refuse)
    path = tmp_path / "events.log"
    path.write_bytes(b"long ago\n")
    os.utime(path, (0, 0))
    end = LogCollector(path=str(path), stamp="none", sender="none", rotate_daily=True)
    async with RelayRig(RelaySpec(TcpListen(0), end)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        await soon(client.send(b"today\n"))
        await rig.until(lambda: any("it goes on: in use" in line for line in rig.log))
        (told,) = [line for line in rig.of(LogLine) if "it goes on: in use" in line.text]
        assert (told.level, told.problem and told.problem.code) == (
            LogLevel.WARNING,
            ErrorCode.FILE_FAILED,
        )
        assert path.read_bytes() == b"long ago\ntoday\n"


async def test_a_relay_that_has_nothing_more_to_give_stops_when_the_last_is_served(tmp_path: Path):
    data = random_bytes(3_000_000)  # more than what the system holds on its way
    path = tmp_path / "file"
    path.write_bytes(data)
    async with (
        RelayRig(RelaySpec(TcpListen(0), ShareFile(path=str(path)))) as rig,
        Clients() as clients,
    ):
        assert rig.relay.findings.share is None
        await rig.run()
        share = rig.relay.findings.share
        assert share is not None
        client = await clients.connect(rig.port)
        await soon(client.send(f"GET {share.path} HTTP/1.0\r\n\r\n".encode()))
        got = await soon(read_all(client))
        assert got.endswith(data)
        assert rig.relay.active  # whoever was served last may still have something to take
        await rig.until(lambda: any("was fetched" in line for line in rig.log))
        await soon(client.send_eof())
        await rig.reach(RelayState.STOPPED)
        assert rig.relay.findings.share is not None
        assert rig.relay.findings.share.fetched == 1
        assert rig.of(ConnectionClosed)[-1].problem is None
        await soon(rig.relay.ended())
        again = await rig.run()  # and it begins anew, under another way
        assert again.relay.findings.share is not None
        assert again.relay.findings.share.path != share.path
        assert again.relay.findings.share.fetched == 0


async def test_who_idles_when_there_is_nothing_more_to_give_holds_up_no_stop(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    target = ShareFile(path=str(path))
    async with RelayRig(RelaySpec(TcpListen(0), target)) as rig, Clients() as clients:
        await rig.run()
        port, share = rig.port, rig.relay.findings.share
        assert share is not None
        await clients.connect(port)
        await rig.connected()
        client = await clients.connect(port)
        await soon(client.send(f"GET {share.path} HTTP/1.0\r\n\r\n".encode()))
        assert (await soon(read_all(client))).endswith(b"x")
        await rig.until(lambda: any("was fetched" in line for line in rig.log))

        async def nobody_listens() -> None:
            with pytest.raises(DialError):
                while True:
                    await clients.connect(port)

        await soon(nobody_listens())
        assert rig.relay.active
        await soon(rig.relay.stop())
        assert rig.states[-1] is RelayState.STOPPED


async def test_what_cannot_be_handed_out_is_a_problem_at_once(tmp_path: Path):
    async with RelayRig(RelaySpec(TcpListen(0), ShareFile(path=str(tmp_path)))) as rig:
        rig.relay.start()
        await rig.reach(RelayState.FAILED)
        problem = rig.relay.status.problem
        assert problem is not None
        assert (problem.code, problem.field) == (ErrorCode.FILE_FAILED, "target.path")
        assert rig.relay.findings.share is None


def test_what_nobody_hears_is_said_to_nobody():
    """A test of a relay builds its ends as well, and runs none."""
    notes = Notes()
    notes.said("something")
    notes.finished()


@pytest.mark.parametrize(
    ("measurement", "said"),
    [
        (
            Measurement(Outcome.CONFIRMED, 0.0, 2.0, 4 * 2**20, 0),
            "sent 4194304 bytes in 2.00 s: 2.10 MB/s, 16.78 Mbit/s; the other side has everything",
        ),
        (
            Measurement(Outcome.UNCONFIRMED, 0.0, 1.0, 1_000_000, 5),
            (
                "sent 1000000 bytes in 1.00 s: 1.00 MB/s, 8.00 Mbit/s; 5 bytes came back; the "
                "other side did not say that it has everything: some of it may still be on its way"
            ),
        ),
        (
            Measurement(Outcome.INTERRUPTED, 0.0, 0.0, 0, 0),
            "sent 0 bytes in 0.00 s: 0.00 MB/s, 0.00 Mbit/s; it ended before all was sent",
        ),
        (
            Measurement(Outcome.RUNNING, 0.0, 1.0, 0, 2**20),
            "received 1048576 bytes in 1.00 s: 1.05 MB/s, 8.39 Mbit/s; so far",
        ),
    ],
)
def test_a_measurement_in_a_sentence(measurement: Measurement, said: str):
    assert measured_words(measurement) == said
