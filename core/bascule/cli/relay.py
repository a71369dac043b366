"""Owns `bascule relay`: socat's command line, one relay in the foreground, socat's exit codes.

Exit codes: 0 the relay has ended in order; 1 it could not run, or broke (the sentence is on
stderr); 128 and the number of the signal that ended it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from bascule.cli.loop import run_to_its_end, run_until_done
from bascule.cli.relay_log import Level, LogOptions, RelayLog
from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.events import (
    LogLevel,
    LogLine,
    Measured,
    Outcome,
    RelayChanged,
    RelayEvent,
    RelayState,
)
from bascule.relay.build import Ends, build
from bascule.relay.notes import measured_words
from bascule.relay.pump import Observe
from bascule.relay.relay import Relay
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import Command, RunOptions, parse_command

_LOCK_LOOK_SECONDS = 1.0
_LEVELS = {
    LogLevel.INFO: Level.NOTICE,
    LogLevel.WARNING: Level.WARNING,
    LogLevel.PROBLEM: Level.ERROR,
}

USAGE = """usage: bascule relay [--explain] [--strict] [socat's options] ADDRESS ADDRESS

Joins two addresses as socat does: bascule relay TCP-LISTEN:8080,fork TCP:example.com:80
--explain  say in words what the command does, and do nothing
--strict   read the command exactly as socat 1.8 does"""


def relay(words: Sequence[str]) -> int:
    """Do what a command line of socat says; return the exit code."""
    explain, strict, rest = _own_options(words)
    if not rest or rest[0] in ("-h", "--help"):
        print(USAGE)
        return 0
    try:
        command = parse_command(rest, strict=strict)
        if explain:
            from bascule.spec.socat.explain import explain as in_words

            print(in_words(command), end="")
            return 0
        return _Foreground(command, strict=strict).run()
    except BasculeError as exc:
        print(f"bascule relay: {exc.message}", file=sys.stderr)
        return 1


def _own_options(words: Sequence[str]) -> tuple[bool, bool, list[str]]:
    """Our own options, which stand before socat's."""
    rest = list(words)
    own: set[str] = set()
    while rest and rest[0] in ("--explain", "--strict"):
        own.add(rest.pop(0))
    return "--explain" in own, "--strict" in own, rest


class _Foreground:
    """One relay in this process, from the command to its end."""

    def __init__(self, command: Command, *, strict: bool) -> None:
        self._command = command
        self._options: RunOptions = command.run
        self._log = RelayLog(_log_options(self._options, strict=strict))
        self._failed = False
        self._observe: Observe | None = None

    def run(self) -> int:
        for verdict in self._command.verdicts:
            if verdict.matters:
                self._log.write(Level.WARNING, f"{verdict.token}: {verdict.text}")
        try:
            with _locked(self._options), self._recorded() as observe:
                self._observe = observe
                run_until_done(self._serve())
        except KeyboardInterrupt:
            return 128 + signal.SIGTERM
        finally:
            self._log.close()
        return int(self._failed)

    async def _serve(self) -> None:
        relay = Relay("relay", self._command.relay, self._build, self._heard)
        try:
            await run_to_its_end(relay)
        finally:
            if self._options.statistics:
                up, down = relay.totals
                self._log.write(Level.ERROR, f"statistics: {up} bytes up, {down} bytes down")
        self._failed = relay.status.problem is not None

    async def _build(self, spec: RelaySpec) -> Ends:
        secrets = {"": "", **self._command.secrets}
        ends = build(spec, secrets.__getitem__, foreground=True)
        ends.notes.tells_left_out = False  # the verdicts have told it, by the words of the command
        if self._observe is None:
            return ends
        return replace(ends, rules=replace(ends.rules, observe=self._observe))

    def _heard(self, event: RelayEvent) -> None:
        if isinstance(event, RelayChanged) and event.status.state is RelayState.RUNNING:
            self._log.settle()
        elif isinstance(event, LogLine):
            self._log.write(_LEVELS[event.level], event.text)
        elif isinstance(event, Measured) and event.measurement.outcome is not Outcome.RUNNING:
            self._conclude(measured_words(event.measurement))

    def _conclude(self, text: str) -> None:
        """Say what this was run for, unless the log says it."""
        if self._options.verbosity < Level.NOTICE:
            self._log.write(Level.ERROR, text)

    @contextlib.contextmanager
    def _recorded(self) -> Generator[Observe | None]:
        """What looks at the bytes that pass, if anybody asked for it."""
        options = self._options
        names = {"up": options.record_up, "down": options.record_down}
        with contextlib.ExitStack() as files:
            records = {
                way: files.enter_context(_recording(name)) for way, name in names.items() if name
            }
            if not (records or options.dump_text or options.dump_hex):
                yield None
                return

            def observe(direction: str, data: bytes) -> None:
                if direction in records:
                    records[direction].write(data)
                if options.dump_text or options.dump_hex:
                    self._log.dump(
                        direction, data, text=options.dump_text, hexadecimal=options.dump_hex
                    )

            yield observe


def _log_options(options: RunOptions, *, strict: bool) -> LogOptions:
    return LogOptions(
        verbosity=options.verbosity,
        file=options.log_file,
        syslog=options.syslog,
        stderr=options.log_stderr,
        stderr_at_first=options.log_mixed,
        dump_in_file=not strict,
        name=options.log_name,
        microseconds=options.log_microseconds,
        host=options.log_host,
    )


@contextlib.contextmanager
def _recording(name: str) -> Generator[IO[bytes]]:
    try:
        number = os.open(os.path.expandvars(name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError as exc:
        raise SpecError(
            f"{name} cannot be written: {exc.strerror}", code=ErrorCode.FILE_FAILED, path=name
        ) from exc
    with os.fdopen(number, "wb", 0) as file:
        yield file


@contextlib.contextmanager
def _locked(options: RunOptions) -> Generator[None]:
    """Hold the lock file while running, as -L (fail) and -W (wait) say."""
    if not options.lock_file:
        yield
        return
    path = Path(options.lock_file)
    while True:
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
            break
        except FileExistsError as exc:
            if not options.lock_wait:
                raise SpecError(
                    f"{path} is there: another one holds the lock",
                    code=ErrorCode.FILE_FAILED,
                    path=str(path),
                ) from exc
            time.sleep(_LOCK_LOOK_SECONDS)
        except OSError as exc:
            raise SpecError(
                f"the lock {path} cannot be made: {exc.strerror}",
                code=ErrorCode.FILE_FAILED,
                path=str(path),
            ) from exc
    try:
        os.write(descriptor, f"{os.getpid()}\n".encode())
        os.close(descriptor)
        yield
    finally:
        path.unlink(missing_ok=True)
