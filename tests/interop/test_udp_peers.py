"""UDP and Unix datagrams with the real socat at the other end: what it sends arrives byte for byte,
and boundaries survive both ways.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import EMPTY_DATAGRAM, Listener, Stream
from bascule.streams.multicast import Multicast
from bascule.streams.udp import (
    UdpConnectDialer,
    UdpDatagramDialer,
    UdpReceiveDialer,
    UdpSendToDialer,
)
from bascule.streams.udp_listen import UdpListener, UdpReceiveFromListener
from bascule.streams.unix_datagram import (
    UnixReceiveDialer,
    UnixReceiveFromListener,
    UnixSendToDialer,
)
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes, soon
from tests.helpers.datagrams import LONGEST, dialed
from tests.helpers.loops import LOOPS
from tests.helpers.ports import free_udp_port
from tests.helpers.processes import find, start

LOOP_FACTORIES = LOOPS
GROUP = "239.255.77.10"
SIZES = (1, 1472, LONGEST)
LARGE = ("-b", "70000")  # else socat cuts datagrams at 8192 bytes
PATIENT = ("-t", "60")  # else it waits half a second for a program's answer to its one datagram


def has_udp(port: int) -> Callable[[], bool]:
    """Whether somebody has a UDP port: a condition for ``start(ready=…)``."""

    def has_it() -> bool:
        table = Path("/proc/net/udp").read_text()
        return f":{port:04X} " in table

    return has_it


@asynccontextmanager
async def listens(listener: Listener) -> AsyncIterator[tuple[int, asyncio.Queue[Stream]]]:
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    streams: list[Stream] = []

    def arrive(stream: Stream) -> None:
        streams.append(stream)
        arrived.put_nowait(stream)

    (address,) = await soon(listener.start(arrive))
    try:
        yield address.port or 0, arrived
    finally:
        await soon(listener.aclose())
        for stream in streams:
            await soon(stream.aclose())


@contextmanager
def holding(data: bytes) -> Iterator[BinaryIO]:
    """A file to be read: of a pipe, socat would take what is there and send it as a datagram."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


async def socat(*argv: str, data: bytes = b"") -> None:
    """Let socat send its input to the end."""
    with holding(data) as file:
        done = await asyncio.to_thread(
            subprocess.run, [find("socat"), *LARGE, *argv], stdin=file, timeout=PATIENCE_SECONDS
        )
    assert done.returncode == 0


@contextmanager
def asking(*argv: str, data: bytes) -> Iterator[Callable[[int], Awaitable[bytes]]]:
    """Let socat send its input, and give so many bytes of the answer."""
    command = [find("socat"), *LARGE, *PATIENT, *argv]
    with (
        holding(data) as file,
        subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE) as process,
    ):
        assert process.stdout is not None
        output = process.stdout

        async def answer(count: int) -> bytes:
            return await soon(asyncio.to_thread(output.read, count))

        try:
            yield answer
        finally:
            process.terminate()


# socat waits ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [UdpConnectDialer, UdpSendToDialer, UdpDatagramDialer])
async def test_a_port_of_socats_echoes_every_size(kind: type[UdpConnectDialer | UdpSendToDialer]):
    port = free_udp_port()
    argv = ("socat", *LARGE, f"UDP-LISTEN:{port},bind=127.0.0.1,fork", "PIPE")
    with start(*argv, ready=has_udp(port)):
        async with dialed(kind("127.0.0.1", port)) as stream:
            for size in SIZES:
                data = random_bytes(size)
                await soon(stream.send(data))
                assert await soon(stream.receive()) == data


async def test_socat_answers_each_datagram_alone():
    port = free_udp_port()
    argv = ("socat", *LARGE, *PATIENT, f"UDP-RECVFROM:{port},bind=127.0.0.1,fork", "SYSTEM:cat")
    with start(*argv, ready=has_udp(port)):
        async with dialed(UdpSendToDialer("127.0.0.1", port)) as stream:
            for data in (b"one", b"two", random_bytes(1472)):
                await soon(stream.send(data))
                assert await soon(stream.receive()) == data


async def test_socat_receives_what_is_sent(tmp_path: Path):
    port = free_udp_port()
    out = tmp_path / "out"
    data = [random_bytes(size) for size in (*SIZES, 10)]
    argv = ("socat", *LARGE, "-u", f"UDP-RECV:{port},bind=127.0.0.1", f"CREATE:{out}")
    with start(*argv, ready=has_udp(port)) as running:
        async with dialed(UdpSendToDialer("127.0.0.1", port)) as stream:
            for each in data:
                await soon(stream.send(each))
        await asyncio.to_thread(
            running.wait_until, lambda: out.exists() and out.stat().st_size == sum(map(len, data))
        )
    assert out.read_bytes() == b"".join(data)


async def test_nobody_is_there_any_more():
    port = free_udp_port()
    argv = ("socat", f"UDP-LISTEN:{port},bind=127.0.0.1", "PIPE")
    with start(*argv, ready=has_udp(port)):
        stream = await soon(UdpConnectDialer("127.0.0.1", port).dial())
        await soon(stream.send(b"hello"))
        assert await soon(stream.receive()) == b"hello"
    await soon(stream.send(b"anybody?"))
    with pytest.raises(StreamError) as caught:
        await soon(stream.receive())
    assert caught.value.code is ErrorCode.CONNECTION_REFUSED
    await stream.aclose()


# socat begins -----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["UDP", "UDP-SENDTO", "UDP-DATAGRAM"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
async def test_what_socat_sends_is_answered(address: str, host: str):
    async with listens(UdpListener(host, 0)) as (port, arrived):
        for size in SIZES:
            data = random_bytes(size)
            with asking("STDIO", f"{address}:127.0.0.1:{port}", data=data) as answer:
                stream = await soon(arrived.get())
                assert await soon(stream.receive()) == data
                await soon(stream.send(data[::-1]))
                assert await answer(size) == data[::-1]
            await soon(stream.aclose())


async def test_socats_single_datagrams():
    async with listens(UdpReceiveFromListener("127.0.0.1", 0)) as (port, arrived):
        for data in (b"x", random_bytes(1472), random_bytes(LONGEST)):
            await socat("-u", "STDIN", f"UDP-SENDTO:127.0.0.1:{port}", data=data)
            stream = await soon(arrived.get())
            assert await soon(stream.receive()) == data
            assert await soon(stream.receive()) == b""


async def test_socats_empty_datagram_is_one():
    async with listens(UdpListener("127.0.0.1", 0)) as (port, arrived):
        # On its end of input socat's shut-null sends an empty datagram.
        await socat("-u", "STDIN", f"UDP-SENDTO:127.0.0.1:{port},shut-null", data=b"last")
        stream = await soon(arrived.get())
        assert await soon(stream.receive()) == b"last"
        got = await soon(stream.receive())
        assert got is EMPTY_DATAGRAM


async def test_an_empty_datagram_is_socats_end():
    port = free_udp_port()
    argv = ("socat", "-u", f"UDP-RECVFROM:{port},bind=127.0.0.1,null-eof", "STDOUT")
    with start(*argv, ready=has_udp(port)) as running:
        async with dialed(UdpSendToDialer("127.0.0.1", port)) as stream:
            await soon(stream.send(EMPTY_DATAGRAM))
            assert await asyncio.to_thread(running.process.wait, PATIENCE_SECONDS) == 0


async def test_everything_from_anybody():
    async with dialed(UdpReceiveDialer("127.0.0.1", 0)) as stream:
        for data in (b"one", random_bytes(LONGEST)):
            await socat("-u", "STDIN", f"UDP-SENDTO:127.0.0.1:{stream.peer.port}", data=data)
            assert await soon(stream.receive()) == data


# groups -----------------------------------------------------------------------------------------


async def test_socat_hears_the_group_and_is_heard():
    port = free_udp_port()
    address = (
        f"UDP4-DATAGRAM:{GROUP}:{port},bind=:{port},reuseaddr,ip-multicast-if=127.0.0.1,"
        f"ip-add-membership={GROUP}:127.0.0.1,ip-multicast-loop=1"
    )
    argv = ("socat", address, "EXEC:sed -u s/^/heard\\\\ /")
    with start(*argv, ready=has_udp(port)):
        dialer = UdpDatagramDialer(
            GROUP,
            port,
            multicast=Multicast("lo"),
            groups=(f"{GROUP}:lo",),
            source_port=port,
        )
        async with dialed(dialer) as stream:
            await soon(stream.send(b"hello\n"))
            assert await soon(stream.receive()) == b"hello\n"  # ours, as everybody gets it
            assert await soon(stream.receive()) == b"heard hello\n"


async def test_socat_sends_to_a_group():
    async with listens(UdpListener("0.0.0.0", 0, groups=(f"{GROUP}:lo",))) as (port, arrived):
        address = f"UDP4-DATAGRAM:{GROUP}:{port},ip-multicast-if=127.0.0.1"
        with asking("STDIO", address, data=b"who is there?") as answer:
            stream = await soon(arrived.get())
            assert await soon(stream.receive()) == b"who is there?"
            await soon(stream.send(b"me"))
            assert await answer(2) == b"me"


# Unix -------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "socket"


async def test_socat_sends_to_a_path(path: Path):
    async with dialed(UnixReceiveDialer(str(path))) as stream:
        for size in (1, 1472, 65_536):
            data = random_bytes(size)
            await socat("-u", "STDIN", f"UNIX-SENDTO:{path}", data=data)
            assert await soon(stream.receive()) == data


async def test_socats_path_is_answered(path: Path):
    async with listens(UnixReceiveFromListener(str(path))) as (_port, arrived):
        address = f"UNIX-SENDTO:{path},bind={path}.client"
        with asking("STDIO", address, data=b"question") as answer:
            stream = await soon(arrived.get())
            assert await soon(stream.receive()) == b"question"
            assert str(stream.peer) == f"{path}.client"
            await soon(stream.send(b"answer"))
            assert await answer(6) == b"answer"


@pytest.mark.parametrize("abstract", [False, True])
async def test_socat_receives_on_a_path(path: Path, tmp_path: Path, abstract: bool):
    out = tmp_path / "out"
    name = f"ABSTRACT-RECV:{path}" if abstract else f"UNIX-RECV:{path}"

    def is_bound() -> bool:
        return str(path) in Path("/proc/net/unix").read_text()

    data = [random_bytes(size) for size in (1, 1472, 65_536)]
    argv = ("socat", *LARGE, "-u", name, f"CREATE:{out}")
    with start(*argv, ready=is_bound) as running:
        async with dialed(UnixSendToDialer(str(path), abstract=abstract)) as stream:
            for each in data:
                await soon(stream.send(each))
        await asyncio.to_thread(
            running.wait_until, lambda: out.exists() and out.stat().st_size == sum(map(len, data))
        )
    assert out.read_bytes() == b"".join(data)


async def test_socat_answers_on_a_path(path: Path):
    argv = ("socat", *LARGE, *PATIENT, f"UNIX-RECVFROM:{path},fork", "SYSTEM:cat")
    with start(*argv, ready=path.is_socket):
        async with dialed(UnixSendToDialer(str(path), bind=f"{path}.ours")) as stream:
            for data in (b"one", random_bytes(1472), random_bytes(65_536)):
                await soon(stream.send(data))
                got = await soon(stream.receive())
                while len(got) < len(data):  # cat writes in pieces of its own
                    got += await soon(stream.receive())
                assert got == data
