"""Behind a load balancer: who is asked about, who is named, and what a wrong header is called."""

from __future__ import annotations

import contextlib
import sys

from bascule.errors import ErrorCode, StreamError
from bascule.events import ConnectionOpened
from bascule.spec.built_in import Echo
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.local import Program
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import read_all, soon
from tests.helpers.relays import Clients, RelayRig, Service

HEADER = b"PROXY TCP4 192.0.2.7 192.0.2.1 4711 80\r\n"


async def test_behind_a_load_balancer_the_client_is_named_and_the_balancer_is_let_in():
    """The allow-list is asked about the balancer; log, connections and programs know the client."""
    told = "import os; print(os.environ['SOCAT_PEERADDR'], os.environ['SOCAT_PEERPORT'], input())"
    program = Program(command=f'"{sys.executable}" -c "{told}"')
    spec = RelaySpec(TcpListen(0, proxy_header=True), program, allow=("127.0.0.1",))
    async with RelayRig(spec) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        await soon(client.send(HEADER))
        await rig.connected()
        assert [each.peer for each in rig.relay.connections.values()] == ["192.0.2.7:4711"]
        assert rig.of(ConnectionOpened)[-1].connection.peer == "192.0.2.7:4711"
        await soon(client.send(b"said\n"))
        assert (await soon(read_all(client))).split() == [b"192.0.2.7", b"4711", b"said"]
        await soon(client.send_eof())
        await rig.closed()
        assert any(line.startswith("192.0.2.7:4711 has finished") for line in rig.log)


async def test_who_is_named_by_a_balancer_that_may_not_connect_stays_out():
    spec = RelaySpec(TcpListen(0, proxy_header=True), Echo(), allow=("192.0.2.7",))
    async with RelayRig(spec) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        with contextlib.suppress(StreamError):
            await soon(client.send(HEADER))
        await rig.until(lambda: any("was refused" in line for line in rig.log))
        assert rig.relay.connections == {}
        assert rig.of(ConnectionOpened) == []


async def test_a_client_named_by_the_header_is_named_where_the_target_fails_too():
    async with Service() as gone, Clients() as clients:
        port = gone.port
        await gone.listener.aclose()
        spec = RelaySpec(TcpListen(0, proxy_header=True), TcpConnect("127.0.0.1", port))
        async with RelayRig(spec) as rig:
            await rig.run()
            client = await clients.connect(rig.port)
            await soon(client.send(HEADER))
            await rig.closed()
            assert any(line.startswith("192.0.2.7:4711: ") for line in rig.log)


async def test_a_header_that_is_none_has_a_code_of_its_own():
    async with (
        RelayRig(RelaySpec(TcpListen(0, proxy_header=True), Echo())) as rig,
        Clients() as clients,
    ):
        await rig.run()
        client = await clients.connect(rig.port)
        await soon(client.send(b"GET / HTTP/1.1\r\n\r\n"))
        problem = (await rig.closed()).problem
        assert problem is not None
        assert problem.code is ErrorCode.PROXY_HEADER_WRONG
        assert problem.facts["peer"] == str(client.local)
