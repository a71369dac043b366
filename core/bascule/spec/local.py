"""Owns the ends within this computer: programs, files, terminals, pipes, standard input.

Programs are started only for a relay that says so; an imported one waits for the user's consent.
"""

from __future__ import annotations

import re
from typing import ClassVar

from bascule.errors import ErrorCode, SpecError
from bascule.spec.datagrams import check_mode
from bascule.spec.fields import FieldKind, invalid, spec, spec_field
from bascule.spec.options import End

WAYS = ("both", "read", "write")

TERMINAL_HELP = "settings of the terminal in socat's words: raw, echo=0, b115200, cs8 …"


@spec(kw_only=True)
class _Terminal(End):
    terminal: tuple[str, ...] = spec_field(FieldKind.TEXTS, TERMINAL_HELP, (), advanced=True)

    def check(self) -> None:
        for entry in self.terminal:
            if not re.fullmatch(r"[a-z0-9-]+(=[0-9a-fx:]+)?", entry):
                raise invalid("terminal", f"{entry} is not a setting", rule="terminal", entry=entry)


@spec(kw_only=True)
class Program(_Terminal):
    """Start a program and talk to its standard input and output."""

    kind: ClassVar[str] = "program"
    command: str = spec_field(FieldKind.COMMAND, "the program and its arguments", required=True)
    interpreter: str = spec_field(
        FieldKind.CHOICE,
        "who reads the command: nobody (it is split at spaces), the system's shell, or yours",
        "none",
        choices=("none", "system", "user"),
    )
    joined_by: str = spec_field(
        FieldKind.CHOICE,
        "what joins us to the program",
        "socket",
        choices=("socket", "pipes", "terminal"),
        advanced=True,
    )
    stderr: bool = spec_field(
        FieldKind.SWITCH,
        "what it writes to standard error is carried as well",
        False,
        advanced=True,
    )
    new_session: bool = spec_field(
        FieldKind.SWITCH,
        "run it in a session of its own (setsid)",
        False,
        advanced=True,
        not_on=("windows",),
    )
    controlling: bool = spec_field(
        FieldKind.SWITCH,
        "its terminal controls it (ctty)",
        False,
        advanced=True,
        not_on=("windows",),
    )
    login: bool = spec_field(
        FieldKind.SWITCH,
        "tell it that it is a login shell (a dash before its name)",
        False,
        advanced=True,
        not_on=("windows",),
    )
    search_path: str = spec_field(
        FieldKind.TEXT, "folders in which the program is looked for", "", advanced=True
    )
    input_descriptor: int = spec_field(
        FieldKind.INTEGER,
        "descriptor on which it reads",
        0,
        minimum=0,
        maximum=1023,
        advanced=True,
        not_on=("windows",),
    )
    output_descriptor: int = spec_field(
        FieldKind.INTEGER,
        "descriptor on which it writes",
        1,
        minimum=0,
        maximum=1023,
        advanced=True,
        not_on=("windows",),
    )

    def check(self) -> None:
        super().check()
        if not self.command.strip():
            raise SpecError("command is missing", code=ErrorCode.VALUE_MISSING, field="command")


@spec(kw_only=True)
class File(_Terminal):
    """Read or write a file or a device."""

    kind: ClassVar[str] = "file"
    path: str = spec_field(FieldKind.FILE, "the file", required=True)
    way: str = spec_field(
        FieldKind.CHOICE, "whether it is read, written or both", "both", choices=WAYS
    )
    create: bool = spec_field(FieldKind.SWITCH, "make it where it is not there", False)
    exclusive: bool = spec_field(
        FieldKind.SWITCH, "refuse a file that is there already", False, advanced=True
    )
    append: bool = spec_field(FieldKind.SWITCH, "write at its end", False)
    truncate: bool = spec_field(FieldKind.SWITCH, "empty it first", False)
    seek: int = spec_field(
        FieldKind.INTEGER, "begin at this byte; negative: from the end", 0, advanced=True
    )
    mode: str = spec_field(
        FieldKind.TEXT,
        "permissions of a new file, in octal",
        "644",
        advanced=True,
        not_on=("windows",),
    )
    lock: bool = spec_field(
        FieldKind.SWITCH, "keep others from writing at the same time", False, advanced=True
    )
    remove_first: bool = spec_field(
        FieldKind.SWITCH, "remove what is there before", False, advanced=True
    )
    remove_after: bool = spec_field(FieldKind.SWITCH, "remove it at the end", False, advanced=True)

    def check(self) -> None:
        super().check()
        check_mode(self.mode)
        if self.exclusive and not self.create:
            raise SpecError("create is missing", code=ErrorCode.VALUE_MISSING, field="create")


@spec(kw_only=True)
class Pty(_Terminal):
    """Make a pseudo terminal that other programs open like a serial port."""

    kind: ClassVar[str] = "pty"
    link: str = spec_field(FieldKind.FILE, "a link to it, under a name that stays", "")
    mode: str = spec_field(FieldKind.TEXT, "its permissions, in octal", "600", advanced=True)
    wait: bool = spec_field(
        FieldKind.SWITCH, "begin only when a program has opened it", False, advanced=True
    )

    def check(self) -> None:
        super().check()
        check_mode(self.mode)


@spec(kw_only=True)
class Pipe(End):
    """A named pipe (FIFO); without a path, what is written is read again."""

    kind: ClassVar[str] = "pipe"
    path: str = spec_field(FieldKind.FILE, "the pipe; it is made where it is not there", "")
    way: str = spec_field(
        FieldKind.CHOICE, "whether it is read, written or both", "both", choices=WAYS
    )
    mode: str = spec_field(FieldKind.TEXT, "its permissions, in octal", "600", advanced=True)
    remove_after: bool = spec_field(FieldKind.SWITCH, "remove it at the end", True, advanced=True)

    def check(self) -> None:
        check_mode(self.mode)


@spec(kw_only=True)
class Standard(_Terminal):
    """Standard input and output of this program; for a relay in the foreground."""

    kind: ClassVar[str] = "standard"
    use: str = spec_field(
        FieldKind.CHOICE,
        "which of them",
        "both",
        choices=("both", "input", "output", "error"),
    )


@spec(kw_only=True)
class Descriptor(_Terminal):
    """A descriptor that this program was given; for a relay in the foreground."""

    kind: ClassVar[str] = "descriptor"
    number: int = spec_field(FieldKind.INTEGER, "its number", minimum=0, maximum=65_535)
    way: str = spec_field(
        FieldKind.CHOICE, "whether it is read, written or both", "both", choices=WAYS
    )


@spec(kw_only=True)
class NamedPipeListen(End):
    """Wait for programs that open a named pipe of Windows."""

    kind: ClassVar[str] = "named-pipe-listen"
    listens: ClassVar[bool] = True
    name: str = spec_field(FieldKind.TEXT, r"its name: \\.\pipe\scale, or scale", required=True)


@spec(kw_only=True)
class NamedPipeConnect(End):
    """Open a named pipe of Windows."""

    kind: ClassVar[str] = "named-pipe-connect"
    name: str = spec_field(FieldKind.TEXT, r"its name: \\.\pipe\scale, or scale", required=True)
