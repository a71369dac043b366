"""Owns programs as ends: reading the command, finding the program, starting it for each dial.

What joins us to it is in ``program_joint``, the stream in ``program_stream``, how it is started
and ended in ``child`` (Linux, macOS) and ``program_windows``.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath, PureWindowsPath
from typing import TYPE_CHECKING

from bascule.errors import DialError, ErrorCode, SpecError
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.oserrors import reason_of
from bascule.streams.program_stream import ProgramStream
from bascule.streams.stage import staged
from bascule.streams.terminal import TerminalSettings

if TYPE_CHECKING:
    from bascule.streams.program_joint import Joint

GRACE_SECONDS = 5.0
"""How long a program may go on when an orderly close has told it the end, before it is ended."""

_FIRST_WORD = re.compile(r"""\s*(?:"([^"]*)"?|(\S+))""")
_QUOTED = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*"|\\.""", re.DOTALL)
_ESCAPED = re.compile(r"\\.", re.DOTALL)


class ProgramDialer(Dialer):
    """Starts a program for each dial.

    ``interpreter`` is "none" (the command is split at spaces, with quotes as in a shell),
    "system" (``sh -c``) or "user" (``$SHELL -c``). ``joined_by`` is "socket", "pipes" or
    "terminal"; ``way`` is "both", or "write" or "read" where only its input or its output is
    joined. What is not joined is ours, with ``keep_stderr`` nobody's; what it says to standard
    error is then kept (its last 2 KiB) and told when it fails, and it runs in a group of its own.
    ``environment`` is added to ours, and read anew at each dial. Only the program's name is in the
    label and in what goes wrong: what it is told may be a password.
    """

    def __init__(
        self,
        command: str,
        *,
        interpreter: str = "none",
        joined_by: str = "socket",
        way: str = "both",
        stderr: bool = False,
        new_session: bool = False,
        controlling: bool = False,
        login: bool = False,
        search_path: str = "",
        input_descriptor: int = 0,
        output_descriptor: int = 1,
        terminal: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
        keep_stderr: bool = True,
        grace_seconds: float = GRACE_SECONDS,
        field: str = "command",
    ) -> None:
        """Raises: SpecError: the command or a setting of the terminal cannot be read."""
        group, dot, _command = field.rpartition(".")
        self._field = field
        self._settings = TerminalSettings(terminal, f"{group}{dot}terminal")
        self._argv = split(command, interpreter, field)
        self.label = label_of(self._argv, interpreter)
        self._joined_by = joined_by
        self._way = way
        self._stderr = stderr
        self._controlling = controlling or self._settings.controlling
        self._session = new_session or self._controlling
        self._login = login
        self._search_path = search_path
        self._input = input_descriptor
        self._output = output_descriptor
        self._environment: Mapping[str, str] = {} if environment is None else environment
        self._keep_stderr = keep_stderr
        self._grace_seconds = grace_seconds

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.OPEN_DEVICE, self.label) as noted:
            stream = self._start_windows() if sys.platform == "win32" else self._start()
            noted.detail = f"process {stream.child.pid}"
        return stream

    def _full_environment(self) -> dict[str, str]:
        environment = {**os.environ, **self._environment}
        if self._search_path:
            environment["PATH"] = self._search_path
        return environment

    def _start_windows(self) -> ProgramStream:  # pragma: no cover - that system only
        from bascule.streams.program_windows import start_program

        if self._joined_by == "terminal":
            raise SpecError(
                "Windows has no pseudo terminals for programs",
                code=ErrorCode.NOT_ON_THIS_SYSTEM,
                field=self._field,
            )
        try:
            return start_program(
                self._argv[0],
                label=self.label,
                way=self._way,
                stderr=self._stderr,
                environment=self._full_environment(),
                keep_stderr=self._keep_stderr,
                grace_seconds=self._grace_seconds,
            )
        except OSError as exc:
            raise start_error(exc, self.label, self._field) from exc

    def _start(self) -> ProgramStream:
        from bascule.streams.child import NOTHING, Plan, Tail, start

        environment = self._full_environment()
        path = find_program(self._argv[0], environment.get("PATH", os.defpath), self._field)
        argv = [f"-{path.name}" if self._login else self._argv[0], *self._argv[1:]]
        said: tuple[int, int] | None = None
        joint: Joint | None = None
        try:
            joint = self._join()
            descriptors = dict(joint.theirs)
            if self._stderr and joint.output is not None:
                descriptors[2] = joint.output
            if self._keep_stderr:
                said = os.pipe()
                for number, instead in ((0, NOTHING), (1, said[1]), (2, said[1])):
                    if number not in joint.terminal_as:
                        descriptors.setdefault(number, instead)
            plan = Plan(
                str(path),
                argv,
                environment,
                descriptors,
                session=self._session,
                group=self._keep_stderr,
                terminal=joint.terminal,
                terminal_as=joint.terminal_as,
            )
            child = start(plan)
        except OSError as exc:
            if joint is not None:
                joint.fail()
            for each in said or ():
                os.close(each)
            raise start_error(exc, self.label, self._field) from exc
        joint.let_go()
        tail = None
        if said is not None:
            os.close(said[1])
            tail = Tail(said[0])
        stream = joint.stream(Address(self.label))
        return ProgramStream(stream, child, tail, self._way, self._grace_seconds, joint)

    def _join(self) -> Joint:
        from bascule.streams.program_joint import PipeJoint, SocketJoint, TerminalJoint

        reads = self._input if self._way != "read" else None
        writes = self._output if self._way != "write" else None
        if self._joined_by == "socket":
            return SocketJoint(reads, writes)
        if self._joined_by == "pipes":
            return PipeJoint(reads, writes)
        return TerminalJoint(
            reads, writes, self._settings, controlling=self._controlling, stderr=self._stderr
        )


# words -------------------------------------------------------------------------------------------


def split(command: str, interpreter: str, field: str) -> list[str]:
    """Make the words of a program out of a command. Raises: SpecError VALUE_INVALID."""
    if sys.platform == "win32":  # pragma: no cover - Windows takes a line, not words
        shell = os.environ.get("COMSPEC", "cmd.exe")
        return [command if interpreter == "none" else f'{shell} /d /s /c "{command}"']
    if interpreter == "system":
        return ["/bin/sh", "-c", command]
    if interpreter == "user":
        return [os.environ.get("SHELL") or "/bin/sh", "-c", command]
    import shlex

    try:
        words = shlex.split(_with_joined_lines(command))
    except ValueError as exc:  # a quote that does not end
        raise SpecError(
            f"the command cannot be read: {exc}",
            code=ErrorCode.VALUE_INVALID,
            field=field,
            rule="command",
        ) from exc
    if not words:
        raise SpecError("command is missing", code=ErrorCode.VALUE_MISSING, field=field)
    return words


def label_of(words: list[str], interpreter: str) -> str:
    """What may be shown of a command in logs and errors: ``curl …``, ``sh -c …``."""
    if sys.platform == "win32":  # pragma: no cover - Windows takes a line, not words
        return label_of_line(words[0])
    name = words[0] if "=" in words[0] else PurePath(words[0]).name
    if interpreter != "none":
        return f"{name} -c …"
    return _shown(name, more=len(words) > 1)


def label_of_line(line: str) -> str:
    """The same of a line, as Windows takes it."""
    found = _FIRST_WORD.match(line)
    first = (found[1] or found[2] or "") if found else ""
    name = first if "=" in first else PureWindowsPath(first).name
    return _shown(name, more=bool(found and line[found.end() :].strip()))


def _shown(program: str, *, more: bool = False) -> str:
    """A program's name; of a variable, which only a shell would have set, without its value."""
    name, equals, _value = program.partition("=")
    return f"{name}=…" if equals else f"{name} …" if more else name


def _with_joined_lines(command: str) -> str:
    """A command without the backslashes that end a line, which a shell reads as nothing and
    ``shlex`` as a line break.
    """

    def undone(part: re.Match[str]) -> str:
        text = part[0]
        if text.startswith('"'):
            return _ESCAPED.sub(undone, text)
        return "" if text == "\\\n" else text

    return _QUOTED.sub(undone, command)


def find_program(name: str, search_path: str, field: str) -> Path:
    """The path of a program. Raises: DialError PROGRAM_NOT_FOUND, PROGRAM_FORBIDDEN."""
    folders = [""] if os.sep in name else search_path.split(os.pathsep)
    said = _shown(name)
    there = False
    for folder in folders:
        path = Path(folder, name)
        if path.is_file():
            if os.access(path, os.X_OK):
                return path
            there = True
    if there:
        raise DialError(
            f"{said} is not a program, or you may not run it",
            code=ErrorCode.PROGRAM_FORBIDDEN,
            field=field,
            program=said,
        )
    raise DialError(
        f"there is no program {said}",
        code=ErrorCode.PROGRAM_NOT_FOUND,
        field=field,
        program=said,
    )


def start_error(exc: OSError, program: str, field: str) -> DialError:
    """What an error while starting a program means."""
    code = ErrorCode.PROGRAM_FAILED
    if isinstance(exc, PermissionError):
        code = ErrorCode.PROGRAM_FORBIDDEN
    elif isinstance(exc, FileNotFoundError):  # Windows looks for it itself
        code = ErrorCode.PROGRAM_NOT_FOUND
    return DialError(
        f"cannot start {program}: {reason_of(exc)}",
        code=code,
        field=field,
        program=program,
        why=reason_of(exc),
    )
