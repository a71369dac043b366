"""Owns the way from the specs of programs, files, terminals and built-in ends to what does them.

Each module is imported where it is used: a relay pays for its own ends only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bascule.errors import ErrorCode, SpecError
from bascule.relay.notes import Notes
from bascule.spec.built_in import Discard, Echo, Room, Stall, Text
from bascule.spec.endpoints import SerialPort
from bascule.spec.ends import BuiltIn
from bascule.spec.http_answer import HealthAnswer, HttpAnswer
from bascule.spec.local import Descriptor, File, Pipe, Program, Pty, Standard
from bascule.spec.log_collector import LogCollector
from bascule.spec.measuring import Throughput
from bascule.spec.share_file import ShareFile
from bascule.spec.transfer import ReceiveFiles, SendFiles
from bascule.streams.base import Dialer
from bascule.streams.origin import get_origin


def serial_dialer(spec: SerialPort, field: str) -> Dialer:
    """Make the dialer of a serial port."""
    from bascule.streams.serial import SerialDialer

    return SerialDialer(
        spec.device,
        baud=spec.baud,
        data_bits=spec.data_bits,
        parity=spec.parity,
        stop_bits=spec.stop_bits,
        flow_control=spec.flow_control,
        dtr=spec.dtr,
        rts=spec.rts,
        field=f"{field}.device",
    )


def program_dialer(spec: Program, field: str, *, direction: str, foreground: bool) -> Dialer:
    """Make the dialer of a program; ``direction`` is seen from it: both, read or write."""
    from bascule.streams.program import ProgramDialer

    return ProgramDialer(
        spec.command,
        interpreter=spec.interpreter,
        joined_by=spec.joined_by,
        way=direction,
        stderr=spec.stderr,
        new_session=spec.new_session,
        controlling=spec.controlling,
        login=spec.login,
        search_path=spec.search_path,
        input_descriptor=spec.input_descriptor,
        output_descriptor=spec.output_descriptor,
        terminal=spec.terminal,
        environment=_OriginVariables(),
        keep_stderr=not foreground,
        field=f"{field}.command",
    )


def file_dialer(spec: File, field: str, *, direction: str) -> Dialer:
    """Make the dialer of a file; where bytes go one way only, it is opened for that way."""
    from bascule.streams.file import FileDialer

    return FileDialer(
        spec.path,
        way=direction if spec.way == "both" else spec.way,
        create=spec.create,
        exclusive=spec.exclusive,
        append=spec.append,
        truncate=spec.truncate,
        seek=spec.seek,
        mode=int(spec.mode, 8),
        lock=spec.lock,
        remove_first=spec.remove_first,
        remove_after=spec.remove_after,
        terminal=spec.terminal,
        field=f"{field}.path",
    )


def pty_dialer(spec: Pty, field: str) -> Dialer:
    """Make the dialer of a pseudo terminal."""
    from bascule.streams.pty import PtyDialer

    return PtyDialer(
        spec.link,
        mode=int(spec.mode, 8),
        wait=spec.wait,
        terminal=spec.terminal,
        field=f"{field}.link",
    )


def pipe_dialer(spec: Pipe, field: str) -> Dialer:
    """Make the dialer of a named pipe, or of the one without a name."""
    from bascule.streams.pipe import PipeDialer

    return PipeDialer(
        spec.path,
        way=spec.way,
        mode=int(spec.mode, 8),
        remove_after=spec.remove_after,
        field=f"{field}.path",
    )


def standard_dialer(spec: Standard | Descriptor, field: str, *, foreground: bool) -> Dialer:
    """Make the dialer of what this program was given when it was started.

    Raises: SpecError NOT_ON_THIS_SYSTEM, where it runs in the background.
    """
    if not foreground:
        raise SpecError(
            "standard input and output belong to a command in a terminal: `bascule relay` has them",
            code=ErrorCode.NOT_ON_THIS_SYSTEM,
            field=field,
        )
    from bascule.streams.standard import DescriptorDialer, StandardDialer

    if isinstance(spec, Standard):
        return StandardDialer(spec.use, terminal=spec.terminal, field=f"{field}.use")
    return DescriptorDialer(
        spec.number, way=spec.way, terminal=spec.terminal, field=f"{field}.number"
    )


def built_in_dialer(spec: BuiltIn, field: str, notes: Notes) -> Dialer:
    """Make the dialer of an end that Bascule is itself; ``notes`` takes what it has to say."""
    from bascule.streams import built_in

    match spec:
        case Echo():
            return built_in.BuiltInDialer("echo", built_in.EchoStream)
        case Discard():
            return built_in.BuiltInDialer("discard", built_in.DiscardStream)
        case Stall():
            return built_in.BuiltInDialer("stall", built_in.StallStream)
        case Text(text=text, after_request=after):
            said = text.encode()
            return built_in.BuiltInDialer(
                "text", lambda: built_in.TextStream(said, after_request=after)
            )
        case Room():
            from bascule.streams import room

            members = room.Room(announce=spec.announce, include_self=spec.include_self)
            return room.RoomDialer(members)
        case HttpAnswer() | HealthAnswer():
            return _answering_dialer(spec)
        case LogCollector():
            return _log_dialer(spec, field, notes)
        case ReceiveFiles() | SendFiles():
            return _files_dialer(spec, field, notes)
        case ShareFile():
            return _share_dialer(spec, field, notes)
        case Throughput(seconds=seconds, megabytes=megabytes):
            from bascule.streams.meter import MeterStream

            return built_in.BuiltInDialer(
                "throughput", lambda: MeterStream(seconds, megabytes * 1_000_000, notes.measured)
            )


def _files_dialer(spec: ReceiveFiles | SendFiles, field: str, notes: Notes) -> Dialer:
    if isinstance(spec, SendFiles):
        from bascule.streams.send_files import SendDialer

        return SendDialer(
            spec.path, notes.said, notes.began, as_it_is=spec.plain, field=f"{field}.path"
        )
    from bascule.streams.receive_files import ReceiveDialer

    return ReceiveDialer(
        spec.folder,
        spec.existing,
        notes.said,
        notes.began,
        name=spec.file_name,
        limit_bytes=spec.limit_megabytes * 1_000_000,
        field=f"{field}.folder",
    )


def _log_dialer(spec: LogCollector, field: str, notes: Notes) -> Dialer:
    from bascule.streams.log_collector import LogDialer
    from bascule.streams.log_file import LogFile, RotatingFile, Rotation

    rotation = Rotation(
        spec.rotate_megabytes * 1_000_000,
        spec.rotate_daily,
        spec.keep_files,
        utc=spec.stamp == "utc",
    )
    log = LogFile(RotatingFile(spec.path, rotation, field=f"{field}.path"), notes.warned)
    return LogDialer(log, spec.path, stamp=spec.stamp, sender=spec.sender)


def _share_dialer(spec: ShareFile, field: str, notes: Notes) -> Dialer:
    from bascule.streams.share_file import Share, ShareDialer

    share = Share(
        spec.path,
        downloads=spec.downloads,
        seconds=spec.expires_minutes * 60,
        say=notes.said,
        warn=notes.warned,
        finish=notes.finished,
        field=f"{field}.path",
    )
    notes.cares.append(share.care)
    notes.share = lambda: share.facts
    return ShareDialer(share)


def _answering_dialer(spec: HttpAnswer | HealthAnswer) -> Dialer:
    from bascule.streams.built_in import BuiltInDialer
    from bascule.streams.http_answer import fixed_answer, health_answer

    if isinstance(spec, HealthAnswer):
        return BuiltInDialer("health", health_answer(spec.form))
    named = (entry.partition(":") for entry in spec.headers)
    fields = tuple((name, value.strip()) for name, _colon, value in named)
    answer = fixed_answer(spec.status, fields, spec.content_type, spec.body)
    return BuiltInDialer(f"HTTP {spec.status}", answer)


class _OriginVariables(Mapping[str, str]):
    """What a program is told about who has connected, in socat's words."""

    def _now(self) -> dict[str, str]:
        origin = get_origin()
        found: dict[str, str] = {}
        for name, address in (("PEER", origin.peer), ("SOCK", origin.local)):
            if address.host:
                found[f"SOCAT_{name}ADDR"] = (
                    f"[{address.host}]" if ":" in address.host else address.host
                )
            if address.port is not None:
                found[f"SOCAT_{name}PORT"] = str(address.port)
        return found

    def __getitem__(self, key: str) -> str:
        return self._now()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())
