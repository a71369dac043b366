#!/usr/bin/env python3
"""Drives Bascule of a Windows Python under wine as a person does: engine, import, COM port, the ends that answer.

usage: session.py DIR [WORD ...]     DIR is the rig of make.sh; words choose the cases that contain one

As ``ends.py``, with its tools: what passed is compared by SHA-256, and it ends with 1 where a case failed.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import ssl
import subprocess
import sys
import tarfile
import threading
import tty
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tools import BULK, HERE, PATIENCE_SECONDS, PYTHON, Ends, answer, connected, port_of, run, same, wait_for

SMALL = os.urandom(40_000)


class Engine:
    """``bascule engine`` under wine, with a home of its own below the shared folder."""

    def __init__(self, ends: Ends) -> None:
        self._rig = ends.rig
        self._env = {**os.environ, "BASCULE_HOME": ends.windows("home")}
        self._process = subprocess.Popen(self._command("engine", "--leave-after", "inf"), env=self._env, stdin=subprocess.DEVNULL)
        announced = ends.folder / "home" / "run" / "engine.json"
        wait_for(lambda: announced.exists() and bool(announced.read_bytes()))

    def _command(self, *words: str) -> list[str]:
        return [str(HERE / "run.sh"), str(self._rig), PYTHON, "-m", "bascule", *words]

    def says(self, *words: str, given: bytes = b"") -> str:
        """What a command of the command line prints; it has to go well."""
        done = subprocess.run(
            self._command(*words), env=self._env, input=given, capture_output=True, timeout=PATIENCE_SECONDS
        )
        assert done.returncode == 0, (words, done.returncode, done.stdout, done.stderr)
        assert done.stderr == b"", done.stderr
        return done.stdout.decode("utf-8")

    def end(self) -> None:
        self._process.kill()
        self._process.wait(PATIENCE_SECONDS)


@contextmanager
def engine(ends: Ends) -> Iterator[Engine]:
    made = Engine(ends)
    try:
        yield made
    finally:
        made.end()


@contextmanager
def com_port(ends: Ends) -> Iterator[int]:
    """COM5 of that Windows is a pseudo terminal; the descriptor of its other end."""
    device, name = ends.rig / "chroot/opt/wine/dosdevices/com5", None
    far, near = os.openpty()
    tty.setraw(near)
    name = os.ttyname(near)
    device.unlink(missing_ok=True)
    device.symlink_to(name)
    try:
        yield far
    finally:
        device.unlink()
        os.close(far)
        os.close(near)


def read_exactly(fd: int, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += os.read(fd, count - len(data))
    return data


# cases -------------------------------------------------------------------------------------------


def imported(ends: Ends) -> None:
    """What is pasted is imported, started, moves bytes, and is exported as it came."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = port_of(free)
    pasted = f"sudo socat TCP-LISTEN:{port},bind=127.0.0.1,fork TCP:127.0.0.1:{ends.echo} &\r\n"
    with engine(ends) as there:
        said = there.says("import", "-", given=pasted.encode())
        [relay] = json.loads(there.says("list", "--json"))
        assert relay["id"] in said
        there.says("start", relay["id"])
        same(answer(connected(port), BULK), BULK)
        assert f"TCP:127.0.0.1:{ends.echo}" in there.says("export", relay["id"], "--as", "socat")
        there.says("export", relay["id"], ends.windows("kept.toml"))
        assert "\r" not in (ends.folder / "kept.toml").read_bytes().decode()
        there.says("import", ends.windows("kept.toml"))
        assert len(json.loads(there.says("list", "--json"))) == 2
        there.says("stop", relay["id"])


def com(ends: Ends) -> None:
    """A port in TCP is COM5, both ways."""
    with com_port(ends) as far:
        relay = ends.relay("TCP-LISTEN:0", "COM5,raw,b115200")
        with connected(relay.port()) as client:
            sender = threading.Thread(target=client.sendall, args=(SMALL,), daemon=True)
            sender.start()
            same(read_exactly(far, len(SMALL)), SMALL)
            sender.join(PATIENCE_SECONDS)
            os.write(far, SMALL[:4000])
            with client.makefile("rb") as received:
                same(received.read(4000), SMALL[:4000])


def com_tls(ends: Ends) -> None:
    """A port in TLS is COM5, both ways."""
    context = ssl.create_default_context(cafile=ends.tls.authority)
    words = f"cert={ends.windows('pem')},key={ends.windows('key')},verify=0"
    with com_port(ends) as far:
        relay = ends.relay(f"OPENSSL-LISTEN:0,{words}", "COM5,raw,b115200")
        with context.wrap_socket(connected(relay.port()), server_hostname="localhost") as client:
            client.sendall(SMALL[:4000])
            same(read_exactly(far, 4000), SMALL[:4000])
            os.write(far, b"answer")
            assert client.recv(6) == b"answer"


def received(ends: Ends) -> None:
    """A folder that is sent as tar is there, names of both kinds and all."""
    (ends.folder / "got").mkdir()
    packed = io.BytesIO()
    files = {"a.bin": BULK, "sub/é d.txt": b"one\r\ntwo\n"}
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    relay = ends.relay("TCP-LISTEN:0", f"RECEIVE-FILES:{ends.windows('got')}")
    answer(connected(relay.port()), packed.getvalue())
    for name, data in files.items():
        same((ends.folder / "got" / name).read_bytes(), data)


def received_odd(ends: Ends) -> None:
    """A name that means a device, another drive or a hidden stream there makes no file beside the folder."""
    for name in ("C:/windows/evil", "C:evil", "file:stream", "CON", "..\\out"):
        folder = ends.folder / "odd"
        folder.mkdir(exist_ok=True)
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
        relay = ends.relay("TCP-LISTEN:0", f"RECEIVE-FILES:{ends.windows('odd')},existing=rename")
        with contextlib.suppress(ConnectionResetError):  # that is how a refusal looks
            answer(connected(relay.port()), packed.getvalue())
        relay.result()
        assert not (ends.folder / "out").exists()
        assert not list((ends.rig / "chroot/opt/wine/drive_c").rglob("evil"))


def logged(ends: Ends) -> None:
    """Lines of a log have one form of line end, whoever sends them."""
    relay = ends.relay("TCP-LISTEN:0", f"LOG-COLLECTOR:{ends.windows('log.txt')},stamp=none,sender=none")
    with connected(relay.port()) as client:
        client.sendall(b"one\r\ntwo\n")
    wait_for(lambda: (ends.folder / "log.txt").exists() and (ends.folder / "log.txt").read_bytes() == b"one\ntwo\n")


def answered(ends: Ends) -> None:
    """Who asks in HTTP is answered."""
    relay = ends.relay("TCP-LISTEN:0,fork", "HTTP-ANSWER:hello")
    with urllib.request.urlopen(f"http://127.0.0.1:{relay.port()}/", timeout=PATIENCE_SECONDS) as reply:
        assert reply.read() == b"hello"


def health(ends: Ends) -> None:
    """How that computer is."""
    relay = ends.relay("TCP-LISTEN:0,fork", "HEALTH-ANSWER")
    with urllib.request.urlopen(f"http://127.0.0.1:{relay.port()}/", timeout=PATIENCE_SECONDS) as reply:
        assert b"uptime" in reply.read()


CASES = (imported, com, com_tls, received, received_odd, logged, answered, health)

if __name__ == "__main__":
    sys.exit(run(CASES))
