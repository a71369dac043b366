"""Nobody starves on our event loop: timers, threads and signals are heard while it is busy."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bascule.streams.poll_loop import PollLoop
from bascule.streams.watch import watch
from tests.helpers.contract import PATIENCE_SECONDS, soon
from tests.helpers.descriptors import until
from tests.helpers.loops import selector
from tests.helpers.watching import Calls, Pair

LOOP_FACTORIES = {"ours": PollLoop}


# nobody starves ---------------------------------------------------------------------------------


class PingPong:
    """Two sockets that are ready all the time: each answers within the selector's own turn."""

    def __init__(self) -> None:
        self.pair = Pair()
        self.turns = 0

    def start(self) -> None:
        for one in (self.pair.ours, self.pair.far):
            watch().read(one.fileno(), self._answering(one))
        self.pair.ours.send(b"x")

    def _answering(self, sock: socket.socket) -> Callable[[], None]:
        def answer() -> None:
            sock.send(sock.recv(1))
            self.turns += 1

        return answer

    async def goes_on(self) -> None:
        """See that it never stopped."""
        turns = self.turns
        await soon(until(lambda: self.turns > turns + 10))

    def stop(self) -> None:
        for one in (self.pair.ours, self.pair.far):
            watch().forget(one.fileno())
            one.close()


@pytest_asyncio.fixture
async def busy() -> AsyncIterator[PingPong]:
    made = PingPong()
    made.start()
    await made.goes_on()
    yield made
    await made.goes_on()
    made.stop()


async def test_several_turns_are_served_without_one_of_the_loop(busy: PingPong):
    turns = list[int]()

    def look() -> None:
        turns.append(busy.turns)

    loop = asyncio.get_running_loop()
    loop.call_later(0.05, look)
    loop.call_later(0.1, look)
    await soon(until(lambda: len(turns) == 2))
    iterations = 0

    select = selector().select

    def counted(timeout: float | None = None) -> object:
        nonlocal iterations
        iterations += 1
        return select(timeout)

    selector().select = counted  # type: ignore[method-assign]
    begun = busy.turns
    naps = 0
    while busy.turns - begun <= 10:  # at once, but where the computer is busy with others
        await asyncio.sleep(0.1)
        naps += 1
    assert iterations < 10 * naps


async def test_timers_fire_though_descriptors_are_busy(busy: PingPong):
    loop = asyncio.get_running_loop()
    fired: list[int] = []
    over = asyncio.Event()
    begun = loop.time()
    for index in (3, 1, 2, 0):
        loop.call_later(0.02 * index, fired.append, index)
    loop.call_later(0.1, over.set)
    await soon(over.wait())
    assert fired == [0, 1, 2, 3]
    assert loop.time() - begun >= 0.1
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.02)


async def test_a_timer_that_is_begun_by_who_is_served_fires_too(busy: PingPong, pair: Pair):
    """There was none when the loop began to wait."""
    loop, fired = asyncio.get_running_loop(), asyncio.Event()

    def begin() -> None:
        watch().no_read(pair.fd)
        loop.call_later(0.01, fired.set)

    watch().read(pair.fd, begin)
    turns = busy.turns
    threading.Timer(0.05, pair.far.send, [b"x"]).start()
    await soon(fired.wait())
    assert busy.turns > turns


async def test_what_is_called_soon_is(busy: PingPong, pair: Pair):
    loop, called = asyncio.get_running_loop(), asyncio.Event()

    def hear() -> None:
        watch().no_read(pair.fd)
        loop.call_soon(called.set)

    watch().read(pair.fd, hear)
    pair.far.send(b"x")
    await soon(called.wait())
    await busy.goes_on()


async def test_another_thread_is_heard(busy: PingPong):
    loop, called = asyncio.get_running_loop(), asyncio.Event()
    thread = threading.Thread(target=loop.call_soon_threadsafe, args=(called.set,))
    thread.start()
    await soon(called.wait())
    thread.join()
    assert await soon(asyncio.to_thread(lambda: 7)) == 7
    await busy.goes_on()


async def test_a_signal_is_heard(busy: PingPong):
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, heard.set)
    threading.Timer(0.02, os.kill, [os.getpid(), signal.SIGUSR1]).start()
    await soon(heard.wait())
    loop.remove_signal_handler(signal.SIGUSR1)
    await busy.goes_on()


async def test_what_the_loop_watches_is_heard_of(busy: PingPong, pair: Pair):
    reads = Calls()
    asyncio.get_running_loop().add_reader(pair.fd, reads)
    threading.Timer(0.02, pair.far.send, [b"x"]).start()
    await reads.come()
    asyncio.get_running_loop().remove_reader(pair.fd)
    await busy.goes_on()


async def test_a_program_that_ends_is_heard_of(busy: PingPong):
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", "raise SystemExit(3)")
    assert await soon(program.wait()) == 3
    await busy.goes_on()


@pytest.mark.parametrize("who", ["one who is served", "a timer"])
def test_stopping_it_stops_it(who: str):
    loop = PollLoop()
    ping = PingPong()

    async def begin() -> None:
        ping.start()

    loop.run_until_complete(begin())
    if who == "a timer":
        loop.call_later(0.05, loop.stop)
    else:
        answer, limit = ping._answering(ping.pair.ours), ping.turns + 1000

        def stop() -> None:
            answer()
            if ping.turns >= limit:
                loop.stop()

        loop.watch.read(ping.pair.fd, stop)
    loop.run_forever()
    assert ping.turns > 100
    loop.watch.forget(ping.pair.fd)
    loop.close()
    ping.pair.ours.close()
    ping.pair.far.close()


async def test_one_that_always_fails_does_not_stop_the_rest(busy: PingPong, pair: Pair):
    failures: list[dict[str, object]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: failures.append(context))

    def fail() -> None:
        raise ValueError("a mistake of ours")

    watch().read(pair.fd, fail)
    pair.far.send(b"x")
    await soon(until(lambda: len(failures) >= 3))
    await busy.goes_on()
    watch().no_read(pair.fd)
    assert {str(each["exception"]) for each in failures} == {"a mistake of ours"}


async def test_it_waits_neither_hot_nor_too_short():
    """A timer fires when its time has come, with no turns in vain before it."""
    loop = asyncio.get_running_loop()
    select, waits = selector().select, list[float | None]()

    def noted(timeout: float | None = None) -> object:
        waits.append(timeout)
        return select(timeout)

    selector().select = noted  # type: ignore[method-assign]
    due = loop.time() + 0.0305
    over = asyncio.Event()
    loop.call_at(due, over.set)
    await soon(over.wait())
    assert loop.time() >= due
    assert len(waits) < 10
