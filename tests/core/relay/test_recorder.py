"""The recording of a relay: what is seen, what makes room, and that it costs nothing while off."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import replace

import pytest

from bascule.recording.records import RECORD_BYTES, Mark, Passage, Record
from bascule.relay import connections
from bascule.relay import recorder as module
from bascule.relay.connection import Connection
from bascule.relay.recorder import PAGE_BYTES, PAGE_RECORDS, Recorder, passage
from bascule.spec.datagrams import UdpConnect, UdpListen
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address
from bascule.streams.layer import Layer
from bascule.streams.memory import memory_pair
from tests.helpers.contract import random_bytes, read_all, read_count, soon
from tests.helpers.datagrams import Peer
from tests.helpers.engines import come_true
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import datagram_pair, socket_pair
from tests.helpers.relays import Clients, RelayRig, echo

LOCAL = "127.0.0.1"
LOOP_FACTORIES = LOOPS


def to(port: int) -> RelaySpec:
    return RelaySpec(TcpListen(0), TcpConnect(LOCAL, port))


def moved(records: Iterable[Record], mark: Mark) -> bytes:
    return b"".join(record.data for record in records if record.mark is mark)


def everything(recorder: Recorder) -> list[Record]:
    """All records, page by page."""
    records: list[Record] = []
    while True:
        page = recorder.after(records[-1].number if records else 0)
        assert page.dropped == 0
        records += page.records
        if not page.more:
            return records


def only(rig: RelayRig) -> Connection:
    (connection,) = rig.relay.connections.values()
    return connection


# what a relay lets see --------------------------------------------------------------------------


async def test_every_byte_both_ways_and_whose_it_was():
    up = random_bytes(300_000)
    async with echo() as port, RelayRig(to(port)) as rig, Clients() as clients:
        await rig.run()
        recorder = rig.relay.recorder
        rig.relay.record(True)
        client = await clients.connect(rig.port)
        await rig.connected()
        await soon(client.send(up[:200_000]))
        await read_count(client, 200_000)
        await soon(client.send(up[200_000:]))
        await soon(client.send_eof())
        assert (
            hashlib.sha256(await read_all(client)).digest() == hashlib.sha256(up[200_000:]).digest()
        )
        await rig.closed()
        records = everything(recorder)
        assert moved(records, Mark.UP) == up
        assert moved(records, Mark.DOWN) == up
        assert [record.number for record in records] == list(range(1, len(records) + 1))
        assert [record.at for record in records] == sorted(record.at for record in records)
        assert (records[0].mark, records[-1].mark) == (Mark.OPENED, Mark.CLOSED)
        assert {record.connection for record in records} == {1}
        assert recorder.after(0).passages == (
            Passage(1, str(client.local), LOCAL, client.local.port or 0, LOCAL, rig.port),
        )


async def test_each_datagram_is_a_record():
    peer, service = Peer(), Peer()
    spec = RelaySpec(UdpListen(port=0), UdpConnect(host=LOCAL, port=service.port))
    async with RelayRig(spec) as rig:
        await rig.run()
        rig.relay.record(True)

        def ups() -> list[bytes]:
            records = rig.relay.recorder.after(0).records
            return [record.data for record in records if record.mark is Mark.UP]

        for datagram in (b"one", b"", b"two"):
            peer.send(datagram, rig.port)
        await come_true(lambda: len(ups()) == 3)
        assert ups() == [b"one", b"", b"two"]
        (who,) = rig.relay.recorder.after(0).passages
        assert (who.client_port, who.server_port, who.datagrams) == (peer.port, service.port, True)
    peer.sock.close()
    service.sock.close()


@pytest.mark.parametrize("pieces", [0, 1000], ids=["the quick way", "in a task"])
async def test_who_was_connected_before_is_seen_as_well(pieces: int):
    on_the_quick_way = not pieces and sys.platform != "win32"
    data = random_bytes(100_000)
    async with echo() as port, Clients() as clients:
        async with RelayRig(replace(to(port), chunk_bytes=pieces)) as rig:
            await rig.run()
            client = await clients.connect(rig.port)
            await soon(client.send(b"unseen"))
            assert await read_count(client, 6) == b"unseen"
            assert only(rig).needs_no_task is on_the_quick_way
            rig.relay.record(True)
            await soon(client.send(data))
            assert await read_count(client, len(data)) == data
            assert only(rig).needs_no_task is on_the_quick_way
            records = everything(rig.relay.recorder)
            assert moved(records, Mark.UP) == moved(records, Mark.DOWN) == data
            assert {record.mark for record in records} == {Mark.UP, Mark.DOWN}
            (who,) = rig.relay.recorder.after(0).passages
            assert (who.client_port, who.server_port) == (client.local.port, rig.port)
            await soon(client.send_eof())
            await rig.closed()
            assert everything(rig.relay.recorder)[-1].mark is Mark.CLOSED


async def test_while_it_is_off_nothing_is_seen_and_numbers_go_on():
    async with echo(patient=True) as port, RelayRig(to(port)) as rig, Clients() as clients:
        await rig.run()
        recorder = rig.relay.recorder
        rig.relay.record(True)
        client = await clients.connect(rig.port)
        await rig.connected()
        for text, on in ((b"first", False), (b"hidden", True), (b"third", True)):
            await soon(client.send(text))
            assert await read_count(client, len(text)) == text
            rig.relay.record(on)
        page = recorder.after(0)
        assert (page.on, page.dropped) == (True, 0)
        assert moved(page.records, Mark.UP) == b"third"
        assert page.records[0].number > 1
        assert page.passages[0].client_port == client.local.port


async def test_what_was_recorded_can_be_read_for_a_while_after_the_end(
    monkeypatch: pytest.MonkeyPatch,
):
    async with echo(patient=True) as port, RelayRig(to(port)) as rig, Clients() as clients:
        await rig.run()
        recorder = rig.relay.recorder
        for again in (True, False):
            rig.relay.record(True)
            client = await clients.connect(rig.port)
            await soon(client.send(b"last"))
            assert await read_count(client, 4) == b"last"
            monkeypatch.setattr(connections, "KEPT_SECONDS", 30.0 if again else 0.0)
            rig.relay.record(False)
            page = recorder.after(0)
            assert (page.on, page.more) == (False, False)
            assert moved(page.records, Mark.UP) == b"last"
        await come_true(lambda: recorder.after(0).records == ())
        assert recorder._passages == {}


async def test_a_relay_that_is_off_has_nothing():
    assert Recorder().after(0) == Recorder().after(7)
    assert not Recorder().after(0).on


def test_a_connection_that_began_before_leaves_no_mark():
    recorder = Recorder()
    recorder.switch(True)
    recorder.opened(1, *memory_pair())
    recorder.closed(1)
    assert recorder.after(0).records == ()


# the ring ---------------------------------------------------------------------------------------


def filled(*chunks: bytes) -> Recorder:
    recorder = Recorder()
    recorder.switch(True)
    observe = recorder.observe(1)
    for chunk in chunks:
        observe("up", chunk)
    return recorder


def test_a_long_chunk_makes_several_records_and_loses_nothing():
    chunk = random_bytes(2 * RECORD_BYTES + 5)
    records = everything(filled(chunk))
    assert [len(record.data) for record in records] == [RECORD_BYTES, RECORD_BYTES, 5]
    assert moved(records, Mark.UP) == chunk
    assert len({record.at for record in records}) == 1


@pytest.mark.parametrize("bound", ["RING_BYTES", "RING_RECORDS"])
def test_the_oldest_makes_room_and_it_is_said_how_many(monkeypatch: pytest.MonkeyPatch, bound: str):
    monkeypatch.setattr(module, bound, 30 if bound == "RING_BYTES" else 3)
    recorder = filled(*(b"%010d" % index for index in range(8)))
    page = recorder.after(2)
    assert [record.data for record in page.records] == [b"0000000005", b"0000000006", b"0000000007"]
    assert [record.number for record in page.records] == [6, 7, 8]
    assert page.dropped == 3  # 3, 4 and 5
    assert recorder.after(7).dropped == 0
    assert recorder.after(8).records == ()


def test_a_number_that_is_yet_to_come_is_that_of_another_engine():
    assert len(filled(b"a", b"b").after(900).records) == 2


def test_who_is_gone_and_not_mentioned_any_more_is_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "RING_RECORDS", 4)
    recorder = Recorder()
    recorder.switch(True)
    for number in range(1, 50):
        source, target = memory_pair()
        recorder.observe(number)("up", b"x")
        recorder.opened(number, source, target)
        recorder.closed(number)
    page = recorder.after(0)
    assert {each.connection for each in page.passages} == {48, 49}
    assert len(recorder._passages) == len(recorder._mentioned) == 2
    recorder.switch(False)
    recorder.forget()
    assert recorder._passages == recorder._mentioned == {}


def test_a_page_is_bounded_by_bytes_and_by_records():
    by_bytes = filled(*[bytes(RECORD_BYTES)] * 9).after(0)
    assert sum(len(record.data) for record in by_bytes.records) == PAGE_BYTES
    assert by_bytes.more
    by_count = filled(*[b"x"] * (PAGE_RECORDS + 1))
    assert len(by_count.after(0).records) == PAGE_RECORDS
    assert by_count.after(0).more
    assert not by_count.after(PAGE_RECORDS).more


# who talks --------------------------------------------------------------------------------------


async def test_a_source_without_addresses_leaves_it_to_the_target():
    source, _ = memory_pair()
    near, far = socket_pair()
    assert passage(3, source, near) == Passage(3, str(source.peer))
    target = Layer(near)
    target.peer = Address("::ffff:10.0.0.7%eth0", 443)
    assert passage(3, source, target) == Passage(
        3, str(source.peer), LOCAL, near.local.port or 0, "10.0.0.7", 443
    )
    near.close()
    far.close()


def test_datagrams_are_those_of_both_sides():
    source, target = datagram_pair()
    stream, _ = memory_pair()
    assert passage(1, source, target).datagrams
    assert not passage(1, source, stream).datagrams
