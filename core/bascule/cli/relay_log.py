"""Owns what `bascule relay` writes beside the bytes it carries: its log and its dumps.

The form is socat's, as scripts read it: ``2026/11/21 08:30:00 socat[4711] N listening on …``.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import IO

from bascule.errors import ErrorCode, SpecError


class Level(IntEnum):
    """How much it matters; the number is the verbosity from which on it is written."""

    ERROR = 0
    WARNING = 1
    NOTICE = 2
    INFO = 3


_LETTERS = {Level.ERROR: "E", Level.WARNING: "W", Level.NOTICE: "N", Level.INFO: "I"}
_HEX_LINE = 16


@dataclass(frozen=True, slots=True)
class LogOptions:
    """Where the log goes and how much of it."""

    verbosity: int = 1
    file: str = ""
    syslog: str = ""  # a facility
    stderr: bool = False  # also where there is a file or a syslog
    stderr_at_first: bool = False  # instead of the syslog, until the relay runs
    dump_in_file: bool = True
    name: str = "bascule"
    microseconds: bool = False
    host: bool = False


class RelayLog:
    """Writes lines and dumps. Raises: SpecError VALUE_INVALID where the file cannot be written."""

    def __init__(self, options: LogOptions) -> None:
        self._options = options
        self._to_syslog = bool(options.syslog) and not options.stderr_at_first
        self._files: list[IO[str]] = []
        if options.file:
            self._files.append(_appending(options.file))
        quiet = options.file or options.syslog
        if options.stderr or options.stderr_at_first or not quiet:
            self._files.append(sys.stderr)
        if options.syslog:
            _open_syslog(options)

    def settle(self) -> None:
        """The relay runs: from now on the log goes to the syslog, where that was to wait."""
        if self._options.stderr_at_first and not self._to_syslog:
            self._to_syslog = True
            if not self._options.stderr:
                self._files.remove(sys.stderr)

    def write(self, level: Level, text: str) -> None:
        """Write one line, if its level is asked for."""
        options = self._options
        if level > options.verbosity:
            return
        line = f"{self._now()} {self._who()} {_LETTERS[level]} {text}\n"
        for file in self._files:
            _put(file, line)
        if self._to_syslog:
            _to_syslog(level, text)

    def _now(self) -> str:
        now = time.time()
        text = time.strftime("%Y/%m/%d %H:%M:%S", time.localtime(now))
        return f"{text}.{int(now % 1 * 1e6):06d}" if self._options.microseconds else text

    def _who(self) -> str:
        name = f"{self._options.name}[{os.getpid()}]"
        if self._options.host:
            import socket

            return f"{socket.gethostname()} {name}"
        return name

    def dump(self, direction: str, data: bytes, *, text: bool, hexadecimal: bool) -> None:
        """Write what passes to stderr, and to the log's file unless ``dump_in_file`` is off."""
        now = time.time()
        stamp = time.strftime("%Y/%m/%d %H:%M:%S", time.localtime(now))
        arrow = ">" if direction == "up" else "<"
        head = f"{arrow} {stamp}.{int(now % 1 * 1e6):06d}  length={len(data)}\n"
        body = _hex_lines(data, with_text=text) if hexadecimal else _text_lines(data)
        files = self._files if self._options.dump_in_file else []
        for file in dict.fromkeys((*files, sys.stderr)):
            _put(file, head + body + "--\n")

    def close(self) -> None:
        """Close what was opened here."""
        for file in self._files:
            if file is not sys.stderr:
                try:
                    file.close()
                except OSError:
                    pass  # what could not be written before cannot be written now


def _put(file: IO[str], text: str) -> None:
    try:
        file.write(text)
        file.flush()
    except OSError:
        pass  # a full disk or a closed terminal must not end what is carried


def _appending(path: str) -> IO[str]:
    try:
        return Path(path).open("a", encoding="utf-8", errors="replace")
    except OSError as exc:
        raise SpecError(
            f"the log {path} cannot be written: {exc.strerror}",
            code=ErrorCode.VALUE_INVALID,
            field="log",
            why=exc.strerror or "",
        ) from exc


def _open_syslog(options: LogOptions) -> None:
    if sys.platform == "win32":
        raise SpecError(
            "there is no syslog on Windows; use -lf FILE",
            code=ErrorCode.NOT_ON_THIS_SYSTEM,
            field="log",
        )
    import syslog

    facility = getattr(syslog, f"LOG_{options.syslog.upper()}", None)
    if facility is None:
        raise SpecError(
            f"{options.syslog} is not a facility of syslog",
            code=ErrorCode.VALUE_INVALID,
            field="log",
        )
    syslog.openlog(options.name, syslog.LOG_PID, facility)


def _to_syslog(level: Level, text: str) -> None:
    if sys.platform != "win32":
        import syslog

        priorities = (syslog.LOG_ERR, syslog.LOG_WARNING, syslog.LOG_NOTICE, syslog.LOG_INFO)
        syslog.syslog(priorities[level], text)


def _hex_lines(data: bytes, *, with_text: bool) -> str:
    lines: list[str] = []
    for start in range(0, len(data), _HEX_LINE):
        row = data[start : start + _HEX_LINE]
        line = " " + row.hex(" ")
        if with_text:
            shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
            line = f"{line:<{_HEX_LINE * 3 + 2}} {shown}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def _text_lines(data: bytes) -> str:
    text = data.decode("utf-8", errors="replace")
    shown = "".join(
        each if each == "\n" or each.isprintable() else f"\\x{ord(each):02x}" for each in text
    ).replace("\\x0d\n", "\\r\n")
    return shown if shown.endswith("\n") else shown + "\n"
