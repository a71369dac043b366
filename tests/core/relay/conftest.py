"""Which event loops the tests of this folder run on, and what none of them leaves lent."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping

import pytest

from bascule.cli.loop import loop_factory
from bascule.relay.way import _Pipes
from tests.helpers.certificates import Files, make_files
from tests.helpers.tls_ways import TlsRig


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Function
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop of asyncio, or those that a test module names in ``LOOP_FACTORIES``."""
    return getattr(item.module, "LOOP_FACTORIES", {"ours": loop_factory()})


if sys.platform == "win32":
    collect_ignore = [
        "test_build_network.py",  # for the most part about Unix sockets
        *("test_datagram_path.py", "test_fastpath.py"),
    ]
    collect_ignore_glob = ["test_way*.py", "test_tls_way*.py"]


@pytest.fixture(autouse=True)
def _nothing_lent() -> Iterator[None]:
    """No pipe of the quick way is lent, before and after."""
    assert _Pipes.lent == 0
    yield
    assert _Pipes.lent == 0


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Certificates of an authority for this module."""
    return make_files(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def certified(files: Files) -> None:
    """Rigs with TLS have the certificates of this module."""
    TlsRig.files = files
