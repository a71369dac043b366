"""Owns programs, files, terminals, pipes and Bascule's own ends in socat's words."""

from __future__ import annotations

from typing import Any

from bascule.errors import ErrorCode
from bascule.spec.built_in import Discard, Echo, Room, Stall, Text
from bascule.spec.http_answer import HEALTH_FORMS, HealthAnswer, HttpAnswer
from bascule.spec.local import (
    Descriptor,
    File,
    NamedPipeConnect,
    NamedPipeListen,
    Pipe,
    Program,
    Pty,
    Standard,
)
from bascule.spec.log_collector import SENDERS, STAMPS, LogCollector
from bascule.spec.socat import common
from bascule.spec.socat.given import Given
from bascule.spec.socat.network import masked
from bascule.spec.socat.serial import serial_port, terminal_entries
from bascule.spec.socat.share_file import share_file
from bascule.spec.socat.verdicts import Said, VerdictKind
from bascule.spec.transfer import EXISTING, ReceiveFiles, SendFiles

_CONTROLLING = ("tiocsctty", "ctty")
_TERMINALS = ("pty", "openpty", "ptmx")
_LOCKS = ("f-setlk-wr", "f-setlkw-wr", "flock-ex", "flock-ex-nb")


# programs -----------------------------------------------------------------------------------------


def execute(given: Given, _version: str = "") -> Program:
    """``EXEC:command``: split into words, without a shell."""
    return _program(given, "none", _command(given))


def system(given: Given, _version: str = "") -> Program:
    """``SYSTEM:command``: for the system's shell."""
    return _program(given, "system", _command(given))


def shell(given: Given, _version: str = "") -> Program:
    """``SHELL:command``: for the user's shell; without a command, that shell itself."""
    command = _command(given) if given.single.params else ""
    path = given.text("shell")
    if path:
        import shlex  # hardly anybody chooses a shell

        return _program(given, "none", shlex.join([path, "-c", command] if command else [path]))
    if not command:
        return _program(given, "system", 'exec "${SHELL:-/bin/sh}"')
    return _program(given, "user", command)


def _command(given: Given) -> str:
    (param,) = common.params(given, "command-line")
    if not param.text.strip():
        raise given.missing("the command is missing")
    return param.text


def _program(given: Given, interpreter: str, command: str) -> Program:
    option = given.last("umask")
    if option is not None:
        why = Said(
            "umask: Bascule cannot set it for a program; write `umask … && …` in the command"
        )
        raise given.fail(option, why, code=ErrorCode.NOT_ON_THIS_SYSTEM)
    terminal = [given.switch(name) for name in _TERMINALS]
    pipes = given.switch("pipes")
    joined_by = "terminal" if any(terminal) else "pipes" if pipes else "socket"
    if given.context.system == "windows":
        why = "Windows has no pseudo terminals for programs; it will not start."
        for name in _TERMINALS:
            given.say_of(name, VerdictKind.NOT_ON_THIS_SYSTEM, why)
    given.switch("shell-words")
    controlling = given.switch("tiocsctty")
    entries = tuple(
        entry for entry in terminal_entries(given) if entry.partition("=")[0] not in _CONTROLLING
    )
    if joined_by != "terminal":
        for _name, option in given.terminal():
            why = "It has no effect: no terminal joins us to the program; pty makes one."
            given.say(option, VerdictKind.IGNORED, why, warns=True)
    return Program(
        command=command,
        interpreter=interpreter,
        joined_by=joined_by,
        stderr=given.switch("stderr"),
        new_session=given.switch("setsid"),
        controlling=controlling,
        login=given.switch("dash"),
        search_path=given.text("path"),
        input_descriptor=given.integer("fdin", 0, 0, 1023),
        output_descriptor=given.integer("fdout", 1, 0, 1023),
        terminal=entries,
        **common.common(given),
    )


# files --------------------------------------------------------------------------------------------


def opened(given: Given, _version: str = "", *, generic: bool = False) -> Any:
    """``OPEN:path``; a serial port where it is one."""
    path = common.path(given)
    port = serial_port(given, path)
    return _file(given, path, generic=generic) if port is None else port


def generic(given: Given, _version: str = "") -> Any:
    """``GOPEN:path``, or the path alone: made where it is not there, written at its end."""
    return opened(given, generic=True)


def created(given: Given, _version: str = "") -> File:
    """``CREATE:path``: made anew, and only written."""
    return _file(given, common.path(given), creates=True)


def _file(given: Given, path: str, *, generic: bool = False, creates: bool = False) -> File:
    given.switch("plain-file")
    for name in ("flock-ex-nb", "f-setlk-wr"):
        given.say_of(name, VerdictKind.EMULATED, "Where somebody else has it locked, it waits.")
    if given.has("unlink-late"):
        given.say_of("unlink-late", VerdictKind.EMULATED, "It is removed at the end.")
    locks = [given.switch(name) for name in _LOCKS]
    create = given.switch("o-creat", default=generic or creates)
    exclusive = given.switch("o-excl")
    if exclusive and not create:
        exclusive = False
        why = "Left out: without creat no file is made, and excl says nothing."
        given.say_of("o-excl", VerdictKind.IGNORED, why)
    return File(
        path=given.in_folder(path),
        way=way(given, "write" if creates else "both"),
        create=create,
        exclusive=exclusive,
        append=given.switch("append", default=generic),
        truncate=given.switch("o-trunc", default=creates) or _emptied(given),
        seek=_seek(given),
        mode=given.permissions(masked(given, 0o666) or "644"),
        lock=any(locks),
        remove_first=given.switch("unlink-early") or given.switch("unlink"),
        remove_after=given.switch("unlink-close") or given.switch("unlink-late"),
        terminal=terminal_entries(given),
        **common.common(given),
    )


def way(given: Given, default: str) -> str:
    """Whether a file is read, written or both: the last word about it holds."""
    option = given.last("o-rdonly", "o-wronly", "o-rdwr")
    if option is None:
        return default
    name = option.name.lower().replace("o-", "").replace("o_", "")
    return {"rdonly": "read", "wronly": "write"}.get(name, "both")


def _emptied(given: Given) -> bool:
    option = given.last("ftruncate64", "ftruncate32")
    if option is None:
        return False
    if given.number(option) != 0:
        why = Said("{}: a file can be emptied (0), not cut to a length", (option.name,))
        raise given.fail(option, why, code=ErrorCode.NOT_ON_THIS_SYSTEM)
    return True


def _seek(given: Given) -> int:
    from_end = ("lseek64-end", "lseek32-end")
    option = given.last("lseek64-set", "lseek32-set", "lseek64-cur", "lseek32-cur", *from_end)
    if option is None:
        return 0
    if not option.name.lower().endswith("-end"):
        return given.number(option)
    place = given.number(option, low=-(2**63), high=2**63 - 1)
    if place >= 0:
        why = Said("{}: a file can begin so many bytes before its end, as in -100", (option.name,))
        raise given.fail(option, why, code=ErrorCode.NOT_ON_THIS_SYSTEM)
    return place


# terminals and pipes ------------------------------------------------------------------------------


def pty(given: Given, _version: str = "") -> Pty:
    """``PTY``."""
    common.params(given)
    if given.context.system == "windows":
        given.not_here(
            "Windows has no pseudo terminals that programs open; a pair of virtual COM ports "
            "(com0com) is what they need."
        )
    return Pty(
        link=given.in_folder(given.text("symbolic-link")),
        mode=given.permissions("600"),
        wait=given.switch("pty-wait-slave"),
        terminal=terminal_entries(given),
        **common.common(given),
    )


def pipe(given: Given, _version: str = "") -> Pipe:
    """``PIPE:path``, or ``PIPE``, which gives back what it is sent."""
    path = ""
    if given.single.params:
        (param,) = common.params(given, "filename")
        path = given.in_folder(param.text)
    if path and given.context.system == "windows":
        given.not_here("Windows has no FIFOs; its own named pipes are NAMED-PIPE.")
    return Pipe(
        path=path,
        way=way(given, "both"),
        mode=given.permissions(masked(given, 0o666) or "600"),
        remove_after=given.switch("unlink-close", default=True),
        **common.common(given),
    )


def standard(given: Given, _version: str = "") -> Standard:
    """``STDIO``, ``STDIN``, ``STDOUT`` and ``STDERR``."""
    common.params(given)
    uses = {"STDIN": "input", "STDOUT": "output", "STDERR": "error"}
    return Standard(
        use=uses.get(given.name.name, "both"),
        terminal=terminal_entries(given),
        **common.common(given),
    )


def descriptor(given: Given, _version: str = "") -> Descriptor:
    """``FD:number``, or the digit alone."""
    (param,) = common.params(given, "fdnum")
    if not param.text.isascii() or not param.text.isdecimal() or int(param.text[:9]) > 65_535:
        raise given.fail(param, Said('"{}" is not the number of a descriptor', (param.text,)))
    return Descriptor(
        number=int(param.text),
        way=way(given, "both"),
        terminal=terminal_entries(given),
        **common.common(given),
    )


def named_pipe_listen(given: Given, _version: str = "") -> NamedPipeListen:
    """``NAMED-PIPE-LISTEN:name``."""
    return NamedPipeListen(name=_pipe_name(given), **common.common(given))


def named_pipe_connect(given: Given, _version: str = "") -> NamedPipeConnect:
    """``NAMED-PIPE:name``."""
    return NamedPipeConnect(name=_pipe_name(given), **common.common(given))


def _pipe_name(given: Given) -> str:
    (param,) = common.params(given, "name")
    if not param.text:
        raise given.missing("the name is missing")
    if given.context.system != "windows":
        given.not_here("Only Windows has such pipes; here UNIX-LISTEN and UNIX-CONNECT do it.")
    return param.text


# built in -----------------------------------------------------------------------------------------


def text(given: Given, _version: str = "") -> Text:
    """``TEXT:what is said``."""
    (said,) = common.params(given, "string")
    return Text(text=said.text, after_request=given.switch("after-request"), **common.common(given))


def stall(given: Given, _version: str = "") -> Stall:
    """``STALL``."""
    common.params(given)
    return Stall(**common.common(given))


def socketpair(given: Given, _version: str = "") -> Echo:
    """``SOCKETPAIR``: chunk by chunk, it gives back what it is sent."""
    return Echo(**common.common(given))


def discard(given: Given, _version: str = "") -> Discard:
    """``DISCARD``: Bascule's own."""
    common.params(given)
    return Discard(**common.common(given))


def room(given: Given, _version: str = "") -> Room:
    """``ROOM``: Bascule's own; what one says all hear."""
    common.params(given)
    return Room(
        announce=given.switch("announce", default=True),
        include_self=given.switch("include-self", default=True),
        **common.common(given),
    )


def http_answer(given: Given, _version: str = "") -> HttpAnswer:
    """``HTTP-ANSWER`` or ``HTTP-ANSWER:text``: Bascule's own; each request gets this answer."""
    body = ""
    if given.single.params:
        (said,) = common.params(given, "string")
        body = said.text
    return HttpAnswer(
        status=given.integer("status", 200, 200, 599),
        body=body,
        content_type=given.text("content-type", "text/plain; charset=utf-8"),
        headers=tuple(each.text for each in given.values("header")),
        **common.common(given),
    )


def health_answer(given: Given, _version: str = "") -> HealthAnswer:
    """``HEALTH-ANSWER``: Bascule's own; how this computer is."""
    common.params(given)
    return HealthAnswer(form=given.choice("form", "json", HEALTH_FORMS), **common.common(given))


def receive_files(given: Given, _version: str = "") -> ReceiveFiles:
    """``RECEIVE-FILES:folder``: Bascule's own; a tar archive becomes files, or one file comes."""
    (param,) = common.params(given, "folder")
    if not param.text:
        raise given.missing("the folder is missing")
    return ReceiveFiles(
        folder=given.in_folder(param.text),
        existing=given.choice("existing", "rename", EXISTING),
        file_name=given.text("file-name", ""),
        limit_megabytes=given.integer("megabytes", high=1_000_000_000),
        **common.common(given),
    )


def send_files(given: Given, _version: str = "") -> SendFiles:
    """``SEND-FILES:path``: Bascule's own; a file or folder as a tar archive, or a file as it is."""
    path = given.in_folder(common.path(given))
    return SendFiles(path=path, plain=given.switch("plain"), **common.common(given))


def log_collector(given: Given, _version: str = "") -> LogCollector:
    """``LOG-COLLECTOR:path``: Bascule's own; each line is written to one file."""
    return LogCollector(
        path=given.in_folder(common.path(given)),
        stamp=given.choice("stamp", "local", STAMPS),
        sender=given.choice("sender", "address", SENDERS),
        rotate_megabytes=given.integer("rotate-size", 100, high=1_000_000),
        rotate_daily=given.switch("rotate-daily"),
        keep_files=given.integer("keep-files", 10, 1, 10_000),
        **common.common(given),
    )


MAKERS: dict[str, Any] = {
    "EXEC": execute,
    "SYSTEM": system,
    "SHELL": shell,
    "OPEN": opened,
    "GOPEN": generic,
    "CREATE": created,
    "PTY": pty,
    "PIPE": pipe,
    "STDIO": standard,
    "STDIN": standard,
    "STDOUT": standard,
    "STDERR": standard,
    "FD": descriptor,
    "NAMED-PIPE-LISTEN": named_pipe_listen,
    "NAMED-PIPE-CONNECT": named_pipe_connect,
    "TEXT": text,
    "STALL": stall,
    "SOCKETPAIR": socketpair,
    "DISCARD": discard,
    "ROOM": room,
    "HTTP-ANSWER": http_answer,
    "HEALTH-ANSWER": health_answer,
    "RECEIVE-FILES": receive_files,
    "SHARE-FILE": share_file,
    "SEND-FILES": send_files,
    "LOG-COLLECTOR": log_collector,
}
