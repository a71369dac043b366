"""Owns the one place where the operating system's errors become ours. Used only in ``streams``."""

from __future__ import annotations

import errno
import socket
import sys

from bascule.errors import BasculeError, DialError, ErrorCode, ListenError, StreamError

_RESET = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ESHUTDOWN}
_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}
# Winsock's own numbers: asyncio on Windows raises them as winerror, not as errno.
_WINDOWS = {
    10013: errno.EACCES, 10048: errno.EADDRINUSE, 10049: errno.EADDRNOTAVAIL,
    10051: errno.ENETUNREACH, 10053: errno.ECONNABORTED, 10054: errno.ECONNRESET,
    10060: errno.ETIMEDOUT, 10061: errno.ECONNREFUSED, 10065: errno.EHOSTUNREACH,
    64: errno.ECONNRESET, 1225: errno.ECONNREFUSED, 121: errno.ETIMEDOUT,
    1231: errno.ENETUNREACH, 1232: errno.EHOSTUNREACH, 1236: errno.ECONNABORTED,
}  # fmt: skip


def number_of(exc: OSError) -> int:
    """The POSIX number of an error, whatever system raised it; 0 where there is none."""
    if sys.platform == "win32":
        winerror = getattr(exc, "winerror", None) or exc.errno or 0
        return _WINDOWS.get(winerror, exc.errno or 0)
    return exc.errno or 0


def reason_of(exc: OSError) -> str:
    """What the system says, in its words."""
    return exc.strerror or str(exc) or type(exc).__name__


def stream_error(exc: OSError) -> StreamError:
    """What an error on an open connection means."""
    if number_of(exc) in _RESET:
        return StreamError("the other side reset the connection", code=ErrorCode.CONNECTION_RESET)
    if number_of(exc) == errno.ETIMEDOUT:
        return StreamError("the other side no longer answers", code=ErrorCode.CONNECTION_BROKEN)
    return StreamError(f"the connection broke: {reason_of(exc)}", code=ErrorCode.CONNECTION_BROKEN)


def dial_error(exc: OSError, subject: str, field: str | None = None) -> DialError:
    """What an error while connecting to ``subject`` means."""
    number = number_of(exc)
    if isinstance(exc, socket.gaierror):
        return DialError(
            f"the name {subject} is not known",
            code=ErrorCode.HOST_UNKNOWN,
            field=field,
            subject=subject,
        )
    code, words = ErrorCode.DIAL_FAILED, f"cannot connect to {subject}: {reason_of(exc)}"
    if number == errno.ECONNREFUSED:
        code, words = ErrorCode.CONNECTION_REFUSED, f"{subject} refuses the connection"
    elif number == errno.ETIMEDOUT:
        code, words = ErrorCode.TIMED_OUT, f"{subject} does not answer"
    elif number in _UNREACHABLE:
        code, words = ErrorCode.UNREACHABLE, f"there is no way to {subject}"
    elif number == errno.EADDRNOTAVAIL:
        code, words = ErrorCode.ADDRESS_NOT_LOCAL, f"cannot connect to {subject} from that address"
    elif number == errno.ENOENT:
        code, words = ErrorCode.UNREACHABLE, f"{subject} does not exist"
    return DialError(words, code=code, field=field, subject=subject, why=reason_of(exc))


def listen_error(
    exc: OSError, subject: str, field: str | None = None, **facts: str | int
) -> BasculeError:
    """What an error while listening on ``subject`` means."""
    number = number_of(exc)
    code, words = ErrorCode.LISTEN_FAILED, f"cannot listen on {subject}: {reason_of(exc)}"
    if number == errno.EADDRINUSE:
        code, words = ErrorCode.ADDRESS_IN_USE, f"{subject} is already in use"
    elif number in (errno.EACCES, errno.EPERM):
        code, words = (
            ErrorCode.ADDRESS_FORBIDDEN,
            f"the system does not let you listen on {subject}",
        )
    elif number == errno.EADDRNOTAVAIL or isinstance(exc, socket.gaierror):
        code, words = ErrorCode.ADDRESS_NOT_LOCAL, f"{subject} is not an address of this computer"
    return ListenError(words, code=code, field=field, subject=subject, why=reason_of(exc), **facts)
