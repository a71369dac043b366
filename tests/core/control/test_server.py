"""The engine's door: who is let in, what a stranger gets, and that no client troubles another.

Most of it runs against a real engine on both transports; what needs a hand on the engine's inside
(a clock, a gate) runs against the same server in this process.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bascule.control import server as module
from bascule.control.messages import (
    LONGEST_MESSAGE_BYTES,
    PROTOCOL,
    CertificateRequest,
    CheckRequest,
    Method,
)
from bascule.errors import BasculeError, ErrorCode
from bascule.events import LogLevel, LogLine, ProfileRemoved, RelayState
from bascule.snapshot import Event, ProfileSaved, Snapshot
from bascule.spec.codec import to_data
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers import specs
from tests.helpers.contract import soon
from tests.helpers.engines import (
    EngineProcess,
    Raw,
    Served,
    come_true,
    engine_process,
    forward,
    running,
    serving,
    started,
    view_of,
)

NO_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows' engine listens in TCP only")
DOORS = (pytest.param((), id="unix", marks=NO_UNIX), pytest.param(("--tcp",), id="tcp"))


@pytest.fixture(params=DOORS)
async def engine(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[EngineProcess]:
    async with engine_process(tmp_path, *request.param) as engine:
        kind = "tcp:127.0.0.1:" if request.param else "unix:"
        assert engine.meeting.address.startswith(kind)
        yield engine
        async with await engine.client() as client:  # whatever was done to it, it lives
            assert client.info.pid == engine.process.pid


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as served:
        yield served


def code_of(answer: bytes | dict[str, Any]) -> str:
    """The code of the one error that was answered."""
    data = json.loads(answer) if isinstance(answer, bytes) else answer
    return data["error"]["data"]["code"]


async def said_to(home: Path, data: bytes) -> bytes:
    """Say something to the engine and read until it hangs up."""
    async with Raw(home) as raw:
        raw.writer.write(data)
        return await raw.rest()


# the door ---------------------------------------------------------------------------------------


async def test_without_the_token_nobody_enters(engine: EngineProcess):
    for token in ("", "00" * 32, 7, None, "\u00e9", "\ud800", ["a"], engine.meeting.token[:-1]):
        async with Raw(engine.home) as raw:
            raw.write(Method.HELLO, raw.hello(token=token), 1)
            assert code_of(await raw.rest()) == ErrorCode.TOKEN_REFUSED
        async with Raw(engine.home) as raw:
            raw.write(Method.HELLO, raw.hello(token=token), 1)
            raw.write(Method.STOP_ENGINE, {})
            assert b"result" not in await raw.rest()  # a reset may overtake the refusal
    async with Raw(engine.home) as raw:
        hello = raw.hello()
        del hello["token"]
        raw.write(Method.HELLO, hello, 1)
        assert code_of(await raw.rest()) == ErrorCode.TOKEN_REFUSED


@pytest.mark.parametrize("protocol", [PROTOCOL + 1, 0, True, 1.0, None, "1", "x" * 100_000])
async def test_a_client_of_another_protocol_is_told(tmp_path: Path, protocol: object):
    async with serving(tmp_path), Raw(tmp_path) as raw:
        raw.write(Method.HELLO, raw.hello(protocol=protocol), 1)
        reply = json.loads(await raw.rest())
        assert code_of(reply) == ErrorCode.PROTOCOL_MISMATCH
        assert reply["id"] == 1
        assert reply["error"]["data"]["facts"]["ours"] == PROTOCOL
        assert len(reply["error"]["message"]) < 200


STRANGE = [
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n",
    b"\n",
    b"\0\0\n",
    b"[]\n",
    b"[" * 200_000 + b"\n",
    b'{"jsonrpc":"2.0","id":1,"result":{}}\n',
    b'{"jsonrpc":"2.0","id":1,"method":"profile.list","params":{}}\n',
    b'{"jsonrpc":"2.0","method":"engine.hello","params":{}}\n',
    b'{"jsonrpc":"2.0","id":' + b"9" * 5000 + b',"method":"engine.hello","params":{}}\n',
]


async def test_a_stranger_gets_nothing_but_a_refusal(engine: EngineProcess):
    for line in STRANGE:
        answer = await said_to(engine.home, line)
        assert code_of(answer) == ErrorCode.MESSAGE_MALFORMED, line[:50]
    async with Raw(engine.home) as raw:  # who says nothing and goes is no news
        raw.writer.write(b'{"half a li')
        raw.writer.write_eof()
        assert await raw.rest() == b""


async def test_a_line_that_never_ends_is_cut(engine: EngineProcess):
    line = b"x" * (2 * LONGEST_MESSAGE_BYTES) + b"\n"
    answer = await said_to(engine.home, line)
    assert answer == b"" or code_of(answer) == ErrorCode.MESSAGE_TOO_LONG  # a reset may overtake it
    async with Raw(engine.home) as raw:
        await raw.enter()
        raw.writer.write(line)
        answer = await raw.rest()
        assert answer == b"" or code_of(answer) == ErrorCode.MESSAGE_TOO_LONG


async def test_half_a_line_and_then_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "HELLO_SECONDS", 0.1)
    async with serving(tmp_path), Raw(tmp_path) as slow, Raw(tmp_path) as good:
        await good.enter()
        slow.writer.write(b'{"jsonrpc": "2.0", ')
        assert await slow.rest() == b""
        assert "result" in await good.ask(Method.LIST)  # who has entered may be silent


async def test_garbage_after_the_greeting_ends_the_client(engine: EngineProcess):
    for line in (b"garbage\n", b'{"id":2,"result":1}\n', b'{"method":"x"}\n'):
        async with Raw(engine.home) as raw:
            await raw.enter()
            raw.writer.write(line)
            assert code_of(await raw.rest()) == ErrorCode.MESSAGE_MALFORMED


async def test_the_token_is_told_to_nobody(engine: EngineProcess):
    token = engine.meeting.token
    assert re.fullmatch("[0-9a-f]{64}", token)
    async with await engine.client(name=token[:20]) as client:
        await client.save(forward())
        assert token not in str(await client.profiles())
    said = engine.home / "state" / "logs" / "engine.log"
    await come_true(lambda: "has come" in said.read_text())
    for path in engine.home.rglob("*"):
        if path.is_file() and path.name != "engine.json":
            assert token.encode() not in path.read_bytes(), path
    with Path(f"/proc/{engine.process.pid}/cmdline").open("rb") as words:
        assert token.encode() not in words.read()


async def test_a_path_too_long_for_a_socket_means_tcp(tmp_path: Path):
    home = tmp_path / ("x" * 100)
    async with serving(home, tcp=None) as served:
        meeting = served.rendezvous.read()
        assert meeting is not None
        assert meeting.address.startswith("tcp:127.0.0.1:")
        async with await served.client() as client:
            assert await client.profiles() == ()


# many clients -----------------------------------------------------------------------------------


async def test_a_hundred_clients(engine: EngineProcess):
    clients = await soon(asyncio.gather(*(engine.client(f"client {n}") for n in range(100))))
    await soon(asyncio.gather(*(client.save(forward(f"relay {n}")) for n, client in
                                enumerate(clients))))  # fmt: skip
    seen = await soon(asyncio.gather(*(client.profiles() for client in clients)))
    assert all(len(views) == 100 for views in seen)
    await soon(asyncio.gather(*(client.aclose() for client in clients)))


async def test_two_watchers_see_the_same(engine: EngineProcess):
    clients = [await engine.client(), await engine.client()]
    profile = forward()
    entered = [asyncio.Event(), asyncio.Event()]

    async def watch(index: int) -> list[Event]:
        seen: list[Event] = []
        async for batch in clients[index].watch():
            entered[index].set()
            seen += batch
            if isinstance(seen[-1], ProfileRemoved):
                return seen
        return seen

    watching = [asyncio.ensure_future(watch(index)) for index in (0, 1)]
    for each in entered:
        await soon(each.wait())
    await started(clients[0], profile)
    await clients[1].stop(profile.id)
    await clients[0].delete(profile.id)
    one, two = await soon(asyncio.gather(*watching))
    assert one == two
    assert {event.kind for event in one} >= {"snapshot", "profile_saved", "relay_changed"}
    for client in clients:
        await client.aclose()


async def test_a_watcher_that_never_reads_slows_nobody(engine: EngineProcess):
    profile = forward()
    async with Raw(engine.home) as slow, await engine.client() as client:
        await slow.enter()
        slow.write(Method.WATCH, {})
        await soon(client.save(profile))
        for _ in range(300):  # thousands of events that nobody takes
            await soon(client.start(profile.id))
            await soon(client.stop(profile.id))
        assert (await view_of(client, profile.id)).status.state is RelayState.STOPPED
        await soon(client.start(profile.id))
        assert await running(client, profile.id)


async def test_a_watcher_that_was_slow_gets_a_fresh_snapshot(served: Served):
    profile = forward()
    await served.engine.save(profile, {})

    def publish(first: int, count: int) -> None:
        for number in range(first, first + count):
            line = LogLine(profile.id, float(number), LogLevel.INFO, "x" * 4000)
            served.engine.bus.publish(line)

    async with Raw(served.home) as slow, await served.client() as good:
        await slow.enter()
        assert (await slow.ask(Method.WATCH, 2)) == {"jsonrpc": "2.0", "id": 2, "result": None}
        batches = good.watch()
        assert isinstance((await soon(anext(batches)))[0], Snapshot)
        heard: list[Event] = []
        for chunk in range(5):
            publish(chunk * 1000, 1000)
            while len(heard) < (chunk + 1) * 1000:
                heard += await soon(anext(batches))
        assert all(isinstance(event, LogLine) for event in heard)  # it lost nothing
        kinds: list[str] = []

        async def read_until(kind: str, count: int) -> str:
            said = ""
            while kinds.count(kind) < count:
                message = await slow.line()
                said = json.dumps(message)
                kinds.extend(event["kind"] for event in message["params"]["events"])
            return said

        assert profile.id in await read_until("snapshot", 2)  # the fresh one, whole
        assert kinds.count("log_line") < 5000
        await served.engine.delete(profile.id)
        await read_until("profile_removed", 1)  # and nothing is lost any more
        assert kinds.count("snapshot") == 2
        await batches.aclose()  # pyright: ignore[reportAttributeAccessIssue]


async def test_many_profiles_fit_the_wire(tmp_path: Path):
    folder = tmp_path / "config" / "profiles"
    folder.mkdir(parents=True)
    for number in range(1000):
        profile = replace(forward(f"relay {number}", group="x" * 500), id=f"relay-{number:04}")
        (folder / f"{profile.id}.toml").write_text(profile_to_toml(profile))
    async with serving(tmp_path) as served, await served.client() as client:
        seen: set[str] = set()
        async for batch in client.watch():
            for event in batch:
                if isinstance(event, Snapshot):
                    seen |= {view.id for view in event.profiles}
                elif isinstance(event, ProfileSaved):
                    seen.add(event.view.id)
            if len(seen) == 1000:
                break
        assert {view.id for view in await soon(client.profiles())} == seen


async def test_a_file_whose_name_is_no_text_is_a_row_like_others(tmp_path: Path):
    folder = tmp_path / "config" / "profiles"
    folder.mkdir(parents=True)
    (folder / "\udcff-1.toml").write_text("damaged")
    async with serving(tmp_path) as served, await served.client() as client:
        (view,) = await soon(client.profiles())
        assert view.id == "\udcff-1"
        (event,) = await soon(anext(client.watch()))
        assert isinstance(event, Snapshot)
        assert await soon(client.export(view.id)) == "damaged"
        await soon(client.delete(view.id))
        await soon(client.restore(view.id))


async def test_a_watch_is_one_even_if_asked_for_twice(served: Served):
    async with Raw(served.home) as raw:
        await raw.enter()
        raw.write(Method.WATCH, {})
        raw.write(Method.WATCH, {})
        raw.write(Method.SAVE, {"profile": to_data(forward())})
        kinds: list[str] = []
        while "profile_saved" not in kinds:
            message = await raw.line()
            kinds += [event["kind"] for event in message.get("params", {}).get("events", [])]
        assert kinds == ["snapshot", "profile_saved"]


async def test_a_client_that_asks_without_end_is_answered_in_turn(served: Served):
    async with Raw(served.home) as raw:
        await raw.enter()
        for number in range(1000):
            raw.write(Method.LIST, {}, number)
        numbers = {(await raw.answer())["id"] for _ in range(1000)}
        assert numbers == set(range(1000))


async def test_a_client_that_goes_while_it_is_answered(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    gate = asyncio.Event()
    waiting = 0

    async def gated() -> tuple[()]:
        nonlocal waiting
        waiting += 1
        await gate.wait()
        return ()

    monkeypatch.setattr(served.engine.computer, "serial_ports", gated)
    async with Raw(served.home) as raw:
        await raw.enter()
        await raw.ask(Method.WATCH)
        await raw.line()
        for number in range(module.CALLS_AT_ONCE):
            raw.write(Method.SERIAL_PORTS, {}, number)
        await come_true(lambda: waiting == module.CALLS_AT_ONCE)

    def noticed() -> bool:  # who writes to nobody is told of it later, in TCP
        served.engine.bus.publish(ProfileRemoved("x-1"))
        return not served.engine.bus._watchers

    await come_true(noticed)
    gate.set()
    await come_true(lambda: not served.server._sessions)
    assert [each for each in caplog.records if each.levelno > logging.INFO] == []
    async with await served.client() as client:
        assert await soon(client.serial_ports()) == ()


async def test_what_a_client_began_before_it_left_is_finished(served: Served):
    profile = forward()
    async with await served.client() as client:
        port = await started(client, profile)
    changed = replace(profile, relay=replace(profile.relay, idle_seconds=60.0))
    async with Raw(served.home) as raw:
        await raw.enter()
        raw.write(Method.SAVE, {"profile": to_data(changed)})
        await soon(raw.writer.drain())

    def saved() -> bool:
        (view,) = served.engine.snapshot().profiles
        return view.profile == changed and view.status.state is RelayState.RUNNING

    await come_true(saved)
    (view,) = served.engine.snapshot().profiles
    assert view.status.listening != (f"127.0.0.1:{port}",)


# verbs ------------------------------------------------------------------------------------------


async def test_every_method_is_known_and_wrong_parameters_are_our_errors(engine: EngineProcess):
    fine = {Method.HELLO, Method.STOP_ENGINE, Method.WATCH, Method.LIST, Method.SERIAL_PORTS}
    wrong = ({}, {"id": 1}, {"id": "nope-1", "number": "x", "port": 0, "secrets": {"a": 1}})
    async with Raw(engine.home) as raw:
        await raw.enter()
        for params in wrong:
            for method in set(Method) - fine:
                code = code_of(await raw.ask(method, **params))
                assert code not in {ErrorCode.INTERNAL, ErrorCode.METHOD_UNKNOWN}, method
        for method in (Method.LIST, Method.SERIAL_PORTS):
            assert "result" in await raw.ask(method)
        for method in ("never.heard.of", "", "\ud800", "x" * 10_000, Method.HELLO):
            assert code_of(await raw.ask(method)) == ErrorCode.METHOD_UNKNOWN


@pytest.mark.parametrize(
    ("method", "params", "field"),
    [
        (Method.START, {"id": None}, "id"),
        (Method.CLOSE_CONNECTION, {"id": "a-1", "number": True}, "number"),
        (Method.RECORD, {"id": "a-1", "on": 1}, "on"),
        (Method.RECORDED, {"id": "a-1", "after": "0"}, "after"),
        (Method.LIST, {"skip": "1"}, "skip"),
        (Method.FREE_PORT, {"host": "127.0.0.1", "port": 65536}, "port"),
        (Method.FREE_PORT, {"host": "127.0.0.1", "port": True}, "port"),
        (Method.FREE_PORT, {"host": "\0", "port": 80}, "host"),
        (Method.FREE_PORT, {"host": "x" * 1000, "port": 80}, "host"),
        (Method.SAVE, {"profile": to_data(forward()), "secrets": []}, "secrets"),
        (Method.SAVE, {"profile": to_data(forward()), "secrets": {"a": "\ud800"}}, "secrets"),
        (Method.CERTIFICATE_FACTS, {"certificate": "\ud800", "key": ""}, "certificate"),
        (Method.CERTIFICATE_FACTS, {"certificate": "a\0", "key": ""}, "certificate"),
        (Method.TEST, {"relay": {}, "running": ""}, "source"),
        (Method.CHECK, {"check": {}}, "target"),
        (Method.CHECK, {"check": {"target": {"host": "h", "port": 1}, "seconds": 0}}, "seconds"),
        (Method.CHECK, {"check": {"target": {"kind": "program", "command": "x"}}}, "target.host"),
    ],
)
async def test_the_field_that_is_wrong_is_named(
    served: Served, method: str, params: dict[str, Any], field: str
):
    async with Raw(served.home) as raw:
        await raw.enter()
        reply = await raw.ask(method, **params)
        assert reply["error"]["data"]["field"] == field
        assert code_of(reply) != ErrorCode.INTERNAL


async def test_every_verb_does_its_work(served: Served, tmp_path: Path):
    """By the client, as the wire's two ends belong together."""
    async with await served.client() as client:
        profile = forward()
        await client.save(profile)
        text = await client.export(profile.id)
        assert (await client.read_profile(text)).relay == profile.relay
        await client.start(profile.id)
        await client.stop(profile.id)
        with pytest.raises(BasculeError) as caught:
            await client.close_connection(profile.id, 1)
        assert caught.value.code is ErrorCode.CONNECTION_UNKNOWN
        results = await client.test(profile.relay, on_stage=lambda _stage: None)
        assert results[-1].problem is not None
        assert await client.check(CheckRequest(TcpConnect("127.0.0.1", 9), 30)) is not None
        await client.delete(profile.id)
        await client.restore(profile.id)
        assert await client.free_port("localhost", 50_000) >= 50_000
        made = await client.create_certificate(CertificateRequest(("a.example",)))
        assert (await client.certificate_facts(made.certificate, made.key)).key_matches
        assert isinstance(await client.serial_ports(), tuple)


async def test_an_answer_that_is_too_long_is_said_to_be(served: Served):
    async with Raw(served.home) as raw:
        await raw.enter()
        text = profile_to_toml(replace(forward(), group="\u6e2c" * 300_000))
        call = {"jsonrpc": "2.0", "method": Method.READ, "params": {"text": text}, "id": 3}
        raw.writer.write(json.dumps(call, ensure_ascii=False).encode() + b"\n")
        assert code_of(await raw.answer()) == ErrorCode.MESSAGE_TOO_LONG
        assert "result" in await raw.ask(Method.LIST)


async def test_a_bug_is_reported_and_ends_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def buggy(_id: str) -> None:
        raise ZeroDivisionError("s3cret")

    monkeypatch.setattr(served.engine, "start_relay", buggy)
    async with Raw(served.home) as raw:
        await raw.enter()
        reply = await raw.ask(Method.START, id="a-1")
        assert code_of(reply) == ErrorCode.INTERNAL
        assert "s3cret" not in str(reply)
        assert "ZeroDivisionError" in caplog.text
        assert "result" in await raw.ask(Method.LIST)


async def test_secrets_are_kept_and_never_told(served: Served):
    profile = forward()
    async with Raw(served.home) as raw:
        await raw.enter()
        reply = await raw.ask(Method.SAVE, profile=to_data(profile), secrets={"a": "s3cret"})
        assert reply["result"] is None
        assert "s3cret" in (served.home / "config" / "secrets.json").read_text()
        assert "s3cret" not in str(await raw.ask(Method.LIST))


LOCAL_RELAY = to_data(
    RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9, connect_timeout_seconds=0.2))
)
PARAMETERS: dict[str, st.SearchStrategy[Any]] = {
    Method.START: st.fixed_dictionaries({"id": specs.any_text | st.just("web-1")}),
    Method.STOP: st.fixed_dictionaries({"id": specs.any_text | st.just("web-1")}),
    Method.EXPORT: st.fixed_dictionaries({"id": specs.any_text | st.just("web-1")}),
    Method.DELETE: st.fixed_dictionaries({"id": specs.any_text | st.just("web-1")}),
    Method.RESTORE: st.fixed_dictionaries({"id": specs.any_text | st.just("web-1")}),
    Method.CLOSE_CONNECTION: st.fixed_dictionaries({"id": st.just("web-1"), "number": specs.data}),
    Method.RECORD: st.fixed_dictionaries({"id": st.just("web-1"), "on": specs.data}),
    Method.RECORDED: st.fixed_dictionaries({"id": st.just("web-1"), "after": specs.data}),
    Method.LIST: st.fixed_dictionaries({"skip": specs.data}),
    Method.SAVE: st.fixed_dictionaries(
        {
            "profile": specs.spoilt(to_data(replace(forward(), id="web-1"))),
            "secrets": specs.data | st.dictionaries(specs.any_text, specs.any_text),
        }
    ),
    Method.TEST: st.fixed_dictionaries(
        {
            "relay": st.fixed_dictionaries(
                {"source": specs.data, "target": st.just(LOCAL_RELAY["target"])}
            ),
            "secrets": specs.data,
            "running": specs.any_text,
        }
    ),
    Method.READ: st.fixed_dictionaries(
        {"text": specs.any_text | specs.profiles.map(profile_to_toml)}
    ),
    Method.FREE_PORT: st.fixed_dictionaries({"host": st.just("127.0.0.1"), "port": specs.data}),
    Method.CREATE_CERTIFICATE: st.fixed_dictionaries(
        {"names": st.lists(specs.any_text) | specs.data, "days": specs.data}
    ),
    Method.CERTIFICATE_FACTS: st.fixed_dictionaries(
        {"certificate": specs.any_text, "key": specs.any_text}
    ),
    Method.SERIAL_PORTS: st.just({}),
    Method.WATCH: st.just({}),
}


def test_arbitrary_parameters_never_find_a_bug(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    calls = st.sampled_from(sorted(PARAMETERS)).flatmap(
        lambda method: st.tuples(
            st.just(method),
            PARAMETERS[method] | st.dictionaries(specs.any_text, specs.data, max_size=3),
        )
    )

    with asyncio.Runner() as runner:

        async def enter() -> Raw:
            raw = Raw(tmp_path)
            await raw.__aenter__()
            return await raw.enter()

        serving_now = serving(tmp_path)
        runner.run(serving_now.__aenter__())
        raw = runner.run(enter())

        @settings(max_examples=400)
        @given(calls)
        def check(call: tuple[str, Any]) -> None:
            method, params = call
            raw.write(method, params)
            reply = runner.run(raw.answer())
            if "error" in reply:
                assert code_of(reply) != ErrorCode.INTERNAL, caplog.text

        try:
            check()
        finally:
            runner.run(raw.__aexit__())
            runner.run(serving_now.__aexit__(None, None, None))


@given(st.lists(st.binary(max_size=200) | st.sampled_from([b"{}\n", b"\n", b'{"method":'])))
@settings(max_examples=50)
def test_arbitrary_bytes_never_hurt_the_engine(pieces: list[bytes]):
    async def say() -> None:
        reader, writer = asyncio.StreamReader(), Discarded()
        reader.feed_data(b"".join(pieces))
        reader.feed_eof()
        session = module._Session(None, None, reader, writer)  # pyright: ignore
        await session.serve("00" * 32)
        for line in b"".join(writer.said).splitlines():
            assert code_of(line) in {ErrorCode.MESSAGE_MALFORMED, ErrorCode.TOKEN_REFUSED}

    asyncio.run(say())


class Discarded:
    """A writer that keeps what is said."""

    def __init__(self) -> None:
        self.said: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.said.append(data)

    def is_closing(self) -> bool:
        return False

    async def drain(self) -> None:
        pass


# the end ----------------------------------------------------------------------------------------


async def test_it_stops_when_asked(tmp_path: Path):
    async with engine_process(tmp_path) as engine, await engine.client() as client:
        await client.stop_engine()
        assert await engine.ended() == 0
        assert engine.rendezvous.read() is None
        with pytest.raises(BasculeError) as caught:
            await client.profiles()
        assert caught.value.code is ErrorCode.ENGINE_LOST


async def test_it_leaves_when_nobody_needs_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    caplog.set_level(logging.INFO, "bascule")
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.02)
    async with serving(tmp_path, leave_seconds=0.1) as served:
        await soon(asyncio.shield(served.ended))
    assert "nobody needs the engine" in caplog.text


async def test_a_client_or_a_relay_is_need_enough(tmp_path: Path):
    async with serving(tmp_path, leave_seconds=0.05) as served:
        async with await served.client() as client:
            profile: Profile = forward()
            await started(client, profile)
            assert not served.ended.done()
        for _ in range(5):  # it looks that often, and finds the relay
            done, _left = await asyncio.wait((served.ended,), timeout=0.05)
            assert not done
        await served.engine.stop_relay(profile.id)
        await soon(asyncio.shield(served.ended))


async def test_clients_are_sent_away_at_the_end(tmp_path: Path):
    async with serving(tmp_path) as served:
        raw = await Raw(tmp_path).__aenter__()
        await raw.enter()
        await raw.ask(Method.WATCH)
        served.server.stop()
        await soon(asyncio.shield(served.ended))
        await raw.rest()
        await raw.__aexit__()
