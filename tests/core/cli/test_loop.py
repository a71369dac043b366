"""The loop the core runs on, and ending on a signal with everything cleaned up."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from types import SimpleNamespace

import pytest

from bascule.cli import loop
from bascule.cli.loop import loop_factory, run_until_done


def test_the_fast_loop_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch):
    assert loop_factory().__module__.startswith("uvloop")
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loop_factory() is asyncio.new_event_loop


def test_what_it_returns():
    async def main() -> int:
        return 7

    assert run_until_done(main()) == 7


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(number: signal.Signals):
    steps: list[str] = []

    async def main() -> None:
        os.kill(os.getpid(), number)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            steps.append("cleaned up")

    with pytest.raises(KeyboardInterrupt):
        run_until_done(main())
    assert steps == ["cleaned up"]


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
