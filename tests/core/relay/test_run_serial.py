"""A run of a relay whose end is a serial port: taken, missing, unplugged, refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bascule.errors import DeviceError, ErrorCode
from bascule.events import LogLine, RelayState
from bascule.spec.endpoints import SerialPort, TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.streams.serial import SerialDialer
from tests.helpers.contract import read_all, read_count, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pty import Line
from tests.helpers.relays import Clients, RelayRig, Service, echoes, is_reset, to_service

LOOP_FACTORIES = LOOPS
AN_HOUR = 3600.0


def shared(device: str | Path, source: Any = None, **settings: Any) -> RelaySpec:
    return RelaySpec(
        source or TcpListen(0),
        SerialPort(str(device), **settings),
        linger_seconds=0.1,
        retry_first_seconds=AN_HOUR,
        retry_longest_seconds=AN_HOUR,
    )


async def test_a_second_client_of_a_serial_port_is_refused_with_who_has_it():
    line = Line()
    async with RelayRig(shared(line.device)) as rig, Clients() as clients:
        await rig.run()
        first = await clients.connect(rig.port)
        await rig.connected()
        await echoes(first, line)
        assert await is_reset(await clients.connect(rig.port))
        await rig.until(lambda: any("was refused" in text for text in rig.log))
        (refusal,) = [line for line in rig.of(LogLine) if "was refused" in line.text]
        assert refusal.problem is not None
        assert refusal.problem.code is ErrorCode.DEVICE_TAKEN
        holder = next(iter(rig.relay.connections.values())).peer
        assert refusal.problem.facts == {"device": line.device, "holder": holder}
        await echoes(first, line)  # undisturbed
        await soon(first.aclose())
        await rig.closed()
        await rig.until(lambda: not rig.relay.connections)
        second = await clients.connect(rig.port)
        await rig.connected()
        await echoes(second, line)
        assert rig.relay.status.state is RelayState.RUNNING
    line.abort()


async def test_a_missing_device_is_waited_for_and_used_when_it_appears(tmp_path: Path):
    device = tmp_path / "ttyUSB0"
    line = Line()
    async with RelayRig(shared(device)) as rig, Clients() as clients:
        rig.relay.start()
        await rig.reach(RelayState.WAITING)
        status = rig.relay.status
        assert status.problem is not None
        assert (status.problem.code, status.problem.field) == (
            ErrorCode.DEVICE_MISSING,
            "target.device",
        )
        assert status.retry_at is not None
        assert status.listening  # clients are told at once, with a reset
        for index in range(5):
            assert await is_reset(await clients.connect(rig.port))
            await rig.closed(index + 1)
        assert rig.states.count(RelayState.WAITING) == 1  # their tries cut no pause short
        assert rig.relay.status.retry_at == status.retry_at
        device.symlink_to(line.device)
        rig.relay.start()
        await rig.reach(RelayState.RUNNING)
        client = await clients.connect(rig.port)
        await rig.connected()
        await echoes(client, line)
    line.abort()


async def test_a_client_who_gets_through_while_it_waits_ends_the_wait(tmp_path: Path):
    device = tmp_path / "ttyUSB0"
    line = Line()
    async with RelayRig(shared(device)) as rig, Clients() as clients:
        rig.relay.start()
        await rig.reach(RelayState.WAITING)
        device.symlink_to(line.device)
        client = await clients.connect(rig.port)
        await rig.reach(RelayState.RUNNING)
        await echoes(client, line)
    line.abort()


async def test_unplugging_ends_the_connection_and_waits():
    line = Line()
    async with RelayRig(shared(line.device)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        await rig.connected()
        await echoes(client, line)
        line.abort()
        assert await is_reset(client)
        closed = await rig.closed()
        assert closed.problem is not None
        assert closed.problem.code is ErrorCode.DEVICE_GONE
        await rig.reach(RelayState.WAITING)
        assert rig.relay.status.retry_at is not None
        assert rig.relay.status.problem is not None
        assert rig.relay.status.problem.code in {ErrorCode.DEVICE_MISSING, ErrorCode.DEVICE_GONE}


async def test_a_device_that_another_program_has_is_waited_for_until_it_is_free():
    line = Line()
    other = await soon(SerialDialer(line.device).dial())
    spec = shared(line.device)
    async with RelayRig(spec) as rig, Clients() as clients:
        await rig.run()  # that it is busy is seen when it is opened
        assert await is_reset(await clients.connect(rig.port))
        await rig.reach(RelayState.WAITING)
        problem = rig.relay.status.problem
        assert problem is not None
        assert problem.code is ErrorCode.DEVICE_BUSY
        await soon(other.aclose())
        client = await clients.connect(rig.port)
        await rig.reach(RelayState.RUNNING)
        await echoes(client, line)
    line.abort()


async def test_what_stopped_it_is_forgotten_at_the_next_start():
    line = Line()
    async with RelayRig(shared(line.device)) as rig:
        await rig.run()
        assert rig.relay._run is not None
        rig.relay._run._device_trouble = DeviceError("x", code=ErrorCode.DEVICE_BUSY)
        await rig.relay.stop()
        await rig.run()
    line.abort()


async def test_a_setting_that_the_driver_refuses_fails(tmp_path: Path):
    line = Line()
    async with RelayRig(shared(line.device, parity="even")) as rig, Clients() as clients:
        await rig.run()
        assert await is_reset(await clients.connect(rig.port))
        await rig.reach(RelayState.FAILED)
        problem = rig.relay.status.problem
        assert problem is not None
        assert (problem.code, problem.field) == (
            ErrorCode.DEVICE_SETTING_REFUSED,
            "target.parity",
        )
        assert rig.relay.status.listening == ()
    line.abort()


async def test_a_serial_source_that_the_driver_refuses_fails_at_once():
    line = Line()
    async with Service() as service:
        spec = RelaySpec(SerialPort(line.device, parity="odd"), to_service(service).target)
        async with RelayRig(spec) as rig:
            rig.relay.start()
            await rig.reach(RelayState.FAILED)
            problem = rig.relay.status.problem
            assert problem is not None
            assert problem.field == "source.parity"
            assert service.count == 0
    line.abort()


async def test_a_serial_source_feeds_a_service_and_waits_when_unplugged(tmp_path: Path):
    device = tmp_path / "ttyUSB0"
    line = Line()
    device.symlink_to(line.device)
    async with Service() as service:
        spec = RelaySpec(
            SerialPort(str(device)),
            TcpConnect("127.0.0.1", service.port),
            retry_first_seconds=0.05,
            retry_longest_seconds=0.05,
        )
        async with RelayRig(spec) as rig:
            await rig.run()
            await echoes(line, await service.next())
            line.abort()
            await rig.reach(RelayState.WAITING)
            line = Line()
            device.unlink()
            device.symlink_to(line.device)
            await rig.until(lambda: rig.states.count(RelayState.RUNNING) == 2)
            await echoes(line, await service.next())
    line.abort()


async def test_a_target_device_that_is_missing_is_waited_for_by_a_relay_that_dials():
    async with Service() as service:
        spec = RelaySpec(
            TcpConnect("127.0.0.1", service.port),
            SerialPort("/dev/no-such-port"),
            retry_first_seconds=AN_HOUR,
            retry_longest_seconds=AN_HOUR,
        )
        async with RelayRig(spec) as rig:
            rig.relay.start()
            await rig.reach(RelayState.WAITING)
            assert service.count == 0  # nobody is bothered before


async def test_an_answer_is_waited_for_after_the_client_has_finished():
    line = Line()
    spec = replace(shared(line.device), linger_seconds=2.0)
    async with RelayRig(spec) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        await soon(client.send(b"weigh\r\n"))
        await soon(client.send_eof())
        assert await soon(read_count(line, 7)) == b"weigh\r\n"
        await soon(line.send(b"12.5 kg"))
        assert await soon(read_all(client)) == b"12.5 kg"
        assert (await rig.closed()).problem is None
    line.abort()
