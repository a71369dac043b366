"""The types of Windows' functions: their sizes are part of its interface."""

from __future__ import annotations

import ctypes
import sys

import pytest

from bascule.service import winapi

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="types and functions of Windows")


@pytest.mark.parametrize(
    ("structure", "size"),  # 64 bits, winsvc.h
    [
        (winapi.ServiceStatus, 28),
        (winapi.ServiceStatusProcess, 36),
        (winapi.ServiceDescription, 8),
        (winapi.Action, 8),
        (winapi.FailureActions, 40),
    ],
)
def test_a_structure_is_as_large_as_windows_takes_it(structure: type[ctypes.Structure], size: int):
    assert ctypes.sizeof(structure) == size


def test_what_windows_refuses_is_an_error_with_its_number():
    assert sys.platform == "win32"
    manager = winapi.OpenSCManager(None, None, winapi.SC_MANAGER_CONNECT)
    try:
        with pytest.raises(OSError, match=f"{winapi.ERROR_SERVICE_DOES_NOT_EXIST}") as caught:
            winapi.OpenService(manager, "no such service", winapi.SERVICE_QUERY_STATUS)
        assert caught.value.winerror == winapi.ERROR_SERVICE_DOES_NOT_EXIST
        assert caught.value.__notes__ == ["OpenServiceW"]
    finally:
        winapi.CloseServiceHandle(manager)
