"""The loop the core runs on, and ending on a signal with everything cleaned up."""

from __future__ import annotations

import _thread
import asyncio
import signal
import sys
import threading
from types import SimpleNamespace

import pytest

from bascule.cli import loop
from bascule.cli.loop import loop_factory, run_to_its_end, run_until_done
from bascule.events import RelayState, Traffic
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import soon
from tests.helpers.relays import Clients, RelayRig, Service


@pytest.mark.skipif(sys.platform != "linux", reason="about Linux")
def test_linux_has_ours():
    from bascule.streams.poll_loop import PollLoop

    assert loop_factory() is PollLoop
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        assert type(runner.get_loop()) is PollLoop


def test_macos_has_that_of_asyncio(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loop, "sys", SimpleNamespace(platform="darwin"))
    assert loop_factory() is asyncio.new_event_loop


def test_windows_has_the_fast_one_where_there_is_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loop, "sys", SimpleNamespace(platform="win32"))
    there = SimpleNamespace(new_event_loop=object())
    monkeypatch.setitem(sys.modules, "winloop", there)
    assert loop_factory() is there.new_event_loop
    monkeypatch.setitem(sys.modules, "winloop", None)
    assert loop_factory() is asyncio.new_event_loop


def test_what_it_returns():
    async def main() -> int:
        return 7

    assert run_until_done(main()) == 7


NOBODYS = pytest.mark.skipif(sys.platform == "win32", reason="Windows: nobody sends it")


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=NOBODYS), signal.SIGINT])
def test_a_signal_ends_it_in_order(number: signal.Signals):
    steps: list[str] = []

    async def main() -> None:
        signal.raise_signal(number)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            steps.append("cleaned up")

    with pytest.raises(KeyboardInterrupt):
        run_until_done(main())
    assert steps == ["cleaned up"]


def test_ctrl_c_wakes_a_loop_that_waits():
    """Windows presses it in a thread of its own."""

    async def main() -> None:
        pressing = threading.Thread(target=_thread.interrupt_main)
        asyncio.get_running_loop().call_soon(pressing.start)
        await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        run_until_done(main())


def test_where_nobody_sends_sigterm_it_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "winloop", None)
    monkeypatch.setattr(loop, "sys", SimpleNamespace(platform="win32"))
    before = signal.getsignal(signal.SIGTERM)

    async def main() -> object:
        return signal.getsignal(signal.SIGTERM)

    assert run_until_done(main()) == before


def test_a_cancellation_of_its_own_passes():
    async def main() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        run_until_done(main())


# one relay to its end ---------------------------------------------------------------------------


async def test_a_relay_that_ends_by_itself_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loop, "TICK_SECONDS", 0.01)
    async with Service() as service, Clients() as clients:
        spec = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", service.port), once=True)
        async with RelayRig(spec) as rig:
            running = asyncio.ensure_future(run_to_its_end(rig.relay))
            await rig.reach(RelayState.RUNNING)
            client = await clients.connect(rig.port)
            far = await service.next()
            await soon(client.send(b"hello"))
            await rig.until(lambda: rig.of(Traffic))  # it is ticked meanwhile
            await soon(client.send_eof())
            await soon(far.send_eof())
            await soon(running)
            assert rig.states[-1] is RelayState.STOPPED


async def test_whoever_gives_up_waiting_has_stopped_it():
    async with Service() as service:
        spec = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", service.port))
        async with RelayRig(spec) as rig:
            running = asyncio.ensure_future(run_to_its_end(rig.relay))
            await rig.reach(RelayState.RUNNING)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await soon(running)
            assert not rig.relay.active
            assert rig.states[-1] is RelayState.STOPPED
