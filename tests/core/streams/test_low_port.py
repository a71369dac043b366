"""Which ports are tried; what peers see of it is in ``relay/test_build_network``."""

from __future__ import annotations

import errno
import os

import pytest

from bascule.errors import DialError, ErrorCode
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.low_port import HIGHEST, LOWEST, LowPortDialer
from bascule.streams.memory import memory_pair
from bascule.streams.oserrors import dial_error
from tests.helpers.contract import soon


class System:
    """A system where all low ports but ``free`` are refused with ``number``."""

    def __init__(self, number: int, *free: int) -> None:
        self.number = number
        self.free = free
        self.tried: list[int] = []

    def connect(self, port: int) -> Dialer:
        return _From(self, port)


class _From(Dialer):
    label = "service:9"

    def __init__(self, system: System, port: int) -> None:
        self._system = system
        self._port = port

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        self._system.tried.append(self._port)
        if self._port in self._system.free:
            stream, _far = memory_pair()
            stream.peer = Address("", self._port)
            return stream
        if not self._system.number:
            raise DialError("no such host", code=ErrorCode.HOST_UNKNOWN)
        exc = OSError(self._system.number, os.strerror(self._system.number))
        raise dial_error(exc, self.label) from exc


@pytest.mark.parametrize("number", [errno.EADDRINUSE, errno.EADDRNOTAVAIL])
async def test_the_one_that_is_free_is_found(number: int):
    for free in (LOWEST, 800, HIGHEST):
        system = System(number, free)
        stream = await soon(LowPortDialer(system.connect).dial())
        assert stream.peer.port == free
        assert len(system.tried) == len(set(system.tried))
        await stream.aclose()


async def test_none_is_free():
    system = System(errno.EADDRINUSE)
    with pytest.raises(DialError) as caught:
        await soon(LowPortDialer(system.connect, field="f").dial())
    assert sorted(system.tried) == list(range(LOWEST, HIGHEST + 1))
    assert (caught.value.code, caught.value.field) == (ErrorCode.ADDRESS_IN_USE, "f")
    assert "no port from 640 to 1023 is free" in caught.value.message


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
async def test_the_system_lets_nobody_have_one(number: int):
    system = System(number)
    with pytest.raises(DialError) as caught:
        await soon(LowPortDialer(system.connect, field="f").dial())
    assert len(system.tried) == 1
    assert (caught.value.code, caught.value.field) == (ErrorCode.ADDRESS_FORBIDDEN, "f")


@pytest.mark.parametrize("number", [errno.ECONNREFUSED, 0])
async def test_what_has_nothing_to_do_with_the_port_is_not_tried_again(number: int):
    system = System(number)
    with pytest.raises(DialError) as caught:
        await soon(LowPortDialer(system.connect).dial())
    assert len(system.tried) == 1
    assert caught.value.code in (ErrorCode.CONNECTION_REFUSED, ErrorCode.HOST_UNKNOWN)
