"""Secrets put everywhere are nowhere in a diagnosis; what helps is there."""

from __future__ import annotations

import asyncio
import contextlib
import io
import platform
import socket
import sys
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bascule.control.rendezvous import Meeting, write_note
from bascule.diagnosis import collect as module
from bascule.diagnosis.bundle import write_bundle
from bascule.diagnosis.collect import LOG_BYTES, Entry, collect
from bascule.spec.codec import to_data
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.http_answer import HttpAnswer
from bascule.spec.local import Program
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import soon
from tests.helpers.engines import (
    come_true,
    engine_process,
    places_below,
    started,
    until,
    view_of,
)

SECRET = "Mellon-{}-speak"
"""A password in words; the place it is put is in it."""


def texts(entries: tuple[Entry, ...]) -> dict[str, str]:
    return {entry.name: entry.text for entry in entries}


def everywhere(home: Path) -> tuple[Profile, ...]:
    """Profiles with a secret in each place that takes one; logs and reports that hold some."""
    logs = places_below(home).logs
    logs.mkdir(parents=True, exist_ok=True)
    said = SECRET.format("log")
    for name in ("engine-crash.log", "desktop-crash-20260101.txt", "desktop-native.log"):
        (logs / name).write_text(
            f"useful line\npassword={said}\nhttp://me:{said}@proxy.example/\ncurl -u me:{said}\n"
            f"the command was curl -H 'X: {SECRET.format('command')}' and said "
            f"{SECRET.format('command')}\n"
        )
    hop = ProxyHop(
        host="proxy.example", username=SECRET.format("user"), password=SECRET.format("reference")
    )
    command = f"curl -H 'X-Key: {SECRET.format('command')}' http://127.0.0.1/"
    return (
        Profile(
            "mellon-id-speak-1",
            SECRET.format("name"),
            RelaySpec(TcpListen(0), TcpConnect("far.example", 9, via=(hop,))),
            group=SECRET.format("group"),
        ),
        Profile("command-2", "c", RelaySpec(TcpListen(0), Program(command=command))),
        Profile(
            "body-3",
            "b",
            RelaySpec(
                TcpListen(0),
                HttpAnswer(
                    body=f"first line\n{SECRET.format('body')}\n",
                    headers=(f"X-Key: {SECRET.format('header')}",),
                ),
            ),
        ),
    )


def assert_clean(data: bytes) -> None:
    for word in (b"mellon", b"-speak"):
        assert word not in data.lower()


@pytest.mark.parametrize("hosts", [True, False])
async def test_no_secret_is_in_any_byte(
    tmp_path: Path, hosts: bool, monkeypatch: pytest.MonkeyPatch
):
    for variable in ("http_proxy", "https_proxy", "MELLON_TOKEN"):
        monkeypatch.setenv(variable, f"http://me:{SECRET.format('variable')}@proxy.example")
    profiles = everywhere(tmp_path)
    async with engine_process(tmp_path) as engine:
        client = await engine.client()
        for profile in profiles[:2]:
            await client.save(profile, {SECRET.format("reference"): SECRET.format("value")})
        await started(client, profiles[2])
        token = engine.meeting.token
        entries = await collect(
            places_below(tmp_path), hosts=hosts, more={"s.txt": SECRET.format("name")}
        )
        await client.aclose()
    file = tmp_path / "made.zip"
    write_bundle(file, entries)
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            assert_clean(name.encode())
            assert_clean(data.replace(b"MELLON_TOKEN", b""))
            assert token.encode() not in data
            assert hosts or b".example" not in data
    found = texts(entries)
    assert "useful line" in found["logs/engine-crash.log"]
    assert "running: version" in found["engine.txt"]
    assert "relay-3: running" in found["relays.txt"] or "relay-1: running" in found["relays.txt"]
    assert "http_proxy is set" in found["versions.txt"]
    assert ("far.example" in "".join(found.values())) is hosts


async def test_without_an_engine_the_files_are_read(tmp_path: Path):
    places = places_below(tmp_path)
    places.profiles.mkdir(parents=True)
    for profile in everywhere(tmp_path):
        (places.profiles / f"{profile.id}.toml").write_text(profile_to_toml(profile))
    (places.profiles / "broken-9.toml").write_text(f"password = {SECRET.format('broken')}")
    (places.profiles / "bytes-9.toml").write_bytes(b"\xff\xfe")
    entries = await collect(places)
    for entry in entries:
        assert_clean(entry.text.encode())
    found = texts(entries)
    assert "is not running" in found["engine.txt"]
    assert "no engine runs" in found["relays.txt"]
    assert "profile_damaged" in "".join(found[name] for name in found if "profiles/" in name)
    assert "UnicodeDecodeError" in "".join(found[name] for name in found if "profiles/" in name)
    assert found["serial-ports.txt"] == "none\n"


async def test_of_a_deleted_relay_no_log_tells(tmp_path: Path):
    places = places_below(tmp_path)
    for folder in (places.deleted, places.logs):
        folder.mkdir(parents=True)
    gone = Profile("payroll-1", "Payroll", RelaySpec(TcpListen(0), TcpConnect("far.example", 9)))
    (places.deleted / "payroll-1.toml").write_text(profile_to_toml(gone), "utf-8")
    (places.logs / "engine.log").write_bytes(b"the relay payroll-1 broke: far.example\n")
    found = texts(await collect(places, hosts=False))
    assert found["logs/engine.log"] == "the relay (deleted relay) broke: (host)\n"


def talking(command: str, interpreter: str) -> Profile:
    """A relay to a program."""
    program = Program(command=command, interpreter=interpreter)
    return Profile("talking-1", "Talking", RelaySpec(TcpListen(0), program))


def failed(log: Path, times: int) -> bool:
    """Whether so many programs have failed."""
    return log.read_text("utf-8").count("with status 3\n") == times


@pytest.mark.parametrize("interpreter", ["none", "system"])
async def test_no_command_of_today_or_before_and_nothing_it_said_is_in_the_log_or_here(
    tmp_path: Path, interpreter: str
):
    places = places_below(tmp_path)
    log = places.logs / "engine.log"
    script = tmp_path / "fails.py"
    script.write_text("import sys; sys.exit(sys.stderr.write('q7w\\n') and 3)", "utf-8")
    program = f"{sys.executable} {script}"
    former = f"{program} q7w -p zz9 https://far.example/{'v' * 80}"
    present = f"{program} -u me:q7w {'kelp ' * 12}-p zz9"
    async with engine_process(tmp_path) as engine, await engine.client() as client:
        for times, command in enumerate((former, present), 1):
            port = await started(client, talking(command, interpreter))
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.suppress(ConnectionError):
                assert await soon(asyncio.ensure_future(reader.read())) == b""
            writer.close()
            await come_true(partial(failed, log, times))
            await client.stop("talking-1")
        found = texts(await collect(places))
        await client.delete("talking-1")
        deleted = texts(await collect(places, hosts=False))
    written = log.read_text("utf-8")
    for text in (written, *found.values(), *deleted.values()):
        for word in ("q7w", "zz9", "kelp", "vvv", "far.example"):
            assert word not in text
    shell = "cmd.exe …" if sys.platform == "win32" else "sh -c …"
    name = f"{Path(sys.executable).name} …" if interpreter == "none" else shell
    for text in (written, found["logs/engine.log"], deleted["logs/engine.log"]):
        assert text.count(f"is connected to {name}\n") == 2
        assert text.count(f": {name} ended with status 3\n") == 2


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
async def test_a_log_of_an_earlier_version_is_cleaned_as_well(tmp_path: Path, ending: str):
    logs = places_below(tmp_path).logs
    logs.mkdir(parents=True)
    line = "2026-11-22 08:30:00,123 INFO    mail-1: 192.0.2.7:5 is connected to "
    (logs / "engine.log").write_text(
        f"{line}curl -u me:q7w https://far.example/a/very/long/way/that/is/cut/o…\n"
        f"{line}nas:25, else db.acme.lan:5432\n",
        "utf-8",
        newline=ending,
    )
    assert texts(await collect(places_below(tmp_path)))["logs/engine.log"] == (
        f"{line}(left out)\n{line}nas:25, else db.acme.lan:5432\n"
    )
    line = line.replace("192.0.2.7", "(address)")
    found = texts(await collect(places_below(tmp_path), hosts=False))
    assert found["logs/engine.log"] == f"{line}(left out)\n{line}(host):25, else (host):5432\n"
    assert "names of hosts" in found["about.txt"]


async def test_an_engine_that_does_not_answer_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 0.05)
    places = places_below(tmp_path)
    places.runtime.mkdir(parents=True)
    released = asyncio.Event()

    async def mute(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await released.wait()
        writer.close()

    async with await asyncio.start_server(mute, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        meeting = Meeting(f"tcp:127.0.0.1:{port}", "00", 1, "0.0.1")
        write_note(places.runtime / "engine.json", to_data(meeting))
        found = texts(await collect(places))
        released.set()
    assert "does not answer" in found["engine.txt"]


async def test_why_a_relay_does_not_run_is_told(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        relay = RelaySpec(TcpListen(other.getsockname()[1]), TcpConnect("127.0.0.1", 9))
        profile = Profile("taken-1", "Taken", relay)
        async with engine_process(tmp_path) as engine, await engine.client() as client:
            await client.save(profile)
            await client.start(profile.id)

            async def failed() -> bool:
                return (await view_of(client, profile.id)).status.problem is not None

            await until(failed)
            found = texts(await collect(places_below(tmp_path)))
    assert "address_in_use: " in found["relays.txt"]


def test_a_system_without_a_name_is_no_obstacle(monkeypatch: pytest.MonkeyPatch):
    def missing() -> dict[str, str]:
        raise FileNotFoundError

    monkeypatch.setattr(platform, "freedesktop_os_release", missing)
    for system in ("linux", "darwin"):
        monkeypatch.setattr(sys, "platform", system)
        assert module._versions().startswith("Bascule ")


async def test_of_a_long_log_the_end_is_taken_from_a_whole_line_on(tmp_path: Path):
    logs = places_below(tmp_path).logs
    logs.mkdir(parents=True)
    (logs / "engine.log").write_bytes(b"first\n" + b"x" * LOG_BYTES + b"\nlast line\n")
    found = texts(await collect(places_below(tmp_path)))
    assert found["logs/engine.log"] == "last line\n"


async def test_a_log_that_cannot_be_read_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    logs = places_below(tmp_path).logs
    logs.mkdir(parents=True)
    log = logs / "engine.log"
    log.write_text("x")

    really_open = Path.open

    def refuse(path: Path, *words: Any, **named: Any) -> Any:
        if path == log:
            raise PermissionError(13, "Permission denied")
        return really_open(path, *words, **named)

    monkeypatch.setattr(Path, "open", refuse)
    found = texts(await collect(places_below(tmp_path)))
    assert found["logs/engine.log"] == "cannot be read: Permission denied\n"
