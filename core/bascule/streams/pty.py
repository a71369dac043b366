"""Owns pseudo terminals as ends: other programs open one like a serial port.

Where the system tells (Linux), the end of a pseudo terminal is that the last program that had it
open closes it; before the first one opens it there is nothing to end.
"""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import select
import struct
import sys
from pathlib import Path

from bascule.errors import DialError, ErrorCode, SpecError
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.descriptor import HUNG_UP, WatchedInlet, WatchedOutlet, close_quietly
from bascule.streams.oserrors import reason_of
from bascule.streams.stage import staged
from bascule.streams.terminal import TerminalSettings
from bascule.streams.ways import DescriptorStream

if sys.platform != "win32":  # pragma: no branch
    import fcntl

LOOK_SECONDS = 0.1
"""Pause between two looks whether a program has opened it: the system tells nobody."""

_TIOCGPTN, _TIOCSPTLCK = 0x80045430, 0x40045431  # Linux


class PtyDialer(Dialer):
    """Makes a pseudo terminal for each dial.

    ``link`` names it for others; a link of that name is replaced, anything else is left alone, and
    the link goes when the stream does. ``wait``: the dial lasts until a program has opened it.
    """

    def __init__(
        self,
        link: str = "",
        *,
        mode: int = 0o600,
        wait: bool = False,
        terminal: tuple[str, ...] = (),
        field: str = "link",
    ) -> None:
        """Raises: SpecError: a setting of the terminal."""
        group, dot, _link = field.rpartition(".")
        self._link = link
        self._mode = mode
        self._wait = wait
        self._settings = TerminalSettings(terminal, f"{group}{dot}terminal")
        self._field = field
        self.label = link or "pty"

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        if sys.platform == "win32":
            raise SpecError(
                "Windows has no pseudo terminals that programs open like a serial port",
                code=ErrorCode.NOT_ON_THIS_SYSTEM,
                field=self._field,
            )
        with staged(progress, Stage.OPEN_DEVICE, self.label) as noted:
            try:
                pty = Pty(self._link)
            except OSError as exc:
                raise self._explained(exc) from exc
            try:
                pty.set_up(self._settings, self._mode)
                noted.detail = pty.name
                if self._wait:
                    await pty.until_opened()
            except OSError as exc:
                pty.close()
                raise self._explained(exc) from exc
            except BaseException:
                pty.close()
                raise
        return pty.stream(Address(self._link or pty.name))

    def _explained(self, exc: OSError) -> DialError:
        code = ErrorCode.FILE_FAILED
        words = f"cannot make a pseudo terminal: {reason_of(exc)}"
        if exc.errno == errno.EEXIST:
            words = f"{self._link} is there already, and is not a link"
        elif exc.errno in (errno.ENOENT, errno.ENOTDIR):
            code, words = ErrorCode.FILE_MISSING, f"there is no folder for {self._link}"
        elif exc.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            code, words = ErrorCode.FILE_FORBIDDEN, f"you may not make the link {self._link}"
        return DialError(words, code=code, field=self._field, path=self.label, why=reason_of(exc))


class Pty:
    """A pseudo terminal and the link to it; ``name`` is its device. Raises: OSError."""

    def __init__(self, link: str) -> None:
        self._master, self._slave, self.name = _open_pair()
        self._link = ""
        try:
            os.set_blocking(self._master, False)
            if link:
                make_link(link, self.name)
                self._link = link
        except BaseException:
            self.close()
            raise

    def set_up(self, settings: TerminalSettings, mode: int) -> None:
        """Give it its permissions and settings. Raises: OSError."""
        Path(self.name).chmod(mode)
        if settings:
            settings.apply(self._master)

    async def until_opened(self) -> None:
        """Wait until a program has it open."""
        # Opened and closed once, it is hung up until the next one opens it.
        close_quietly(os.open(self.name, os.O_RDWR | os.O_NOCTTY))
        look = select.poll()
        look.register(self._master, 0)
        while True:
            if not look.poll(0):
                return
            await asyncio.sleep(LOOK_SECONDS)

    def stream(self, peer: Address) -> DescriptorStream:
        """Our end, which owns all of it."""
        master = self._master
        return DescriptorStream(
            peer, WatchedInlet(master, ends=HUNG_UP), WatchedOutlet(master), self.close
        )

    def close(self) -> None:
        """Remove the link, if it is ours still, and hang up."""
        if self._link:
            try:
                if str(Path(self._link).readlink()) == self.name:
                    Path(self._link).unlink()
            except OSError:
                pass  # somebody else removed or replaced it
        close_quietly(self._master, *(() if self._slave is None else (self._slave,)))


def _open_pair() -> tuple[int, int | None, str]:
    """The master, the slave where it must be held open, and the name of the slave."""
    if sys.platform == "linux":
        # Not openpty(), which opens the slave: closed again it would count as hung up.
        master = os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            fcntl.ioctl(master, _TIOCSPTLCK, struct.pack("i", 0))
            (number,) = struct.unpack("i", fcntl.ioctl(master, _TIOCGPTN, bytes(4)))
        except BaseException:
            os.close(master)
            raise
        return master, None, f"/dev/pts/{number}"
    # Held open here, as one cannot see on macOS whether it was opened before.
    master, slave = os.openpty()
    return master, slave, os.ttyname(slave)


def make_link(link: str, target: str) -> None:
    """Make a symbolic link, in place of one of that name, in one step.

    Raises: OSError; FileExistsError where something that is not a link has the name.
    """
    path = Path(link)
    try:
        path.symlink_to(target)
    except FileExistsError:
        if not path.is_symlink():
            raise
    else:
        return
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    new.symlink_to(target)
    try:
        new.replace(path)
    except OSError:
        new.unlink()
        raise
