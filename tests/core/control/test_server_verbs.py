"""The methods of the server: each does its work, and nothing that is sent finds a bug."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bascule.control import server as module
from bascule.control.messages import CertificateRequest, CheckRequest, Method
from bascule.errors import BasculeError, ErrorCode
from bascule.spec.codec import to_data
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers import specs
from tests.helpers.doors import code_of
from tests.helpers.engines import EngineProcess, Raw, Served, forward, serving


@pytest.fixture
def engine(engine_by_each_door: EngineProcess) -> EngineProcess:
    return engine_by_each_door


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
