"""Which event loops the tests of this folder run on, and what they share."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from functools import partial

import pytest

from bascule.cli.loop import loop_factory
from bascule.streams import serial_ports
from tests.helpers.contract import PATIENCE_SECONDS


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Function
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop of asyncio, or those that a test module names in ``LOOP_FACTORIES``."""
    return getattr(item.module, "LOOP_FACTORIES", {"ours": loop_factory()})


@pytest.fixture
def every_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has a serial port open is found, also where looking at every process takes longer
    than a user should wait.
    """
    patient = partial(serial_ports.find_holders, seconds=PATIENCE_SECONDS)
    monkeypatch.setattr(serial_ports, "find_holders", patient)


if sys.platform == "win32":  # modules about what Windows does not have
    collect_ignore = [
        f"test_{each}.py"
        for each in (
            *("child", "program", "program_joint", "program_stream"),  # see program_windows
            *("descriptor", "packet_info", "pipe", "pty", "serial_posix", "standard", "terminal"),
            *("poll_loop", "socket_stream", "unix", "unix_datagram", "watch"),
            # by what Linux calls its interfaces, options and devices
            *("multicast", "path_kind", "socket_options"),
            *("serial", "serial_errors", "threaded"),  # by terminals and pipes of POSIX
        )
    ]
