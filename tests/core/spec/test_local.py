"""Programs, files, terminals and pipes as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import to_data, union_from_data
from bascule.spec.ends import Target
from bascule.spec.local import (
    Descriptor,
    File,
    NamedPipeConnect,
    NamedPipeListen,
    Pipe,
    Program,
    Pty,
    Standard,
)


@pytest.mark.parametrize(
    "end",
    [
        Program(command="echo one\necho two", interpreter="system", terminal=("raw", "echo=0")),
        File(path="/var/log/x", way="write", create=True, append=True),
        Pty(link="/tmp/tty", wait=True, mode="660"),
        Pipe(path="/tmp/fifo", way="read"),
        Standard(use="input"),
        Descriptor(number=3, way="write"),
        NamedPipeListen(name="scale"),
        NamedPipeConnect(name=r"\\.\pipe\scale"),
    ],
)
def test_plain_data_and_back(end: Any):
    assert union_from_data(Target, to_data(end)) == end


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: Program(command=""), ErrorCode.VALUE_MISSING, "command"),
        (lambda: Program(command=" \n "), ErrorCode.VALUE_MISSING, "command"),
        (lambda: Program(command="a\0b"), ErrorCode.VALUE_INVALID, "command"),
        (lambda: Program(command="x", terminal=("RAW!",)), ErrorCode.VALUE_INVALID, "terminal"),
        (lambda: File(path="/x", exclusive=True), ErrorCode.VALUE_MISSING, "create"),
        (lambda: File(path="/x", mode="rw"), ErrorCode.VALUE_INVALID, "mode"),
        (lambda: Pty(mode="8"), ErrorCode.VALUE_INVALID, "mode"),
        (lambda: Pipe(mode="8"), ErrorCode.VALUE_INVALID, "mode"),
        (lambda: Standard(use="all"), ErrorCode.VALUE_INVALID, "use"),
        (lambda: Descriptor(number=-1), ErrorCode.VALUE_INVALID, "number"),
    ],
)
def test_what_cannot_be(make: Callable[[], Any], code: ErrorCode, field: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert (caught.value.code, caught.value.field) == (code, field)
