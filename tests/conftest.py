"""What every test gets. Fixtures for one folder stand in that folder's own conftest."""

from __future__ import annotations

import gc
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.helpers")


def pytest_collection_finish() -> None:
    """Look no more through what was collected, which stays to the end, for what could be freed."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    """The only application of a process, in whichever test it is made."""
    from bascule_desktop.application import Application  # Qt is for those that need it

    return Application


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Divide the tests among several processes (``-n``): file by file, but the desktop's as one.

    Fixtures of a module are then made once, and one process has Qt's only application.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "desktop" if file.startswith("tests/desktop/") else file

    return ByFile(config, log)
