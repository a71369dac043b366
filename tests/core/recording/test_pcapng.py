"""A recording as a pcapng file: read by tshark, which must find every byte and nothing wrong."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from bascule.recording.pcapng import pcapng
from bascule.recording.records import RECORD_BYTES, Mark, Passage, Record
from tests.helpers.contract import digest, random_bytes
from tests.helpers.tshark import complaints, fields, followed

AT = 1_795_283_157.327_099
V4 = Passage(1, "10.0.0.7:5000", "10.0.0.7", 5000, "10.0.0.1", 2001)
V6 = Passage(1, "[2001:db8::7]:5000", "2001:db8::7", 5000, "2001:db8::1", 2001)
NOBODY = Passage(1, "/dev/ttyUSB0")


def recorded(*marks: tuple[int, Mark, bytes]) -> list[Record]:
    """Records a quarter of a second apart: connection, mark, bytes."""
    return [
        Record(number, AT + number / 4, connection, mark, data)
        for number, (connection, mark, data) in enumerate(marks)
    ]


def written(folder: Path, records: list[Record], *passages: Passage) -> Path:
    file = folder / "traffic.pcapng"
    file.write_bytes(b"".join(pcapng(records, {each.connection: each for each in passages})))
    return file


@pytest.mark.parametrize("passage", [V4, V6, NOBODY])
def test_every_byte_of_a_conversation_both_ways(tmp_path: Path, passage: Passage):
    ups = [random_bytes(size, size) for size in (1, 1460, RECORD_BYTES, 77)]
    downs = [random_bytes(size, size + 1) for size in (3, RECORD_BYTES, 32_768, 5)]
    turns = [turn for up, down in zip(ups, downs, strict=True) for turn in (
        (1, Mark.UP, up), (1, Mark.DOWN, down),
    )]  # fmt: skip
    records = recorded((1, Mark.OPENED, b""), *turns, (1, Mark.CLOSED, b""))
    file = written(tmp_path, records, passage)
    up, down = followed(file)
    assert (digest(up), digest(down)) == (digest(b"".join(ups)), digest(b"".join(downs)))
    assert complaints(file) == []


def test_addresses_directions_and_times(tmp_path: Path):
    records = recorded(
        (1, Mark.OPENED, b""),
        (1, Mark.UP, b"ask"),
        (1, Mark.DOWN, b"answer"),
        (1, Mark.CLOSED, b""),
    )
    file = written(tmp_path, records, V4)
    names = ("ip.src", "tcp.srcport", "ip.dst", "tcp.dstport", "tcp.payload", "frame.time_epoch")
    up, down = ("10.0.0.7", "5000", "10.0.0.1", "2001"), ("10.0.0.1", "2001", "10.0.0.7", "5000")
    moved = [
        (*line[:5], round(float(line[5]), 6)) for line in fields(file, *names, only="tcp.len > 0")
    ]
    assert moved == [
        (*up, b"ask".hex(), round(AT + 0.25, 6)),
        (*down, b"answer".hex(), round(AT + 0.5, 6)),
    ]
    assert [line[0] for line in fields(file, "tcp.flags.str", only="tcp.len == 0")] == [
        "··········S·", "·······A··S·", "·······A····",
        "·······A···F", "·······A···F", "·······A····",
    ]  # fmt: skip


def test_connections_that_overlap_are_kept_apart(tmp_path: Path):
    other = Passage(2, "10.0.0.8:6000", "10.0.0.8", 6000, "10.0.0.1", 2001)
    records = recorded(
        (1, Mark.OPENED, b""), (2, Mark.OPENED, b""),
        (1, Mark.UP, b"first"), (2, Mark.UP, b"other"),
        (1, Mark.CLOSED, b""), (2, Mark.DOWN, b"goes on"), (3, Mark.UP, b"no passage"),
    )  # fmt: skip
    file = written(tmp_path, records, V4, other)
    assert followed(file, 0) == (b"first", b"")
    assert followed(file, 1) == (b"other", b"goes on")
    assert followed(file, 2)[0] == b"no passage"
    assert complaints(file) == []


def test_one_that_comes_again_from_the_same_port_is_another_conversation(tmp_path: Path):
    again = Passage(2, V4.peer, V4.client, V4.client_port, V4.server, V4.server_port)
    marks = [(number, mark, data) for number in (1, 2) for mark, data in (
        (Mark.OPENED, b""), (Mark.UP, b"call %d" % number), (Mark.CLOSED, b""),
    )]  # fmt: skip
    file = written(tmp_path, recorded(*marks), V4, again)
    assert [followed(file, stream)[0] for stream in (0, 1)] == [b"call 1", b"call 2"]


@pytest.mark.parametrize("passage", [V4, V6])
def test_each_datagram_is_one(tmp_path: Path, passage: Passage):
    flow = Passage(1, "", passage.client, 53_000, passage.server, 9, datagrams=True)
    sent = [b"a", b"", random_bytes(65_507), b"odd"]
    records = recorded((1, Mark.OPENED, b""), *[(1, Mark.UP, each) for each in sent],
                       (1, Mark.DOWN, b"down"), (1, Mark.CLOSED, b""))  # fmt: skip
    file = written(tmp_path, records, flow)
    payloads = [bytes.fromhex(line[0]) for line in fields(file, "udp.payload")]
    assert [digest(each) for each in payloads] == [digest(each) for each in (*sent, b"down")]
    assert [line[0] for line in fields(file, "udp.dstport")] == ["9"] * 4 + ["53000"]
    assert complaints(file) == []


def test_a_checksum_of_zero_is_written_as_another_number(tmp_path: Path):
    """In UDP zero says that there is none (RFC 768), which IPv6 forbids."""
    flow = Passage(1, "", V6.client, 53_000, V6.server, 9, datagrams=True)
    every = [(1, Mark.UP, struct.pack("!H", word)) for word in range(0x10000)]
    file = written(tmp_path, recorded(*every), flow)
    sums = [line[0] for line in fields(file, "udp.checksum")]
    assert len(sums) == 0x10000
    assert "0x0000" not in sums
    assert "0xffff" in sums
    assert complaints(file) == []


def test_what_is_too_long_for_a_datagram_makes_two(tmp_path: Path):
    flow = Passage(1, "", V4.client, 53_000, V4.server, 9, datagrams=True)
    data = random_bytes(RECORD_BYTES)
    file = written(tmp_path, recorded((1, Mark.UP, data)), flow)
    parts = [bytes.fromhex(line[0]) for line in fields(file, "udp.payload")]
    assert [len(part) for part in parts] == [65_507, RECORD_BYTES - 65_507]
    assert digest(b"".join(parts)) == digest(data)


def test_nothing_is_a_file_too(tmp_path: Path):
    assert fields(written(tmp_path, []), "frame.number") == []
