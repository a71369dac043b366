"""Which event loops the tests of this folder run on, and what they share."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bascule.cli.loop import loop_factory
from bascule.streams import datagram_watch, serial_ports, tcp
from bascule.streams.descriptor import close_quietly
from bascule.streams.watch import _LoopWatch
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.datagrams import AskingLoop
from tests.helpers.descriptors import descriptors
from tests.helpers.pty import Line
from tests.helpers.shares import DATA, NAME
from tests.helpers.tls_pairs import Contexts

if TYPE_CHECKING:
    from tests.helpers.watching import Pair


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


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """No loop watches sockets there: the loop's own transports do it all."""
    monkeypatch.setattr(tcp, "loop_watches_sockets", lambda: False)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Certificates of an authority for this module."""
    return make_files(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def contexts(files: Files) -> Contexts:
    """What both sides of TLS agree by."""
    return Contexts(files)


@pytest.fixture
async def asked_as_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than on Linux nothing stands between us and a loop that is asked for datagrams."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, AskingLoop):
        other = _LoopWatch(loop)
        monkeypatch.setattr(datagram_watch, "watch", lambda: other)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    """A serial line with a device to open."""
    made = Line()
    yield made
    made.abort()


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two sockets that are joined."""
    from tests.helpers.watching import Pair  # which Windows cannot import

    made = Pair()
    yield made
    made.ours.close()
    made.far.close()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Both ends of a pipe, neither of which blocks."""
    ends = os.pipe()
    os.set_blocking(ends[0], False)
    os.set_blocking(ends[1], False)
    yield ends
    close_quietly(*ends)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file that ``shares.Rig`` hands out."""
    made = tmp_path / NAME
    made.write_bytes(DATA)
    return made


@pytest.fixture
def nothing_stays_open() -> Iterator[None]:
    """As many descriptors are open after a test as before it."""
    before = descriptors()
    yield
    assert descriptors() == before


if sys.platform == "win32":  # modules about what Windows does not have
    collect_ignore = [
        f"test_{each}.py"
        for each in (
            *("child", "program", "program_joint", "program_stream"),  # see program_windows
            *("descriptor", "descriptor_reopened", "packet_info", "pipe", "pty", "serial_posix"),
            *("standard", "terminal"),
            *("poll_loop", "poll_loop_turns", "socket_stream", "socket_stream_accepting"),
            *("unix", "unix_datagram", "watch"),
            # by what Linux calls its interfaces, options and devices
            *("multicast", "path_kind", "socket_options", "socket_options_connected"),
            *("serial", "serial_errors", "threaded"),  # by terminals and pipes of POSIX
        )
    ]
