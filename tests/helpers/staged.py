"""Ends of a pasted text as they are here: what is known of one, and the programs and files among
them.
"""

from __future__ import annotations

import gzip
import io
import itertools
import os
import re
import tarfile
import tty
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, override

from bascule.spec.local import File, Program
from bascule.streams.base import Stream
from tests.helpers.certificates import Files
from tests.helpers.contract import random_bytes
from tests.helpers.pty import Line
from tests.helpers.relays import RelayRig
from tests.helpers.socks_server import LOCAL

LOCAL6 = "::1"
CONTENT = random_bytes(30_000)
"""What is carried; one datagram takes it whole."""

_ECHOES = frozenset({"cat", "cat -u", "/bin/cat"})
_COUNT = itertools.count(1)

type Peer = Callable[[RelayRig], Awaitable[Stream]]


@dataclass(frozen=True, slots=True)
class Around:
    """What there is around the stage: ports of socats that give back what they are sent, and an
    SSH server with its user.
    """

    tcp: int
    tcp6: int
    tls: int
    files: Files
    ssh: int
    user: str


@dataclass(slots=True)
class Staged:
    """One end on the stage, and what is known of it: ``peer`` sends and receives there, or it
    ``echoes`` what it is sent, once it was ``asked`` and has ``answered``, or ``keeps`` it (told
    ``sent`` and the end). What comes of it unasked, it ``gives``; ``taken`` finds that in all that
    came.
    """

    end: Any
    peer: Peer | None = None
    echoes: bool = False
    asked: bytes = b""
    answered: bytes = b""
    keeps: Callable[[], bytes] | None = None
    sent: bytes = b""
    gives: bytes = b""
    taken: Callable[[bytes], bytes] | None = None
    stream: Stream | None = field(default=None, init=False)


def program(end: Program, around: Around) -> Staged:
    """A program, whose hosts are around, or whose files are here."""
    command = end.command
    words = command.split()
    if command in _ECHOES:
        return Staged(end, echoes=True)
    match words[0]:
        case "ssh":
            there = re.sub(r"-W \S+", f"-W {LOCAL}:{around.tcp}", command)
            there = re.sub(r"-p \d+", f"-p {around.ssh}", there)
            there = there.replace("me@", f"{around.user}@")
            return Staged(replace(end, command=there), echoes=True)
        case "plink":
            there = re.sub(r"-nc \S+", f"-nc {LOCAL}:{around.tcp}", command)
            there = re.sub(r"-P \d+", f"-P {around.ssh}", there)
            there = re.sub(r"\S+$", f"{around.user}@{LOCAL}", there)
            return Staged(replace(end, command=there), echoes=True)
        case "exec":  # a shell
            # What follows waits for the answer: a shell may read ahead of the line it is told.
            return Staged(end, echoes=True, asked=b"echo here; exec cat\n", answered=b"here\n")
        case "printf":
            return Staged(end, gives=b"hi\n")
        case "tar" if words[1] == "c":
            return Staged(end, gives=CONTENT, taken=_unpacked)
        case "tar":
            return Staged(end, keeps=_written("received"), sent=_packed())
        case "gzip" if words[1] == "-c":
            return Staged(end, gives=CONTENT, taken=gzip.decompress)
        case "gzip":
            return Staged(end, keeps=_written("received.log"), sent=gzip.compress(CONTENT))
        case "cat":
            return Staged(end, gives=CONTENT)
        case _:
            assert command == "tee out"
            return Staged(end, keeps=_written("out"))


class Opened(Line):
    """A pseudo-terminal that somebody else made, opened as a program does that wants bytes."""

    @override
    def __init__(self, path: str) -> None:
        self._far = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._far)
        self._near = os.dup(self._far)


def own_name(kind: str) -> str:
    """A name of its own, for what all programs of this computer see as well."""
    return f"{kind}-{os.getpid()}-{next(_COUNT)}"


def ready(stream: Stream) -> Peer:
    """A peer that is there already."""

    async def come(_rig: RelayRig) -> Stream:
        return stream

    return come


def file(end: File, way: str) -> Staged:
    """A file of the test's own folder, with the content where it is to give some."""
    path = Path(own_name("file"))
    made: Any = replace(end, path=str(path))
    if way == "gives":
        path.write_bytes(CONTENT)
        return Staged(made, gives=CONTENT)
    if not end.create:
        path.touch()
    return Staged(made, keeps=_written(str(path)))


def _written(name: str) -> Callable[[], bytes]:
    """What a file holds by now."""
    return lambda: Path(name).read_bytes() if Path(name).exists() else b""


def _packed() -> bytes:
    """An archive with the content as a file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("received")
        member.size = len(CONTENT)
        archive.addfile(member, io.BytesIO(CONTENT))
    return made.getvalue()


def _unpacked(data: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        member = archive.extractfile("./in")
        assert member is not None
        return member.read()
