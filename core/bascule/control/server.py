"""Owns the engine's side of the control API: who may enter, which verb calls what, the events.

One connection is one client. Without the token nothing is answered but a refusal.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bascule import __version__
from bascule.control.batches import batches_of, page_of
from bascule.control.framing import Reply, Request, decode, encode, malformed
from bascule.control.messages import (
    LONGEST_MESSAGE_BYTES,
    PROTOCOL,
    CertificateRequest,
    CheckAnswer,
    CheckRequest,
    EngineInfo,
    Method,
    Notice,
)
from bascule.control.params import list_of, number_of, text_of, texts_of, wrong
from bascule.control.recordings import recorded_to_data
from bascule.control.rendezvous import Meeting, Rendezvous
from bascule.engine.engine import Engine
from bascule.engine.logs import log
from bascule.errors import BasculeError, ControlError, ErrorCode, Problem
from bascule.events import StageResult
from bascule.snapshot import Event
from bascule.spec.codec import Data, from_data, to_data
from bascule.spec.fields import invalid, is_host
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec

LEAVE_SECONDS = 30.0
"""An engine without relays and clients leaves after this."""

_LOOK_SECONDS = 1.0
"""How often it is seen whether anybody needs the engine."""

HELLO_SECONDS = 10.0
EVENTS_SECONDS = 0.05
LONGEST_CHECK_SECONDS = 3600.0
CALLS_AT_ONCE = 64
"""A client that asks more at a time is read on when one of them is answered."""


class Server:
    """Lets clients in and serves them until the engine is asked to stop."""

    def __init__(
        self,
        engine: Engine,
        rendezvous: Rendezvous,
        *,
        tcp: bool | None = None,
        leave_seconds: float = LEAVE_SECONDS,
    ) -> None:
        self._engine = engine
        self._leave_seconds = leave_seconds
        self._rendezvous = rendezvous
        self._tcp = sys.platform == "win32" if tcp is None else tcp
        self._token = secrets.token_hex(32)
        self._sessions: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Listen, announce, serve; return when asked to stop or when nobody needs the engine."""
        server, address = await self._listen()
        try:
            meeting = Meeting(address, self._token, os.getpid(), __version__)
            await asyncio.to_thread(self._rendezvous.announce, meeting)
            log.info("engine %s listens on %s", __version__, address)
            await self._until_unneeded()
        finally:
            server.close()
            for session in tuple(self._sessions):
                session.cancel()
            if self._sessions:
                await asyncio.wait(self._sessions)

    async def _listen(self) -> tuple[asyncio.Server, str]:
        path = None if self._tcp else self._rendezvous.socket_path
        if path is None:
            server = await asyncio.start_server(
                self._entered, "127.0.0.1", 0, limit=LONGEST_MESSAGE_BYTES
            )
            return server, f"tcp:127.0.0.1:{server.sockets[0].getsockname()[1]}"
        path.unlink(missing_ok=True)  # the lock is ours: whoever made it is gone
        server = await asyncio.start_unix_server(
            self._entered, str(path), limit=LONGEST_MESSAGE_BYTES
        )
        return server, f"unix:{path}"

    def stop(self) -> None:
        """Let ``run`` return."""
        self._stopping.set()

    async def _until_unneeded(self) -> None:
        needed = time.monotonic()
        while True:
            try:
                async with asyncio.timeout(min(_LOOK_SECONDS, self._leave_seconds)):
                    await self._stopping.wait()
                return
            except TimeoutError:
                pass
            now = time.monotonic()
            if self._sessions or self._engine.active:
                needed = now
            elif now - needed >= self._leave_seconds:
                log.info("nobody needs the engine: it leaves")
                return

    async def _entered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        try:
            await _Session(self, self._engine, reader, writer).serve(self._token)
        except (OSError, asyncio.CancelledError):
            pass  # the client is gone, or we are leaving
        finally:
            self._sessions.discard(task)
            writer.close()


class _Session:
    """One client."""

    def __init__(
        self,
        server: Server,
        engine: Engine,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._server = server
        self._engine = engine
        self._reader = reader
        self._writer = writer
        self._calls: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        self._verbs: dict[str, Callable[[Data, int], Awaitable[Any]]] = {
            Method.WATCH: self._watch,
            Method.STOP_ENGINE: self._stop_engine,
            Method.START: self._start,
            Method.STOP: self._stop,
            Method.TEST: self._test,
            Method.CHECK: self._check,
            Method.RECORD: self._record,
            Method.RECORDED: self._recorded,
            Method.SHARE: self._share,
            Method.CLOSE_CONNECTION: self._close_connection,
            Method.LIST: self._list,
            Method.SAVE: self._save,
            Method.CONFIRM: self._confirm,
            Method.DELETE: self._delete,
            Method.RESTORE: self._restore,
            Method.EXPORT: self._export,
            Method.READ: self._read_profile,
            Method.SERIAL_PORTS: self._serial_ports,
            Method.FREE_PORT: self._free_port,
            Method.CREATE_CERTIFICATE: self._create_certificate,
            Method.CERTIFICATE_FACTS: self._certificate_facts,
        }

    async def serve(self, token: str) -> None:
        """Let the client in and answer its calls until it leaves."""
        try:
            if not await self._let_in(token):
                return
            while (line := await self._line()) is not None:
                message = decode(line)
                if not isinstance(message, Request) or message.id is None:
                    raise malformed("only calls with an id are expected here")
                task = asyncio.get_running_loop().create_task(self._answer(message, message.id))
                self._calls.add(task)
                task.add_done_callback(self._calls.discard)
                if len(self._calls) >= CALLS_AT_ONCE:
                    await asyncio.wait(self._calls, return_when=asyncio.FIRST_COMPLETED)
        except ControlError as exc:
            await self._write(Reply(None, problem=exc.problem))
        finally:
            tasks = [*self._calls, *((self._watching,) if self._watching else ())]
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)

    async def _line(self) -> bytes | None:
        try:
            return await self._reader.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            return None
        except asyncio.LimitOverrunError as exc:
            raise ControlError(
                f"a message is longer than {LONGEST_MESSAGE_BYTES} bytes",
                code=ErrorCode.MESSAGE_TOO_LONG,
            ) from exc

    async def _let_in(self, token: str) -> bool:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                line = await self._line()
        except TimeoutError:
            return False
        if line is None:
            return False
        hello = decode(line)
        if not isinstance(hello, Request) or hello.method != Method.HELLO or hello.id is None:
            raise malformed("the first message must be engine.hello")
        given = hello.params.get("token")
        if not isinstance(given, str) or not hmac.compare_digest(
            given.encode(errors="replace"), token.encode()
        ):
            raise ControlError("the token is not right", code=ErrorCode.TOKEN_REFUSED)
        theirs = hello.params.get("protocol")
        if type(theirs) is not int or theirs != PROTOCOL:
            problem = ControlError(
                f"the engine speaks protocol {PROTOCOL}, not {str(theirs)[:80]}",
                code=ErrorCode.PROTOCOL_MISMATCH,
                ours=PROTOCOL,
                version=__version__,
                pid=os.getpid(),
            ).problem
            await self._write(Reply(hello.id, problem=problem))
            return False
        log.info("client %r has come", str(hello.params.get("client"))[:80])
        await self._write(
            Reply(hello.id, to_data(EngineInfo(__version__, os.getpid()), keep_defaults=True))
        )
        return True

    async def _write(self, message: Request | Reply) -> None:
        if self._writer.is_closing():
            raise ConnectionResetError  # asyncio would log every single try
        self._writer.write(encode(message))
        await self._writer.drain()

    async def _answer(self, call: Request, number: int) -> None:
        try:
            verb = self._verbs.get(call.method)
            if verb is None:
                raise ControlError(
                    f"there is no method {call.method[:80]}", code=ErrorCode.METHOD_UNKNOWN
                )
            reply = Reply(number, await verb(call.params, number))
        except BasculeError as exc:
            reply = Reply(number, problem=exc.problem)
        except Exception as exc:
            log.exception("%s failed", call.method)
            reply = Reply(
                number,
                problem=Problem(ErrorCode.INTERNAL, f"{type(exc).__name__} in {call.method}"),
            )
        try:
            await self._write(reply)
        except ControlError as exc:
            await self._write(Reply(number, problem=exc.problem))
        except OSError:
            pass  # the client is gone; serve() sees it too

    # verbs --------------------------------------------------------------------------------------

    async def _watch(self, _params: Data, _number: int) -> None:
        if self._watching is None:
            self._watching = asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        """Send a snapshot, then batches of events; a snapshot again where this client was slow."""
        bus = self._engine.bus
        watcher = bus.watch()  # no await until the snapshot is made: nothing is told twice or never
        events: list[Event] | None = None
        try:
            while True:
                if events is None:
                    events = [self._engine.snapshot()]
                for batch in batches_of(events):
                    await self._write(Request(Notice.EVENTS, {"events": batch}))
                await asyncio.sleep(EVENTS_SECONDS)
                events = await watcher.take()
        except OSError:
            pass  # the client is gone; serve() sees it too
        finally:
            bus.forget(watcher)

    async def _stop_engine(self, _params: Data, _number: int) -> None:
        self._server.stop()

    async def _start(self, params: Data, _number: int) -> None:
        await self._engine.start_relay(text_of(params, "id"))

    async def _stop(self, params: Data, _number: int) -> None:
        await self._engine.stop_relay(text_of(params, "id"))

    def _report(self, number: int, stage: StageResult) -> None:
        notice = {"call": number, "stage": to_data(stage)}
        self._writer.write(encode(Request(Notice.STAGE, notice)))

    async def _test(self, params: Data, number: int) -> list[Data]:
        results = await self._engine.test(
            from_data(RelaySpec, params.get("relay")),
            texts_of(params, "secrets"),
            partial(self._report, number),
            text_of(params, "running"),
        )
        return [to_data(result) for result in results]

    async def _check(self, params: Data, number: int) -> Data:
        request = from_data(CheckRequest, params.get("check"))
        if not 0 < request.seconds <= LONGEST_CHECK_SECONDS:
            raise wrong("seconds")
        problem = await self._engine.check(
            request.target,
            texts_of(params, "secrets"),
            partial(self._report, number),
            seconds=request.seconds,
            first_byte=request.first_byte,
        )
        return to_data(CheckAnswer(problem))

    async def _record(self, params: Data, _number: int) -> None:
        if not isinstance(on := params.get("on"), bool):
            raise wrong("on")
        self._engine.record(text_of(params, "id"), on)

    async def _recorded(self, params: Data, _number: int) -> Data:
        recorded = self._engine.recorded(text_of(params, "id"), number_of(params, "after"))
        return recorded_to_data(recorded)

    async def _share(self, params: Data, _number: int) -> Data | None:
        facts = self._engine.share(text_of(params, "id"))
        return to_data(facts) if facts is not None else None

    async def _close_connection(self, params: Data, _number: int) -> None:
        self._engine.close_connection(text_of(params, "id"), number_of(params, "number"))

    async def _list(self, params: Data, _number: int) -> Data:
        skip = number_of(params, "skip") if "skip" in params else 0
        return page_of(self._engine.snapshot().profiles, skip)

    async def _save(self, params: Data, _number: int) -> None:
        profile = from_data(Profile, params.get("profile"))
        await self._engine.save(profile, texts_of(params, "secrets"))

    async def _confirm(self, params: Data, _number: int) -> None:
        await self._engine.confirm(text_of(params, "id"), list_of(params, "commands"))

    async def _delete(self, params: Data, _number: int) -> None:
        await self._engine.delete(text_of(params, "id"))

    async def _restore(self, params: Data, _number: int) -> None:
        await self._engine.restore(text_of(params, "id"))

    async def _export(self, params: Data, _number: int) -> str:
        return await self._engine.export(text_of(params, "id"))

    async def _read_profile(self, params: Data, _number: int) -> Data:
        return to_data(self._engine.read_profile(text_of(params, "text")))

    async def _serial_ports(self, _params: Data, _number: int) -> list[Data]:
        return [to_data(port) for port in await self._engine.computer.serial_ports()]

    async def _free_port(self, params: Data, _number: int) -> int:
        host, port = text_of(params, "host"), number_of(params, "port")
        if not 0 < port < 65536:
            raise wrong("port")
        if not is_host(host):
            raise invalid("host", "is not a host name or an IP address", rule="host")
        return await self._engine.computer.free_port(host, port)

    async def _create_certificate(self, params: Data, _number: int) -> Data:
        request = from_data(CertificateRequest, params)
        made = await self._engine.computer.create_certificate(
            request.names, request.days, request.own_authority
        )
        return to_data(made)

    async def _certificate_facts(self, params: Data, _number: int) -> Data:
        facts = await self._engine.computer.certificate_facts(
            text_of(params, "certificate"), text_of(params, "key")
        )
        return to_data(facts)
