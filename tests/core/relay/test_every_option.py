"""No option is accepted and then passed over: whoever builds an end reads every field of its spec.

The specs record what is read of them. What each option then does is asserted where it is served;
here it cannot be forgotten.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
from pathlib import Path
from typing import Any

import pytest

import bascule.relay
from bascule.errors import BasculeError
from bascule.relay.build import Ends, build
from bascule.spec import built_in, datagrams, local
from bascule.spec.codec import classes_of
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Dual, Failover, FanOut, Source, Target
from bascule.spec.fields import Spec
from bascule.spec.http_answer import HealthAnswer, HttpAnswer
from bascule.spec.log_collector import LogCollector
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.options import Retry, Shape, SocketSettings
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule.spec.transfer import ReceiveFiles, SendFiles
from tests.helpers.certificates import make_files
from tests.helpers.contract import soon

HERE = "127.0.0.1"


class Reads:
    """Which fields were read of which kinds of specs."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def of[S: Spec](self, spec: S) -> S:
        """The same spec, and those within it, recording: each field is missing until it is read."""
        kind, missing = type(spec), self.missing
        names = {each.name for each in dataclasses.fields(spec)}
        missing |= {f"{kind.__name__}.{name}" for name in names}

        def read(self: object, name: str) -> Any:
            if name in names:
                missing.discard(f"{kind.__name__}.{name}")
            if name == "__dict__":
                missing.difference_update(f"{kind.__name__}.{name}" for name in names)
            return object.__getattribute__(self, name)

        recording = type(kind.__name__, (kind,), {"__getattribute__": read})
        made = object.__new__(recording)
        for name in names:
            object.__setattr__(made, name, self._within(getattr(spec, name)))
        return made  # pyright: ignore[reportReturnType]

    def _within(self, value: Any) -> Any:
        if isinstance(value, Spec):
            return self.of(value)
        if isinstance(value, tuple):
            return tuple(self._within(each) for each in value)
        return value


SHAPED: dict[str, Any] = {"shape": Shape(ignore_eof=True), "retry": Retry(times=0)}
SOCKET = SocketSettings()

SOURCES: list[Source] = [
    TcpListen(0, socket=SOCKET, proxy_header=True, **SHAPED),
    UnixListen("/nowhere/at/all", **SHAPED),
    datagrams.UdpListen(port=0, socket=SOCKET, **SHAPED),
    datagrams.UdpReceiveFrom(port=0, socket=SOCKET, **SHAPED),
    datagrams.UnixReceiveFrom(path="/nowhere/at/all", **SHAPED),
    local.NamedPipeListen(name="scale", **SHAPED),
    Schedule(),
]
TARGETS: list[Target] = [
    TcpConnect(HERE, 1, (ProxyHop("5", HERE, 1),), socket=SOCKET, proxy_header="v1", **SHAPED),
    TcpConnect(HERE, 1, (ProxyHop("http", HERE, 1),), low_port=True, socket=SOCKET, **SHAPED),
    UnixConnect("/nowhere/at/all", **SHAPED),
    SerialPort("/nowhere/at/all", **SHAPED),
    datagrams.UdpConnect(host=HERE, port=1, socket=SOCKET, **SHAPED),
    datagrams.UdpSendTo(host=HERE, port=1, socket=SOCKET, **SHAPED),
    datagrams.UdpDatagram(host=HERE, port=1, socket=SOCKET, allow=(HERE,), **SHAPED),
    datagrams.UdpReceive(port=0, socket=SOCKET, **SHAPED),
    datagrams.UnixReceive(path="/nowhere/at/all", **SHAPED),
    datagrams.UnixSendTo(path="/nowhere/at/all", **SHAPED),
    local.NamedPipeConnect(name="scale", **SHAPED),
    local.Program(command="true", **SHAPED),
    local.File(path="/nowhere/at/all", **SHAPED),
    local.Pty(**SHAPED),
    local.Pipe(**SHAPED),
    local.Standard(**SHAPED),
    local.Descriptor(number=0, **SHAPED),
    built_in.Echo(**SHAPED),
    built_in.Discard(**SHAPED),
    built_in.Text(text="hello", **SHAPED),
    built_in.Stall(**SHAPED),
    built_in.Room(**SHAPED),
    HttpAnswer(headers=("X-One: a",), **SHAPED),
    HealthAnswer(**SHAPED),
    ReceiveFiles(folder="/nowhere/at/all", **SHAPED),
    ShareFile(path="/nowhere/at/all", **SHAPED),
    SendFiles(path="/nowhere/at/all", **SHAPED),
    LogCollector(path="/nowhere/at/all", **SHAPED),
    Throughput(**SHAPED),
    Failover(targets=(built_in.Echo(),), **SHAPED),
    FanOut(targets=(built_in.Echo(),), **SHAPED),
    Dual(reading=built_in.Echo(), writing=built_in.Echo(), **SHAPED),
]


def name_of(spec: Spec) -> str:
    return type(spec).__name__


def built(reads: Reads, source: Source, target: Target) -> Ends:
    """What they are made into. That the relay's own check reads some of it does not count."""
    spec = RelaySpec(source, target)
    object.__setattr__(spec, "source", reads.of(source))
    object.__setattr__(spec, "target", reads.of(target))
    return build(spec, lambda _reference: "", foreground=True)


def test_no_kind_of_end_is_left_out():
    tried = {type(spec) for spec in (*SOURCES, *TARGETS)}
    assert {*classes_of(Source), *classes_of(Target)} == tried


@pytest.mark.parametrize("spec", SOURCES, ids=name_of)
def test_what_a_source_can_say_is_read(spec: Source):
    reads = Reads()
    built(reads, spec, built_in.Echo())
    assert reads.missing == set()


@pytest.mark.parametrize("spec", TARGETS, ids=name_of)
def test_what_a_target_can_say_is_read(spec: Target):
    reads = Reads()
    built(reads, local.Descriptor(number=0), spec)
    assert reads.missing == set()


async def test_what_can_be_said_of_tls_is_read(tmp_path: Path):
    """Some of it only when the files are read, which needs a listener that listens."""
    files, reads = make_files(tmp_path), Reads()
    source = TcpListen(0, tls=ServerTls(files.certificate, files.key))
    target = TcpConnect(HERE, 1, tls=ClientTls(authority=files.authority))
    ends = built(reads, source, target)
    assert ends.listener is not None
    await soon(ends.listener.start(lambda stream: stream.abort()))
    await ends.listener.aclose()
    with contextlib.suppress(BasculeError):  # nobody is there
        await soon(ends.target.dial())
    assert {name for name in reads.missing if "Tls." in name or name.endswith(".tls")} == set()


def test_every_rule_of_a_relay_is_read():
    folder = Path(bascule.relay.__file__).parent
    read = {
        node.attr
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (
            (isinstance(node.value, ast.Name) and node.value.id == "spec")
            or (isinstance(node.value, ast.Attribute) and node.value.attr == "spec")
        )
    }
    assert {each.name for each in dataclasses.fields(RelaySpec)} - read == set()
