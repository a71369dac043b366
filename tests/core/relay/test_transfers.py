"""What is told of transfers of files: by relays that send to each other, and by many at once."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from bascule.errors import ErrorCode, StreamError
from bascule.events import RelayState, TransferChanged, TransferState, TransferStatus
from bascule.relay.transfers import KEPT, LISTED, Transfers
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.spec.transfer import ReceiveFiles, SendFiles
from bascule.streams.transfer import Transfer
from tests.helpers.contract import random_bytes
from tests.helpers.relays import Clients, RelayRig

DATA = random_bytes(900_000)
DIGEST = hashlib.sha256(DATA).hexdigest()


def told(rig: RelayRig) -> list[TransferStatus]:
    return [event.transfer for event in rig.of(TransferChanged)]


async def test_two_relays_send_and_receive_a_folder_and_both_know_all_of_it(tmp_path: Path):
    sent = tmp_path / "photos"
    sent.mkdir()
    (sent / "one").write_bytes(DATA)
    (sent / "two").write_bytes(b"2")
    out = tmp_path / "out"
    receive = RelaySpec(TcpListen(0), ReceiveFiles(folder=str(out)), once=True)
    async with RelayRig(receive) as receiving:
        await receiving.run()
        target = TcpConnect("127.0.0.1", receiving.port)
        send = RelaySpec(SendFiles(path=str(sent)), target)
        async with RelayRig(send) as sending:
            sending.relay.start()
            await sending.reach(RelayState.STOPPED)
            await receiving.reach(RelayState.STOPPED)
            assert (out / "photos" / "one").read_bytes() == DATA
            for rig, is_sending in ((sending, True), (receiving, False)):
                first, last = told(rig)[0], told(rig)[-1]
                assert (first.number, first.state) == (1, TransferState.RUNNING)
                assert (last.number, last.state) == (1, TransferState.COMPLETE)
                assert last.sending is is_sending
                assert (last.files_done, last.total_files) == (2, 2)
                assert (last.bytes_done, last.total_bytes) == (900_001, 900_001)
                assert last.bytes_per_second > 0
                assert rig.relay.findings.transfers.statuses == (last,)
            for name, data in (("one", DATA), ("two", b"2")):
                sums = (
                    f"photos/{name}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}"
                )
                assert f"sent {sums}" in sending.log
                assert f"received {sums}" in receiving.log


async def test_who_receives_nothing_in_the_end_makes_the_sending_a_failure(tmp_path: Path):
    (tmp_path / "file").write_bytes(DATA)
    out = tmp_path / "out"
    out.mkdir()
    (out / "file").write_bytes(b"mine")
    receive = RelaySpec(TcpListen(0), ReceiveFiles(folder=str(out), existing="refuse"), once=True)
    async with RelayRig(receive) as receiving:
        await receiving.run()
        target = TcpConnect("127.0.0.1", receiving.port)
        send = RelaySpec(SendFiles(path=str(tmp_path / "file")), target, once=True)
        async with RelayRig(send) as sending:
            sending.relay.start()
            await sending.reach(RelayState.FAILED)
            await receiving.reach(RelayState.FAILED)
            assert told(sending)[-1].state is TransferState.FAILED
            failed = told(receiving)[-1]
            assert failed.problem is not None
            assert "there already" in failed.problem.message
    assert (out / "file").read_bytes() == b"mine"


async def test_more_than_a_relay_may_write_makes_the_sending_a_failure(tmp_path: Path):
    (tmp_path / "file").write_bytes(random_bytes(1_000_001))
    out = tmp_path / "out"
    target = ReceiveFiles(folder=str(out), limit_megabytes=1)
    async with RelayRig(RelaySpec(TcpListen(0), target, once=True)) as receiving:
        await receiving.run()
        send = RelaySpec(
            SendFiles(path=str(tmp_path / "file")),
            TcpConnect("127.0.0.1", receiving.port),
            once=True,
        )
        async with RelayRig(send) as sending:
            sending.relay.start()
            await sending.reach(RelayState.FAILED)
            await receiving.reach(RelayState.FAILED)
            failed = told(receiving)[-1]
            assert failed.problem is not None
            assert failed.problem.facts["reason"] == "too_much"
    assert list(out.iterdir()) == []


async def test_whoever_connects_gets_the_file_as_it_is(tmp_path: Path):
    (tmp_path / "big.log").write_bytes(DATA)
    spec = RelaySpec(TcpListen(0), SendFiles(path=str(tmp_path / "big.log"), plain=True))
    async with RelayRig(spec) as rig, Clients() as clients:
        await rig.run()
        for number in (1, 2):
            client = await clients.connect(rig.port)
            got = b""
            while piece := await client.receive():
                got += piece
            assert got == DATA
            await client.aclose()
            await rig.closed(number)
            last = told(rig)[-1]
            assert (last.number, last.state, last.sha256) == (
                number,
                TransferState.COMPLETE,
                DIGEST,
            )


# many, and often ----------------------------------------------------------------------------------


class Told:
    """Transfers, what was told of them, and a clock of its own."""

    def __init__(self) -> None:
        self.events: list[TransferChanged] = []
        self.transfers = Transfers("relay-1", self.events.append)
        self.now = time.monotonic()

    def tick(self) -> list[TransferStatus]:
        """What one tick tells."""
        before = len(self.events)
        self.now += 0.5
        self.transfers.tick(self.now)
        return [event.transfer for event in self.events[before:]]


def test_what_moves_is_told_with_its_rate_and_what_stands_still_is_not():
    told = Told()
    transfer = Transfer(sending=False)
    told.transfers.watch(transfer)
    assert [event.transfer.number for event in told.events] == [1]
    assert told.tick() == []
    told.transfers.tick(0.0)  # a clock that has not gone on measures nothing
    assert len(told.events) == 1
    transfer.begin("a")
    for _ in range(10):  # chunks are not told of
        transfer.count(100_000)
    (status,) = told.tick()
    assert (status.name, status.bytes_done) == ("a", 1_000_000)
    assert status.bytes_per_second > 0
    rates = [told.tick()[0].bytes_per_second for _ in range(2)]
    assert status.bytes_per_second > rates[0] > rates[1]
    while still := told.tick():
        assert still[0].bytes_per_second < rates[1]
    assert told.transfers.statuses[0].bytes_per_second == 0


def test_the_last_that_ended_are_kept_and_the_others_forgotten():
    told = Told()
    for _ in range(KEPT + 5):
        transfer = Transfer(sending=True)
        told.transfers.watch(transfer)
        transfer.complete()
    assert [status.number for status in told.transfers.statuses] == list(range(6, KEPT + 6))
    assert all(event.transfer.state is TransferState.COMPLETE for event in told.events[1::2])


def test_more_than_anybody_can_read_is_not_told():
    told = Told()
    running = [Transfer(sending=True) for _ in range(LISTED + 20)]
    for transfer in running:
        told.transfers.watch(transfer)
    assert len(told.events) == len(told.transfers.statuses) == LISTED
    for transfer in running:
        transfer.count(1)
    assert len(told.tick()) == LISTED
    before = len(told.events)
    broken = StreamError("it broke", code=ErrorCode.CONNECTION_BROKEN)
    for _ in range(3 * LISTED):
        transfer = Transfer(sending=True)
        told.transfers.watch(transfer)
        transfer.fail(broken)
    assert len(told.events) - before == LISTED
