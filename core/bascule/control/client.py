"""Owns the engine as seen from another process: one connection, the engine's verbs, its events."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, cast

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
    Occupation,
)
from bascule.control.recordings import recorded_from_data
from bascule.control.rendezvous import Meeting, Rendezvous
from bascule.errors import BasculeError, ControlError, ErrorCode, Problem
from bascule.events import ACTIVE, RelayState, StageResult
from bascule.facts import CertificateFacts, CertificateMade, PortInfo, ShareFacts
from bascule.recording.records import Recorded
from bascule.snapshot import Event, ProfileView
from bascule.spec.codec import Data, from_data, to_data, union_from_data
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec

type OnStage = Callable[[StageResult], None]


class Client:
    """One connection to the engine. Every verb raises the engine's BasculeError, or ControlError
    ENGINE_LOST where the connection ends before the answer.
    """

    def __init__(
        self, info: EngineInfo, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.info = info
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(2)  # 1 was engine.hello
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._stages: dict[int, OnStage] = {}
        self._events: asyncio.Queue[list[Event] | None] = asyncio.Queue()
        self._reading = asyncio.ensure_future(self._read())

    @classmethod
    async def connect(cls, rendezvous: Rendezvous, *, name: str, protocol: int = PROTOCOL) -> Self:
        """Enter the running engine; ``name`` says who we are in its log. Of an engine of another
        ``protocol``, only ``occupation`` and ``stop_engine`` can be asked.

        Raises:
            ControlError: ENGINE_NOT_RUNNING, PROTOCOL_MISMATCH, TOKEN_REFUSED.
        """
        meeting = rendezvous.read()
        if meeting is None:
            raise _not_running()
        try:
            reader, writer = await _open(meeting)
        except (OSError, ValueError) as exc:  # nobody listens; no address
            raise _not_running() from exc
        hello = {"protocol": protocol, "token": meeting.token, "client": name}
        try:
            writer.write(encode(Request(Method.HELLO, hello, 1)))
            await writer.drain()
            reply = decode(await reader.readuntil(b"\n"))
            if not isinstance(reply, Reply):
                raise ControlError("this is not Bascule's engine", code=ErrorCode.MESSAGE_MALFORMED)
            if reply.problem is not None:
                raise BasculeError.of(reply.problem)
            info = from_data(EngineInfo, reply.result)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as exc:
            writer.close()
            raise _not_running() from exc
        except BaseException:
            writer.close()
            raise
        return cls(info, reader, writer)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Leave the engine; relays go on."""
        self._writer.close()  # first: who is cancelled while he waits has left all the same
        self._reading.cancel()
        await asyncio.wait([self._reading])
        try:
            await self._writer.wait_closed()
        except OSError:
            pass  # the engine was faster

    # verbs --------------------------------------------------------------------------------------

    async def start(self, relay: str) -> None:
        """Start a relay. Returning means accepted; the state comes as an event."""
        await self._call(Method.START, {"id": relay})

    async def stop(self, relay: str) -> None:
        """Stop a relay and close its connections."""
        await self._call(Method.STOP, {"id": relay})

    async def close_connection(self, relay: str, number: int) -> None:
        """Close one connection of a relay. Raises: ControlError CONNECTION_UNKNOWN."""
        await self._call(Method.CLOSE_CONNECTION, {"id": relay, "number": number})

    async def record(self, relay: str, on: bool) -> None:
        """Record what passes a relay from now on; off: stop, and let the engine forget it."""
        await self._call(Method.RECORD, {"id": relay, "on": on})

    async def recorded(self, relay: str, after: int = 0) -> Recorded:
        """What was recorded after that record, at most some hundred KiB at a time."""
        return recorded_from_data(await self._call(Method.RECORDED, {"id": relay, "after": after}))

    async def share(self, relay: str) -> ShareFacts | None:
        """What a relay hands out, and the secret way to it, or did until it stopped; None where
        that is nothing.
        """
        found = await self._call(Method.SHARE, {"id": relay})
        return from_data(ShareFacts, found) if found is not None else None

    async def profiles(self) -> tuple[ProfileView, ...]:
        """All profiles as they are now, without their logs and single connections."""
        views: list[ProfileView] = []
        more = True
        while more:  # as many as fit a message come at a time
            page = await self._call(Method.LIST, {"skip": len(views)})
            views += [from_data(ProfileView, entry) for entry in page["profiles"]]
            more = page["more"]
        return tuple(views)

    async def occupation(self) -> Occupation:
        """What an engine of any version is busy with. Raises: ControlError MESSAGE_MALFORMED."""
        views: list[Any] = []
        more = True
        try:
            while more:
                page = await self._call(Method.LIST, {"skip": len(views)})
                views += page["profiles"]
                more = bool(page["more"])
            return Occupation(
                tuple(str(view["id"]) for view in views if _is_on(view)),
                sum(int(view.get("connection_count", 0)) for view in views),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as exc:
            raise malformed("a profile is told in words of another version") from exc

    async def save(self, profile: Profile, secrets: Mapping[str, str] | None = None) -> None:
        """Write a profile, new or changed, and the secrets it refers to ({reference: value}).

        A running relay is restarted with the new settings.
        """
        await self._call(Method.SAVE, {"profile": to_data(profile), "secrets": dict(secrets or {})})

    async def confirm(self, relay: str, commands: Sequence[str]) -> None:
        """Let a relay that came from somebody else run its commands: these, which were read.

        Raises: SpecError COMMAND_UNCONFIRMED: they are not what it would run (any more).
        """
        await self._call(Method.CONFIRM, {"id": relay, "commands": list(commands)})

    async def delete(self, relay: str) -> None:
        """Stop a relay and put its profile aside, from where ``restore`` brings it back."""
        await self._call(Method.DELETE, {"id": relay})

    async def restore(self, relay: str) -> None:
        """Bring back a deleted profile, stopped."""
        await self._call(Method.RESTORE, {"id": relay})

    async def export(self, relay: str) -> str:
        """The text of a profile's file, to be saved elsewhere. Secrets are not in it."""
        return str(await self._call(Method.EXPORT, {"id": relay}))

    async def read_profile(self, text: str) -> Profile:
        """Read an exported profile: nothing is saved or started. It gets an id of its own.

        Raises:
            SpecError: PROFILE_DAMAGED, PROFILE_NEWER, or what is wrong in it.
        """
        return from_data(Profile, await self._call(Method.READ, {"text": text}))

    async def test(
        self,
        relay: RelaySpec,
        secrets: Mapping[str, str] | None = None,
        on_stage: OnStage | None = None,
        *,
        running: str | None = None,
    ) -> tuple[StageResult, ...]:
        """Try a relay for real, without keeping it: listen, resolve, connect, shake hands, open.

        ``on_stage`` hears each stage begin (``done`` False) and end. Stops at the first problem,
        which is a result, not an exception. ``running`` names the profile that is being edited, so
        that its own port does not count as taken.
        """
        result = await self._call_in_stages(
            Method.TEST,
            {"relay": to_data(relay), "secrets": dict(secrets or {}), "running": running or ""},
            on_stage,
        )
        return tuple(from_data(StageResult, entry) for entry in result)

    async def check(
        self,
        request: CheckRequest,
        secrets: Mapping[str, str] | None = None,
        on_stage: OnStage | None = None,
    ) -> Problem | None:
        """Check whether a host answers: resolve, connect, proxies, TLS, first byte, all within one
        limit. ``on_stage`` hears each stage begin (``done`` False) and end.

        Returns what went wrong, None where it answered. Raises: SpecError: a secret is missing.
        """
        params = {"check": to_data(request), "secrets": dict(secrets or {})}
        answer = await self._call_in_stages(Method.CHECK, params, on_stage)
        return from_data(CheckAnswer, answer).problem

    async def serial_ports(self) -> tuple[PortInfo, ...]:
        """The serial ports of this computer."""
        found = await self._call(Method.SERIAL_PORTS, {})
        return tuple(from_data(PortInfo, entry) for entry in found)

    async def free_port(self, host: str, port: int) -> int:
        """A TCP port of ``host`` that is free: ``port`` itself, or the next one above."""
        return int(await self._call(Method.FREE_PORT, {"host": host, "port": port}))

    async def create_certificate(self, request: CertificateRequest) -> CertificateMade:
        """Make a certificate and its key. Raises: SpecError."""
        return from_data(
            CertificateMade, await self._call(Method.CREATE_CERTIFICATE, to_data(request))
        )

    async def certificate_facts(self, certificate: str, key: str = "") -> CertificateFacts:
        """What a certificate file says, and whether the key belongs to it. Raises: SpecError."""
        return from_data(
            CertificateFacts,
            await self._call(Method.CERTIFICATE_FACTS, {"certificate": certificate, "key": key}),
        )

    async def stop_engine(self) -> None:
        """Stop every relay and the engine itself."""
        await self._call(Method.STOP_ENGINE, {})

    async def watch(self) -> AsyncIterator[list[Event]]:
        """Yield batches of events: first a snapshot, then what happens. One watch a client.

        Raises: ControlError ENGINE_LOST when the engine goes.
        """
        await self._call(Method.WATCH, {})
        while (batch := await self._events.get()) is not None:
            yield batch
        raise _lost()

    # wire ---------------------------------------------------------------------------------------

    async def _call(self, method: Method, params: Data, number: int | None = None) -> Any:
        if self._reading.done():
            raise _lost()
        number = next(self._numbers) if number is None else number
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._writer.write(encode(Request(method, params, number)))
            await self._writer.drain()
            return await answer
        except OSError as exc:
            raise _lost() from exc
        finally:
            self._waiting.pop(number, None)
            if answer.done() and not answer.cancelled():
                answer.exception()  # seen, also where writing failed first

    async def _call_in_stages(self, method: Method, params: Data, on_stage: OnStage | None) -> Any:
        """Call what tells its stages before it answers."""
        number = next(self._numbers)
        if on_stage is not None:
            self._stages[number] = on_stage
        try:
            return await self._call(method, params, number)
        finally:
            self._stages.pop(number, None)

    async def _read(self) -> None:
        try:
            while True:
                self._take(decode(await self._reader.readuntil(b"\n")))
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, BasculeError):
            pass  # whatever the cause: this connection is of no more use, and its callers hear so
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(_lost())
            self._events.put_nowait(None)

    def _take(self, message: Request | Reply) -> None:
        if isinstance(message, Reply):
            answer = self._waiting.get(message.id or 0)
            if answer is None or answer.done():
                return  # its caller was cancelled
            if message.problem is not None:
                answer.set_exception(BasculeError.of(message.problem))
            else:
                answer.set_result(message.result)
        elif message.method == Notice.EVENTS:
            entries = message.params.get("events")
            if not isinstance(entries, list):
                raise malformed("events must be a list")
            batch = [union_from_data(Event, entry) for entry in cast(list[object], entries)]
            self._events.put_nowait(batch)
        elif message.method == Notice.STAGE:
            call = message.params.get("call")
            heard = self._stages.get(call) if isinstance(call, int) else None
            if heard is not None:
                heard(from_data(StageResult, message.params.get("stage")))


async def _open(meeting: Meeting) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    kind, _, rest = meeting.address.partition(":")
    if kind == "unix" and sys.platform != "win32":
        return await asyncio.open_unix_connection(rest, limit=LONGEST_MESSAGE_BYTES)
    host, _, port = rest.rpartition(":")
    return await asyncio.open_connection(host, int(port), limit=LONGEST_MESSAGE_BYTES)


def _is_on(view: Any) -> bool:
    return view.get("status", {}).get("state", RelayState.STOPPED) in ACTIVE


def _not_running() -> ControlError:
    return ControlError("Bascule's engine is not running", code=ErrorCode.ENGINE_NOT_RUNNING)


def _lost() -> ControlError:
    return ControlError("the connection to Bascule's engine is lost", code=ErrorCode.ENGINE_LOST)
