"""Owns what the errors of serial ports mean: pyserial's and the system's become ours here.

Looks at the device only to say more about an error: the group that may use it, who holds it.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bascule.errors import DeviceError, ErrorCode, Fact

if TYPE_CHECKING:
    from bascule.streams.serial import PortSettings

if sys.platform == "win32":  # pragma: no cover - that system only
    _MORE_ERRORS: tuple[type[Exception], ...] = ()
else:
    import termios

    _MORE_ERRORS = (termios.error,)

PORT_ERRORS: tuple[type[Exception], ...] = (
    OSError, ValueError, NotImplementedError, *_MORE_ERRORS
)  # fmt: skip
"""What pyserial raises, or lets through, when a port does not do what it is told."""

_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ENXIO, errno.ENODEV, errno.EIO}
# Windows' own numbers, which pyserial puts into its text only.
_WINDOWS = {
    1: errno.ENOTTY, 2: errno.ENOENT, 3: errno.ENOENT, 5: errno.EBUSY, 21: errno.EIO,
    22: errno.EIO, 31: errno.EIO, 32: errno.EBUSY, 55: errno.ENODEV, 87: errno.EINVAL,
    433: errno.ENODEV, 995: errno.EIO, 1167: errno.ENODEV, 1617: errno.ENODEV,
}  # fmt: skip
_WINDOWS_TEXT = re.compile(r"Error\(\d+, (['\"])(?P<words>.*?)\1, None, (?P<number>\d+)\)")


def cause_of(exc: BaseException) -> tuple[int, str]:
    """The POSIX number (0 where there is none) and the words of what a port's driver said."""
    match = _WINDOWS_TEXT.search(str(exc))
    if match is not None:
        return _WINDOWS.get(int(match["number"]), 0), match["words"]
    # pyserial often drops the number of what it caught, but not the exception itself.
    for each in (exc, exc.__context__):
        if each is not None and each.args and isinstance(each.args[0], int):
            return each.args[0], os.strerror(each.args[0])
    return 0, str(exc) or type(exc).__name__


def open_error(exc: Exception, settings: PortSettings) -> DeviceError:
    """What an error while opening means."""
    number, why = cause_of(exc)
    if number == errno.EINVAL or isinstance(exc, ValueError | NotImplementedError):
        return refused(settings, _suspect(settings), why)
    if number in (errno.EBUSY, errno.EAGAIN):
        return _busy(settings)
    if number in _ABSENT:
        return missing(settings, why)
    if number in (errno.EACCES, errno.EPERM):
        return forbidden(settings)
    if number == errno.ENOTTY:
        return failed(settings, "it is not a serial port")
    return failed(settings, why)


def gone_error(exc: BaseException | None, device: str) -> DeviceError:
    """What an error on an open port means; None is a device that hung up without a word."""
    number, why = (0, "it was unplugged") if exc is None else cause_of(exc)
    # EBUSY stands for Windows' "access denied": that is how an unplugged adapter answers there.
    if number in _ABSENT or number in (0, errno.EBADF, errno.EBUSY):
        return DeviceError(
            f"{device} is gone: {why}", code=ErrorCode.DEVICE_GONE, device=device, why=why
        )
    return DeviceError(
        f"{device} failed: {why}", code=ErrorCode.DEVICE_FAILED, device=device, why=why
    )


def refused(settings: PortSettings, name: str, why: str) -> DeviceError:
    """The error of a setting that the driver does not take."""
    value: Fact = getattr(settings, name)
    return DeviceError(
        f"{settings.device} does not accept {name.replace('_', ' ')} {value}: {why}",
        code=ErrorCode.DEVICE_SETTING_REFUSED,
        field=settings.beside(name),
        device=settings.device,
        setting=name,
        value=value,
        why=why,
    )


def _suspect(settings: PortSettings) -> str:
    """The setting that was most likely refused, as drivers say only that one was: the first that
    is out of the ordinary.
    """
    common = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
    ordinary = {"parity": "none", "data_bits": 8, "stop_bits": "1", "flow_control": "none"}
    if settings.baud in common:
        for name, value in ordinary.items():
            if getattr(settings, name) != value:
                return name
    return "baud"


def missing(settings: PortSettings, why: str) -> DeviceError:
    """The error of a device that is not there."""
    return DeviceError(
        f"there is no serial port {settings.device}: {why}",
        code=ErrorCode.DEVICE_MISSING,
        field=settings.field,
        device=settings.device,
        why=why,
    )


def _busy(settings: PortSettings) -> DeviceError:
    from bascule.streams.serial_ports import find_holders

    device = os.path.realpath(settings.device)
    holder = find_holders({device}).held.get(device)
    facts: dict[str, Fact] = {"device": settings.device}
    words = f"{settings.device} is used by another program"
    if holder is not None:
        facts |= {"program": holder.program, "pid": holder.pid}
        words = f"{settings.device} is used by {holder.program} (process {holder.pid})"
    return DeviceError(words, code=ErrorCode.DEVICE_BUSY, field=settings.field, **facts)


def forbidden(settings: PortSettings) -> DeviceError:
    """The error of a device that the user may not open."""
    facts: dict[str, Fact] = {"device": settings.device}
    words = f"you may not use {settings.device}"
    group = _group_that_may(settings.device)
    if group:
        facts["group"] = group
        words += f"; members of the group {group} may"
    return DeviceError(words, code=ErrorCode.DEVICE_FORBIDDEN, field=settings.field, **facts)


def _group_that_may(device: str) -> str:
    """The group whose members may use the device, where the system has such a thing."""
    if sys.platform == "win32":  # pragma: no cover - that system only
        return ""
    import grp

    try:
        node = Path(device).stat()
        if node.st_mode & 0o060 == 0o060:
            return grp.getgrgid(node.st_gid).gr_name
    except (OSError, KeyError):
        pass  # out of sight, or a group without a name
    return ""


def failed(settings: PortSettings, why: str) -> DeviceError:
    """The error of a device that fails in a way without a name."""
    return DeviceError(
        f"cannot open {settings.device}: {why}",
        code=ErrorCode.DEVICE_FAILED,
        field=settings.field,
        device=settings.device,
        why=why,
    )
